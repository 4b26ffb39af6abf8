"""Logistic regression whose weights stay within limits, for a calibration that is readable."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["fitted_weights"]

NEWTON_ROUNDS = 200


def fitted_weights(
    values: NDArray[np.float64],
    truth: NDArray[np.float64],
    stands_for: NDArray[np.float64],
    ridges: NDArray[np.float64],
    highest: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Fit a ridge logistic regression with weights that are neither negative nor too high.

    Right and wrong pairs weigh the same, so that the log odds are a log likelihood ratio. The ridge
    keeps weights finite where right and wrong separate.

    Parameters
    ----------
    values : (n, k) float64 array
        What was measured of every pair.
    truth : (n,) float64 array
        1 for right pairs, 0 for wrong ones.
    stands_for : (n,) float64 array
        How many pairs each of them stands for.
    ridges, highest : (k,) float64 arrays
        Penalty on every weight, and its largest value.

    Returns
    -------
    (k + 1,) float64 array
        Weights in nats for each unit, then the offset.
    """
    design = np.column_stack([values, np.ones(len(values))])
    rights, wrongs = (truth * stands_for).sum(), ((1 - truth) * stands_for).sum()
    balance = stands_for * np.where(truth > 0, 0.5 / rights, 0.5 / wrongs)
    weights, penalty = np.zeros(design.shape[1]), np.append(ridges, 0.0)
    for _ in range(NEWTON_ROUNDS):
        chance = 1 / (1 + np.exp(-design @ weights))
        slope = design.T @ (balance * (chance - truth)) + penalty * weights
        bend = (design.T * (balance * chance * (1 - chance))) @ design + np.diag(penalty + 1e-9)
        weights = weights - 0.5 * np.linalg.solve(bend, slope)
        weights[:-1] = np.clip(weights[:-1], 0.0, highest)
    return weights
