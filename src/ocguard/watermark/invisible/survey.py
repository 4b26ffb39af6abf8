"""Survey: every mark that one look at a picture shows, where it lies, and where to look next.

A look names the likeliest mark. Under the same map there may be others: of copies that were mixed,
whose codewords lie on one place, and of pictures that were marked twice, which lie on another place
of the carrier. What none of them explains, a part of another picture as a rule, is worth a look of
its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.keys import SecretKey
from ocguard.watermark.invisible.codebook import Codebook, find_issued_marks
from ocguard.watermark.invisible.detection import (
    FOUND_BELOW,
    MIN_AREA_PX,
    READS,
    Detection,
    Sight,
    Tries,
    detection_of,
    identify,
    identify_reading,
    look,
)
from ocguard.watermark.invisible.extent import BLOCKS, Evidence, likeliest_box
from ocguard.watermark.invisible.payload import encode_payload, encode_payloads
from ocguard.watermark.invisible.reading import SoftBits

__all__ = ["Box", "ShownMark", "Survey", "survey"]

MOST_RESTS: Final = 3
"""Parts left unexplained that are worth a look, the largest first."""
MIN_DETAIL_POWER: Final = 0.3
"""Mean square of the weighted samples, from which on a block shows anything; it is near 1 on
strokes and near 0 on plain ground."""

Box = tuple[int, int, int, int]
"""Left, top, width and height in pixels."""


@dataclass(frozen=True)
class ShownMark:
    """A mark beyond doubt, and where it shows.

    Attributes
    ----------
    detection : Detection
        The mark; its verdict is "found".
    box : (int, int, int, int)
        Left, top, width and height of the rectangle in which it most likely lies, in pixels of the
        picture; plain ground around it, where nothing can show, is left out.
    """

    detection: Detection
    box: Box


@dataclass(frozen=True)
class Survey:
    """What one look at a picture says.

    Attributes
    ----------
    answer : Detection
        As `detect` gives it.
    marks : tuple of ShownMark
        The likeliest first; empty where the answer is not "found".
    rests : tuple of (int, int, int, int)
        Parts with detail that these marks do not explain, as boxes.
    """

    answer: Detection
    marks: tuple[ShownMark, ...]
    rests: tuple[Box, ...]


def survey(
    rgb: NDArray[np.uint8], codebook: Codebook, tries: Tries, *, is_thorough: bool = True
) -> Survey:
    """Look at a picture once, and name all marks that this shows.

    Parameters
    ----------
    rgb : (H, W, 3) uint8 array
        The suspect, or a part of it; transparent ones flattened on white.
    codebook : Codebook
        Of the key whose marks are sought.
    tries : Tries
        Of the suspect; counts what is tried here.
    is_thorough : bool
        Whether bent, stretched and blurred copies are sought too, which takes three times as long.

    Returns
    -------
    Survey

    Notes
    -----
    As `detect_with`, and about 0.02 s where there is a mark.
    """
    answer, best = look(rgb, codebook, tries, is_thorough=is_thorough)
    if answer.verdict != "found" or best is None:
        return Survey(answer, (), ())
    sights = [best, *_others_there(best, codebook, tries), *_overlaid(best, codebook, tries)]
    scale = max(rgb.shape[:2]) / max(best.view.luma.shape)
    marks, explained = [], []
    for sight in sights:
        evidence = _evidence(sight, codebook)
        box, strength = evidence.likeliest()
        explained.append(evidence.explained(strength))
        place = _in_pixels(box, evidence.block_px * scale, rgb)
        marks.append(ShownMark(detection_of(sight, codebook), place))
    block_px = max(best.view.luma.shape) / BLOCKS
    rests = _rests(best, np.any(explained, axis=0), block_px)
    return Survey(
        answer, tuple(marks), tuple(_in_pixels(box, block_px * scale, rgb) for box in rests)
    )


def _others_there(best: Sight, codebook: Codebook, tries: Tries) -> list[Sight]:
    """Return the other marks that lie on the same place: those of mixed copies."""
    found = [best.found.mark_id]
    others: list[Sight] = []
    if codebook.known:
        hypotheses = READS * tries.looks * len(codebook.known)
        for one in find_issued_marks([best.reading], codebook, hypotheses, FOUND_BELOW):
            if one.mark_id not in found:
                found.append(one.mark_id)
                others.append(Sight(one, best.placement, best.view, best.reading))
    left = replace(best, reading=_without(best.reading, found, codebook.key))
    read = identify_reading(left, codebook, tries)
    is_new = read.found.p_value < FOUND_BELOW and read.found.mark_id not in found
    return [*others, read] if is_new else others


def _without(reading: SoftBits, mark_ids: Sequence[int], key: SecretKey) -> SoftBits:
    """Take away what some marks explain of soft bits, as far as noise is told from them."""
    signs = 1.0 - 2.0 * encode_payloads(mark_ids, key).astype(np.float64)
    strength, *_ = np.linalg.lstsq(signs.T, reading.values)
    left = reading.values - signs.T @ strength
    return SoftBits(left, reading.variances)


def _overlaid(best: Sight, codebook: Codebook, tries: Tries) -> Iterator[Sight]:
    """Yield the mark that lies on another place of the carrier: that of a picture marked twice."""
    placements = best.view.overlaid(best.placement)
    if placements:
        sight = identify(best.view, placements, codebook, tries)
        if sight.found.p_value < FOUND_BELOW and sight.found.mark_id != best.found.mark_id:
            yield sight


def _evidence(sight: Sight, codebook: Codebook) -> Evidence:
    """Gather where in the analyzed picture the mark of a sight shows."""
    chips, to_analyzed = sight.view.chips(sight.placement)
    signed, bits = chips.signed(codebook.carrier)
    signs = 1.0 - 2.0 * encode_payload(sight.found.mark_id, codebook.key)
    at = np.column_stack(chips.on_plane).astype(np.float64)
    height, width = sight.view.luma.shape
    on_picture = at @ to_analyzed[:2, :2].T + to_analyzed[:2, 2]
    return Evidence.of(signed * signs[bits], on_picture, (width, height))


def _rests(best: Sight, explained: NDArray[np.bool_], block_px: float) -> Iterator[Box]:
    """Yield the largest parts with detail that no mark explains, as rectangles of blocks."""
    rows, columns = explained.shape
    power = np.square(best.view.samples)
    shown = cv2.resize(power, (columns, rows), interpolation=cv2.INTER_AREA)
    is_left = ~explained & (shown > MIN_DETAIL_POWER)
    for _ in range(MOST_RESTS):
        box = likeliest_box(np.where(is_left, 1.0, -1.0))
        left, top, right, bottom = box
        within = np.s_[top:bottom, left:right]
        if np.count_nonzero(is_left[within]) * block_px**2 < MIN_AREA_PX:
            return
        yield box
        is_left[within] = False


def _in_pixels(box: Box, block_px: float, rgb: NDArray[np.uint8]) -> Box:
    """Return a rectangle of blocks, by its edges, as left, top, width and height in pixels."""
    height, width = rgb.shape[:2]
    left, top, right, bottom = (round(edge * block_px) for edge in box)
    right, bottom = min(right, width), min(bottom, height)
    return left, top, right - left, bottom - top
