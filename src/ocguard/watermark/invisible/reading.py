"""Reading: from a luma plane to soft bits.

The picture itself is the noise here, and most of it is lines and brush strokes far stronger than
any mark. So the picture is first estimated by an edge-preserving (bilateral) filter whose range is
a little above the mark's amplitude and the noise, and subtracted: strokes stay in the estimate, the
mark stays in the residual. Against a linear high pass this gains 5 to 8 dB on painted art. What
remains is divided by its local deviation, since a sample in hair tells less than one on a flat.

References
----------
.. [1] C. Tomasi, R. Manduchi, "Bilateral Filtering for Gray and Color Images", ICCV 1998,
   https://doi.org/10.1109/ICCV.1998.710815
.. [2] G. Depovere, T. Kalker, J.-P. Linnartz, "Improved Watermark Detection Reliability Using
   Filtering Before Correlation", IEEE ICIP, 1998, https://doi.org/10.1109/ICIP.1998.723526
.. [3] J. Immerkaer, "Fast Noise Variance Estimation", Comput. Vis. Image Underst. 64 (2), 1996,
   https://doi.org/10.1006/cviu.1996.0060
"""

from __future__ import annotations

from collections.abc import Sequence
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
from ocguard.watermark.invisible.placement import Placement
from ocguard.watermark.invisible.polar import CODED_BITS
from ocguard.watermark.invisible.shifts import SHIFT_PX

__all__ = [
    "Chips",
    "SoftBits",
    "even_out",
    "has_no_detail",
    "match_chips",
    "match_samples",
    "read_chips",
    "read_shifted",
    "read_unturned",
    "sample_chips",
    "weigh",
    "weigh_quickly",
]

RANGE_SIGMA: Final = 8.0
"""Grey levels by which neighbors may differ and still be smoothed together."""
RANGE_OVER_NOISE: Final = 1.7
"""The same in deviations of the noise, where there is more of that."""
SPACE_SIGMA_PX: Final = 2.5
"""Reach of the smoothing, working pixels."""
DEVIATION_SPAN_PX: Final = 9
"""Side of the square over which the local deviation is taken, working pixels."""
NOISE_FLOOR: Final = 0.5
"""Deviation, grey levels, below which a sample gains no more weight."""
MIN_DETAIL: Final = 1.5
"""Grey levels that the finest hundredth of a suspect must differ from its surroundings by; where
nothing does, blur has taken what a mark is made of."""
DETAIL_SIGMA_PX: Final = 2.4

