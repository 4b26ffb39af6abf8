"""What the part that two aligned pictures have in common is made of: a picture, or an overlay.

A frame, an app's window, a caption, a logo or a mark in tiles agrees as exactly as a copy does, and
keypoints cannot tell. What lies beside it can: under a shared overlay both pictures hold structure
that does not agree, around the agreeing parts and between them. So this measures where the agreeing
part lies (inside or at the border), how connected, exact and colored it is, and how much beside it
is opposed: held by both pictures and not the same.

Structure is compared pixel by pixel after the suspect was bent back to the work (`bending`).
Places where neither picture holds structure count for nothing.

References
----------
A. J. Fitch et al., Orientation correlation, BMVC 2002, doi:10.5244/C.16.11.
J. Cohen, A coefficient of agreement for nominal scales, 1960, doi:10.1177/001316446002000104.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.matching.alignment.bending import Followed, Laid
from ocguard.matching.alignment.tiles import MIN_STRENGTH
from ocguard.matching.evidence.outline import inside_plain_shape
from ocguard.matching.evidence.shares import share_of
from ocguard.matching.evidence.slot import slot_sides

__all__ = ["SharedPart", "measure_shared_part"]

SOFT_PX = 5.0
"""Reach of the comparison around a pixel (Gaussian, standard deviation), in raster pixels."""

AGREEING = 0.5
"""Edge correlation from which on a place agrees."""

EXACT = 0.8
"""Edge correlation, without moving pieces, from which on it agrees exactly."""

WINDOW_SHARE = 0.5
"""Side of the window that a filled part must cover, as a share of the side of a square as large as
what both pictures show."""

WINDOW_MASS = 0.6
"""Smallest share of the window that must agree: the corner of a frame agrees in 0.6 of it only
where the frame is broader than a sixth of the picture."""

INNER_DISTANCE = 0.15
"""Distance from the border of either picture that frames, captions and windows seldom reach, in
sides of that square."""

AWAY_DISTANCE = 0.2
"""The same, for a piece that stands apart from the border."""

OPPOSED_WINDOW_SHARE, OPPOSED_WINDOW_MASS = 0.25, 0.5
"""Side of a window in which two pictures may differ altogether, as a share of the side of that
square, and share of it in which both must hold differing structure."""

COLOR_BLUR_PX = 2.0
"""Blur before colors are compared, in raster pixels."""

MIN_TRACE = 0.01
"""Smallest mean edge strength of a place in the fainter of two pictures, by which structure that
the other holds there is found again: half of `MIN_STRENGTH`."""

LINE_STRENGTH = 0.1
"""Edge strength from which on a pixel of the work is on a line."""


@dataclass(frozen=True, kw_only=True)
class SharedPart:
    """What the agreeing part of two pictures is made of; not a number where nobody looked.

    Attributes
    ----------
    agreeing_share : float
        Share of the structure of both, where they overlap, that agrees, 0 to 1.
    agreeing_inner_share : float
        Share of the structure away from the border, where an overlay seldom lies, that agrees.
    fullest_window_share : float
        Share of the structure that agrees in the window where it is largest; 0 where no window
        holds enough.
    largest_piece_share : float
        Share of the structure that the largest connected agreeing piece holds, 0 to 1.
    away_from_border_share : float
        Share of what agrees that lies away from the border of both pictures, 0 to 1.
    exact_share : float
        Share of what agrees that does so without moving pieces, 0 to 1.
    line_color_difference_lab : float
        Difference of colors (CIE 1976, Lab units) that three quarters of the agreeing lines exceed.
    plain_shape_agreeing_share : float
        Share of the structure that agrees inside a plain shape that both pictures were cut to (a
        heart, a badge), 0 to 1; 1 where there is none.
    one_color_share : float
        Share of what agrees that has one color, in the picture with less of it, 0 to 1: writing
        and lines stand on plain ground.
    opposed_share : float
        Share of the structure that both hold in one place that does not agree, 0 to 1.
    opposed_window_share : float
        Share of the structure that both hold that does not agree, in the window where it is
        largest; 0 where no window holds enough.
    slot_sides_share : float
        Share of three sides of the box in which both differ that is an edge in both, 0 to 1; see
        `slot_sides`.
    ground_kappa : float
        How far both pictures have ground and figure in the same places, beside what agrees: Cohen's
        kappa, 1 for the same, 0 for chance.
    """

    agreeing_share: float = nan
    agreeing_inner_share: float = nan
    fullest_window_share: float = nan
    largest_piece_share: float = nan
    away_from_border_share: float = nan
    exact_share: float = nan
    line_color_difference_lab: float = nan
    plain_shape_agreeing_share: float = nan
    one_color_share: float = nan
    opposed_share: float = nan
    opposed_window_share: float = nan
    slot_sides_share: float = nan
    ground_kappa: float = nan


def measure_shared_part(laid: Laid, followed: Followed) -> SharedPart:
    """Measure what the agreeing part of two aligned pictures is made of.

    Parameters
    ----------
    laid : Laid
        The suspect on the work's raster.
    followed : Followed
        The same, bent back to the work.

    Returns
    -------
    SharedPart

    Notes
    -----
    About 20 CPU-milliseconds.
    """
    moved, reached = followed.field, followed.cover
    inside = reached > 0.5
    ours, theirs = _soft(np.abs(moved)), _soft(np.abs(laid.work) * reached)
    holds = (np.maximum(ours, theirs) >= MIN_STRENGTH) & inside
    both = (np.minimum(ours, theirs) >= MIN_STRENGTH) & inside
    traced = (np.minimum(ours, theirs) >= MIN_TRACE) & holds
    agrees = traced & (_correlation(moved, laid.work, reached) >= AGREEING)
    exactly = agrees & (_correlation(laid.suspect, laid.work, laid.cover) >= EXACT)
    side = float(np.sqrt(inside.sum()))
    padded = np.pad(inside.astype(np.uint8), 1)
    distance = cv2.distanceTransform(padded, cv2.DIST_L2, 5)[1:-1, 1:-1] / max(side, 1.0)
    inner = distance >= INNER_DISTANCE
    away = distance >= AWAY_DISTANCE
    opposes = both & ~agrees
    window, small_window = WINDOW_SHARE * side, OPPOSED_WINDOW_SHARE * side
    return SharedPart(
        agreeing_share=share_of(agrees.sum(), holds.sum()),
        agreeing_inner_share=share_of((agrees & inner).sum(), (holds & inner).sum()),
        fullest_window_share=_fullest(agrees, holds, inside, window, WINDOW_MASS),
        largest_piece_share=share_of(_largest_piece(agrees), holds.sum()),
        away_from_border_share=share_of((agrees & away).sum(), agrees.sum()),
        exact_share=share_of(exactly.sum(), agrees.sum()),
        line_color_difference_lab=_recolored(followed, laid, agrees),
        plain_shape_agreeing_share=_filling(followed, laid, agrees, holds),
        one_color_share=min(_one_color(rgb, agrees) for rgb in (followed.rgb, laid.work_rgb)),
        opposed_share=share_of(opposes.sum(), both.sum()),
        opposed_window_share=_fullest(opposes, both, inside, small_window, OPPOSED_WINDOW_MASS),
        slot_sides_share=slot_sides(moved, laid.work, opposes, side),
        ground_kappa=_kappa(ours >= MIN_STRENGTH, theirs >= MIN_STRENGTH, inside & ~agrees),
    )


def _largest_piece(agrees: NDArray[np.bool_]) -> float:
    """Return the area of the largest connected piece, in pixels."""
    count, _, found, _ = cv2.connectedComponentsWithStats(agrees.astype(np.uint8))
    return float(found[1:, cv2.CC_STAT_AREA].max()) if count > 1 else 0.0


def _correlation(
    ours: NDArray[np.complex64], theirs: NDArray[np.complex64], cover: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Correlate two fields around every pixel that the suspect reaches."""
    product = _soft((np.conj(ours) * theirs).real * cover)
    power = _soft(np.abs(ours) ** 2 * cover) * _soft(np.abs(theirs) ** 2 * cover)
    return np.asarray(product / np.sqrt(np.maximum(power, 1e-12)), np.float32)


