"""Keep a mark on the figure of a cut-out, whose ground shall stay transparent."""

from __future__ import annotations

import math
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["Box", "spot_on_figure"]

Box = tuple[float, float, float, float]
"""Left, top, right and bottom in pixels."""

_BORDER_PX: Final = 1
"""Raster pixels around the mark that must show the figure too: one at its edge is half ground."""


def spot_on_figure(
    opacity: NDArray[np.uint8], scale: tuple[float, float], box: Box, wanted: tuple[int, int]
) -> tuple[int, int] | None:
    """Find the place nearest to the wanted one where a mark lies on the figure alone.

    Parameters
    ----------
    opacity : (h, w) uint8 array
        Alpha of the picture, shrunk.
    scale : (float, float)
        Pixels of that array per pixel of the picture, across and down.
    box : (float, float, float, float)
        What the mark covers around its center, in pixels of the picture.
    wanted : (int, int)
        Where its center would lie, in pixels of the picture.

    Returns
    -------
    (int, int) or None
        The center; the wanted one where that shows no clear ground, or where there is no figure at
        all. None where the figure has no room for the mark.

    Notes
    -----
    The figure is what is at least half as opaque as the most opaque place, so that a veil that is
    thin all over is one too. Two milliseconds at most.
    """
    solid = (opacity >= max(1, int(opacity.max()) / 2)).astype(np.uint8)
    if solid.all() or not solid.any():
        return wanted
    across, down = scale
    left, top = math.floor(box[0] * across) - _BORDER_PX, math.floor(box[1] * down) - _BORDER_PX
    right, bottom = math.ceil(box[2] * across) + _BORDER_PX, math.ceil(box[3] * down) + _BORDER_PX
    width, height = right - left + 1, bottom - top + 1
    if width > solid.shape[1] or height > solid.shape[0]:
        return None
    within = cv2.erode(solid, np.ones((height, width), np.uint8), anchor=(0, 0), borderValue=0)
    ys, xs = np.nonzero(within[: solid.shape[0] - height + 1, : solid.shape[1] - width + 1])
    if not len(xs):
        return None
    centers = np.stack([(xs - left) / across, (ys - top) / down], axis=1)
    away = np.square(centers - wanted).sum(axis=1)
    corner = wanted[0] * across + left, wanted[1] * down + top
    x, y = (round(value) for value in corner)
    if 0 <= x < within.shape[1] and 0 <= y < within.shape[0] and within[y, x]:
        return wanted
    nearest = centers[int(away.argmin())]
    return math.ceil(float(nearest[0])), math.ceil(float(nearest[1]))
