"""Figures of merit of a matcher, as pure functions of what a benchmark observed."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

__all__ = [
    "Observation",
    "cllr",
    "micro_average_precision",
    "recall_at",
    "reliability",
    "threshold_at",
]

RELIABILITY_EDGES = (-99.0, -4.0, -3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.0, 99.0)


@dataclass(frozen=True)
class Observation:
    """What a matcher answered to one query.

    Attributes
    ----------
    right_score : float or None
        Score of the right work; None for a query that has none, ``-inf`` where it was not found.
    wrong_scores : tuple of float
        Scores of all other works that were compared.
    """

    right_score: float | None
    wrong_scores: tuple[float, ...]


def threshold_at(observations: Sequence[Observation], false_share: float) -> float:
    """Return the smallest score that at most this share of all queries exceed wrongly."""
    worst = np.sort([max(o.wrong_scores, default=-np.inf) for o in observations])[::-1]
    allowed = int(false_share * len(worst))
    return float(worst[allowed]) if allowed < len(worst) else -np.inf


def recall_at(observations: Iterable[Observation], threshold: float) -> tuple[int, int]:
    """Return how many right works score above a threshold, and how many there are."""
    scores = [o.right_score for o in observations if o.right_score is not None]
    return sum(score > threshold for score in scores), len(scores)


def micro_average_precision(observations: Sequence[Observation]) -> float:
    """Return the area under precision over recall of all (query, work) pairs in one ranking.

    References
    ----------
    M. Douze et al., The 2021 image similarity dataset and challenge, arXiv:2106.09672.
    """
    right = [o.right_score for o in observations if o.right_score is not None]
    scores = np.array([*right, *(s for o in observations for s in o.wrong_scores)])
    is_right = np.zeros(len(scores), bool)
    is_right[: len(right)] = True
    order = np.lexsort((is_right, -scores))
    order = order[np.isfinite(scores[order])]
    hits = np.cumsum(is_right[order])
    precision = hits / np.arange(1, len(order) + 1)
    return float(precision[is_right[order]].sum() / len(right)) if right else 0.0


def cllr(right: Sequence[float], wrong: Sequence[float]) -> float:
    """Return the cost of log10 likelihood ratios in bits: 0 is perfect, 1 says nothing.

    References
    ----------
    N. Brummer, J. du Preez, Application-independent evaluation of speaker detection, Computer
    Speech & Language 2006, doi:10.1016/j.csl.2005.08.001.
    """
    nats = np.log(10.0)
    for_right = np.logaddexp(0.0, -np.array(right) * nats).mean() / np.log(2)
    for_wrong = np.logaddexp(0.0, np.array(wrong) * nats).mean() / np.log(2)
    return float((for_right + for_wrong) / 2)


def reliability(right: Sequence[float], wrong: Sequence[float]) -> list[dict[str, float]]:
    """Count right and wrong pairs by the log10 likelihood ratio that was claimed for them.

    Returns
    -------
    list of dict
        One row for each interval that holds pairs: its ``low`` and ``high`` edge, the pairs in it,
        and ``observed``, log10 of (share of all right pairs) / (share of all wrong pairs) in it,
        with half a pair added to both; it lies between the edges where ratios are calibrated.
    """
    rows = []
    for low, high in itertools.pairwise(RELIABILITY_EDGES):
        rights = sum(low <= value < high for value in right)
        wrongs = sum(low <= value < high for value in wrong)
        if rights or wrongs:
            shares = [(n + 0.5) / (len(of) + 1) for n, of in ((rights, right), (wrongs, wrong))]
            observed = float(np.log10(shares[0] / shares[1]))
            row = {"low": low, "high": high, "right_pairs": rights, "wrong_pairs": wrongs}
            rows.append({**row, "observed": observed})
    return rows
