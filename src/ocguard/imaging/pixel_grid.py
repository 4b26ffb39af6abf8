"""How the pixels of a picture at one size lie on those at another."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["corners_of", "scaling", "shown_box"]


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


def corners_of(size: tuple[int, int]) -> NDArray[np.float64]:
    """Return the corners of a picture of some width and height as (4, 2), row by row."""
    width, height = size
    return np.array([(0, 0), (width, 0), (0, height), (width, height)], np.float64)


def shown_box(
    to_picture: NDArray[np.floating], inner_size: tuple[int, int], size: tuple[int, int]
) -> tuple[int, int, int, int]:
    """Return the box of one picture in another one.

    Parameters
    ----------
    to_picture : (3, 3) float array
        Pixels of the inner picture to pixels of the other one; perspective is allowed.
    inner_size, size : (int, int)
        Width and height of both.

    Returns
    -------
    (int, int, int, int)
        Left, top, width and height in pixels, within the other picture.
    """
    corners = corners_of(inner_size)[None]
    placed = cv2.perspectiveTransform(corners, np.asarray(to_picture, np.float64))[0]
    left, top = np.clip(np.floor(placed.min(axis=0)), 0, size).astype(int).tolist()
    right, bottom = np.clip(np.ceil(placed.max(axis=0)), 0, size).astype(int).tolist()
    return left, top, right - left, bottom - top
