"""Fit the matcher's calibration on works that no figure is reported on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from harness import REPOSITORY, spread
from matching_art import family_of
from matching_suspects import (
    GROUPS,
    PAIRED,
    SEED,
    holds_figure,
    parts,
    portfolio,
    transformed,
)
from monotone_logit import fitted_weights
from ocguard.matching.decision.calibration import Calibration, Evidence, features, load_calibration
from ocguard.matching.identification.identify import Suspect, compare_all
from ocguard.matching.search.index import Index

__all__ = ["Pair", "fit", "refit"]

CALIBRATION_ID = "portraits-2026-5"
NO_EVIDENCE = (0.0, 0.0, 0.0, 0.0)

FIT_TRANSFORMS_EACH = 5
HARD_GROUPS = ("partial", "repaint high", "redrawn")
HARD_TRANSFORMS_EACH = 3  # besides: what decides about the weights is hardly recognized
FIT_SCALES = np.array([10.0, 2.0, 1.0, 0.3])  # brings the features to comparable size
RIDGES = np.array([3e-6, 2e-5, 2e-5, 2e-5])
"""Keypoints are powers of ten already. The other weights rest on the few suspects that have nothing
else: at 3e-6 they differ fourfold between halves of the fitted families, and the fit of one half
confirms unrelated pairs of the other; at 2e-5 it gives none of them a ratio of ten."""
MOST_A_DECADE = 1.0  # a power of ten of chance agreement is at most a power of ten of evidence


@dataclass(frozen=True)
class Pair:
    """One suspect beside one work: the truth, the features, and how many pairs it stands for."""

    is_right: bool
    evidence: Evidence
    weight: float


@cache
def fitted_index() -> Index:
    """Index the fitted half alone: nothing of the reported half takes part in the fit."""
    works = portfolio()
    return Index.build((p.as_posix(), works.fingerprint(p.as_posix())) for p in parts().fitted)


def fit_pairs(path: Path) -> list[Pair]:
    """Return the pairs of one fitted work under several transforms.

    Wrong pairs are what a search without the work's family brings up; all other works stand behind
    them as pairs without any evidence, so that the shares are those of a whole portfolio.
    """
    family = [p.as_posix() for p in parts().families[family_of(path)]]
    pairs = []
    for name in _transforms(path):
        suspect = Suspect.of(transformed(path, name, SEED))
        strangers = fitted_index().without_works(family)
        listed = [c.work_id for c in strangers.search(suspect.fingerprint)]
        compared = compare_all(suspect, [path.as_posix(), *listed], portfolio(), 1)
        right, *wrong = (features(c.measures) for c in compared)
        pairs.append(Pair(True, right, 1.0))
        pairs += [Pair(False, evidence, 1.0) for evidence in wrong]
        pairs.append(Pair(False, NO_EVIDENCE, float(len(strangers) - len(wrong))))
    return pairs


def _transforms(path: Path) -> list[str]:
    """Draw transforms of a work: some of all kinds, then some of the hard ones."""
    drawn: list[str] = []
    for groups, count, seed in (
        (tuple(GROUPS), FIT_TRANSFORMS_EACH, [SEED]),
        (HARD_GROUPS, HARD_TRANSFORMS_EACH, [SEED, 1]),
    ):
        names = [n for group in groups for n in GROUPS[group] if n not in PAIRED]
        random = np.random.default_rng([*seed, *path.name.encode()])
        drawn += random.choice(names, count, replace=False).tolist()
    return [name for name in drawn if holds_figure(path, name, SEED)]


def fit(pairs: Sequence[Pair]) -> Calibration:
    """Fit the ratio against unrelated pictures."""
    truth = np.array([pair.is_right for pair in pairs], float)
    scaled = np.array([pair.evidence for pair in pairs]) / FIT_SCALES
    stands_for = np.array([pair.weight for pair in pairs])
    steepest = MOST_A_DECADE * np.log(10) * FIT_SCALES[0]
    highest = np.append(steepest, np.full(len(FIT_SCALES) - 1, np.inf))
    weights = fitted_weights(scaled, truth, stands_for, RIDGES, highest)
    wrongs = ((1 - truth) * stands_for).sum()
    first, second, third, fourth = (np.round(weights[:-1] / FIT_SCALES / np.log(10), 3)).tolist()
    limit = round(float(np.log10(wrongs)), 2)
    offset = round(float(weights[-1] / np.log(10)), 3)
    return Calibration(CALIBRATION_ID, (first, second, third, fourth), offset, limit)


def refit(processes: int) -> None:
    """Fit the calibration and write it where the package ships it."""
    portfolio()
    fitted_index()
    pairs = [p for found in spread(fit_pairs, list(parts().fitted), processes) for p in found]
    found = fit(pairs)
    place = REPOSITORY / "src" / "ocguard" / "matching" / "decision" / "calibration.json"
    content = json.loads(place.read_text(encoding="utf-8")) | {
        "calibration_id": found.calibration_id,
        "weights": found.weights,
        "offset": found.offset,
        "limit": found.limit,
        "right_pairs": sum(p.is_right for p in pairs),
        "wrong_pairs": round(sum(p.weight for p in pairs if not p.is_right)),
        "fitted_by": "tests/benchmarks/bench_matching.py --fit",
    }
    place.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    load_calibration.cache_clear()
    wrong = sorted((sum(p.evidence), p.evidence) for p in pairs if not p.is_right)[-5:]
    right = sorted((sum(p.evidence), p.evidence) for p in pairs if p.is_right)[:5]
    print(f"fitted {content}\nhighest wrong: {wrong}\nlowest right: {right}")
