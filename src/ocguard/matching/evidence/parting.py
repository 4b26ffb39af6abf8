"""Whether two pictures share lettering or a backdrop, and are pictures of their own beside it.

A title over two scenes, and two figures before one stage, agree as exactly as a copy does. Where
both are the same to the color and where they part tells them from a copy:

- what is the same over two different scenes is *lettering* if it is made of strokes. A figure that
  was cut out and laid on another ground is compact;
- what is the same around two different figures is a *backdrop* if the seam is an edge of the work
  where the suspect shows nothing: the ground that the work's figure hides is then open to view.
  What a thief lays over a work hides more of it and uncovers nothing. On plain ground, where a hole
  is easily painted over, the seam must lie on such ground nearly everywhere: what was laid on a
  figure has the figure around it.

By the same token, a part of a work is *covered* where the seam is an edge of the suspect all along,
uncovers nothing, and all around it is the same. Recolored copies differ in color everywhere and are
none of these: their edges go on agreeing there.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.matching.evidence.color import (
    closed_up,
    common_edges,
    differing,
    gradient,
    pieces_of,
    share_in,
    shrunk,
    steepness,
    to_lab,
)

__all__ = ["Seam", "find_seam"]

MIN_PIECE, MIN_HOLE = 0.01, 0.02
"""Smallest differing piece, and smallest hole, as a share of what both pictures show."""

BORDER_PX, SEAM_BORDER_PX = 4, 6
"""Width of the border, and how near to it no seam is sought."""

BESIDE_PX, BESIDE_EDGE = 9, 4.0
"""How far from the hole structure around it lies at least, and its Lab units a pixel."""

SEAM_STEPS, SEAM_HALF_PX, SEAM_CONTRAST = (0, 1, 2), 2.5, 8.0
"""Where a seam is sought, in pixels inward from the hole's outline, how far to both sides colors
are compared, and their difference from which on the seam is an edge."""

GROUND_STEPS, GROUND_PERCENTILE = (-10, -8, -6), 75
"""Where the ground beside it is looked at, and the percentile of its differences that an edge must
exceed as well: ground may be rough."""

OUTSIDE_PX, INSIDE_PX, FLAT = (4, 6, 8), (3, 5, 7), 2.5
"""Where ground is looked at, in pixels from the outline, and the Lab units a pixel below which it
is flat."""

OVER_DIFFERS, OVER_BORDER = 0.45, 0.7
"""Least share of both pictures, and of their border, that differs around what lies over them."""

OVER_NEAR, OVER_ELSEWHERE = 0.45, 0.2
"""Least share of common edges that lie on what is the same, and largest share of the edges
elsewhere that are common: titles had 0.49 and more, and up to 0.15; recolored copies share 0.28 and
more of the edges elsewhere."""

LETTERING_STROKE = 0.18
"""Largest half-width of what is the same, in square roots of its area: titles and captions had up
to 0.18, what was cut out and laid on other ground 0.19 and more (a square: 0.5)."""

BACKDROP_HOLE, BACKDROP_BORDER, BACKDROP_ELSEWHERE = 0.11, 0.3, 0.3
"""Least share of both pictures that is the hole, largest share of the border that differs, and
largest share of the edges elsewhere that are common."""

BACKDROP_SOLID = 0.6
"""Least share of the hole that differs: lines of text enclose much that does not."""

BACKDROP_UNCOVERED, BACKDROP_BESIDE = 0.1, 0.1
"""Least share of the seam where ground with structure is uncovered, and least share of the hole's
third side that has something beside it: what was laid over works uncovered up to 0.09, and halves
of two works that were joined have up to 0.05 beside them."""

BACKDROP_PLAIN = ((0.15, 0.64, 0.11), (0.2, 0.0, 0.22))
"""The same where the ground is plain, and a hole is easily painted over: least share of the seam
that is uncovered, that lies on flat ground, and size of the hole. Pictures pasted on a fifth of a
work uncover as much, but lie on figures (0.62 on flat ground)."""

BACKDROP_AROUND = 0.3
"""Least share of the hole's third side that has something beside it, on plain ground."""

