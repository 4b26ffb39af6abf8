"""Embedding: a mark id into the luma of a picture, as a small change to be added.

The change is computed on the working raster (see `carrier`), where a cell has `CELL_PX` pixels,
and handed out as a small float array that the caller enlarges to the picture and adds to it. Its
amplitude and shape follow the picture. On flats the picture itself is silent and the codec is the
enemy, so the mark is soft and low there, in waves that codecs keep. In busy regions the picture is
the enemy, loudest in long waves, so the mark is finer and somewhat stronger there, where the eye
cannot follow it. Where no pixel shows, nothing changes.

Where a picture lies on the carrier's torus is free, so the embedder chooses the place where the
picture itself already looks most like its mark (informed embedding): host interference, which
would be noise to the detector, becomes signal. The amplitude is raised step by step, from faint,
until the mark is read back with margin after a simulated JPEG.

Input must be an upright RGB rendition, 8 bit, with the alpha channel apart.

References
----------
.. [1] I. Cox, M. Miller, A. McKellips, "Watermarking as Communications with Side Information",
   Proc. IEEE 87 (7), 1999, https://doi.org/10.1109/5.771068
.. [2] M. Miller, I. Cox, J. Bloom, "Informed Embedding: Exploiting Image and Detector Information
   During Watermark Insertion", IEEE ICIP, 2000, https://doi.org/10.1109/ICIP.2000.899260
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.choices import Strength
from ocguard.errors import HostTooSmallError
from ocguard.imaging.ground import showing_ground
from ocguard.keys import SecretKey
from ocguard.watermark.invisible.carrier import CELL_PX, Carrier, cell_size_px, derive_carrier
from ocguard.watermark.invisible.pattern import draw_pattern
from ocguard.watermark.invisible.payload import encode_payload
from ocguard.watermark.invisible.reading import (
    SoftBits,
    match_samples,
    read_unturned,
    weigh_quickly,
)
from ocguard.watermark.invisible.shifts import likely_origins

__all__ = ["STRENGTHS", "Embedding", "embed", "to_luma"]


STRENGTHS: Final[dict[Strength, float]] = {"quiet": 0.75, "normal": 1.0, "strong": 1.5}
"""Factors on the amplitude, and on the margin that is wanted."""
MIN_SIDE_PX: Final = 64
MIN_VISIBLE_PX: Final = 16_384
"""One cell: less visible working area than that does not carry the payload through anything."""
LARGE_FLAT_RMS: Final = 0.85
SMALL_FLAT_RMS: Final = 1.38
"""Amplitude on flat ground, grey levels rms, for large and for small pictures."""
ENLARGED_FLAT_RMS: Final = 1.0
"""Most that a picture gets to whose size the change is enlarged: its grain is coarser, then."""
LARGE_AREA_PX: Final = 600_000
SMALL_AREA_PX: Final = 250_000
"""Visible working area from which, and up to which, those two apply; between them, linear."""
BUSY_ACTIVITY: Final = 12.0
"""Local standard deviation, grey levels, from which a region counts as busy."""
BUSY_GAIN: Final = 0.5
"""Each multiple of `BUSY_ACTIVITY` adds this share of the flat amplitude, up to the step's cap."""
LEVELS: Final = (
    (0.35, 1, 12.0), (0.5, 1, 10.5), (0.65, 1, 9.5), (0.8, 1, 8.5), (1.0, 1, 3.0),
    (1.0, 2, 3.0), (1.0, 3, 1.0), (1.3, 3, -np.inf),
)  # fmt: skip
"""Steps of the closed loop, the faintest first: factor on the amplitude, cap on the multiples of
`BUSY_ACTIVITY` that count, and the margin in dB at which the step is enough. Calm pictures read
far better than they need to, so they get a fainter mark; the margin left to them is what cropping
to a tenth costs. Crowded and sparse ones are stepped up."""
_NEXT_STEP: Final = (
    "mark a larger version, or register this one without a mark: ocguard portfolio add"
)
ORIGINS: Final = 16
"""Places on the carrier that are compared."""
NEEDED_SNR: Final = 0.21
"""Power of the mean of a coded bit over its variance at which 95 % of payloads decode."""
SIMULATED_QUALITY: Final = 60
WHITE: Final = 255.0
_ACTIVITY_SIGMA_PX: Final = 4.0


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
    margin_db : float
        Measured signal-to-noise ratio of the coded bits after a simulated JPEG of quality 60,
        over the ratio at which 95 % of payloads decode without knowing the id. Below 0 the mark
        is still found by who knows which ids were issued.
    """

    delta: NDArray[np.float32]
    origin_px: tuple[int, int]
    cell_px: float
    margin_db: float


def to_luma(rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the (H, W) luma of an RGB picture, 0 to 255 (ITU-R BT.601 weights)."""
    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.float32)


