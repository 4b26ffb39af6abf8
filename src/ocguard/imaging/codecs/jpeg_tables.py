"""Estimate the quality setting of a JPEG from its quantization tables.

libjpeg scales the example tables of the standard by a factor of the quality; the estimate is the
quality whose scaled luminance table lies nearest. Tables of other encoders (Photoshop, cameras) get
the quality that quantizes as finely.

References
----------
ITU-T T.81, 1992, table K.1; libjpeg, ``jcparam.c``, ``quality_scaling``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["estimated_quality"]

# fmt: off
_LUMINANCE = np.array([
    16, 11, 10, 16,  24,  40,  51,  61,
    12, 12, 14, 19,  26,  58,  60,  55,
    14, 13, 16, 24,  40,  57,  69,  56,
    14, 17, 22, 29,  51,  87,  80,  62,
    18, 22, 37, 56,  68, 109, 103,  77,
    24, 35, 55, 64,  81, 104, 113,  92,
    49, 64, 78, 87, 103, 121, 120, 101,
    72, 92, 95, 98, 112, 100, 103,  99,
])
# fmt: on


def estimated_quality(luminance: Sequence[int]) -> int | None:
    """Return the libjpeg quality nearest to a table.

    Parameters
    ----------
    luminance : sequence of 64 int
        The quantization table of the luminance channel, row by row.

    Returns
    -------
    int or None
        1..100; None for a table of another length.
    """
    table = np.asarray(luminance)
    if table.shape != _LUMINANCE.shape:
        return None
    return min(range(1, 101), key=lambda quality: int(np.abs(_scaled(quality) - table).sum()))


def _scaled(quality: int) -> NDArray[np.int_]:
    """Return the luminance table that libjpeg uses at a quality."""
    percent = 5000 // quality if quality < 50 else 200 - 2 * quality
    table: NDArray[np.int_] = np.clip((_LUMINANCE * percent + 50) // 100, 1, 255)
    return table
