"""Whether two pictures differ in a slot that both have.

A form, a card or a template leaves a box free, and everybody puts another picture into it. The
sides of the box are then straight edges in both pictures, whatever the ground around it is. What a
thief pastes over a work has its sides in the suspect alone.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["slot_sides"]

SPECK_PX, GAP_PX = 9, 15
"""Differing places narrower than this are left out, and gaps narrower than this are closed."""

INWARD_PX = 8
"""How far inside the differing box a side is sought."""

OUTWARD_SHARE = 0.12
"""How far outside, as a share of the side of a square as large as what both pictures show."""

CORNER_SHARE = 0.1
"""Share of a side, at either end, that is left out."""

ON_EDGE = 0.08
"""Edge strength that both pictures must have on a side."""

SIDES = 3
"""Sides of a box that must be found: the fourth may be the border, or plain in one picture."""


def slot_sides(
    ours: NDArray[np.complex64],
    theirs: NDArray[np.complex64],
    differs: NDArray[np.bool_],
    side_px: float,
) -> float:
    """Measure how much of the sides of the box in which two pictures differ is an edge in both.

    Parameters
    ----------
    ours, theirs : (h, w) complex64 arrays
        Blurred orientation fields (`tiles.soft_field`), one brought to the other.
    differs : (h, w) bool array
        Where both hold structure that does not agree.
    side_px : float
        Side of a square as large as what both pictures show.

    Returns
    -------
    float
        Share of the third clearest side that is a straight edge in both, 0 to 1; 0 where they
        differ nowhere in one piece.

    Notes
    -----
    About 3 CPU-milliseconds. Sides are upright in the raster of the work; turned and round slots
    are not found.
    """
    left, top, width, height = _thickest_box(differs)
    if not width:
        return 0.0
    reach = round(OUTWARD_SHARE * side_px)
    upright, level = (
        np.minimum(*(_edges(field, sign) for field in (ours, theirs))) >= ON_EDGE
        for sign in (1, -1)
    )
    within = upright[_middle(top, height)], level[:, _middle(left, width)].T
    bands = _bands(left, width, reach), _bands(top, height, reach)
    sides = [
        _clearest(lines, band) for lines, pair in zip(within, bands, strict=True) for band in pair
    ]
    return sorted(sides, reverse=True)[SIDES - 1]


def _thickest_box(differs: NDArray[np.bool_]) -> tuple[int, int, int, int]:
    """Return left, top, width and height of the thickest piece, zeros without one.

    What was written into a form beside the slot may be the larger piece.
    """
    speck = np.ones((SPECK_PX, SPECK_PX), np.uint8)
    gap = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (GAP_PX, GAP_PX))
    opened = cv2.morphologyEx(differs.astype(np.uint8), cv2.MORPH_OPEN, speck)
    padded = cv2.morphologyEx(np.pad(opened, GAP_PX), cv2.MORPH_CLOSE, gap)
    depth = cv2.distanceTransform(padded, cv2.DIST_L2, 5)[GAP_PX:-GAP_PX, GAP_PX:-GAP_PX]
    pieces = np.ascontiguousarray(padded[GAP_PX:-GAP_PX, GAP_PX:-GAP_PX])
    _, labels, found, _ = cv2.connectedComponentsWithStats(pieces)
    thickest = int(labels.flat[int(depth.argmax())])
    if thickest == 0:
        return 0, 0, 0, 0
    left, top, width, height, _ = found[thickest].tolist()
    return left, top, width, height


def _middle(start: int, length: int) -> slice:
    """Return a side without its corners."""
    corner = round(CORNER_SHARE * length)
    return slice(start + corner, start + length - corner)


def _edges(field: NDArray[np.complex64], sign: int) -> NDArray[np.float32]:
    """Return the strength of upright (1) or level (-1) edges, softened across them."""
    strength = np.maximum(sign * field.real, 0).astype(np.float32)
    return np.asarray(cv2.blur(strength, (3, 1) if sign > 0 else (1, 3)), np.float32)


def _bands(start: int, length: int, reach: int) -> tuple[slice, slice]:
    """Return where two opposite sides of a box may lie."""
    end = start + length
    return (
        slice(max(0, start - reach), start + INWARD_PX),
        slice(max(0, end - INWARD_PX), end + reach),
    )


def _clearest(is_edge: NDArray[np.bool_], band: slice) -> float:
    """Return the share of the clearest line within a band of columns."""
    lines = is_edge[:, band]
    return float(lines.mean(axis=0).max()) if lines.size else 0.0
