"""Informed detection: the mark in a suspect whose original is known and lies aligned.

Once the matcher has found which work a suspect shows, and how it lies on it, the reference can be
subtracted: what is left is the mark, what the thief did, and no picture to drown it. This reads
marks some 10 to 20 dB below blind detection, also after the pilots were cut out of the spectrum.

1. Lay the suspect on the working raster of the reference by the matcher's transform.
2. Measure which waves the suspect still has, and take as much of them from the reference: a blurred
   or sharpened suspect meets a reference that was blurred or sharpened alike.
3. Fit the reference's tones to the suspect locally (a linear fit in a sliding window, which follows
   changes of brightness, contrast, gamma and local repainting), and subtract.
4. Read the chips of the residual where the portfolio says that they lie, as found and once more
   after the pilots have refined the transform. What is left of lines is taken off once, as blind
   detection does it, and once not: where noise or a codec rules, that costs more than it gives.
   Each is read as a negative, too: an attack can turn the mark over and leave the picture.
5. Where that is too little, the pilots back a mark that was put there alone (see `backing`).

References
----------
.. [1] K. He, J. Sun, X. Tang, "Guided Image Filtering", IEEE Trans. Pattern Anal. Mach. Intell.
   35 (6), 2013, https://doi.org/10.1109/TPAMI.2012.213
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.imaging.pixel_grid import scaling
from ocguard.keys import SecretKey
from ocguard.language.message import Message
from ocguard.watermark.invisible.backing import (
    around_pilots,
    chance_of_both,
    pilot_score,
    see_pilots,
)
from ocguard.watermark.invisible.carrier import Carrier, raster_size, to_luma
from ocguard.watermark.invisible.codebook import (
    Codebook,
    Identified,
    KnownMark,
    find_issued_marks,
    find_mark,
)
from ocguard.watermark.invisible.detection import FOUND_BELOW, Detection, conclude
from ocguard.watermark.invisible.masking import liveliness
from ocguard.watermark.invisible.payload import decode_payload
from ocguard.watermark.invisible.placement import Placement
from ocguard.watermark.invisible.reading import (
    SoftBits,
    even_out,
    match_samples,
    read_chips,
    weigh,
    weigh_quickly,
)
from ocguard.watermark.invisible.response import apply_response, measure_response
from ocguard.watermark.invisible.sync import BENT, agreement_in_blocks, refine, refine_drift

__all__ = ["detect_informed"]

WAYS: Final = 2
"""Ways that a mark is sought: by its chips alone, and backed by the pilots. P-values are corrected
for both."""
MENDED: Final = 2
"""Origins whose placements the pilots refine, without and with drift."""
DECODES: Final = 12
"""Readings decoded: the six strongest ones, each as it is and as a negative."""
TONE_SPAN_PX: Final = 33
"""Side of the window in which tones are fitted, working pixels: wider than the longest wave."""
TONE_FLOOR: Final = 4.0
"""Variance, squared grey levels, below which a window is fitted by its mean alone."""
MARK_BANDS: Final = slice(2, 11)
"""Bands of a response (see `response`) in which the mark lies: wavelengths of 7 to 40 px."""
NEAR_PX: Final = 6.0
"""Farthest that the pilots may move a corner, working pixels."""
MIN_SHOWN_PX: Final = 8_192
"""Working pixels of the work, half a carrier cell, that a suspect must show."""

_TOO_LITTLE: Final = Message(
    "the suspect shows too little of the work (under {limit} pixels)", limit=MIN_SHOWN_PX
)

_Origin = tuple[int, int]
_Plane = NDArray[np.float32]
_Readings = dict[_Origin, list[SoftBits]]
"""By origin: each reading as it is, and after it as a negative."""


def detect_informed(
    rgb: NDArray[np.uint8],
    reference: NDArray[np.uint8],
    transform: NDArray[np.floating],
    *,
    key: SecretKey,
    known: Sequence[KnownMark],
    candidates: int = 1,
    elsewhere: Sequence[KnownMark] = (),
) -> list[Detection]:
    """Look for the marks of one work in a suspect that lies aligned on it.

    Copies that were made for several recipients and mixed name all of them, as far as each mark
    alone is beyond doubt.

    Parameters
    ----------
    rgb : (H, W, 3) uint8 array
        The suspect.
    reference : (h, w, 3) uint8 array
        The work as it stood before the invisible mark, whole, at any size.
    transform : (3, 3) float array
        Suspect pixels to reference pixels.
    key : SecretKey
        The key of the marks.
    known : sequence of KnownMark
        The marks issued for this work, of one picture size; each may lie at another origin.
    candidates : int
        How many works are tried in all, for which the p-value is corrected.
    elsewhere : sequence of KnownMark
        The marks issued for this work at other sizes. They are not sought, but the pilots back no
        mark that lies where one of them does.

    Returns
    -------
    list of Detection
        The marks found, the likeliest first; where none is, the one answer why. Each is as `detect`
        gives it, but without ``transform``, which was passed in.

    Raises
    ------
    ValueError
        `known` is empty.

    Notes
    -----
    About 0.3 s for a reference of 1024 px, on one core, 0.01 s for each origin, and 0.3 s more
    where the pilots are asked.
    """
    if not known:
        raise ValueError("informed detection needs the marks that were issued for the work")
    lumas = to_luma(rgb), to_luma(reference)
    residual, shown, expected, is_negative = _residual(*lumas, transform, known[0])
    codebook = Codebook(key, known)
    samples = weigh(residual) * shown
    issued: dict[_Origin, list[KnownMark]] = defaultdict(list)
    for mark in known:
        issued[mark.origin_px].append(mark)
    evened = even_out(residual)
    matched = _matched([samples, evened], shown, expected)
    read = {
        origin_px: [
            either
            for at, plane in product(tries, matched)
            for either in _as_negative_too(read_chips(plane, at, codebook.carrier))
        ]
        for origin_px, tries in _placed(issued, samples, codebook.carrier).items()
    }
    found = _marks_in(read, issued, codebook, WAYS * candidates)
    if found[0].p_value >= FOUND_BELOW:
        taken = {mark.origin_px for mark in elsewhere}
        alone = {
            at: marks[0] for at, marks in issued.items() if len(marks) == 1 and at not in taken
        }
        if alone:
            host = around_pilots(weigh_quickly(expected) * shown, codebook.carrier)
            seen = [see_pilots(one, host, codebook.carrier) for one in (residual, evened)]
            backed = _backed(read, alone, seen, codebook, WAYS * candidates)
            found = [min((found[0], *backed), key=lambda one: one.p_value)]
    is_mirrored = bool(np.linalg.det(np.asarray(transform, np.float64)[:2, :2]) < 0)
    concluded = [
        _concluded(one, is_mirrored, is_negative, _TOO_LITTLE if shown.sum() < MIN_SHOWN_PX else "")
        for one in found
    ]
    return concluded if concluded[0].verdict == "found" else concluded[:1]


def _marks_in(
    read: _Readings,
    issued: Mapping[_Origin, Sequence[KnownMark]],
    codebook: Codebook,
    candidates: int,
) -> list[Identified]:
    """Return the likeliest mark of some readings, and all others that are beyond doubt."""
    readings = [soft_bits for at_origin in read.values() for soft_bits in at_origin]
    strongest = sorted(range(len(readings)), key=lambda at: -readings[at].energy)[:DECODES]
    read_ids = [
        decode_payload(soft_bits.values, codebook.key) if at in strongest else None
        for at, soft_bits in enumerate(readings)
    ]
    found = find_mark(readings, read_ids, codebook, len(readings), DECODES)
    best = replace(found, p_value=min(1.0, found.p_value * candidates))
    # Every other mark is sought where it was put: those at other origins are but noise there.
    hypotheses = len(readings) * len(codebook.known) * candidates
    others = [
        one
        for origin_px, marks in issued.items()
        for one in find_issued_marks(
            read[origin_px], Codebook(codebook.key, marks), hypotheses, FOUND_BELOW
        )
        if one.mark_id != best.mark_id
    ]
    return [best, *sorted(others, key=lambda one: one.p_value)]


def _backed(
    read: _Readings,
    alone: Mapping[_Origin, KnownMark],
    seen: Sequence[NDArray[np.complexfloating]],
    codebook: Codebook,
    candidates: int,
) -> Iterator[Identified]:
    """Yield what chips and pilots together say of marks that lie alone at their origins."""
    hypotheses = sum(map(len, read.values())) * len(seen) * candidates
    for origin_px, mark in alone.items():
        (scores,) = Codebook(codebook.key, [mark]).scores(read[origin_px])
        backing = [pilot_score(one, origin_px, codebook.carrier) for one in seen]
        for place, score in enumerate(scores):
            pilots = max(-one if _is_negative(place) else one for one in backing)
            p_value = hypotheses * chance_of_both(score, pilots)
            yield Identified(place, mark.mark_id, min(1.0, p_value))


def _as_negative_too(soft_bits: SoftBits) -> tuple[SoftBits, SoftBits]:
    return soft_bits, soft_bits.turned_over()


def _is_negative(place: int) -> bool:
    """Tell whether the reading at a place of an origin's is one as a negative."""
    return bool(place % 2)