_GRID: Final = PERIOD_PX // CHIP_PX
_MOST_PERIODS: Final = 4
_MAPPED_CHIPS: Final = 4
_Grid = tuple[NDArray[np.int64], NDArray[np.int64]]
_MEDIAN_OF_NORMAL: Final = 0.6745
"""Median of the absolute value of a normal variable of deviation 1."""


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

    @property
    def energy(self) -> float:
        """How far the energy of the bits stands out of noise, in standard deviations."""
        excess = np.square(self.values) / (self.variances + 1e-12) - 1
        return float(excess.sum() / np.sqrt(2 * len(excess)))

    def turned_over(self) -> SoftBits:
        """Return the evidence of the negative."""
        return SoftBits(-self.values, self.variances)


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
        Residual over the root of its local deviation.

    Notes
    -----
    About 0.06 s a megapixel on one core.
    """
    sigma = SPACE_SIGMA_PX / pixel_px
    reach = max(3, int(3.6 * sigma) | 1)
    within = max(RANGE_SIGMA, RANGE_OVER_NOISE * _noise(luma))
    return even_out(luma - cv2.bilateralFilter(luma, reach, within, sigma), pixel_px)


def weigh_quickly(luma: NDArray[np.float32]) -> NDArray[np.float32]:
    """Weigh a picture on the working raster in a third of the time, for some tenths of a decibel.

    Two narrow windows reach as far as the wide one; noise shakes them off, so this is for pictures
    that nobody treated yet.
    """
    once = cv2.bilateralFilter(luma, 5, RANGE_SIGMA, SPACE_SIGMA_PX)
    return even_out(luma - cv2.bilateralFilter(once, 5, RANGE_SIGMA, SPACE_SIGMA_PX))


def even_out(residual: NDArray[np.float32], pixel_px: float = 1.0) -> NDArray[np.float32]:
    """Divide a residual by its local deviation; parameters are those of `weigh`."""
    span = max(3, int(DEVIATION_SPAN_PX / pixel_px) | 1)
    power = cv2.blur(residual * residual, (span, span)) + NOISE_FLOOR**2
    return np.asarray(residual / np.sqrt(power), np.float32)


def _noise(luma: NDArray[np.float32]) -> float:
    """Estimate the deviation of the noise, by the median of what no plane or edge explains [3]_."""
    mask = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
    unexplained = np.abs(cv2.filter2D(luma, -1, mask)[::2, ::2])
    return float(np.median(unexplained) / (np.linalg.norm(mask) * _MEDIAN_OF_NORMAL))


def match_chips(luma: NDArray[np.float32], pixel_px: float = 1.0) -> NDArray[np.float32]:
    """Weigh a plane and correlate it with the shape of a chip around every pixel.

    Parameters and cost are those of `weigh`; the result is what `read_chips` samples.
    """
    return match_samples(weigh(luma, pixel_px), pixel_px)


def match_samples(samples: NDArray[np.float32], pixel_px: float = 1.0) -> NDArray[np.float32]:
    """Correlate weighted samples with the shape of a chip around every pixel."""
    return band(samples, FINE_SIGMA_PX / pixel_px, OUTER_SIGMA_PX / pixel_px)


@dataclass(frozen=True)
class Chips:
    """What a plane shows at the places of the carrier's chips.

    Attributes
    ----------
    seen : (n,) float32 array
        The plane there, turned over in a negative.
    on_torus : two (n,) int arrays
        Which chips: columns and rows on the torus, in steps of `CHIP_PX`.
    on_plane : two (n,) float32 arrays
        Where they lie: x and y in pixels of the plane.
    """

    seen: NDArray[np.float32]
    on_torus: _Grid
    on_plane: tuple[NDArray[np.float32], NDArray[np.float32]]

    def signed(self, carrier: Carrier) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Return what each chip says of its coded bit, positive for a 0, and which bit that is."""
        return _signed(self.seen, self.on_torus, carrier)

    def added_up(self, carrier: Carrier) -> SoftBits:
        """Return the evidence of all chips together."""
        return _added_up(*self.signed(carrier))


def read_chips(matched: NDArray[np.float32], placement: Placement, carrier: Carrier) -> SoftBits:
    """Read the chips of a carrier where a placement says that they lie.

    Parameters
    ----------
    matched, placement
        As for `sample_chips`.
    carrier : Carrier
        The key's carrier.

    Returns
    -------
    SoftBits
        From every chip inside the plane; a few milliseconds.
    """
    return sample_chips(matched, placement).added_up(carrier)


