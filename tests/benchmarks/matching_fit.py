"""Fit the matcher's calibration on works that no figure is reported on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from harness import REPOSITORY, spread
from matching_art import family_of
from matching_suspects import GROUPS, SEED, parts, portfolio, transformed
from ocguard.matching.aligned import compare_aligned
from ocguard.matching.calibration import Calibration, features, load_calibration
from ocguard.matching.identify import Suspect
from ocguard.matching.verification import prepare, verify

__all__ = ["fit", "refit"]

FIT_NEGATIVES_EACH = 24
FIT_TRANSFORMS_EACH = 14
FIT_SCALES = np.array([10.0, 2.0, 0.3])  # brings the features to comparable size
RIDGE = 3e-6
MOST_A_DECADE = 1.0  # a power of ten of chance agreement is at most a power of ten of evidence
NEWTON_ROUNDS = 200


def fit_pairs(path: Path) -> list[tuple[bool, tuple[float, float, float]]]:
    """Return features of right and wrong pairs of one fitted work under several transforms."""
    works, random = portfolio(), np.random.default_rng([SEED, *path.as_posix().encode()])
    names = [n for names in GROUPS.values() for n in names]
    others = [p for p in parts().fitted if family_of(p) != family_of(path)]
    rows = []
    for name in random.choice(names, FIT_TRANSFORMS_EACH, replace=False):
        suspect = Suspect.of(transformed(path, str(name), SEED))
        query = prepare(suspect.fingerprint)
        picked = random.choice(len(others), FIT_NEGATIVES_EACH, replace=False)
        for other in [path, *(others[int(i)] for i in picked)]:
            found = verify(query, works.fingerprint(other.as_posix()))
            aligned = None
            if found.method != "none":
                reference = works.reference(other.as_posix())
                aligned = compare_aligned(suspect.rgb, reference, found.transform)
            rows.append((other == path, features(found, aligned)))
    return rows


def fit(rows: Sequence[tuple[bool, tuple[float, float, float]]]) -> Calibration:
    """Fit a ridge logistic regression with weights that are not negative.

    Right and wrong pairs weigh the same, so that the log odds are a log likelihood ratio. The ridge
    keeps weights finite where right and wrong separate.
    """
    truth = np.array([is_right for is_right, _ in rows], float)
    scaled = np.array([f for _, f in rows]) / FIT_SCALES
    values = np.column_stack([scaled, np.ones(len(rows))])
    balance = np.where(truth > 0, 0.5 / truth.sum(), 0.5 / (1 - truth).sum())
    weights = np.zeros(values.shape[1])
    steepest = MOST_A_DECADE * np.log(10) * FIT_SCALES[0]
    penalty = RIDGE * np.array([1.0, 1.0, 1.0, 0.0])
    for _ in range(NEWTON_ROUNDS):
        chance = 1 / (1 + np.exp(-values @ weights))
        slope = values.T @ (balance * (chance - truth)) + penalty * weights
        bend = (values.T * (balance * chance * (1 - chance))) @ values + np.diag(penalty + 1e-9)
        weights = weights - 0.5 * np.linalg.solve(bend, slope)
        weights[:-1] = np.clip(weights[:-1], 0.0, [steepest, np.inf, np.inf])
    first, second, third = (np.round(weights[:-1] / FIT_SCALES / np.log(10), 3)).tolist()
    limit = round(float(np.log10((1 - truth).sum())), 2)
    offset = round(float(weights[-1] / np.log(10)), 3)
    return Calibration(f"portraits-{SEED}-2", (first, second, third), offset, limit)


def refit(processes: int) -> None:
    """Fit the calibration and write it where the package ships it."""
    portfolio()
    rows = [row for rows in spread(fit_pairs, list(parts().fitted), processes) for row in rows]
    found = fit(rows)
    place = REPOSITORY / "src" / "ocguard" / "matching" / "calibration.json"
    content = {
        "calibration_id": found.calibration_id,
        "weights": found.weights,
        "offset": found.offset,
        "limit": found.limit,
        "right_pairs": sum(is_right for is_right, _ in rows),
        "wrong_pairs": sum(not is_right for is_right, _ in rows),
        "fitted_by": "tests/benchmarks/bench_matching.py --fit",
    }
    place.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    load_calibration.cache_clear()
    wrong = sorted((sum(f), f) for is_right, f in rows if not is_right)[-5:]
    right = sorted((sum(f), f) for is_right, f in rows if is_right)[:5]
    print(f"fitted {content}\nhighest wrong: {wrong}\nlowest right: {right}")
