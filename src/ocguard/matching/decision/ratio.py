"""The likelihood ratio that a reader is told: what the verdict doubts, it doubts.

The calibration compares a work with *unrelated* pictures. But a picture that was not made from a
work may share a template, an overlay or a pose with it, and then keypoints and layout agree as in a
copy. Against such pictures there is a second ratio, over what was examined: a sum of a few
measures, each of which can only speak for a copy or only against it, and of whether an explanation
holds. Its weights were fitted by logistic regression on copies and on pictures that share something
(``tests/benchmarks/bench_shared.py``). What is told is the ratio against both together, of which a
small share shares something.

The rules of the verdict make no more mistakes than the fitted ratio, and give a reason that a
person can look at. So they decide, and hold the ratio on their side: a work that is named has at
least the ratio from which on works are named, and one that an explanation or the verdict doubts is
far below.
"""

from __future__ import annotations

from math import log10
from typing import TYPE_CHECKING, Final

from ocguard.matching.decision.bounds import Bounds
from ocguard.matching.decision.calibration import load_shared_calibration

if TYPE_CHECKING:
    from ocguard.matching.evidence.measures import Measures

__all__ = ["SHARING", "against_both", "told_log10_lr"]

SHARING: Final = 0.01
"""Share of the pictures that share something, among those that resemble a work and are no copies of
it. Assumed: nobody has counted them."""


def against_both(unrelated: float, shared: float) -> float:
    """Return the log10 likelihood ratio against both kinds of pictures that are no copies.

    Parameters
    ----------
    unrelated, shared : float
        log10 likelihood ratios against unrelated pictures, and against those that share something.
    """
    return -log10((1 - SHARING) * 10**-unrelated + SHARING * 10**-shared)


def told_log10_lr(
    log10_lr: float, measures: Measures, bounds: Bounds, *, is_explained: bool, is_finding: bool
) -> float:
    """Return the log10 likelihood ratio of a compared work that a reader is told.

    Parameters
    ----------
    log10_lr : float
        Against unrelated pictures, corrected for the size of the portfolio.
    measures : Measures
        Of the compared work, examined or not.
    bounds : Bounds
        Where the rules begin and end.
    is_explained : bool
        Whether an explanation holds (`explanations.explain`).
    is_finding : bool
        Whether the verdict says that a work is in the suspect.

    Returns
    -------
    float
        At least the bound `confirmed` for a work that may be named; at most `doubtful` where the
        given ratio reaches `confirmed`, but an explanation or the verdict is against it.
    """
    told = log10_lr
    if measures.is_examined:
        shared = load_shared_calibration().log10_lr(measures, is_explained=is_explained)
        told = min(told, against_both(log10_lr, shared))
    if not bounds["confirmed"].holds(log10_lr):
        return told
    if is_explained or not is_finding:
        return min(told, bounds["doubtful"].value)
    return max(told, bounds["confirmed"].value)
