"""Detection: is there a mark of this key in a suspect, whose, and how sure is that.

The likeliest placements of the suspect on the carrier are tried one stage after the other, the
usual ones first; soft bits are read at each and identified (see `codebook`), and every p-value is
corrected for all of them.

Suspects are RGB, upright or not, of any size; they are analyzed at a long side of at most 1024 px.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from ocguard.imaging.pixel_grid import scaling
from ocguard.keys import SecretKey
from ocguard.language.message import Message
from ocguard.watermark.invisible.carrier import CELL_PX, PERIOD_PX
from ocguard.watermark.invisible.codebook import Codebook, Identified, KnownMark, find_mark
from ocguard.watermark.invisible.payload import decode_payload
from ocguard.watermark.invisible.placement import Placement
from ocguard.watermark.invisible.reading import SoftBits, has_no_detail
from ocguard.watermark.invisible.searched_picture import SearchedPicture

__all__ = [
    "FOUND_BELOW",
    "Detection",
    "MarkVerdict",
    "Sight",
    "Tries",
    "conclude",
    "detect",
    "detect_with",
    "detection_of",
    "identify",
    "identify_reading",
    "look",
]

MarkVerdict = Literal["found", "weak", "not-found", "cannot-tell"]

FOUND_BELOW: Final = 1e-9
WEAK_BELOW: Final = 1e-4
LEAST_P: Final = 1e-300
"""Below this numbers end, not probabilities."""
USUAL: Final = 3
"""Placements read of copies at a usual size."""
_Stage = tuple[Callable[[SearchedPicture, int], list[Placement]], int]
STAGES: Final[tuple[_Stage, ...]] = (
    (SearchedPicture.upright, 5),
    (SearchedPicture.turned, 5),
    (SearchedPicture.windowed, 5),
    (SearchedPicture.stretched, 4),
)
"""Searches after that, the cheapest and likeliest first, with the placements read of each."""
FOLLOWED: Final = 3
"""Placements read twice more with a drift, the likeliest of all searches."""
PLAIN_STAGES: Final = STAGES[:2]
"""What is searched in a soft suspect, after it was sharpened, and in the parts of a suspect."""
SCREENS: Final = (SearchedPicture.usual_many, SearchedPicture.scaled_many)
"""Last searches of small suspects, whose pilots are too few waves long to tell the right place."""
SCREENED: Final = 60
"""Placements read in each of them."""
SMALL_PX: Final = 500_000
"""Analyzed pixels up to which a suspect is small."""
REFINED: Final = 4
"""Placements of them that are refined."""
FIRST_READS: Final = 4
"""Hypotheses that the p-value of an issued mark is corrected for in the first placement that is
read. It is by far the likeliest, so it gets a quarter of what may go wrong."""
READS: Final = 2 * (2 * (USUAL + FOLLOWED) + sum(count for _, count in STAGES + PLAIN_STAGES))
"""The same in the other placements of `STAGES`, which get a half together,"""
SCREEN_READS: Final = 4 * len(SCREENS) * (SCREENED + REFINED)
"""and in those of `SCREENS`, which get the last quarter."""
DECODES: Final = 3
"""Readings decoded in each search."""
MOST_DECODES: Final = 34
"""Readings of one suspect that are decoded in all, in however many looks: the hypotheses that the
p-value of a message is corrected for."""
LEAST_ENERGY: Final = 2.0
"""Energy below which soft bits are not decoded; those that could be read had 3.2 and more."""
FEW_CELLS: Final = 4.0
"""Cells in a suspect up to which the energy tells nothing: each bit shows too few times."""
MIN_AREA_PX: Final = 16_384
MIN_SIDE_PX: Final = 32
"""Analyzed pixels, one carrier cell, and a side of them, below which no mark can show."""
_TOO_SMALL: Final = Message(
    "the picture is too small for a mark to show (under {limit} pixels)", limit=MIN_AREA_PX
)
_NO_DETAIL: Final = Message("the picture is blank or blurred; a mark could not show")

_Float = NDArray[np.float64]


@dataclass(frozen=True)
class Detection:
    """What a suspect says about marks of one key.

    Attributes
    ----------
    verdict : {"found", "weak", "not-found", "cannot-tell"}
        Found below p = 1e-9; weak, which is no evidence, below 1e-4; not found, which does not
        mean unmarked; cannot tell, where the picture had no room for a mark to show.
    mark_id : int or None
        The likeliest id, unless the verdict is not-found or cannot-tell.
    p_value : float
        Bound on the probability that a picture without this mark gives such an answer, corrected
        for every hypothesis tried.
    is_mirrored, is_negative : bool
        Whether the suspect shows the marked picture mirrored, or as a negative.
    transform : (2, 3) float array or None
        Suspect pixels to pixels of the marked picture; ``None`` if the mark is not a known one.
    reason : str
        The verdict in one sentence.
    """

    verdict: MarkVerdict
    mark_id: int | None
    p_value: float
    is_mirrored: bool
    is_negative: bool
    transform: _Float | None
    reason: str


def detect(rgb: NDArray[np.uint8], *, key: SecretKey, known: Sequence[KnownMark] = ()) -> Detection:
    """Look for a mark of a key in one suspect; see `detect_with`, which is for many."""
    return detect_with(rgb, Codebook(key, known))


def detect_with(rgb: NDArray[np.uint8], codebook: Codebook) -> Detection:
    """Look for a mark of a key in a suspect.

    Rotation, mirroring, scaling, cropping and their mixes are searched; the documentation says what
    survives. A mark proves that somebody with this key marked this picture's pixels, or copied
    them: ownership needs the matching original as well.

    Parameters
    ----------
    rgb : (H, W, 3) uint8 array
        The suspect; transparent ones flattened on white.
    codebook : Codebook
        Of the key whose marks are sought.

    Returns
    -------
    Detection
        With a reason; never an error for a picture without a mark.

    Notes
    -----
    0.07 s for an unturned copy of a megapixel, up to 0.9 s for any picture without a mark.
    """
    return look(rgb, codebook, Tries())[0]


@dataclass
class Tries:
    """What is tried on one suspect in all its looks, for which every p-value is corrected.

    Attributes
    ----------
    looks : int
        By how much more the p-values of issued marks are corrected than for a single look.
    decodes_left : int
        Readings that may still be decoded.
    """

    looks: int = 1
    decodes_left: int = MOST_DECODES


@dataclass(frozen=True)
class Sight:
    """A reading of a suspect, and what was identified in it.

    Attributes
    ----------
    found : Identified
        The likeliest mark.
    placement : Placement
        Where it lies.
    view : SearchedPicture
        The suspect, as it is or sharpened.
    reading : SoftBits
        The soft bits there.
    """

    found: Identified
    placement: Placement
    view: SearchedPicture
    reading: SoftBits


def look(
    rgb: NDArray[np.uint8], codebook: Codebook, tries: Tries, *, is_thorough: bool = True
) -> tuple[Detection, Sight | None]:
    """Look for the likeliest mark in a suspect; see `detect_with`.

    Without `is_thorough` only copies are sought that were turned, scaled, mirrored and cut, in a
    third of the time.

    Returns
    -------
    Detection
    Sight or None
        What it rests on; None where the suspect is too small for one.
    """
    suspect = SearchedPicture.of(rgb, codebook.carrier)
    if suspect.luma.size < MIN_AREA_PX or min(suspect.luma.shape) < MIN_SIDE_PX:
        nothing = Detection("not-found", None, 1.0, False, False, None, "")
        return conclude(nothing, _TOO_SMALL), None
    read: list[Sight] = []
    for sight in _sights(suspect, codebook, tries, is_thorough=is_thorough):
        read.append(sight)
        if sight.found.p_value < FOUND_BELOW:
            break
    best = min(read, key=lambda one: one.found.p_value)
    return detection_of(best, codebook, _NO_DETAIL if has_no_detail(suspect.luma) else ""), best


def detection_of(sight: Sight, codebook: Codebook, obstacle: str = "") -> Detection:
    """Conclude from a sight, and map the suspect to the marked picture where that is known."""
    best, placement = sight.found, sight.placement
    is_mirrored = bool(np.linalg.det(placement.transform[:, :2]) < 0)
    is_negative = placement.polarity < 0
    found = Detection("found", best.mark_id, best.p_value, is_mirrored, is_negative, None, "")
    concluded = conclude(found, obstacle)
    if concluded.mark_id is None:
        return concluded
    # Of several issues of one mark, the one that lies where the suspect agrees most.
    issues = codebook.known.get(concluded.mark_id, ())
    maps = [_to_marked(placement, sight.view, mark) for mark in issues]
    transform = max(maps, key=lambda one: one[1])[0] if maps else None
    return replace(concluded, transform=transform)


def _sights(
    suspect: SearchedPicture, codebook: Codebook, tries: Tries, *, is_thorough: bool
) -> Iterator[Sight]:
    """Yield the likeliest mark of one search after the other."""
    reads = FIRST_READS
    for view, placements in _searches(suspect, is_thorough=is_thorough):
        yield identify(view, placements, codebook, tries, reads)
        reads = READS
    if is_thorough and suspect.luma.size <= SMALL_PX:
        for search in SCREENS:
            placements = search(suspect, SCREENED)
            if placements:
                likeliest = _screened(suspect, placements, codebook)
                yield identify(suspect, likeliest, codebook, tries, SCREEN_READS)


def _screened(
    suspect: SearchedPicture, placements: Sequence[Placement], codebook: Codebook
) -> list[Placement]:
    """Return the likeliest of many placements by what they read, as they are and refined."""
    readings = suspect.read_many(placements)
    likeliest = [placements[at] for at in codebook.likeliest(readings, REFINED)]
    return [*likeliest, *(suspect.refined(placement) for placement in likeliest)]


def _searches(
    suspect: SearchedPicture, *, is_thorough: bool
) -> Iterator[tuple[SearchedPicture, list[Placement]]]:
    """Yield the likeliest placements of one search after the other, and the view they are of."""
    tried: list[Placement] = []
    for placements in _straight(suspect, STAGES if is_thorough else PLAIN_STAGES):
        yield suspect, placements
        tried += placements
    if not is_thorough:
        return
    tried.sort(key=lambda placement: -placement.score)
    likeliest = tried[:FOLLOWED]
    yield suspect, [drifted for placement in likeliest for drifted in suspect.drifted(placement)]
    sharpened = suspect.sharpened()
    if sharpened is not None:
        for placements in _straight(sharpened, PLAIN_STAGES):
            yield sharpened, placements


def _straight(suspect: SearchedPicture, stages: Sequence[_Stage]) -> Iterator[list[Placement]]:
    """Yield placements without drift, search by search."""
    usual = suspect.usual(USUAL)
    # Nearly every copy is the likeliest of these; to read the others costs more than the search.
    yield usual[:1]
    yield usual[1:]
    for search, count in stages:
        yield search(suspect, count)


def conclude(best: Detection, obstacle: str) -> Detection:
    """Turn the best evidence into a verdict with its reason.

    Parameters
    ----------
    best : Detection
        The likeliest mark with its p-value.
    obstacle : str
        Why a mark could not show in this suspect, or nothing.
    """
    if best.p_value < FOUND_BELOW:
        bound = max(best.p_value, LEAST_P)
        reason = Message(
            "mark {mark_id:016x} is in the picture (p < {bound:.1e})",
            mark_id=best.mark_id,
            bound=bound,
        )
        return replace(best, verdict="found", p_value=bound, reason=reason)
    if best.p_value < WEAK_BELOW:
        reason = Message(
            "a trace of mark {mark_id:016x}, too weak to be evidence", mark_id=best.mark_id
        )
        return replace(best, verdict="weak", reason=reason)
    nothing = Detection("not-found", None, best.p_value, False, False, None, "")
    if obstacle:
        return replace(nothing, verdict="cannot-tell", reason=obstacle)
    return replace(
        nothing, reason=Message("no mark of this key shows; it may be unmarked or damaged")
    )


def identify(
    view: SearchedPicture,
    placements: Sequence[Placement],
    codebook: Codebook,
    tries: Tries,
    reads: int = READS,
) -> Sight:
    """Read the soft bits at some placements; return the likeliest mark of `reads` hypotheses."""
    readings = [view.read(placement) for placement in placements]
    # A mark shows in the energy of the soft bits; only the likeliest are worth decoding.
    likeliest = sorted(range(len(readings)), key=lambda at: -readings[at].energy)[:DECODES]
    read_ids: list[int | None] = [None] * len(readings)
    for at in likeliest:
        read_ids[at] = _decoded(readings[at], placements[at], codebook, tries)
        if read_ids[at] is not None:
            break
    found = find_mark(readings, read_ids, codebook, reads * tries.looks, MOST_DECODES)
    return Sight(found, placements[found.reading], view, readings[found.reading])


def identify_reading(sight: Sight, codebook: Codebook, tries: Tries) -> Sight:
    """Return a sight with the mark that its reading holds by now."""
    read_id = _decoded(sight.reading, sight.placement, codebook, tries)
    hypotheses = READS * tries.looks
    found = find_mark([sight.reading], [read_id], codebook, hypotheses, MOST_DECODES)
    return replace(sight, found=found)


def _decoded(
    reading: SoftBits, placement: Placement, codebook: Codebook, tries: Tries
) -> int | None:
    """Decode soft bits that may hold a message, as long as more may be decoded."""
    may_hold = reading.energy > LEAST_ENERGY or placement.cells <= FEW_CELLS
    if not (may_hold and tries.decodes_left):
        return None
    tries.decodes_left -= 1
    return decode_payload(reading.values, codebook.key)


def _to_marked(
    placement: Placement, suspect: SearchedPicture, mark: KnownMark
) -> tuple[_Float, float]:
    """Map suspect pixels to pixels of the marked picture, but for a drift.

    The torus repeats, so a suspect that shows more than the marked picture could lie on it in
    several places: the mark is where the pilots agree.

    Returns
    -------
    matrix : (2, 3) float array
    agreement : float
        Of the pilots within the marked picture.
    """
    enlarge = mark.cell_px / CELL_PX
    laid, agreement = suspect.agreement(placement)
    laid = laid - mark.origin_px
    sides = np.array(mark.size_px) / enlarge
    first, last = (np.floor(edge / PERIOD_PX).astype(int) for edge in (laid.min(0), laid.max(0)))
    shifts = [
        PERIOD_PX * np.array([x, y])
        for x in range(first[0], last[0] + 1)
        for y in range(first[1], last[1] + 1)
    ]
    within = [((laid >= shift) & (laid <= shift + sides)).all(axis=1) for shift in shifts]
    sums = [float(agreement[inside].sum()) for inside in within]
    best = int(np.argmax(sums))
    linear = placement.transform @ suspect.to_plane
    linear[:, 2] -= mark.origin_px + shifts[best]
    marked = (scaling(enlarge, enlarge) @ np.vstack([linear, (0, 0, 1)]))[:2]
    return marked, sums[best]