def _soft(values: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(cv2.GaussianBlur(values.astype(np.float32), (0, 0), SOFT_PX), np.float32)


def _fullest(
    part: NDArray[np.bool_],
    holds: NDArray[np.bool_],
    inside: NDArray[np.bool_],
    side: float,
    mass: float,
) -> float:
    """Return the largest share of what a window inside holds that is a part, at least its mass."""
    window = max(1, round(side)) | 1
    taken, holding, reaching = (
        cv2.boxFilter(one.astype(np.float32), -1, (window, window), borderType=cv2.BORDER_CONSTANT)
        for one in (part, holds, inside)
    )
    counts = (taken >= mass) & (reaching >= 0.97)
    return float((taken[counts] / holding[counts]).max()) if counts.any() else 0.0


def _recolored(followed: Followed, laid: Laid, agrees: NDArray[np.bool_]) -> float:
    """Return the quartile of the differences of color on agreeing lines."""
    is_line = agrees & (np.abs(laid.work) >= LINE_STRENGTH)
    if not is_line.any():
        return 0.0
    ours, theirs = (
        cv2.cvtColor(
            cv2.GaussianBlur(rgb.astype(np.float32) / 255, (0, 0), COLOR_BLUR_PX),
            cv2.COLOR_RGB2LAB,
        )
        for rgb in (followed.rgb, laid.work_rgb)
    )
    return float(np.percentile(np.linalg.norm(ours - theirs, axis=2)[is_line], 25))


def _filling(
    followed: Followed, laid: Laid, agrees: NDArray[np.bool_], holds: NDArray[np.bool_]
) -> float:
    """Return the agreeing share inside a plain shape that both pictures fill, 1 without one."""
    within = inside_plain_shape(followed.rgb, laid.work_rgb, followed.cover)
    return 1.0 if within is None else share_of((agrees & within).sum(), (holds & within).sum())


def _one_color(rgb: NDArray[np.uint8], where: NDArray[np.bool_]) -> float:
    """Return the share of the commonest color, in steps of an eighth of each channel."""
    steps = (rgb[where] >> 5).astype(np.intp) @ np.array([64, 8, 1])
    return float(np.bincount(steps).max() / steps.size) if steps.size else 0.0


def _kappa(ours: NDArray[np.bool_], theirs: NDArray[np.bool_], counts: NDArray[np.bool_]) -> float:
    """Return Cohen's kappa of both pictures' structure."""
    if not counts.any():
        return 0.0
    here, there = float(ours[counts].mean()), float(theirs[counts].mean())
    chance = here * there + (1 - here) * (1 - there)
    alike = float((ours == theirs)[counts].mean())
    return (alike - chance) / (1 - chance) if chance < 1 else 0.0
