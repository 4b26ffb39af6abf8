"""Reading: from a luma plane laid straight on the carrier to soft bits.

The picture itself is the noise here, and it is far from even: strong in long waves, weak in short
ones, strong in hair, absent on flats, and what a codec threw away is gone. So the luma is split
into octave-like bands, and each sample of each band is divided by the local power of its band: the
weight that makes a sum of samples of unequal noise the best linear estimate (a matched filter for
noise that is colored and changes from place to place). Single strong lines are clipped.

References
----------
.. [1] M. Barni, F. Bartolini, A. De Rosa, A. Piva, "Optimum Decoding and Detection of
   Multiplicative Watermarks", IEEE Trans. Signal Process. 51 (4), 2003,
   https://doi.org/10.1109/TSP.2003.809371
.. [2] G. Depovere, T. Kalker, J.-P. Linnartz, "Improved Watermark Detection Reliability Using
   Filtering Before Correlation", IEEE ICIP, 1998, https://doi.org/10.1109/ICIP.1998.723526
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.watermark.invisible.carrier import (
    CHIP_PX,
    FINE_SIGMA_PX,
    OUTER_SIGMA_PX,
    PERIOD_PX,
    Carrier,
    band,
)
from ocguard.watermark.invisible.polar import CODED_BITS

__all__ = ["SoftBits", "match_chips", "read_chips", "weigh"]

LADDER_PX: Final = (0.0, 0.8, 1.6, 2.4, 4.0, 6.0)
"""Gaussians, sigma in working pixels, between which the bands lie."""
POWER_SPAN: Final = 5
"""Local power is averaged over a square of this many sigmas of the band's coarser end."""
NOISE_FLOOR: Final = 0.3
"""Rounding to 8 bit leaves this much noise, grey levels rms, on the flattest ground."""
CLIP: Final = 1.5
"""Samples count up to this many local standard deviations."""

_GRID: Final = PERIOD_PX // CHIP_PX
_MOST_PERIODS: Final = 4


@dataclass(frozen=True)
class SoftBits:
    """Evidence for each coded bit.

    Attributes
    ----------
    values : (1024,) float array
        Sum of the signed chips of each coded bit, positive for a 0.
    variances : (1024,) float array
        Sum of the squares of those chips: the variance of `values` if no mark is there, since
        the signs are pseudo-random.
    """

    values: NDArray[np.float64]
    variances: NDArray[np.float64]


def weigh(luma: NDArray[np.float32], pixel_px: float = 1.0) -> NDArray[np.float32]:
    """Turn luma into weighted residual samples, in which a mark is sought.

    Parameters
    ----------
    luma : (H, W) float32 array
        0 to 255, or a difference from a reference.
    pixel_px : float
        Working pixels that one pixel of the plane covers.

    Returns
    -------
    (H, W) float32 array
        Sum over the bands of residual over local power.

    Notes
    -----
    About 0.06 s a megapixel on one core.
    """
    total = np.zeros_like(luma)
    finer = luma
    for working_sigma in LADDER_PX[1:]:
        sigma = working_sigma / pixel_px
        coarser = np.asarray(cv2.GaussianBlur(luma, (0, 0), sigma), np.float32)
        residual = finer - coarser
        span = int(POWER_SPAN * sigma) | 1
        power = cv2.blur(residual * residual, (max(span, 3), max(span, 3)))
        deviation = np.sqrt(power + NOISE_FLOOR**2)
        total += np.clip(residual / deviation, -CLIP, CLIP) / deviation
        finer = coarser
    return total


def match_chips(luma: NDArray[np.float32], pixel_px: float = 1.0) -> NDArray[np.float32]:
    """Weigh a plane and correlate it with the shape of a chip around every pixel.

    Parameters and cost are those of `weigh`; the result is what `read_chips` samples.
    """
    samples = weigh(luma, pixel_px)
    return band(samples, FINE_SIGMA_PX / pixel_px, OUTER_SIGMA_PX / pixel_px)


def read_chips(
    matched: NDArray[np.float32], transform: NDArray[np.float64], carrier: Carrier
) -> SoftBits:
    """Read the chips of a carrier where a transform says that they lie.

    Parameters
    ----------
    matched : (H, W) float32 array
        From `match_chips`.
    transform : (2, 3) float array
        Pixels of the plane to working pixels on the torus.
    carrier : Carrier
        The key's carrier.

    Returns
    -------
    SoftBits
        From every chip inside the plane; a few milliseconds.
    """
    height, width = matched.shape
    corners = np.array([(0, 0, 1), (width, 0, 1), (0, height, 1), (width, height, 1)])
    laid = corners @ transform.T / CHIP_PX
    first = np.floor(laid.min(axis=0)).astype(int)
    # No real geometry covers more of the torus than this.
    size = np.minimum(np.ceil(laid.max(axis=0)).astype(int) - first, _MOST_PERIODS * _GRID) + 1
    back = np.linalg.inv(transform[:, :2])
    to_plane = np.column_stack([CHIP_PX * back, back @ (CHIP_PX * first - transform[:, 2])])
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    chips = cv2.warpAffine(matched, to_plane, (int(size[0]), int(size[1])), flags=flags)
    column, row = np.meshgrid(np.arange(size[0]), np.arange(size[1]))
    x, y = np.tensordot(to_plane, [column, row, np.ones_like(row)], axes=1)
    inside = (x >= 0) & (y >= 0) & (x <= width - 1) & (y <= height - 1)
    grid = (row[inside] + first[1]) % _GRID, (column[inside] + first[0]) % _GRID
    signed = chips[inside].astype(np.float64) * carrier.chip_signs[grid]
    bits = carrier.chip_bits[grid]
    values, variances = (
        np.bincount(bits, weights, CODED_BITS).astype(np.float64)
        for weights in (signed, signed * signed)
    )
    return SoftBits(values, variances)
