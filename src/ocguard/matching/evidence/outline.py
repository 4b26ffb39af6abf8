"""Whether two pictures show a figure of the same outline, whatever fills it.

A traced figure that was filled with something else keeps nothing but its outline, which is little
evidence to keypoints and tiles of edges, and much to whoever sees both shapes: unrelated figures
that were laid on each other have a third of their outlines in common, the same ones nearly all.

The figure is what stands apart from a plain ground that reaches the border. What lies at the border
of the figures' box is left out, and so are shapes that hold a large rectangle: a frame, a window or
a caption leaves one on different pictures.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.fingerprint.normalize import PLAIN_SHARE, PLAIN_TOLERANCE
from ocguard.matching.evidence.plain_shape import is_plain_shape, overlap

__all__ = ["inside_plain_shape", "rim_of_shapes", "same_outline"]

NEAR_SHARE = 0.02
"""Distance within which outlines lie on each other, in sides of a square as large as the figure."""

MIN_NEAR_PX = 2.0
"""The least such distance, in raster pixels: what resampling moves an edge by."""

BORDER_SHARE = 0.08
"""Distance from the border of the figures' box at which an outline counts, in sides of a square as
large as the box."""

MIN_LENGTH = 1.0
"""Shortest such outline that says anything, in sides of that square."""

MAX_RECTANGLE = 0.70
"""Sides of an upright rectangle that fits into a figure, as a share of its box's: figures hold up
to 0.66, a frame or a window 0.78 and more, a circle 0.71."""

FIGURE_SHARE = 0.5
"""Share of what stands apart from the ground that a figure holds: of a page of writing, the largest
letter or box is none."""

LINE_REACH_PX = 4
"""Distance from the outline of a shape within which a line is that outline, in raster pixels."""

SAME_SHAPE = 0.8
"""Overlap of what stands apart from the ground, in both pictures, of pictures cut to one shape:
what is as light as the ground at the rim of one of them seems to be missing."""

RIM_PX = 10
"""Distance from an outline within which it counts as seen, in raster pixels."""

MIN_RIM_PX = 20
"""Fewest pixels of a rim that tell a ground."""

_Mask = NDArray[np.bool_]


def same_outline(
    suspect: NDArray[np.uint8], work: NDArray[np.uint8], cover: NDArray[np.float32]
) -> float:
    """Measure how far the outlines of two figures lie on each other.

    Parameters
    ----------
    suspect, work : (h, w, 3) uint8 arrays
        RGB, the suspect on the work's raster.
    cover : (h, w) float32 array
        How far the suspect reaches, 0 to 1.

    Returns
    -------
    float
        The smaller share of both outlines, 0 to 1, that lies on the other one; 0 where a picture
        has no plain ground, or where the shapes say nothing.

    Notes
    -----
    About 3 CPU-milliseconds.
    """
    inside = cover > 0.5
    ours, theirs = _figure(suspect, inside), _figure(work, np.ones_like(inside)) & inside
    if not ours.any() or not theirs.any():
        return 0.0
    counts = _away_from_border(ours | theirs, inside)
    if not counts.any():
        return 0.0
    side = float(np.sqrt(max(ours.sum(), theirs.sum())))
    outlines = [_outline(figure, inside) for figure in (ours, theirs)]
    inner = [outline & counts for outline in outlines]
    box_side = float(np.sqrt(_box(ours | theirs).sum()))
    if min(part.sum() for part in inner) < MIN_LENGTH * box_side:
        return 0.0
    near_px = max(MIN_NEAR_PX, NEAR_SHARE * side)
    shares = [
        float(np.mean(_distance(other)[part] <= near_px))
        for part, other in zip(inner, reversed(outlines), strict=True)
    ]
    return min(shares)


def inside_plain_shape(
    suspect: NDArray[np.uint8], work: NDArray[np.uint8], cover: NDArray[np.float32]
) -> _Mask | None:
    """Return the inside of a plain shape that both pictures were cut to, if they were.

    Parameters
    ----------
    suspect, work, cover
        As for `same_outline`.

    Returns
    -------
    (h, w) bool array or None
        What is farther than `RIM_PX` from its outline; ``None`` where the pictures have no plain
        ground or other shapes, and where their shape is a figure's own (`shape.is_plain_shape`).

    Notes
    -----
    About 10 CPU-milliseconds.
    """
    inside = cover > 0.5
    ours, theirs = _apart(suspect, inside), _apart(work, np.ones_like(inside)) & inside
    if overlap(ours, theirs) < SAME_SHAPE or not is_plain_shape(ours | theirs):
        return None
    return _eroded(ours & theirs, 2 * RIM_PX + 1, is_inside_beyond=False)


def rim_of_shapes(rgb: NDArray[np.uint8], inside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return what lies on the outlines of all that stands apart from a plain ground.

    Parameters
    ----------
    rgb : (h, w, 3) uint8 array
        The picture.
    inside : (h, w) bool array
        Where it reaches.

    Returns
    -------
    (h, w) bool array
        Within `LINE_REACH_PX` of an outline; nothing where no ground is plain.
    """
    side = 2 * LINE_REACH_PX + 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    outlines = _outline(_apart(rgb, inside), inside)
    return np.asarray(cv2.dilate(outlines.astype(np.uint8), disc) > 0)