COVERED_DIFFERS, COVERED_BORDER = 0.45, 0.25
"""Largest share of both pictures, and of their border, that differs where something was laid over a
work: frames and windows around different pictures leave more of the border the same, but cover
nothing; titles over different pictures leave nearly nothing."""

COVERED_SEAM, COVERED_UNCOVERED = 0.3, 0.03
"""Least share of the seam that is an edge of the suspect alone, and largest share that is one of
the work alone: lettering, stickers and figures laid over works had 0.41 and more, and up to 0.02.
No overlay, stage or title with other pictures had both; some forms have, and are told by their slot
or page before."""


@dataclass(frozen=True)
class Seam:
    """How two pictures part.

    Attributes
    ----------
    differs : float
        Share of what both show that lies in pieces that differ in color, 0 to 1.
    border : float
        The same along the border.
    stroke : float
        Largest half-width of what is the same, in square roots of its area: 0.56 for a disc.
    near : float
        Share of the edges that both have that lie on what is the same.
    elsewhere : float
        Share of all edges elsewhere that both have.
    hole : float
        Share of what both show that such pieces hold and enclose.
    hole_border : float
        The same along the border.
    around : float
        Share of the hole's length that has common structure beside it, on its third side.
    uncovered : float
        Share of the seam that is an edge of the work, and none of the suspect.
    uncovered_structure : float
        The same where the suspect shows structure within.
    covered : float
        Share of the seam that is an edge of the suspect, and none of the work.
    flat : float
        Share of the seam that lies on flat ground in both.
    """

    differs: float = 0.0
    border: float = 0.0
    stroke: float = 1.0
    near: float = 0.0
    elsewhere: float = 1.0
    hole: float = 0.0
    hole_border: float = 0.0
    around: float = 0.0
    uncovered: float = 0.0
    uncovered_structure: float = 0.0
    covered: float = 0.0
    flat: float = 0.0

    @property
    def is_over_others(self) -> bool:
        """Whether what is the same lies over two different pictures."""
        return (
            self.differs >= OVER_DIFFERS
            and self.border >= OVER_BORDER
            and self.near >= OVER_NEAR
            and self.elsewhere <= OVER_ELSEWHERE
        )

    @property
    def is_lettering(self) -> bool:
        """Whether strokes over two different pictures are all that is the same."""
        return self.is_over_others and self.stroke <= LETTERING_STROKE

    @property
    def is_backdrop(self) -> bool:
        """Whether the ground behind two different figures is all that is the same."""
        is_open = self.uncovered_structure >= BACKDROP_UNCOVERED and self.around >= BACKDROP_BESIDE
        is_on_plain = self.around >= BACKDROP_AROUND and any(
            self.uncovered >= uncovered and self.flat >= flat and self.hole >= hole
            for uncovered, flat, hole in BACKDROP_PLAIN
        )
        return (
            self.hole >= BACKDROP_HOLE
            and self.differs >= BACKDROP_SOLID * self.hole
            and self.hole_border <= BACKDROP_BORDER
            and self.elsewhere <= BACKDROP_ELSEWHERE
            and (is_open or is_on_plain)
        )

    @property
    def is_covered(self) -> bool:
        """Whether something was laid over the work, which is the same all around it."""
        return (
            self.differs <= COVERED_DIFFERS
            and self.border <= COVERED_BORDER
            and self.covered >= COVERED_SEAM
            and self.uncovered <= COVERED_UNCOVERED
        )