def _concluded(one: Identified, is_mirrored: bool, is_negative: bool, obstacle: str) -> Detection:
    """Turn what was identified into a detection, of a residual that was turned over or not."""
    is_turned = is_negative != _is_negative(one.reading)
    found = Detection("found", one.mark_id, one.p_value, is_mirrored, is_turned, None, "")
    concluded = conclude(found, obstacle)
    return replace(concluded, is_mirrored=is_mirrored, is_negative=is_turned)


def _residual(
    suspect: NDArray[np.float32],
    reference: NDArray[np.float32],
    transform: NDArray[np.floating],
    mark: KnownMark,
) -> tuple[_Plane, _Plane, _Plane, bool]:
    """Subtract the reference from the aligned suspect, on the working raster of the mark.

    Returns
    -------
    residual : (h, w) float32 array
        With the mark the right way round.
    shown : (h, w) float32 array
        1 where the suspect shows the work.
    expected : (h, w) float32 array
        The reference on that raster.
    is_negative : bool
        Whether waves as long as the mark's were turned over, alone or with all others.
    """
    size = raster_size(mark.size_px, mark.cell_px)
    height, width = reference.shape
    step_x, step_y = size[0] / width, size[1] / height
    whole = scaling(step_x, step_y) @ np.asarray(transform, np.float64)
    smooth = _antialias(suspect, whole)
    aligned: NDArray[np.float32] = cv2.warpPerspective(
        smooth, whole, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    ).astype(np.float32)
    ones = np.ones_like(suspect)
    shown = cv2.warpPerspective(ones, whole, size, flags=cv2.INTER_NEAREST).astype(np.float32)
    flags = cv2.INTER_AREA if step_x < 1 else cv2.INTER_CUBIC
    resized = cv2.resize(reference, size, interpolation=flags).astype(np.float32)
    response = measure_response(aligned, resized, shown)
    residual = _fit_tones(aligned, apply_response(resized, response)) * shown
    is_negative = bool(response[MARK_BANDS].sum() < 0)
    return -residual if is_negative else residual, shown, resized, is_negative


