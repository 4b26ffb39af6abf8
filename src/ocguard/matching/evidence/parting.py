"""How two aligned pictures part: where they have the same colors, and what the border looks like.

A title over two scenes, and two figures before one stage, agree as exactly as a copy does. Where
both pictures are the same to the color, and where they part, tells these from a copy:

- What is the same over two different scenes is lettering if it is made of strokes. A figure that
  was cut out and laid on another ground is compact. So the half-width of what is the same is
  measured, and how many edges both pictures share elsewhere.
- The *hole* is where the pictures differ, with all that this encloses; the *seam* is its outline.
  Two figures before one stage leave a hole whose seam is an edge of the work where the suspect
  shows nothing: the ground that the work's figure hides is *uncovered*. What a thief lays over a
  work hides more of it and uncovers nothing; its seam is an edge of the suspect alone, and the work
  is *covered*.

Recolored copies differ in color everywhere, and their edges go on agreeing there.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.matching.evidence.color import (
    closed_up,
    common_edges,
    differing,
    gradient,
    pieces_of,
    shrunk,
    steepness,
    to_lab,
)
from ocguard.matching.evidence.shares import share_in, share_of

__all__ = ["Parting", "measure_parting"]

MIN_PIECE, MIN_HOLE = 0.01, 0.02
"""Smallest differing piece, and smallest hole, as a share of what both pictures show."""

BORDER_PX, SEAM_BORDER_PX = 4, 6
"""Width of the border, and how near to it no seam is sought."""

BESIDE_PX, BESIDE_EDGE = 9, 4.0
"""How far from the hole structure around it lies at least, and its Lab units a pixel."""

SEAM_STEPS, SEAM_HALF_PX, SEAM_CONTRAST = (0, 1, 2), 2.5, 8.0
"""Where a seam is sought, in pixels inward from the hole's outline, how far to both sides colors
are compared, and their difference from which on the seam is an edge."""

PLAIN = 3.0
"""Lab units from the median color within which ground is of one color."""

GROUND_STEPS, GROUND_PERCENTILE = (-10, -8, -6), 75
"""Where the ground beside it is looked at, and the percentile of its differences that an edge must
exceed as well: ground may be rough."""

OUTSIDE_PX, INSIDE_PX, FLAT = (4, 6, 8), (3, 5, 7), 2.5
"""Where ground is looked at, in pixels from the outline, and the Lab units a pixel below which it
is flat."""


@dataclass(frozen=True, kw_only=True)
class Parting:
    """How two pictures part; not a number where nobody looked.

    Attributes
    ----------
    differing_share : float
        Share of what both show that lies in pieces that differ in color, 0 to 1.
    differing_border_share : float
        Share of the border of what both show that lies in such pieces, 0 to 1.
    same_half_width : float
        Largest half-width of what is the same, in square roots of its area: 0.56 for a disc.
    common_edges_on_same_share : float
        Share of the edges that both have that lie on what is the same, 0 to 1.
    common_edges_elsewhere_share : float
        Share of all edges elsewhere that both have, 0 to 1.
    hole_share : float
        Share of what both show that differing pieces hold and enclose, 0 to 1.
    hole_border_share : float
        Share of the border of what both show that lies in the hole, 0 to 1.
    differing_per_hole : float
        What differs, as a share of the hole; 0 without a hole.
    hole_beside_share : float
        Share of the hole's length that has common structure beside it, on its third side, 0 to 1.
    plain_ground_share : float
        Share of what differs in which the work shows one color, 0 to 1; 0 where nothing differs.
    seam_uncovered_share : float
        Share of the seam that is an edge of the work, and none of the suspect, 0 to 1.
    seam_uncovered_structure_share : float
        Share of the seam that is an edge of the work alone, and where the suspect shows structure
        on the inner side, 0 to 1.
    seam_covered_share : float
        Share of the seam that is an edge of the suspect, and none of the work, 0 to 1.
    seam_flat_share : float
        Share of the seam that lies on flat ground in both, 0 to 1.
    """

    differing_share: float = nan
    differing_border_share: float = nan
    same_half_width: float = nan
    common_edges_on_same_share: float = nan
    common_edges_elsewhere_share: float = nan
    hole_share: float = nan
    hole_border_share: float = nan
    differing_per_hole: float = nan
    hole_beside_share: float = nan
    plain_ground_share: float = nan
    seam_uncovered_share: float = nan
    seam_uncovered_structure_share: float = nan
    seam_covered_share: float = nan
    seam_flat_share: float = nan


NOTHING_COMMON = Parting(
    differing_share=0.0,
    differing_border_share=0.0,
    same_half_width=1.0,
    common_edges_on_same_share=0.0,
    common_edges_elsewhere_share=1.0,
    hole_share=0.0,
    hole_border_share=0.0,
    differing_per_hole=0.0,
    hole_beside_share=0.0,
    plain_ground_share=0.0,
    seam_uncovered_share=0.0,
    seam_uncovered_structure_share=0.0,
    seam_covered_share=0.0,
    seam_flat_share=0.0,
)
"""Where the suspect does not reach the work."""


def measure_parting(
    suspect: NDArray[np.uint8], work: NDArray[np.uint8], inside: NDArray[np.bool_]
) -> Parting:
    """Find where two pictures are the same, and how they part.

    Parameters
    ----------
    suspect, work : (h, w, 3) uint8 arrays
        RGB, one brought to the other.
    inside : (h, w) bool array
        Where the suspect reaches.

    Returns
    -------
    Parting

    Notes
    -----
    About 20 CPU-milliseconds for 288 pixels.
    """
    area = int(inside.sum())
    if not area:
        return NOTHING_COMMON
    colors = to_lab(suspect, 0.8), to_lab(work, 0.8)
    differs = differing(*colors, inside)
    pieces = pieces_of(differs, MIN_PIECE * area)
    hole = pieces_of(closed_up(differs) & inside, MIN_HOLE * area)
    border = inside & ~shrunk(inside, BORDER_PX)
    same = inside & ~differs
    near, elsewhere = common_edges(suspect, work, inside, same)
    steep = steepness(colors[0]), steepness(colors[1])
    return Parting(
        differing_share=float(pieces.sum() / area),
        differing_border_share=share_in(pieces, border),
        same_half_width=_half_width(same),
        common_edges_on_same_share=near,
        common_edges_elsewhere_share=elsewhere,
        hole_share=float(hole.sum() / area),
        hole_border_share=share_in(hole, border),
        differing_per_hole=share_of(float(pieces.sum()), float(hole.sum())),
        plain_ground_share=_plain_share(colors[1], pieces),
        hole_beside_share=_around(hole, same & _is_structure(*steep)),
        **_along_seam(suspect, work, steep, _seam_of(hole, inside)),
    )


def _plain_share(colors: NDArray[np.float32], where: NDArray[np.bool_]) -> float:
    """Return in how much of a part there is one color, the part's median."""
    if not where.any():
        return 0.0
    there = colors[where]
    apart = np.linalg.norm(there - np.median(there, axis=0), axis=1)
    return float((apart < PLAIN).mean())


