"""Embedding: a mark id into the luma of a picture, as a small change to be added.

The change is computed on the working raster (see `carrier`), where a cell has `CELL_PX` pixels,
and handed out as a small float array that the caller enlarges to the picture and adds to it. The
eye decides how strong it is (see `masking`): regions get it by how much they hide, still ground
gets nothing, and the whole is raised to the visibility that was asked for.
Only where that is too little to be read, still ground is used as well. Where no pixel shows,
nothing changes.

Where a picture lies on the carrier's torus is free, so the embedder chooses the place where the
picture itself already looks most like its mark (informed embedding): host interference, which
would be noise to the detector, becomes signal. What the mark then outlives is measured by reading
it back after a simulated JPEG.

Input must be an upright RGB rendition, 8 bit, with the alpha channel apart.

References
----------
.. [1] I. Cox, M. Miller, A. McKellips, "Watermarking as Communications with Side Information",
   Proc. IEEE 87 (7), 1999, https://doi.org/10.1109/5.771068
.. [2] M. Miller, I. Cox, J. Bloom, "Informed Embedding: Exploiting Image and Detector Information
   During Watermark Insertion", IEEE ICIP, 2000, https://doi.org/10.1109/ICIP.2000.899260
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.choices import Strength
from ocguard.errors import HostTooSmallError
from ocguard.imaging.ground import showing_ground
from ocguard.imaging.rendition import flatten, own_color
from ocguard.imaging.visibility import Host, Visibility
from ocguard.keys import SecretKey
from ocguard.language.message import Message
from ocguard.watermark.invisible.carrier import (
    CELL_PX,
    Carrier,
    cell_size_px,
    derive_carrier,
    raster_size,
    to_luma,
)
from ocguard.watermark.invisible.masking import level, liveliness
from ocguard.watermark.invisible.pattern import draw_pattern
from ocguard.watermark.invisible.payload import encode_payload
from ocguard.watermark.invisible.reading import (
    SoftBits,
    even_out,
    match_samples,
    read_unturned,
    weigh_quickly,
)
from ocguard.watermark.invisible.shifts import likely_origins

__all__ = ["STRENGTHS", "Embedding", "Margins", "embed"]

Judge = Callable[[NDArray[np.float32]], Visibility]

STRENGTHS: Final[dict[Strength, Visibility]] = {
    "quiet": Visibility(largest=1.1, norm=0.32, similarity=95.0),
    "normal": Visibility(largest=1.45, norm=0.45, similarity=92.4),
    "strong": Visibility(largest=2.1, norm=0.65, similarity=89.0),
}
"""Most that a mark may be seen. JPEG of quality 95 comes to about 1.1, 0.4 and 92 on character
art, JPEG of quality 90 to 1.8, 0.6 and 88."""
WANTED_ISSUED_DB: Final = 10.0
"""Margin of issued marks up to which a mark may show more than usual."""
LARGEST_ALLOWANCE: Final = 1.2
"""Times as much that it may show then, at most. Small pictures and busy paint need it. Butteraugli
itself finds 0.98 times the norm that is asked for, with a deviation of 0.05: at three deviations
this keeps a mark of normal strength below 0.65."""
CLOSE: Final = 1.05
"""Factor within which a change is as visible as it may be."""
LOOKS: Final = 3
"""Times that a change is looked at in the full-size picture; each time it is corrected."""
LARGEST_RISE: Final = 1.5
"""Most that a change is raised by at a time."""
COARSER_POWER: Final = 0.8
"""A picture of so many pixels a working pixel shows a change more, by about this power of them."""
MIN_SIDE_PX: Final = 64
MIN_VISIBLE_PX: Final = 16_384
"""One cell: less visible working area than that does not carry the payload through anything."""
_NEXT_STEP: Final = Message("a larger version can carry one")
ORIGINS: Final = 16
"""Places on the carrier that are compared."""
TAKEN_ENERGY: Final = 5.0
"""Energy of the soft bits from which on another mark lies there: of an unmarked picture it is the
sum of many squares of noise, with a deviation of 1."""
NEEDED_SNR: Final = 0.21
"""Power of the mean of a coded bit over its variance at which 95 % of payloads decode."""
LOOKED_UP_SNR: Final = 0.057
"""The same at which an issued mark is found among thousands: p < 1e-9 after correction."""
LEAST_ISSUED_DB: Final = 2.0
"""Margin of issued marks below which still ground must carry a mark, too."""
SIMULATED_QUALITY: Final = 60
LONGEST_SIMULATED_PX: Final = 32_768
"""Within what a JPEG can hold."""
WHITE: Final = 255


@dataclass(frozen=True)
class Margins:
    """How far a mark reads above what it needs to, after a simulated JPEG of quality 60.

    Each is the measured signal-to-noise ratio of the coded bits over the least that suffices.

    Attributes
    ----------
    key_db : float
        To decode it with the key alone in 95 % of cases.
    issued_db : float
        To find it among issued marks.
    original_db : float
        To find it among issued marks when the original is subtracted.
    """

    key_db: float
    issued_db: float
    original_db: float


@dataclass(frozen=True)
class Embedding:
    """A mark, ready to be added to the luma of a picture.

    Attributes
    ----------
    delta : (h, w) float32 array
        Change of luma in 8-bit grey levels on the working raster; covers the whole picture.
    origin_px : tuple of int
        Where the picture lies on the carrier's torus, working pixels (x, y).
    cell_px : float
        Side of a carrier cell in pixels of the full-size picture.
    seen : Visibility
        How much it shows.
    margins : Margins
        What it outlives.
    is_on_still : bool
        Whether still ground carries it, too, since the rest of the picture was not enough.
    """

    delta: NDArray[np.float32]
    origin_px: tuple[int, int]
    cell_px: float
    seen: Visibility
    margins: Margins
    is_on_still: bool


def embed(
    rgb: NDArray[np.uint8],
    alpha: NDArray[np.uint8] | None,
    *,
    mark_id: int,
    key: SecretKey,
    size_px: tuple[int, int],
    strength: Strength = "normal",
    judge: Judge | None = None,
) -> Embedding:
    """Compute the change that marks a picture with an id.

    The id can be read back with the same key only. Adding the change is the caller's part, who
    must leave pixels of alpha 0 as they are.

    Parameters
    ----------
    rgb : (H, W, 3) uint8 array
        The picture, or a smaller rendition of it, at least as large as its working raster
        (`raster_size`).
    alpha : (H, W) uint8 array or None
        Its opacity; nothing is put where it is 0.
    mark_id : int
        0 to 2**64 - 1.
    key : SecretKey
        Decides carrier and check.
    size_px : tuple of int
        (width, height) of the full-size picture.
    strength : {"quiet", "normal", "strong"}
        How much of the mark may be seen; see `STRENGTHS`.
    judge : callable or None
        Tells how much a change shows in the full-size picture. Without one, what shows on the
        working raster decides.

    Returns
    -------
    Embedding
        The change and its place on the carrier.

    Raises
    ------
    HostTooSmallError
        A side is below 64 px, or less of it, or of what is visible, than one carrier cell.

    Notes
    -----
    About 0.1 CPU-seconds a megapixel of the working raster, which has much more than one for long
    pictures alone.
    """
    cell_px = cell_size_px(size_px)
    scale = CELL_PX / cell_px
    working = raster_size(size_px, cell_px)
    _require_room(size_px, working)
    opacity = _opacity(alpha, working)
    small = np.asarray(cv2.resize(rgb, working, interpolation=cv2.INTER_AREA), np.uint8)
    veil = None if alpha is None else np.rint(opacity * WHITE).astype(np.uint8)
    host = Host(flatten(small, veil, own_color(small, veil)), opacity > 0)
    luma = to_luma(flatten(small, veil, (showing_ground(rgb, alpha),) * 3))
    carrier, codeword = derive_carrier(key), encode_payload(mark_id, key)
    origin = _best_origin(luma, carrier, codeword)
    pattern = draw_pattern(carrier, codeword, origin, working) * (opacity > 0)
    leveled = level(host, pattern)

    @cache
    def shown(is_on_still: bool) -> tuple[NDArray[np.float32], Visibility]:
        change = leveled if is_on_still else leveled * liveliness(to_luma(host.rgb))
        return change, host.judge(change)

    def spread(allowance: float, is_on_still: bool) -> Embedding:
        most = STRENGTHS[strength].times(allowance)
        change, at_once = shown(is_on_still)
        first = change * np.float32(at_once.room(most) * scale**COARSER_POWER)
        delta, seen = _raised(first, most, judge or host.judge)
        margins = _margins(luma, luma + delta * opacity, origin, carrier, codeword)
        return Embedding(delta, origin, cell_px, seen, margins, is_on_still)

    made = spread(1.0, False)
    missing_db = WANTED_ISSUED_DB - made.margins.issued_db
    if missing_db > 0:
        allowance = min(10 ** (missing_db / 20), LARGEST_ALLOWANCE)
        made = spread(allowance, False)
    if made.margins.issued_db < LEAST_ISSUED_DB:
        on_still = spread(LARGEST_ALLOWANCE, True)
        made = max(made, on_still, key=lambda one: one.margins.issued_db)
    return made


def _raised(
    change: NDArray[np.float32], most: Visibility, judge: Judge
) -> tuple[NDArray[np.float32], Visibility]:
    """Scale a change until a measure of its visibility reaches what may be seen.

    The first guess is close, but levels are whole numbers, and pictures larger than the raster: on
    a dark gradient, a little more can show twice as much. So what was seen to be too little and too
    much bounds what is tried next, and where no look comes close, too little is taken.
    """
    times, too_little, too_much = 1.0, 0.0, np.inf
    within: Visibility | None = None
    for look in range(LOOKS + 1):
        seen = judge(change * np.float32(times))
        room = seen.room(most)
        if 1 / CLOSE < room < CLOSE or look == LOOKS:
            break
        if room > 1:
            too_little, within = times, seen
        else:
            too_much = times
        times *= min(room, LARGEST_RISE)
        if not too_little < times < too_much:
            times = float(np.sqrt(too_little * too_much))
    if room < 1 / CLOSE and within is not None:
        times, seen = too_little, within
    return change * np.float32(times), seen


def _best_origin(
    luma: NDArray[np.float32], carrier: Carrier, codeword: NDArray[np.uint8]
) -> tuple[int, int]:
    """Choose the place on the torus where the picture already agrees best with its mark.

    Where it was marked before with the same key, the old mark keeps its place to itself: on one
    place, two marks of one strength would take half of each other's bits away.
    """
    samples = weigh_quickly(luma)
    matched = match_samples(samples)
    origins = likely_origins(samples, carrier, ORIGINS)
    read = {at: read_unturned(matched, at, carrier) for at in origins}
    free = [at for at in origins if read[at].energy < TAKEN_ENERGY]
    return max(free or origins, key=lambda at: _agreement(read[at], codeword))


def _agreement(soft_bits: SoftBits, codeword: NDArray[np.uint8]) -> float:
    """Return the correlation of soft bits with a codeword, -1 to 1."""
    values = soft_bits.values
    signs = 1 - 2 * codeword.astype(np.float64)
    return float(signs @ values / np.sqrt(len(values) * (values @ values) + 1e-12))


def _margins(
    host: NDArray[np.float32],
    marked: NDArray[np.float32],
    origin: tuple[int, int],
    carrier: Carrier,
    codeword: NDArray[np.uint8],
) -> Margins:
    """Measure how well a marked luma plane reads after a JPEG, alone and beside its host."""
    served = _served(marked)
    ratios = []
    for samples in (weigh_quickly(served), even_out(served - host)):
        seen = read_unturned(match_samples(samples), origin, carrier)
        agreement = min(max(_agreement(seen, codeword), 1e-3), 0.999)
        ratios.append(agreement**2 / (1 - agreement**2))
    alone, beside_host = ratios
    needed = ((alone, NEEDED_SNR), (alone, LOOKED_UP_SNR), (beside_host, LOOKED_UP_SNR))
    return Margins(*(float(10 * np.log10(ratio / least)) for ratio, least in needed))


def _served(luma: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return a luma plane after a JPEG, piece by piece where it is longer than a JPEG can be."""
    axis = int(np.argmax(luma.shape))
    pieces = np.array_split(luma, -(-luma.shape[axis] // LONGEST_SIMULATED_PX), axis)
    coded = [
        cv2.imencode(
            ".jpg",
            np.clip(np.rint(piece), 0, WHITE).astype(np.uint8),
            (cv2.IMWRITE_JPEG_QUALITY, SIMULATED_QUALITY),
        )[1]
        for piece in pieces
    ]
    decoded = [np.asarray(cv2.imdecode(one, cv2.IMREAD_GRAYSCALE), np.float32) for one in coded]
    return np.concatenate(decoded, axis)


def _require_room(size_px: tuple[int, int], working: tuple[int, int]) -> None:
    """Refuse pictures that are too small for any mark."""
    if min(size_px) < MIN_SIDE_PX or working[0] * working[1] < MIN_VISIBLE_PX:
        raise HostTooSmallError(
            "{width} x {height} px are too small for an invisible mark, which needs "
            "{needed_px} px a side and an area as of {cell_px} x {cell_px} px; "
            "{next_step}",
            width=size_px[0],
            height=size_px[1],
            needed_px=MIN_SIDE_PX,
            cell_px=CELL_PX,
            next_step=_NEXT_STEP,
        )


def _opacity(alpha: NDArray[np.uint8] | None, working: tuple[int, int]) -> NDArray[np.float32]:
    """Return the visible share of each working pixel, 0 to 1."""
    if alpha is None:
        return np.ones(working[::-1], np.float32)
    share = cv2.resize(alpha, working, interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    if share.sum() < MIN_VISIBLE_PX:
        raise HostTooSmallError(
            "only {visible:.1%} of the picture is visible, and an invisible mark needs "
            "{needed:.1%} of it; {next_step}",
            visible=share.mean(),
            needed=MIN_VISIBLE_PX / share.size,
            next_step=_NEXT_STEP,
        )
    return np.asarray(share, np.float32)
