"""Whether what two pictures share is a picture, or something that lies over different ones.

A frame, an app's window, a caption, a logo or a mark in tiles agrees as exactly as a copy does, and
keypoints cannot tell. What lies beside it can: under a shared overlay both pictures hold structure
that does not agree, around the agreeing parts and between them. A copy agrees in most of what lies
away from the border, or fills a large part of the picture and not the border alone, or leaves
nothing that differs, or is one piece that stands apart from the border, or all that something laid
over it does not cover (`seam`); a redrawn figure agrees
over much of the picture, but bent, as nothing does that was pasted; and an outline that was filled
with something else has other colors on its lines, and the same ground around them. A page of
writing and lines on plain ground is a form if much of what both hold beside it differs, whatever
the ground if this fills a slot that both have, and pictures cut to one heart or badge are told by
what that holds. Lettering and backdrops are told by how the pictures part in color (`seam`).

Structure is compared pixel by pixel after the suspect was bent back to the work (`following`).
Places where neither picture holds structure count for nothing.

References
----------
A. J. Fitch et al., Orientation correlation, BMVC 2002, doi:10.5244/C.16.11.
J. Cohen, A coefficient of agreement for nominal scales, 1960, doi:10.1177/001316446002000104.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.matching.alignment.bending import Followed, Laid, follow
from ocguard.matching.alignment.tiles import MIN_STRENGTH
from ocguard.matching.evidence.outline import inside_plain_shape
from ocguard.matching.evidence.parting import Seam, find_seam
from ocguard.matching.evidence.picture_box import slot_sides

__all__ = ["Substance", "measure_substance", "share_of"]

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

MIN_CORE = 0.65
"""Share of the inner structure that agrees from which on it is the picture (tiles over a small
figure on white: 0.55)."""

MIN_FILLED = 0.85
"""Share of the structure in the fullest window that agrees from which on it is filled (overlays: up
to 0.79)."""

MIN_FILLED_AWAY = 0.2
"""Least share of all that agrees that lies away from the border beside a filled window: the panels
of a program fill one at the border (0.14); works that were found by one had 0.26 and more."""

MIN_PIECES = ((0.25, 0.35), (0.33, 0.25))
"""Share of the structure that the largest connected piece holds, and share of all that agrees that
lies away from the border, of a piece that stands apart: logos hold up to 0.22, copies that nothing
else shows 0.26 and more; frames and windows have up to 0.31 away from the border, and up to 0.20
where they hold a third."""

MIN_FILLING = 0.4
"""Share of the structure inside a shared plain shape that agrees in copies: 0.45 and more as a
rule; other pictures that were cut to the same one had up to 0.21."""

MAX_OPPOSED, WHOLE_SHARE, WHOLE_CORE = 0.05, 0.6, 0.3
"""Largest share of what both hold that differs, and least share that agrees in all and of the inner
structure, where the whole picture is the same: overlays and forms leave 0.09 and more to differ."""

SPLIT_SHARE, SPLIT_MASS, MIN_SPLIT = 0.25, 0.5, 0.9
"""Side of a window in which two pictures may differ altogether, as a share of the side of that
square, share of it that both must hold differing structure in, and share of its structure."""

PAGE_GROUND, PAGE_OPPOSED = 0.58, 0.2
"""Share of what agrees that is one color in both pictures, and share of what both hold that
differs, of a form that was filled in with other pictures: 0.59 and 0.25 and more for profile cards;
copies beside which so much differs had up to 0.48 of one color."""

SLOT_SIDES, SLOT_OPPOSED, SLOT_EXACT = 0.65, 0.08, 0.5
"""Share of three sides of a box with other pictures that is an edge in both, and share of what both
hold that differs where no whole window does, of a slot in a form: 0.73 and 0.09 and more; what was
pasted on works had up to 0.57 of the sides, bent copies with more up to 0.05 that differed. And
least share of what agrees that does so exactly: forms 0.74 and more, bent pictures up to 0.39."""

LAID_OPPOSED, LAID_RECOLORED = 0.1, 3.0
"""Share of what both hold that differs, and difference of colors on agreeing lines, of what lies
over different pictures that show through around it: 0.2 and 3.6 and more for lettering over other
scenes; near copies with a caption had up to 0.6 in color, recolored ones 0.08 that differed."""

PLATE_PLAIN = 0.42
"""Least share of what agrees that is one color, of a plate with a title (0.45 and more): faces and
figures that were cut out had up to 0.39."""

BACKDROP_EXACT = 0.6
"""Least share of what agrees that does so exactly, of a backdrop: figures with moved limbs part in
color as well, and had up to 0.35."""

COVERED_SHARE, COVERED_EXACT = 0.2, 0.6
"""Least share that agrees, and that does so exactly, of a work that is covered in part."""

BENT_SHARE, MAX_EXACT = 0.3, 0.25
"""Share of the structure that agrees, and share of this that agrees exactly, of a bent picture."""

BENT_PIECE = 0.12
"""Least connected piece of a bent picture, as a share of the structure: what was bent is one thing
(tiles of text: up to 0.06; bent figures: 0.17 and more)."""

BENT_GROUND = 0.6
"""Least agreement on ground and figure, beside what agrees, of a bent picture: an overlay looks
bent where its map is inexact (tiles: 0.54); bent figures had 0.72 and more."""

OUTLINE_PIECE, OUTLINE_AWAY = 0.12, 0.2
"""Least piece, and share away from the border, of an outline that holds something else."""

MIN_RECOLORED = 7.0
"""Least difference of colors (CIE 1976, in Lab units) on the lines of an outline that holds
something else: what was pasted brings its colors along, unless it is half-transparent."""

OUTLINE_GROUND = 0.5
"""Least agreement on ground and figure, beside what agrees, of such an outline (Cohen's kappa; text
across the middle: 0.44)."""

COLOR_BLUR_PX = 2.0
"""Blur before colors are compared, in raster pixels."""

LINE_STRENGTH = 0.1
"""Edge strength from which on a pixel of the work is on a line."""


@dataclass(frozen=True)
class Substance:
    """What the agreeing part of two pictures is made of.

    Attributes
    ----------
    share : float
        Share of the structure of both, where they overlap, that agrees, 0 to 1.
    core : float
        The same away from the border, where an overlay seldom lies.
    filled : float
        The same in the fullest window; 0 where no window holds enough.
    piece : float
        Share of the structure that the largest connected agreeing piece holds, 0 to 1.
    away : float
        Share of what agrees that lies away from the border of both pictures, 0 to 1.
    exact : float
        Share of what agrees that does so without moving pieces, 0 to 1.
    recolored : float
        Difference of colors (CIE 1976, Lab) that three quarters of the agreeing lines exceed.
    filling : float
        Share of the structure that agrees inside a plain shape that both pictures were cut to (a
        heart, a badge); 1 where there is none.
    plain : float
        Share of what agrees that has one color, in the picture with less of it: writing and lines
        stand on plain ground.
    opposed : float
        Share of the structure that both hold in one place that does not agree.
    split : float
        The same in the window where it is largest; 0 where none holds enough.
    slot : float
        Share of three sides of the box in which both differ that is an edge in both; see
        `slot_sides`.
    ground : float
        How far both pictures have ground and figure in the same places, beside what agrees: Cohen's
        kappa, 1 for the same, 0 for chance.
    seam : Seam
        How both part, in color.
    """

    share: float
    core: float
    filled: float
    piece: float
    away: float
    exact: float
    recolored: float
    filling: float
    plain: float
    opposed: float
    split: float
    slot: float
    ground: float
    seam: Seam

    @property
    def is_shape_alone(self) -> bool:
        """Whether both pictures were cut to a shape that many have, and are different ones."""
        return self.filling < MIN_FILLING

    @property
    def is_page(self) -> bool:
        """Whether what agrees is writing and lines on plain ground, with other pictures beside."""
        return self.plain >= PAGE_GROUND and self.opposed >= PAGE_OPPOSED

    @property
    def has_slot(self) -> bool:
        """Whether both have one slot, on whatever ground, and other pictures in it."""
        differs = self.is_split or self.opposed >= SLOT_OPPOSED
        return differs and self.slot >= SLOT_SIDES and self.exact >= SLOT_EXACT

    @property
    def is_lettering(self) -> bool:
        """Whether strokes, or a plate of one color, over different pictures are all that agrees."""
        is_plate = self.plain >= PLATE_PLAIN and self.seam.is_over_others
        return is_plate or self.seam.is_lettering

    @property
    def is_backdrop(self) -> bool:
        """Whether the ground behind two different figures is all that agrees."""
        return self.exact >= BACKDROP_EXACT and self.seam.is_backdrop

    @property
    def is_covered(self) -> bool:
        """Whether something was laid over a part of the work, and the rest is there."""
        is_there = self.share >= COVERED_SHARE and self.exact >= COVERED_EXACT
        return is_there and self.seam.is_covered

    @property
    def is_laid_over(self) -> bool:
        """Whether what agrees may be lettering or a drawing over two different pictures."""
        return self.opposed >= LAID_OPPOSED and self.recolored >= LAID_RECOLORED

    @property
    def is_split(self) -> bool:
        """Whether a whole region of both is another picture, whatever agrees beside it."""
        return self.split >= MIN_SPLIT

    @property
    def leaves_other_picture(self) -> bool:
        """Whether another picture is beside what agrees: in a whole region, or showing through."""
        return self.is_split or self.is_laid_over

    @property
    def is_picture(self) -> bool:
        """Whether a picture is shared; otherwise an overlay would explain as much."""
        stands_apart = any(self.piece >= p and self.away >= a for p, a in MIN_PIECES)
        is_bent = (
            self.share >= BENT_SHARE
            and self.exact <= MAX_EXACT
            and self.ground >= BENT_GROUND
            and self.piece >= BENT_PIECE
        )
        is_outline = (
            self.piece >= OUTLINE_PIECE
            and self.away >= OUTLINE_AWAY
            and self.recolored >= MIN_RECOLORED
            and self.ground >= OUTLINE_GROUND
        )
        is_filled = self.filled >= MIN_FILLED and self.away >= MIN_FILLED_AWAY
        is_whole = (
            self.opposed <= MAX_OPPOSED and self.share >= WHOLE_SHARE and self.core >= WHOLE_CORE
        )
        is_much = self.core >= MIN_CORE or is_filled or is_whole or stands_apart
        return is_much or is_bent or is_outline or self.is_covered


def measure_substance(laid: Laid) -> Substance:
    """Measure what the agreeing part of two aligned pictures is made of.

    Parameters
    ----------
    laid : Laid
        The suspect on the work's raster.

    Returns
    -------
    Substance

    Notes
    -----
    About 85 CPU-milliseconds. The bounds were chosen on overlays and works that no figure is
    reported on; see ``bench_matching``.
    """
    followed = follow(laid.suspect_rgb, laid.cover, laid.work, laid.moves, laid.landmarks)
    moved, reached = followed.field, followed.cover
    inside = reached > 0.5
    ours, theirs = _soft(np.abs(moved)), _soft(np.abs(laid.work) * reached)
    holds = (np.maximum(ours, theirs) >= MIN_STRENGTH) & inside
    both = (np.minimum(ours, theirs) >= MIN_STRENGTH) & inside
    agrees = both & (_correlation(moved, laid.work, reached) >= AGREEING)
    exactly = agrees & (_correlation(laid.suspect, laid.work, laid.cover) >= EXACT)
    side = float(np.sqrt(inside.sum()))
    count, _, found, _ = cv2.connectedComponentsWithStats(agrees.astype(np.uint8))
    largest = found[1:, cv2.CC_STAT_AREA].max() if count > 1 else 0
    padded = np.pad(inside.astype(np.uint8), 1)
    distance = cv2.distanceTransform(padded, cv2.DIST_L2, 5)[1:-1, 1:-1] / max(side, 1.0)
    inner = distance >= INNER_DISTANCE
    opposes = both & ~agrees
    return Substance(
        share=share_of(agrees.sum(), holds.sum()),
        core=share_of((agrees & inner).sum(), (holds & inner).sum()),
        filled=_fullest(agrees, holds, inside, WINDOW_SHARE * side, WINDOW_MASS),
        piece=share_of(largest, holds.sum()),
        away=share_of((agrees & (distance >= AWAY_DISTANCE)).sum(), agrees.sum()),
        exact=share_of(exactly.sum(), agrees.sum()),
        recolored=_recolored(followed, laid, agrees),
        filling=_filling(followed, laid, agrees, holds),
        plain=min(_plain(rgb, agrees) for rgb in (followed.rgb, laid.work_rgb)),
        opposed=share_of(opposes.sum(), both.sum()),
        split=_fullest(opposes, both, inside, SPLIT_SHARE * side, SPLIT_MASS),
        slot=slot_sides(moved, laid.work, opposes, side),
        ground=_same_ground(ours >= MIN_STRENGTH, theirs >= MIN_STRENGTH, inside & ~agrees),
        seam=find_seam(followed.rgb, laid.work_rgb, inside),
    )


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


def _plain(rgb: NDArray[np.uint8], where: NDArray[np.bool_]) -> float:
    """Return the share of the commonest color, in steps of an eighth of each channel."""
    steps = (rgb[where] >> 5).astype(np.intp) @ np.array([64, 8, 1])
    return float(np.bincount(steps).max() / steps.size) if steps.size else 0.0


def _same_ground(
    ours: NDArray[np.bool_], theirs: NDArray[np.bool_], counts: NDArray[np.bool_]
) -> float:
    """Return Cohen's kappa of both pictures' structure."""
    if not counts.any():
        return 0.0
    here, there = float(ours[counts].mean()), float(theirs[counts].mean())
    chance = here * there + (1 - here) * (1 - there)
    alike = float((ours == theirs)[counts].mean())
    return (alike - chance) / (1 - chance) if chance < 1 else 0.0


def share_of(part: float, whole: float) -> float:
    """Return a part of a whole, 0 of nothing."""
    return float(part) / float(whole) if whole > 0 else 0.0
