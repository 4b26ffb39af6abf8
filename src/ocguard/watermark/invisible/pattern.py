"""The pattern: pilots and chips of a carrier, drawn over a working raster for one codeword."""

from __future__ import annotations

from math import sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ocguard.watermark.invisible.carrier import CHIP_PX, PERIOD_PX, Carrier, band

__all__ = ["draw_pattern"]

PILOT_SHARE: Final = 0.4
"""Share of the energy that goes into the pilots."""
CHIP_SIGMAS_PX: Final = (1.3, 2.6)
"""Shape of a chip: a difference of two Gaussians, wavelengths of about 5 to 15 px. Longer ones are
seen more, and read no better."""


def draw_pattern(
    carrier: Carrier,
    codeword: NDArray[np.uint8],
    origin: tuple[int, int],
    size_px: tuple[int, int],
) -> NDArray[np.float32]:
    """Draw chips and pilots over a working raster.

    Parameters
    ----------
    carrier : Carrier
        The key's carrier.
    codeword : (1024,) uint8 array
        Coded bits, 0 or 1.
    origin : tuple of int
        Torus position (x, y) of the raster's top left pixel.
    size_px : tuple of int
        (width, height) of the raster.

    Returns
    -------
    (h, w) float32 array
        The pattern, about unit energy a pixel everywhere.
    """
    columns = np.arange(origin[0], origin[0] + size_px[0])
    rows = np.arange(origin[1], origin[1] + size_px[1])
    chips = _unit(band(_draw_dots(carrier, codeword, columns, rows), *CHIP_SIGMAS_PX))
    pilots = _draw_pilots(carrier, columns, rows) * sqrt(2 / len(carrier.pilots))
    total = sqrt(1 - PILOT_SHARE) * chips + sqrt(PILOT_SHARE) * pilots
    return np.asarray(total, np.float32)


def _unit(pattern: NDArray[np.float32]) -> NDArray[np.float32]:
    """Scale a pattern to unit energy a pixel."""
    return pattern / max(float(pattern.std()), 1e-6)


def _draw_dots(
    carrier: Carrier,
    codeword: NDArray[np.uint8],
    columns: NDArray[np.int64],
    rows: NDArray[np.int64],
) -> NDArray[np.float32]:
    """Put a dot on every chip position among the torus columns and rows."""
    dots = np.zeros((len(rows), len(columns)), np.float32)
    at_x, at_y = np.flatnonzero(columns % CHIP_PX == 0), np.flatnonzero(rows % CHIP_PX == 0)
    grid = np.ix_(rows[at_y] % PERIOD_PX // CHIP_PX, columns[at_x] % PERIOD_PX // CHIP_PX)
    signs = np.float32(1) - np.float32(2) * codeword.astype(np.float32)
    dots[np.ix_(at_y, at_x)] = carrier.chip_signs[grid] * signs[carrier.chip_bits[grid]]
    return dots


def _draw_pilots(
    carrier: Carrier, columns: NDArray[np.int64], rows: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Sum the pilots, each with amplitude 1, over torus columns and rows."""
    turn = 2j * np.pi / PERIOD_PX
    along_x = np.exp(turn * np.outer(columns, carrier.pilots[:, 0]))
    along_y = np.exp(turn * np.outer(rows, carrier.pilots[:, 1]) + 1j * carrier.phases)
    # Real part of the product, as two real matrix products in single precision.
    x, y = along_x.astype(np.complex64), along_y.astype(np.complex64)
    return np.asarray(y.real @ x.real.T - y.imag @ x.imag.T, np.float32)