def _matched(samples: Sequence[_Plane], shown: _Plane, expected: _Plane) -> list[_Plane]:
    """Correlate samples with the shape of a chip, with equal weights and where marks are put.

    A mark lies where the work is lively. If that was too little, or by an earlier release, it lies
    on still ground as well.
    """
    weights = (shown, shown * np.square(liveliness(expected)))
    return [match_samples(one * weight) * shown for one in samples for weight in weights]


def _antialias(plane: NDArray[np.float32], transform: NDArray[np.float64]) -> NDArray[np.float32]:
    """Blur a plane that a transform shrinks, so that it does not alias."""
    shrink = float(np.sqrt(abs(np.linalg.det(transform[:2, :2] / transform[2, 2]))))
    if shrink >= 0.8:  # a milder shrinking aliases less than bicubic interpolation blurs
        return plane
    return np.asarray(cv2.GaussianBlur(plane, (0, 0), 0.4 / shrink), np.float32)


def _fit_tones(suspect: NDArray[np.float32], reference: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the suspect less the reference whose tones follow it locally."""
    span = (TONE_SPAN_PX, TONE_SPAN_PX)
    mean_suspect, mean_reference = cv2.blur(suspect, span), cv2.blur(reference, span)
    covariance = cv2.blur(suspect * reference, span) - mean_suspect * mean_reference
    variance = cv2.blur(reference * reference, span) - mean_reference * mean_reference
    gain = covariance / (np.maximum(variance, 0) + TONE_FLOOR)
    return np.asarray(suspect - mean_suspect - gain * (reference - mean_reference), np.float32)


def _placed(
    origins: Iterable[_Origin], samples: NDArray[np.float32], carrier: Carrier
) -> dict[_Origin, list[Placement]]:
    """Place the working raster at each origin, and mend the placements that agree best."""
    height, width = samples.shape
    placed = {
        origin: [
            Placement(np.column_stack([np.eye(2), origin]).astype(float), 0.0, (width, height))
        ]
        for origin in origins
    }
    agreeing = sorted(
        placed.values(), key=lambda tries: -agreement_in_blocks(samples, tries[0], carrier)[1].sum()
    )
    for tries in agreeing[:MENDED]:
        tries.extend(_mended(tries[0], samples, carrier))
    return placed


def _mended(placed: Placement, samples: NDArray[np.float32], carrier: Carrier) -> list[Placement]:
    """Refine a placement without and with drift.

    The pilots mend what the matcher left, a few pixels; more than that is a false lock.
    """
    affine = refine(samples, placed, carrier)
    return [
        at for at in (affine, refine_drift(samples, affine, carrier, BENT)) if _is_near(at, placed)
    ]


def _is_near(first: Placement, second: Placement) -> bool:
    """Tell whether two placements agree to `NEAR_PX` in every corner."""
    width, height = first.size_px
    corners = np.array([(0, 0), (width, 0), (0, height), (width, height)], np.float64)
    apart = first.on_torus(corners) - second.on_torus(corners)
    return bool(np.abs(apart).max() < NEAR_PX)