def sample_chips(matched: NDArray[np.float32], placement: Placement) -> Chips:
    """Look at the chips of a carrier where a placement says that they lie.

    Parameters
    ----------
    matched : (H, W) float32 array
        From `match_chips`.
    placement : Placement
        Of this plane.

    Returns
    -------
    Chips
        Every one inside the plane; a few milliseconds.
    """
    height, width = matched.shape
    ticks = np.linspace(0, 1, 5)
    spread = np.stack(np.meshgrid(width * ticks, height * ticks), axis=-1).reshape(-1, 2)
    laid = placement.on_torus(spread) / CHIP_PX
    first = np.floor(laid.min(axis=0)).astype(int)
    # No real geometry covers more of the torus than this.
    size = np.minimum(np.ceil(laid.max(axis=0)).astype(int) - first, _MOST_PERIODS * _GRID) + 1
    columns, rows = (np.arange(length) for length in size)
    chips = np.stack(np.meshgrid(columns, rows), axis=-1) + first
    # Maps are smooth: every fourth chip is mapped back, and the others lie between those.
    few = (np.arange(length // _MAPPED_CHIPS + 2) * _MAPPED_CHIPS for length in size)
    anchors = CHIP_PX * (np.stack(np.meshgrid(*few), axis=-1) + first).astype(np.float64)
    mapped = placement.on_plane(anchors.reshape(-1, 2)).reshape(anchors.shape)
    right, down = (
        at.astype(np.float32) for at in np.meshgrid(columns / _MAPPED_CHIPS, rows / _MAPPED_CHIPS)
    )
    x, y = cv2.split(cv2.remap(mapped.astype(np.float32), right, down, cv2.INTER_LINEAR))
    seen = cv2.remap(matched, x, y, cv2.INTER_CUBIC)
    inside = (x >= 0) & (y >= 0) & (x <= width - 1) & (y <= height - 1)
    chip_x, chip_y = chips[inside].T
    shown = np.asarray(seen[inside] * placement.polarity, np.float32)
    return Chips(shown, (chip_x, chip_y), (x[inside], y[inside]))


def read_unturned(
    matched: NDArray[np.float32], origin_px: tuple[int, int], carrier: Carrier, pixel_px: int = 1
) -> SoftBits:
    """Read the chips of a picture on the working raster, at its place on the torus.

    Parameters
    ----------
    matched : (H, W) float32 array
        From `match_chips`.
    origin_px : tuple of int
        Torus position (x, y) of the top left pixel, a multiple of `pixel_px`.
    carrier : Carrier
        The key's carrier.
    pixel_px : int
        Working pixels between two samples, a divisor of `CHIP_PX`.

    Returns
    -------
    SoftBits
        From every chip; about a millisecond.
    """
    left, top = (-at % CHIP_PX for at in origin_px)
    step = CHIP_PX // pixel_px
    seen = matched[top // pixel_px :: step, left // pixel_px :: step]
    rows, columns = seen.shape
    x = (origin_px[0] + left) // CHIP_PX + np.arange(columns)
    y = (origin_px[1] + top) // CHIP_PX + np.arange(rows)
    signed, bits = _signed(seen, (x[None], y[:, None]), carrier)
    return _added_up(signed.ravel(), bits.ravel())


def read_shifted(
    matched: NDArray[np.float32], placements: Sequence[Placement], carrier: Carrier
) -> list[SoftBits]:
    """Read the chips of a carrier at several places that differ in their shift alone.

    Parameters
    ----------
    matched : (H, W) float32 array
        From `match_chips`.
    placements : sequence of Placement
        Of this plane, without drift and not of negatives, whose shifts differ by multiples of
        `SHIFT_PX`.
    carrier : Carrier
        The key's carrier.

    Returns
    -------
    list of SoftBits
        The picture is laid on the carrier once for all, so that each takes some tenths of a
        millisecond.
    """
    first = placements[0]
    laid, corner = _laid_on_torus(matched, first)
    apart = [placement.transform[:, 2] - first.transform[:, 2] for placement in placements]
    origins = [corner + SHIFT_PX * np.rint(shift / SHIFT_PX).astype(np.int64) for shift in apart]
    return [read_unturned(laid, (int(x), int(y)), carrier, SHIFT_PX) for x, y in origins]


def _laid_on_torus(
    matched: NDArray[np.float32], placement: Placement
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Sample a plane every `SHIFT_PX` of the torus, 0 around it; return where that begins, too."""
    height, width = matched.shape
    sides = np.array([(x, y) for x in (0, width - 1) for y in (0, height - 1)])
    on_torus = placement.on_torus(sides) / SHIFT_PX
    first, last = np.ceil(on_torus.min(axis=0)), np.floor(on_torus.max(axis=0))
    # No real geometry covers more of the torus than this.
    columns, rows = np.clip(last - first + 1, 1, _MOST_PERIODS * PERIOD_PX // SHIFT_PX).astype(int)
    back = np.linalg.inv(placement.transform[:, :2])
    start = back @ (SHIFT_PX * first - placement.transform[:, 2])
    laid = cv2.warpAffine(
        matched,
        np.column_stack([SHIFT_PX * back, start]),
        (int(columns), int(rows)),
        flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
    )
    return np.asarray(laid, np.float32), (SHIFT_PX * first).astype(np.int64)


def _signed(
    seen: NDArray[np.float32], on_torus: _Grid, carrier: Carrier
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return what each chip says of its coded bit, positive for a 0, and which bit that is."""
    x, y = on_torus
    grid = y % _GRID, x % _GRID
    return seen.astype(np.float64) * carrier.chip_signs[grid], carrier.chip_bits[grid]


def _added_up(signed: NDArray[np.float64], bits: NDArray[np.int64]) -> SoftBits:
    """Add up what chips say, bit by bit."""
    values, variances = (
        np.bincount(bits, weights, CODED_BITS).astype(np.float64)
        for weights in (signed, signed * signed)
    )
    return SoftBits(values, variances)


def has_no_detail(luma: NDArray[np.float32]) -> bool:
    """Tell whether a plane lacks the fine structure that marks and pictures are made of."""
    detail = np.abs(luma - cv2.GaussianBlur(luma, (0, 0), DETAIL_SIGMA_PX)).ravel()
    finest = detail.size * 99 // 100
    detail.partition(finest)
    return bool(detail[finest] < MIN_DETAIL)
