"""The keyed carrier: where pilots and chips of the invisible mark lie, and how they look.

The carrier lives on a square torus of `PERIOD_PX` working pixels, eight cells of `CELL_PX` a side.
A picture is laid over it with a shift of its own, so that no two marked pictures of one key show
the same pattern, and no part of a picture repeats another. Two layers share it:

* **pilots**: `PILOTS` pure tones whose frequencies and phases the key chooses. Their constellation
  in the spectrum tells how a suspect was turned, scaled and mirrored, their phases tell the shift.
* **chips**: one soft dot every `CHIP_PX`, up or down. Each cell holds every coded bit once, at
  another place and with another sign, so that any part of a picture carries the whole codeword.

Everything keyed is drawn from a ChaCha20 stream whose key is derived with HKDF, never from a
library's random generator, so that a mark of any release stays readable with every later numpy.

References
----------
.. [1] S. Pereira, T. Pun, "Robust Template Matching for Affine Resistant Image Watermarks",
   IEEE Trans. Image Process. 9 (6), 2000, https://doi.org/10.1109/83.846253
.. [2] I. Cox, J. Kilian, T. Leighton, T. Shamoon, "Secure Spread Spectrum Watermarking for
   Multimedia", IEEE Trans. Image Process. 6 (12), 1997, https://doi.org/10.1109/83.650120
.. [3] Y. Nir, A. Langley, "ChaCha20 and Poly1305 for IETF Protocols", RFC 8439, 2018,
   https://doi.org/10.17487/RFC8439
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import ChaCha20
from numpy.typing import NDArray

from ocguard.keys import SecretKey
from ocguard.watermark.invisible.polar import CODED_BITS

__all__ = [
    "CELL_PX",
    "CHIP_PX",
    "FINE_SIGMA_PX",
    "OUTER_SIGMA_PX",
    "PANEL_ASPECT",
    "PERIOD_PX",
    "Carrier",
    "band",
    "cell_size_px",
    "derive_carrier",
    "early_cell_size_px",
    "is_long",
    "raster_size",
    "to_luma",
]

PERIOD_PX: Final = 1024
"""Side of the torus in working pixels."""
CELL_PX: Final = 128
"""Side of a cell, which holds the whole codeword once, in working pixels."""
CHIP_PX: Final = 4
"""Distance of neighboring chips in working pixels."""
PILOTS: Final = 28
PILOT_RING: Final = (38, 125)
"""Least and largest pilot frequency in cycles per period: wavelengths of 27 to 8 working px."""
PILOT_SPACING: Final = 8
"""Least distance between pilot frequencies, cycles per period, so that small crops keep them."""
FINE_SIGMA_PX: Final = 1.1
OUTER_SIGMA_PX: Final = 3.0
"""A chip is read through the difference of these two Gaussians."""
CELLS_PER_LENGTH: Final = 8
"""Cells along the long side of a picture of at least 1024 px."""
THIN_ASPECT: Final = 1.6
"""The length that sizes the cells is at most this times the root of the area, for strips."""
LONG_ASPECT: Final = 3.0
"""Sides of a long picture, which people see in panels and slices, are more unequal than this."""
PANEL_ASPECT: Final = 1.6
"""A panel of a long picture is about so many times as long as the picture's short side."""

_GRID: Final = PERIOD_PX // CHIP_PX
_CELL_GRID: Final = CELL_PX // CHIP_PX
_VERSION: Final = "mark-1"


@dataclass(frozen=True)
class Carrier:
    """What a key puts on the torus.

    Attributes
    ----------
    pilots : (28, 2) int array
        Frequencies (x, y) in cycles per period, in the right half plane.
    phases : (28,) float array
        Phases of the pilots at the torus' origin, radians.
    chip_bits : (256, 256) int array
        Which coded bit the chip at (row, column) carries.
    chip_signs : (256, 256) float32 array
        +1 or -1, by which that chip shows a coded 0.
    """

    pilots: NDArray[np.int64]
    phases: NDArray[np.float64]
    chip_bits: NDArray[np.int64]
    chip_signs: NDArray[np.float32]