def find_seam(
    suspect: NDArray[np.uint8], work: NDArray[np.uint8], inside: NDArray[np.bool_]
) -> Seam:
    """Find where two pictures are the same, and how they part.

    Parameters
    ----------
    suspect, work : (h, w, 3) uint8 arrays
        RGB, one brought to the other.
    inside : (h, w) bool array
        Where the suspect reaches.

    Returns
    -------
    Seam

    Notes
    -----
    About 20 CPU-milliseconds for 288 pixels. The bounds were chosen on drawn titles, stages and
    cards, and on suspects made from works, of the half that no figure is reported on.
    """
    area = int(inside.sum())
    if not area:
        return Seam()
    colors = to_lab(suspect, 0.8), to_lab(work, 0.8)
    differs = differing(*colors, inside)
    pieces = pieces_of(differs, MIN_PIECE * area)
    hole = pieces_of(closed_up(differs) & inside, MIN_HOLE * area)
    border = inside & ~shrunk(inside, BORDER_PX)
    same = inside & ~differs
    near, elsewhere = common_edges(suspect, work, inside, same)
    steep = steepness(colors[0]), steepness(colors[1])
    uncovered, uncovered_structure, covered, flat = _along(suspect, work, steep, hole, inside)
    return Seam(
        differs=float(pieces.sum() / area),
        border=share_in(pieces, border),
        stroke=_stroke(same),
        near=near,
        elsewhere=elsewhere,
        hole=float(hole.sum() / area),
        hole_border=share_in(hole, border),
        around=_around(hole, same & _is_structure(*steep)),
        uncovered=uncovered,
        uncovered_structure=uncovered_structure,
        covered=covered,
        flat=flat,
    )


def _stroke(same: NDArray[np.bool_]) -> float:
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


def _along(
    suspect: NDArray[np.uint8],
    work: NDArray[np.uint8],
    steep: tuple[NDArray[np.float32], NDArray[np.float32]],
    hole: NDArray[np.bool_],
    inside: NDArray[np.bool_],
) -> tuple[float, float, float, float]:
    """Walk along the hole's outline: uncovered, with structure, covered, on flat ground."""
    soft = cv2.GaussianBlur(hole.astype(np.float32), (0, 0), 2.5)
    slope = gradient(np.asarray(soft, np.float32))
    grown = cv2.dilate(hole.astype(np.uint8), np.ones((3, 3))) > 0
    rows, columns = np.nonzero(grown & ~hole & shrunk(inside, SEAM_BORDER_PX))
    if not len(rows):
        return 0.0, 0.0, 0.0, 0.0
    inward = slope[rows, columns] / np.maximum(np.abs(slope[rows, columns]), 1e-9)

    def at(values: NDArray[np.float32], step: float) -> NDArray[np.float32]:
        x = (columns + step * inward.real).astype(np.float32)[None]
        y = (rows + step * inward.imag).astype(np.float32)[None]
        there = cv2.remap(values, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(there[0], np.float32)

    def is_edge(rgb: NDArray[np.uint8]) -> NDArray[np.bool_]:
        colors = to_lab(rgb, 1.0)

        def contrast(step: float) -> NDArray[np.float32]:
            jump = at(colors, step + SEAM_HALF_PX) - at(colors, step - SEAM_HALF_PX)
            return np.asarray(np.linalg.norm(jump, axis=1), np.float32)

        ground = np.percentile([contrast(step) for step in GROUND_STEPS], GROUND_PERCENTILE)
        steepest = np.max([contrast(step) for step in SEAM_STEPS], axis=0)
        return np.asarray(steepest > max(SEAM_CONTRAST, float(ground)))

    ours, theirs = steep
    in_suspect, in_work = is_edge(suspect), is_edge(work)
    uncovered = in_work & ~in_suspect
    shows = np.max([at(ours, step) for step in INSIDE_PX], axis=0) >= FLAT
    ground = np.max([at(one, -step) for one in (ours, theirs) for step in OUTSIDE_PX], axis=0)
    return (
        float(uncovered.mean()),
        float((uncovered & shows).mean()),
        float((in_suspect & ~in_work).mean()),
        float((ground < FLAT).mean()),
    )
