"""Where two pictures have the same color, and which of their edges they have in common."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.matching.evidence.shares import share_in

__all__ = [
    "closed_up",
    "common_edges",
    "differing",
    "gradient",
    "pieces_of",
    "shrunk",
    "steepness",
    "to_lab",
]

SAME_COLOR = 7.0
"""Largest difference (CIE 1976, in Lab units) of one color, the best of a pixel's neighbors."""

SPECK_PX, GAP_PX = 3, 5
"""Differing places narrower than this are left out, and gaps narrower than this are closed."""

HOLE_SPECK_PX, HOLE_GAP_PX = 7, 9
"""The same for a hole, whose inside counts whole."""

NEAR_PX, MIN_STROKE_PX = 7, 20
"""Reach of what is the same, and smallest piece of it that reaches, in pixels."""

ON_EDGE = 5.0
"""Gray levels a pixel from which on there is an edge."""

ONE_WAY = 0.92
"""Cosine of two edges' directions from which on they are one."""


def to_lab(rgb: NDArray[np.uint8], blur_px: float) -> NDArray[np.float32]:
    """Return the blurred picture's colors, (h, w, 3), in Lab units."""
    soft = cv2.GaussianBlur(rgb, (0, 0), blur_px).astype(np.float32) / 255
    return np.asarray(cv2.cvtColor(soft, cv2.COLOR_RGB2LAB), np.float32)


def differing(
    ours: NDArray[np.float32], theirs: NDArray[np.float32], inside: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Return where no neighbor of a pixel has the other picture's color."""
    height, width = inside.shape
    padded = np.pad(ours, ((1, 1), (1, 1), (0, 0)), mode="edge")
    nearest = np.full(inside.shape, np.inf, np.float32)
    for down in range(3):
        for across in range(3):
            apart = theirs - padded[down : down + height, across : across + width]
            np.minimum(nearest, np.einsum("ijk,ijk->ij", apart, apart), out=nearest)
    raw = (nearest > SAME_COLOR**2) & inside
    opened = cv2.morphologyEx(raw.astype(np.uint8), cv2.MORPH_OPEN, np.ones((SPECK_PX, SPECK_PX)))
    return np.asarray(cv2.morphologyEx(opened, cv2.MORPH_CLOSE, _disc(GAP_PX)) > 0)


def closed_up(differs: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return differing pieces with all that they enclose, smooth."""
    closed = cv2.morphologyEx(differs.astype(np.uint8), cv2.MORPH_CLOSE, _disc(HOLE_GAP_PX))
    outlines, _ = cv2.findContours(closed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    filled = cv2.drawContours(np.zeros_like(closed), outlines, -1, 1, cv2.FILLED)
    return np.asarray(cv2.morphologyEx(filled, cv2.MORPH_OPEN, _disc(HOLE_SPECK_PX)) > 0)


def pieces_of(mask: NDArray[np.bool_], smallest: float) -> NDArray[np.bool_]:
    """Return the connected pieces of at least an area."""
    _, labels, found, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    counts = found[:, cv2.CC_STAT_AREA] >= smallest
    counts[0] = False
    return np.asarray(counts[labels])


def common_edges(
    suspect: NDArray[np.uint8],
    work: NDArray[np.uint8],
    inside: NDArray[np.bool_],
    same: NDArray[np.bool_],
) -> tuple[float, float]:
    """Return the share of common edges on what is the same, and of edges elsewhere in common."""
    speck = np.ones((SPECK_PX, SPECK_PX))
    opened = cv2.morphologyEx(same.astype(np.uint8), cv2.MORPH_OPEN, speck) > 0
    strokes = pieces_of(opened, MIN_STROKE_PX)
    on_strokes = cv2.dilate(strokes.astype(np.uint8), _disc(NEAR_PX)) > 0
    ours, theirs = (gradient(_gray(rgb)) for rgb in (suspect, work))
    strong, weak = np.maximum(abs(ours), abs(theirs)), np.minimum(abs(ours), abs(theirs))
    along = np.abs((np.conj(ours) * theirs).real)
    common = inside & (weak > ON_EDGE) & (along > ONE_WAY * strong * weak)
    elsewhere = inside & ~on_strokes & (strong > ON_EDGE)
    return share_in(on_strokes, common), share_in(common, elsewhere)


def gradient(values: NDArray[np.float32]) -> NDArray[np.complex64]:
    """Return the slope a pixel, across and down as one number."""
    across, down = (cv2.Sobel(values, -1, *order, scale=1 / 8) for order in ((1, 0), (0, 1)))
    return np.asarray(across + 1j * down, np.complex64)


def steepness(colors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return how fast the color changes, in Lab units a pixel."""
    slopes = [np.abs(gradient(colors[:, :, channel])) for channel in range(3)]
    return np.asarray(np.linalg.norm(slopes, axis=0), np.float32)


def shrunk(inside: NDArray[np.bool_], width: int) -> NDArray[np.bool_]:
    """Return where the suspect reaches without its border."""
    reach = np.ones((2 * width + 1, 2 * width + 1))
    padded = np.pad(inside.astype(np.uint8), 1)
    return np.asarray(cv2.erode(padded, reach)[1:-1, 1:-1] > 0)


def _gray(rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
    soft = cv2.GaussianBlur(rgb, (0, 0), 1.0)
    return np.asarray(cv2.cvtColor(soft, cv2.COLOR_RGB2GRAY), np.float32)


def _disc(side: int) -> NDArray[np.uint8]:
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)), np.uint8)