def cell_size_px(size_px: tuple[int, int]) -> float:
    """Return the side of a carrier cell in pixels of a picture of (width, height).

    It grows with pictures whose long side is over 1024 px, so that the mark outlives their being
    served smaller, and stays at `CELL_PX` below that, where shorter waves would not. In a long
    picture it is that of a panel, so that each panel and slice carries a mark as if it were alone.
    """
    if not is_long(size_px):
        return early_cell_size_px(size_px)
    return max(float(CELL_PX), PANEL_ASPECT * min(size_px) / CELLS_PER_LENGTH)


def raster_size(size_px: tuple[int, int], cell_px: float) -> tuple[int, int]:
    """Return (width, height) of the working raster of a picture with cells of `cell_px` pixels."""
    width, height = (max(1, round(side * CELL_PX / cell_px)) for side in size_px)
    return width, height


def is_long(size_px: tuple[int, int]) -> bool:
    """Tell whether people see a picture of (width, height) in parts, as a webtoon."""
    return max(size_px) > LONG_ASPECT * min(size_px)


def early_cell_size_px(size_px: tuple[int, int]) -> float:
    """Return what `cell_size_px` was in early releases, which made no difference for long pictures.

    Their marks are still read.
    """
    width, height = size_px
    length = min(max(width, height), THIN_ASPECT * math.sqrt(width * height))
    return max(float(CELL_PX), length / CELLS_PER_LENGTH)


def derive_carrier(key: SecretKey) -> Carrier:
    """Derive the carrier of a key; about 10 ms."""
    pilots, phases = _pilots(_keystream(key, "pilots", 64 * 1024))
    cells = (PERIOD_PX // CELL_PX) ** 2
    order = _keystream(key, "chip-bits", 8 * cells * CODED_BITS).view("<u8")
    # Sorting a keyed stream is a keyed permutation; one for every cell.
    permuted = np.argsort(order.reshape(cells, CODED_BITS), axis=1, kind="stable")
    side = PERIOD_PX // CELL_PX
    bits = permuted.reshape(side, side, _CELL_GRID, _CELL_GRID).transpose(0, 2, 1, 3)
    coins = np.unpackbits(_keystream(key, "chip-signs", _GRID * _GRID // 8))
    signs = np.float32(1) - np.float32(2) * coins.reshape(_GRID, _GRID)
    return Carrier(pilots, phases, np.ascontiguousarray(bits.reshape(_GRID, _GRID)), signs)


def band(
    image: NDArray[np.float32], inner_sigma_px: float, outer_sigma_px: float
) -> NDArray[np.float32]:
    """Pass a band of wavelengths: the difference of two Gaussians."""
    inner = cv2.GaussianBlur(image, (0, 0), inner_sigma_px)
    return np.asarray(inner - cv2.GaussianBlur(image, (0, 0), outer_sigma_px), np.float32)


def _keystream(key: SecretKey, purpose: str, length: int) -> NDArray[np.uint8]:
    """Draw `length` pseudo-random bytes for one purpose of the carrier."""
    secret = key.derive(f"{_VERSION}/{purpose}", 32)
    encryptor = Cipher(ChaCha20(secret, bytes(16)), mode=None).encryptor()
    return np.frombuffer(encryptor.update(bytes(length)), np.uint8)


def _pilots(stream: NDArray[np.uint8]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Choose well separated pilot frequencies in the ring, and their phases."""
    low, high = PILOT_RING
    drawn = stream.view("<u4")[: stream.size // 12 * 3].reshape(-1, 3).astype(np.float64) / 2.0**32
    radius = low + drawn[:, 0] * (high - low)
    angle = np.pi * (drawn[:, 1] - 0.5)
    points = np.rint(radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)]))
    chosen: list[int] = []
    for index, point in enumerate(points):
        others = points[chosen]
        # The spectrum of a picture is symmetric, so the mirrored twin must keep its distance too.
        twins = np.concatenate([others, -others])
        if len(chosen) == PILOTS:
            break
        if not len(twins) or np.hypot(*(twins - point).T).min() >= PILOT_SPACING:
            chosen.append(index)
    return points[chosen].astype(np.int64), 2 * np.pi * drawn[chosen, 2]


def to_luma(rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the (H, W) luma of an RGB picture, 0 to 255 (ITU-R BT.601 weights)."""
    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.float32)