def _half_width(same: NDArray[np.bool_]) -> float:
    """Return the largest half-width of what is the same, in square roots of its area."""
    if not same.any():
        return 1.0
    depth = cv2.distanceTransform(np.pad(same.astype(np.uint8), 1), cv2.DIST_L2, 5)
    return float(depth.max() / np.sqrt(same.sum()))


def _is_structure(ours: NDArray[np.float32], theirs: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Return where both pictures hold structure, softened."""
    reach = np.ones((5, 5))
    grown = (cv2.dilate((s > BESIDE_EDGE).astype(np.uint8), reach) for s in (ours, theirs))
    return np.asarray(np.bitwise_and(*grown) > 0)


def _around(hole: NDArray[np.bool_], structure: NDArray[np.bool_]) -> float:
    """Return the share of the hole's rows or columns with structure beside them, third side."""
    near = cv2.dilate(hole.astype(np.uint8), np.ones((BESIDE_PX, BESIDE_PX))) > 0
    beside = structure & ~near
    sides = [
        _beside(turned_hole, turned)
        for turned_hole, turned in (
            (hole, beside),
            (hole[:, ::-1], beside[:, ::-1]),
            (hole.T, beside.T),
            (hole.T[:, ::-1], beside.T[:, ::-1]),
        )
    ]
    return sorted(sides, reverse=True)[2]


def _beside(hole: NDArray[np.bool_], beside: NDArray[np.bool_]) -> float:
    """Return the share of the hole's rows that have something to the left of it."""
    rows = hole.any(axis=1)
    if not rows.any():
        return 0.0
    first = np.where(beside.any(axis=1), beside.argmax(axis=1), beside.shape[1])
    return float((first < hole.argmax(axis=1))[rows].mean())


@dataclass(frozen=True)
class _Seam:
    """The outline of a hole: its pixels, and the way into the hole at each of them."""

    columns: NDArray[np.intp]
    rows: NDArray[np.intp]
    inward: NDArray[np.complex64]

    def sample(self, values: NDArray[np.float32], step_px: float) -> NDArray[np.float32]:
        """Return what an array holds some pixels inward from the seam, negative for outward."""
        x = (self.columns + step_px * self.inward.real).astype(np.float32)[None]
        y = (self.rows + step_px * self.inward.imag).astype(np.float32)[None]
        there = cv2.remap(values, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(there[0], np.float32)

    def contrast(self, colors: NDArray[np.float32], step_px: float) -> NDArray[np.float32]:
        """Return how far the colors before and behind a line beside the seam lie apart."""
        behind = self.sample(colors, step_px + SEAM_HALF_PX)
        jump = behind - self.sample(colors, step_px - SEAM_HALF_PX)
        return np.asarray(np.linalg.norm(jump, axis=1), np.float32)

    def is_edge(self, rgb: NDArray[np.uint8]) -> NDArray[np.bool_]:
        """Return where the seam is an edge of a picture, beyond the roughness of its ground."""
        colors = to_lab(rgb, 1.0)
        rough = [self.contrast(colors, step) for step in GROUND_STEPS]
        ground = float(np.percentile(rough, GROUND_PERCENTILE))
        steepest = np.max([self.contrast(colors, step) for step in SEAM_STEPS], axis=0)
        return np.asarray(steepest > max(SEAM_CONTRAST, ground))


def _seam_of(hole: NDArray[np.bool_], inside: NDArray[np.bool_]) -> _Seam:
    """Return the outline of a hole, without what lies at the border."""
    soft = cv2.GaussianBlur(hole.astype(np.float32), (0, 0), 2.5)
    slope = gradient(np.asarray(soft, np.float32))
    grown = cv2.dilate(hole.astype(np.uint8), np.ones((3, 3))) > 0
    rows, columns = np.nonzero(grown & ~hole & shrunk(inside, SEAM_BORDER_PX))
    inward = slope[rows, columns] / np.maximum(np.abs(slope[rows, columns]), 1e-9)
    return _Seam(columns, rows, np.asarray(inward, np.complex64))


def _along_seam(
    suspect: NDArray[np.uint8],
    work: NDArray[np.uint8],
    steep: tuple[NDArray[np.float32], NDArray[np.float32]],
    seam: _Seam,
) -> dict[str, float]:
    """Return the measures of the seam by their names; zeros without a seam."""
    names = ("uncovered", "uncovered_structure", "covered", "flat")
    if not len(seam.rows):
        return {f"seam_{name}_share": 0.0 for name in names}
    ours, theirs = steep
    in_suspect, in_work = seam.is_edge(suspect), seam.is_edge(work)
    uncovered = in_work & ~in_suspect
    shows = np.max([seam.sample(ours, step) for step in INSIDE_PX], axis=0) >= FLAT
    beside = [seam.sample(one, -step) for one in (ours, theirs) for step in OUTSIDE_PX]
    is_flat = np.max(beside, axis=0) < FLAT
    found = (uncovered, uncovered & shows, in_suspect & ~in_work, is_flat)
    shares = zip(names, found, strict=True)
    return {f"seam_{name}_share": float(where.mean()) for name, where in shares}
