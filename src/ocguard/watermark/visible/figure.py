"""Keep a mark on the figure of a cut-out, whose ground shall stay transparent.

There it lies on some part of the figure: rather on cloth than on a hand, a weapon or a muzzle,
which are thin parts with much to see in them, and never on a face where there is another place.
Thin parts are told by their distance from the ground, what there is to see by how much the
lightness differs under the mark, faces by `ocguard.watermark.visible.focus`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from ocguard.watermark.visible.ground import Ground

__all__ = ["Box", "spot_on_figure"]

Box = tuple[float, float, float, float]
"""Left, top, right and bottom in pixels."""

_BORDER_PX: Final = 1
"""Raster pixels around the mark that must show the figure too: one at its edge is half ground."""

_UNEVEN: Final = 48.0
"""Standard deviation of the luma under a mark, in levels, from which it is hardly read there."""

_FAR, _BUSY, _FACE, _THIN = 1.6, 1.2, 1.2, 0.6
"""What counts against a place: its distance from the wanted one, as a share of the diagonal; how
uneven it is; how much of it is a face; how thin the figure is there. Found by looking at cut-out
portraits of people and animals."""

_BROAD: Final = 1.5
"""Distance from the ground, in heights of the mark, from which a part of a figure is broad."""

_STEPS: Final = 256
"""Steps of what counts against a place: the last bits of a machine do not move a mark."""


def spot_on_figure(ground: Ground, box: Box, wanted: tuple[int, int]) -> tuple[int, int] | None:
    """Find the place where a mark lies on the figure alone, is read, and hides little of it.

    Parameters
    ----------
    ground : Ground
        A small view of the picture.
    box : (float, float, float, float)
        What the mark covers around its center, in pixels of the picture.
    wanted : (int, int)
        Where its center would lie, in pixels of the picture.

    Returns
    -------
    (int, int) or None
        The center; the wanted one where that shows no clear ground, or where there is no figure at
        all; otherwise one near it, on an even and broad part of the figure. None where the figure
        has no room for the mark.

    Notes
    -----
    The figure is what is at least half as opaque as the most opaque place, so that a veil that is
    thin all over is one too. Six milliseconds at most.
    """
    opacity, (across, down) = ground.opacity, ground.scale
    solid = (opacity >= max(1, int(opacity.max()) / 2)).astype(np.uint8)
    if solid.all() or not solid.any():
        return wanted
    left, top = math.floor(box[0] * across) - _BORDER_PX, math.floor(box[1] * down) - _BORDER_PX
    right, bottom = math.ceil(box[2] * across) + _BORDER_PX, math.ceil(box[3] * down) + _BORDER_PX
    width, height = right - left + 1, bottom - top + 1
    if width > solid.shape[1] or height > solid.shape[0]:
        return None
    within = cv2.erode(solid, np.ones((height, width), np.uint8), anchor=(0, 0), borderValue=0)
    within = within[: solid.shape[0] - height + 1, : solid.shape[1] - width + 1]
    ys, xs = np.nonzero(within)
    if not len(xs):
        return None
    corner = wanted[0] * across + left, wanted[1] * down + top
    x, y = (round(value) for value in corner)
    if 0 <= x < within.shape[1] and 0 <= y < within.shape[0] and within[y, x]:
        return wanted
    away = np.hypot(xs - corner[0], ys - corner[1]) / math.hypot(*solid.shape)
    against = _FAR * away + _drawbacks(ground, solid, width, height)[ys, xs]
    best = int(np.rint(_STEPS * against).argmin())
    return math.ceil((xs[best] - left) / across), math.ceil((ys[best] - top) / down)


def _drawbacks(
    ground: Ground, solid: NDArray[np.uint8], width: int, height: int
) -> NDArray[np.float64]:
    """Return what counts against a mark of that size at each place of its left upper corner."""

    def mean(values: NDArray[Any]) -> NDArray[np.float64]:
        sums = cv2.integral(values.astype(np.float64))
        inside = sums[height:, width:] - sums[:-height, width:] - sums[height:, :-width]
        return np.asarray((inside + sums[:-height, :-width]) / (width * height), np.float64)

    grey = ground.grey.astype(np.float64)
    uneven = np.sqrt(np.maximum(0.0, mean(grey**2) - mean(grey) ** 2))
    worth = cv2.resize(ground.focus.worth, solid.shape[::-1], interpolation=cv2.INTER_NEAREST)
    depth = cv2.distanceTransform(solid, cv2.DIST_L2, cv2.DIST_MASK_5)
    return np.asarray(
        _BUSY * np.minimum(1.0, uneven / _UNEVEN)
        + _FACE * mean(np.maximum(0.0, -worth))
        + _THIN * (1 - mean(np.minimum(1.0, depth / (_BROAD * height)))),
        np.float64,
    )
