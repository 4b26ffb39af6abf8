"""How the pixels of a picture at one size lie on those at another."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["scaling"]


def scaling(step_x: float, step_y: float) -> NDArray[np.float64]:
    """Map pixels of a resized picture to pixels of the one before.

    Middles of pixels are whole numbers, so that the borders coincide, not the first pixels.

    Parameters
    ----------
    step_x, step_y : float
        Pixels of the one before that a pixel of the resized one covers.

    Returns
    -------
    (3, 3) float array
    """
    return np.array([[step_x, 0, (step_x - 1) / 2], [0, step_y, (step_y - 1) / 2], [0, 0, 1]])
