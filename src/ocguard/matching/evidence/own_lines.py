"""Lines that each of two aligned pictures has of its own, and how they lie to what both have.

Whoever fills in a calendar, a card or a board, or draws a face of one make, has the lines of the
template, to the pixel, and lines of their own between them. A copy has lines of its own where
something was laid over it, and lacks some where something was taken away or smoothed; but not both,
all over the picture. So the lines of each picture are counted that the other one does not have
within a few pixels in that direction, and the lesser share of both counts.

Who takes a part of a work puts it beside lines of their own as well. But that part is whole:
windows over it hold many lines of both, in many directions, and none that only one has. Nearly all
that both pictures have is in such windows, and beside them there is another picture, most of whose
lines are its own. A template's lines go on between what its owners filled in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import nan

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.matching.alignment.bending import Followed, Laid
from ocguard.matching.evidence.color import shrunk
from ocguard.matching.evidence.cut import Cut, straight_cut
from ocguard.matching.evidence.lines import DIRECTIONS, Lines, Parted, find_lines
from ocguard.matching.evidence.shares import share_in

__all__ = ["OwnLines", "measure_own_lines", "own_lines_closely"]

CLOSE_REACH_PX = 1
"""How far from its place a line may lie on the finer raster, where letters and digits are told
apart."""

BORDER_PX = 4
"""Width of the border that is left out, in raster pixels: maps are inexact there."""

WINDOW_SHARE, WINDOW_REACHED = 0.35, 0.9
"""Side of the window, as a share of the side of a square as large as what both pictures show, and
how much of it both must show."""

MANY_LINES = 8.0
"""Lines that such a window over a part must hold: their length in sides of the window, times the
share of directions in which they run. Faces and halves that were pasted had 12.7 and more, halves
of plain drawings 8 and more as a rule."""

FREE_OF_OWN = 0.1
"""Most lines of its own that either picture has in a window, as a share of those of both."""


@dataclass(frozen=True, kw_only=True)
class OwnLines(Cut):
    """Lines that each of two pictures has of its own; not a number where nobody looked.

    Attributes
    ----------
    own_lines_share : float
        Share of each picture's lines that the other one lacks, the lesser of both, 0 to 1.
    own_lines_beside_share : float
        The same, beside windows that hold many lines of both and none of one alone, as over a part
        that was taken; 0 where there is no such window.
    common_lines_whole_share : float
        Share of the lines that both pictures have that such windows hold, 0 to 1.
    """

    own_lines_share: float = nan
    own_lines_beside_share: float = nan
    common_lines_whole_share: float = nan


def measure_own_lines(laid: Laid, followed: Followed) -> OwnLines:
    """Measure the lines that each of two aligned pictures has of its own.

    Parameters
    ----------
    laid : Laid
        The suspect on the work's raster.
    followed : Followed
        The same, bent back to the work.

    Returns
    -------
    OwnLines
        As the suspect lies or bent, whichever explains more.

    Notes
    -----
    About 15 CPU-milliseconds.
    """
    work = find_lines(laid.work_rgb)
    ways = [
        _compare(work, find_lines(rgb), shrunk(cover > 0.99, BORDER_PX))
        for rgb, cover in ((laid.suspect_rgb, laid.cover), (followed.rgb, followed.cover))
    ]
    return replace(
        max(ways, key=lambda way: way.cut_parting_share),
        own_lines_share=min(way.own_lines_share for way in ways),
        own_lines_beside_share=max(way.own_lines_beside_share for way in ways),
        common_lines_whole_share=max(way.common_lines_whole_share for way in ways),
    )


def own_lines_closely(
    suspect: NDArray[np.uint8], work: NDArray[np.uint8], cover: NDArray[np.float32]
) -> float:
    """Measure the lines that each picture has of its own on a finer raster.

    Parameters
    ----------
    suspect, work : (h, w, 3) uint8 arrays
        RGB, the suspect on the work's raster; the map must be exact to a pixel.
    cover : (h, w) float32 array
        How far the suspect reaches, 0 to 1.

    Returns
    -------
    float
        Share of each picture's lines that the other one lacks, the lesser of both, 0 to 1.

    Notes
    -----
    About 40 CPU-milliseconds.
    """
    ours, theirs = find_lines(suspect), find_lines(work)
    inside = shrunk(cover > 0.99, 2 * BORDER_PX)
    return min(
        one.parted_by(other, inside, CLOSE_REACH_PX).own_share(inside)
        for one, other in ((ours, theirs), (theirs, ours))
    )


def _compare(one: Lines, other: Lines, inside: NDArray[np.bool_]) -> OwnLines:
    """Measure the own lines of two pictures that lie on each other."""
    ours, theirs = one.parted_by(other, inside), other.parted_by(one, inside)
    whole = _whole_parts(one, ours, theirs, inside)
    beside = inside & ~whole if whole.any() else np.zeros_like(inside)
    cut = straight_cut((one, ours), (other, theirs), inside)
    return OwnLines(
        **vars(cut),
        own_lines_share=min(ours.own_share(inside), theirs.own_share(inside)),
        own_lines_beside_share=min(ours.own_share(beside), theirs.own_share(beside)),
        common_lines_whole_share=share_in(whole, ours.common),
    )


def _whole_parts(
    one: Lines, ours: Parted, theirs: Parted, inside: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Return where windows hold many lines of both pictures and none of one alone."""
    window = round(WINDOW_SHARE * float(np.sqrt(inside.sum()))) | 1
    both = np.minimum(_summed(ours.common, window), _summed(theirs.common, window))
    own = np.maximum(_summed(ours.own, window), _summed(theirs.own, window))
    running = [_summed(ours.common & (one.direction == turn), window) for turn in range(DIRECTIONS)]
    is_whole = (own <= FREE_OF_OWN * both) & (both * _spread(running) >= MANY_LINES * window)
    is_whole &= _summed(inside, window) >= WINDOW_REACHED * window**2
    return np.asarray(cv2.dilate(is_whole.astype(np.uint8), np.ones((window, window))) > 0)


def _summed(part: NDArray[np.bool_], window: int) -> NDArray[np.float32]:
    """Count the pixels of a part in the window around every pixel."""
    counted = cv2.boxFilter(
        part.astype(np.float32),
        -1,
        (window, window),
        normalize=False,
        borderType=cv2.BORDER_CONSTANT,
    )
    return np.asarray(np.rint(counted), np.float32)


def _spread(counts: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
    """Return over how many of the directions counts are spread (perplexity), as a share of all."""
    shares = np.stack(counts) / np.maximum(np.sum(counts, axis=0), 1.0)
    entropy = -(shares * np.log(np.maximum(shares, 1e-9))).sum(axis=0)
    return np.asarray(np.exp(entropy) / DIRECTIONS, np.float32)