def embed(
    rgb: NDArray[np.uint8],
    alpha: NDArray[np.uint8] | None,
    *,
    mark_id: int,
    key: SecretKey,
    size_px: tuple[int, int],
    strength: Strength = "normal",
) -> Embedding:
    """Compute the change that marks a picture with an id.

    The id can be read back with the same key only. Adding the change is the caller's part, who
    must leave pixels of alpha 0 as they are.

    Parameters
    ----------
    rgb : (H, W, 3) uint8 array
        The picture, or a smaller rendition of it with a long side of at least 1024 px.
    alpha : (H, W) uint8 array or None
        Its opacity; nothing is put where it is 0.
    mark_id : int
        0 to 2**64 - 1.
    key : SecretKey
        Decides carrier and check.
    size_px : tuple of int
        (width, height) of the full-size picture.
    strength : {"quiet", "normal", "strong"}
        Factor on the amplitude: 0.75, 1, 1.5.

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
    About 0.1 CPU-seconds a megapixel of the working raster, which never has much more than one.
    """
    cell_px = cell_size_px(size_px)
    scale = CELL_PX / cell_px
    working = (max(1, round(size_px[0] * scale)), max(1, round(size_px[1] * scale)))
    _require_room(size_px, working)
    opacity = _opacity(alpha, working)
    luma = cv2.resize(to_luma(rgb), working, interpolation=cv2.INTER_AREA).astype(np.float32)
    luma = luma * opacity + showing_ground(rgb, alpha) * (1 - opacity)
    carrier, codeword = derive_carrier(key), encode_payload(mark_id, key)
    origin = _best_origin(luma, carrier, codeword)
    multiples = activity(luma) / BUSY_ACTIVITY
    pattern = draw_pattern(carrier, codeword, origin, np.minimum(multiples, 1))
    pattern *= STRENGTHS[strength] * _flat_rms(opacity, cell_px) * (opacity > 0)
    extra_db = 20 * np.log10(STRENGTHS[strength])

    @cache
    def raised(level: int) -> tuple[NDArray[np.float32], float]:
        factor, cap, _ = LEVELS[level]
        delta = pattern * (factor * (1 + BUSY_GAIN * np.minimum(multiples, cap)))
        return delta, _margin_db(luma + delta * opacity, origin, carrier, codeword)

    # Margins rise with the level: the first that is enough is found by halving.
    enough = bisect_left(
        range(len(LEVELS) - 1),
        True,
        key=lambda level: raised(level)[1] >= LEVELS[level][2] + extra_db,
    )
    delta, margin_db = raised(enough)
    return Embedding(delta, origin, cell_px, margin_db)


def _best_origin(
    luma: NDArray[np.float32], carrier: Carrier, codeword: NDArray[np.uint8]
) -> tuple[int, int]:
    """Choose the place on the torus where the picture already agrees best with its mark."""
    samples = weigh_quickly(luma)
    matched = match_samples(samples)
    origins = likely_origins(samples, carrier, ORIGINS)
    return max(origins, key=lambda at: _agreement(read_unturned(matched, at, carrier), codeword))


def _agreement(soft_bits: SoftBits, codeword: NDArray[np.uint8]) -> float:
    """Return the correlation of soft bits with a codeword, -1 to 1."""
    values = soft_bits.values
    signs = 1 - 2 * codeword.astype(np.float64)
    return float(signs @ values / np.sqrt(len(values) * (values @ values) + 1e-12))


def _margin_db(
    luma: NDArray[np.float32],
    origin: tuple[int, int],
    carrier: Carrier,
    codeword: NDArray[np.uint8],
) -> float:
    """Measure how well a marked luma plane reads after a JPEG."""
    pixels = np.clip(np.rint(luma), 0, WHITE).astype(np.uint8)
    _, coded = cv2.imencode(".jpg", pixels, (cv2.IMWRITE_JPEG_QUALITY, SIMULATED_QUALITY))
    served = np.asarray(cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE), np.float32)
    matched = match_samples(weigh_quickly(served))
    agreement = max(_agreement(read_unturned(matched, origin, carrier), codeword), 1e-3)
    return float(10 * np.log10(agreement**2 / (1 - min(agreement, 0.999) ** 2) / NEEDED_SNR))


def _require_room(size_px: tuple[int, int], working: tuple[int, int]) -> None:
    """Refuse pictures that are too small for any mark."""
    if min(size_px) < MIN_SIDE_PX or working[0] * working[1] < MIN_VISIBLE_PX:
        raise HostTooSmallError(
            f"{size_px[0]} x {size_px[1]} px are too small for an invisible mark, which needs "
            f"{MIN_SIDE_PX} px a side and an area as of {CELL_PX} x {CELL_PX} px; {_NEXT_STEP}"
        )


def _opacity(alpha: NDArray[np.uint8] | None, working: tuple[int, int]) -> NDArray[np.float32]:
    """Return the visible share of each working pixel, 0 to 1."""
    if alpha is None:
        return np.ones(working[::-1], np.float32)
    share = cv2.resize(alpha, working, interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    if share.sum() < MIN_VISIBLE_PX:
        raise HostTooSmallError(
            f"only {share.mean():.1%} of the picture is visible, and an invisible mark needs "
            f"{MIN_VISIBLE_PX / share.size:.1%} of it; {_NEXT_STEP}"
        )
    return np.asarray(share, np.float32)


def activity(luma: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the local standard deviation of a luma plane in grey levels, at half its detail."""
    height, width = luma.shape
    halved = (max(1, width // 2), max(1, height // 2))
    mean, square = (
        cv2.GaussianBlur(
            cv2.resize(plane, halved, interpolation=cv2.INTER_AREA), (0, 0), _ACTIVITY_SIGMA_PX / 2
        )
        for plane in (luma, luma * luma)
    )
    deviation = np.sqrt(np.maximum(square - mean * mean, 0))
    return np.asarray(cv2.resize(deviation, (width, height)), np.float32)


def _flat_rms(opacity: NDArray[np.float32], cell_px: float) -> float:
    """Return the amplitude on flats: a picture with less room for the mark gets a stronger one."""
    rooms, amplitudes = (SMALL_AREA_PX, LARGE_AREA_PX), (SMALL_FLAT_RMS, LARGE_FLAT_RMS)
    wanted = float(np.interp(float(opacity.sum()), rooms, amplitudes))
    return min(wanted, ENLARGED_FLAT_RMS) if cell_px > CELL_PX else wanted