def _figure(rgb: NDArray[np.uint8], inside: _Mask) -> _Mask:
    """Return the one thing that stands apart from a plain ground; nothing where there are many."""
    apart = _apart(rgb, inside)
    count, labels, found, _ = cv2.connectedComponentsWithStats(apart.astype(np.uint8))
    areas = found[1:, cv2.CC_STAT_AREA]
    if count < 2 or areas.max() < FIGURE_SHARE * areas.sum():
        return np.zeros_like(inside)
    return np.asarray(labels == 1 + int(areas.argmax()))


def _apart(rgb: NDArray[np.uint8], inside: _Mask) -> _Mask:
    """Return all that stands apart from a plain ground; nothing where no ground is plain."""
    nothing = np.zeros_like(inside)
    rim = inside & ~_eroded(inside, 3, is_inside_beyond=False)
    if rim.sum() < MIN_RIM_PX:
        return nothing
    color = np.median(rgb[rim], axis=0).astype(np.uint8)
    red, green, blue = cv2.split(cv2.absdiff(rgb, np.full_like(rgb, color)))
    plain = inside & (cv2.max(cv2.max(red, green), blue) <= PLAIN_TOLERANCE)
    if np.mean(plain[rim]) < PLAIN_SHARE:
        return nothing
    pieces, labels = cv2.connectedComponents(plain.astype(np.uint8), connectivity=4)
    is_ground = np.zeros(pieces, bool)
    is_ground[labels[rim & plain]] = True
    ground = is_ground[labels]
    return np.asarray(inside & ~ground)


def _outline(figure: _Mask, inside: _Mask) -> _Mask:
    """Return the figure's outermost pixels, but not where the picture ends."""
    return (
        figure
        & ~_eroded(figure, 3, is_inside_beyond=True)
        & _eroded(inside, 7, is_inside_beyond=False)
    )


def _away_from_border(figures: _Mask, inside: _Mask) -> _Mask:
    """Return the inner part of the figures' box; nothing where they hold a large rectangle."""
    box = _box(figures)
    down, across = (round(MAX_RECTANGLE * int(box.any(axis=axis).sum())) for axis in (1, 0))
    held = cv2.boxFilter(
        figures.astype(np.float32),
        -1,
        (max(across, 1), max(down, 1)),
        normalize=False,
        borderType=cv2.BORDER_CONSTANT,
    )
    if held.max() >= max(across, 1) * max(down, 1) - 0.5:
        return np.zeros_like(inside)
    padded = np.pad(box.astype(np.uint8), 1)
    away = cv2.distanceTransform(padded, cv2.DIST_C, 3)[1:-1, 1:-1]
    return np.asarray(away > BORDER_SHARE * np.sqrt(box.sum()))


def _box(figures: _Mask) -> _Mask:
    """Return the smallest upright rectangle around everything."""
    rows, columns = (_span(np.asarray(figures.any(axis=axis))) for axis in (1, 0))
    return np.asarray(rows[:, None] & columns[None])


def _span(holds: _Mask) -> _Mask:
    """Fill a line from the first to the last place that holds something."""
    return np.asarray(np.maximum.accumulate(holds) & np.maximum.accumulate(holds[::-1])[::-1])


def _eroded(mask: _Mask, side: int, *, is_inside_beyond: bool) -> _Mask:
    square = np.ones((side, side), np.uint8)
    eroded = cv2.erode(
        mask.astype(np.uint8),
        square,
        borderType=cv2.BORDER_CONSTANT,
        borderValue=int(is_inside_beyond),
    )
    return eroded > 0


def _distance(outline: _Mask) -> NDArray[np.float32]:
    """Return every pixel's distance from an outline."""
    return np.asarray(cv2.distanceTransform((~outline).astype(np.uint8), cv2.DIST_L2, 5))
