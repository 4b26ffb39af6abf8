"""A part of a work that was cut along straight lines and put beside another picture.

Whoever joins the halves of two works, or pastes a face in its box, cuts along straight lines. On
one side of them both pictures have the same lines and none of their own; on the other side each has
its own. The cut itself is an edge that only the suspect draws, and lines of the work go on across
it. A template, too, has a heading or a column that is the same in all that filled it in. But its
owners drew between its lines: where a box ends both pictures show it, and no line goes on.

So the rectangle on the work is sought that holds the most common lines and the fewest of one's own
(its sides may lie on the border, which gives halves), by sums over all rectangles of a coarse grid
(F. C. Crow, Summed-area tables for texture mapping, 1984, doi:10.1145/964965.808600).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.matching.evidence.lines import DIRECTIONS, FEWEST, Lines, Parted
from ocguard.matching.evidence.shares import share_of

__all__ = ["NO_CUT", "Cut", "straight_cut"]

CELLS = 24
"""Cells of the grid, across and down."""

FREE_OF_OWN = 0.03
"""Most lines of its own that either picture has in the rectangle, as a share of its lines there."""

BORDER_PX = 2
"""How near to the border of what both show a side is the border."""

SEAM_WIDTH_PX = 3
"""Width in which the cut is sought along a side."""

NEAR_PX, CROSSING_PX = 5, 2
"""How far from a side, and on how many pixels there at least, a line lies that crosses it."""

UPRIGHT = (DIRECTIONS // 2 - 1, DIRECTIONS // 2)
"""Directions of lines that run down, within an eighth of a turn."""

LEVEL = (DIRECTIONS - 1, 0)
"""Directions of lines that run across."""

_Rectangles = NDArray[np.intp]
"""A number for every rectangle: its rows of the grid, by its columns."""


@dataclass(frozen=True, kw_only=True)
class Cut:
    """The straight cut that parts two pictures best; not a number where nobody looked.

    Attributes
    ----------
    cut_parting_share : float
        Share of the common lines inside the rectangle, less the share of own lines there, the worse
        of both pictures, 0 to 1.
    cut_seam_share : float
        Share of its sides that only the suspect draws, less what only the work draws, -1 to 1.
    cut_crossed_share : float
        Share of its sides that lines of the work cross, which the suspect lacks beyond, 0 to 1.
    """

    cut_parting_share: float = nan
    cut_seam_share: float = nan
    cut_crossed_share: float = nan


NO_CUT = Cut(cut_parting_share=0.0, cut_seam_share=0.0, cut_crossed_share=0.0)
"""Nothing was cut, or there are too few lines to tell."""


def straight_cut(
    work: tuple[Lines, Parted], suspect: tuple[Lines, Parted], inside: NDArray[np.bool_]
) -> Cut:
    """Find the rectangle that parts common lines from own ones, and what its sides look like.

    Parameters
    ----------
    work, suspect : (Lines, Parted)
        The lines of both, and which of them the other one has.
    inside : (h, w) bool array
        What both show.

    Returns
    -------
    Cut

    Notes
    -----
    About 10 CPU-milliseconds.
    """
    kinds = [kind for _, parted in (work, suspect) for kind in (parted.common, parted.own)]
    rows, columns = _edges(inside, axis=1), _edges(inside, axis=0)
    if min(int(kind.sum()) for kind in kinds) < FEWEST or rows is None or columns is None:
        return NO_CUT
    parting = _parting(*(_held(kind, rows, columns) for kind in kinds))
    best = np.unravel_index(int(parting.argmax()), parting.shape)
    down, across = _span(rows, best[0]), _span(columns, best[1])
    upright, level = (_Across.of(work, suspect, along) for along in (UPRIGHT, LEVEL))
    sides = [*upright.sides(down, across, columns), *level.sides(across, down, rows)]
    length = sum(side.length for side in sides)
    return Cut(
        cut_parting_share=max(0.0, float(parting[best])),
        cut_seam_share=share_of(sum(side.drawn for side in sides), length),
        cut_crossed_share=share_of(sum(side.crossed for side in sides), length),
    )


def _edges(inside: NDArray[np.bool_], axis: int) -> NDArray[np.intp] | None:
    """Return the edges of the grid's cells along an axis' other one; None where it has no room."""
    places = np.flatnonzero(inside.any(axis=axis))
    if len(places) < CELLS:
        return None
    return np.linspace(places[0], places[-1] + 1, CELLS + 1).astype(np.intp)


def _held(
    kind: NDArray[np.bool_], rows: NDArray[np.intp], columns: NDArray[np.intp]
) -> _Rectangles:
    """Count the pixels that each rectangle of the grid holds."""
    summed = cv2.integral(kind.astype(np.uint8))[np.ix_(rows, columns)].astype(np.intp)
    first, last = np.triu_indices(CELLS + 1, 1)
    bands = summed[last] - summed[first]
    return np.asarray(bands[:, last] - bands[:, first])


def _parting(
    work_common: _Rectangles,
    work_own: _Rectangles,
    suspect_common: _Rectangles,
    suspect_own: _Rectangles,
) -> NDArray[np.float64]:
    """Return how well each rectangle parts common lines from own ones; below 0 with own lines."""
    common, own = np.stack([work_common, suspect_common]), np.stack([work_own, suspect_own])
    parting = (common / common.max(axis=(1, 2), keepdims=True)).min(axis=0)
    parting -= (own / own.max(axis=(1, 2), keepdims=True)).max(axis=0)
    is_free = (own <= FREE_OF_OWN * (own + common)).all(axis=0)
    return np.where(is_free, parting, -1.0)


def _span(edges: NDArray[np.intp], number: np.intp) -> tuple[int, int]:
    """Return where a rectangle begins and ends, by its number among the rows or columns."""
    first, last = np.triu_indices(CELLS + 1, 1)
    return int(edges[first[number]]), int(edges[last[number]])


@dataclass(frozen=True)
class _Across:
    """The lines that cross an upright side, and those that run along it; turned for level ones.

    Attributes
    ----------
    drawn : (h, w) int8 array
        1 where a line along the side is the suspect's alone, -1 where it is the work's alone.
    common, own : (h, w) bool arrays
        Lines of the work across the side, that the suspect has too and that it lacks.
    """

    drawn: NDArray[np.int8]
    common: NDArray[np.bool_]
    own: NDArray[np.bool_]

    @classmethod
    def of(
        cls, work: tuple[Lines, Parted], suspect: tuple[Lines, Parted], along: tuple[int, int]
    ) -> _Across:
        """Tell the lines along a side from those across it."""
        runs, theirs = (np.isin(lines.direction, along) for lines, _ in (work, suspect))
        common, own, only_suspect = work[1].common, work[1].own, suspect[1].own
        kinds = [only_suspect & theirs, own & runs, common & ~runs, own & ~runs]
        suspects, works, common, own = (kind.T if along == LEVEL else kind for kind in kinds)
        width = np.ones((1, SEAM_WIDTH_PX))
        drawn, lacking = (cv2.dilate(kind.astype(np.uint8), width) for kind in (suspects, works))
        return cls(drawn.astype(np.int8) - lacking.astype(np.int8), common, own)

    def sides(
        self, span: tuple[int, int], ends: tuple[int, int], edges: NDArray[np.intp]
    ) -> list[_Side]:
        """Look at both sides where they are drawn most, within a cell; none is on the border."""
        by_place = self.drawn[slice(*span)].sum(axis=0)
        reach = int(edges[1] - edges[0])
        first, last = int(edges[0]) + BORDER_PX, int(edges[-1]) - BORDER_PX
        found = []
        for end, is_last in zip(ends, (False, True), strict=True):
            if first < end < last:
                near = max(first, end - reach)
                at = near + int(by_place[near : min(last, end + reach + 1)].argmax())
                before, behind = slice(max(0, at - NEAR_PX), at), slice(at + 1, at + 1 + NEAR_PX)
                within, beyond = (before, behind) if is_last else (behind, before)
                rows = slice(*span)
                crossed = _lies_beside(self.common[rows, within])
                crossed &= _lies_beside(self.own[rows, beyond])
                crossed &= ~self.common[rows, beyond].any(axis=1)
                found.append(_Side(int(by_place[at]), int(crossed.sum()), span[1] - span[0]))
        return found


@dataclass(frozen=True)
class _Side:
    """How many pixels of a side only the suspect draws, how many are crossed, and its length."""

    drawn: int
    crossed: int
    length: int


def _lies_beside(lines: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return beside which pixels of a side lines lie, also those that come slanting to it."""
    near = cv2.dilate(lines.astype(np.uint8), np.ones((CROSSING_PX + 1, 1))) > 0
    return np.asarray(near.sum(axis=1) >= CROSSING_PX)
