"""The constellation of the pilots: how a suspect was turned, scaled, mirrored and stretched.

The pilots are pure tones, so they are peaks in the spectrum of the suspect however it was cropped.

1. Take the power spectrum of the weighted suspect (see `reading`), flattened by local medians.
2. Resample it to log-polar coordinates, where rotation and scale are shifts, and correlate it with
   the key's constellation: one small Fourier transform tries every rotation and scale, a second
   one the mirrored constellation. For stretched and sheared copies the constellation is stretched
   beforehand, over a grid of stretches.
3. Fit the best candidates to the nearby peaks by least squares, as general linear maps.

References
----------
.. [1] J. O'Ruanaidh, T. Pun, "Rotation, Scale and Translation Invariant Spread Spectrum Digital
   Image Watermarking", Signal Process. 66 (3), 1998,
   https://doi.org/10.1016/S0165-1684(98)00012-7
.. [2] S. Pereira, T. Pun, "Robust Template Matching for Affine Resistant Image Watermarks",
   IEEE Trans. Image Process. 9 (6), 2000, https://doi.org/10.1109/83.846253
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.watermark.invisible.carrier import CELL_PX, Carrier

__all__ = [
    "ANALYSIS_PX",
    "STRETCHES",
    "UNSTRETCHED",
    "Geometry",
    "find_geometries",
    "flatten_spectrum",
    "highest",
    "usual_geometries",
]

ANALYSIS_PX: Final = 1024
"""Long side that a suspect is analyzed at, and size of its Fourier transform."""
CELL_RANGE_PX: Final = (36.0, 320.0)
"""Smallest and largest carrier cell sought, in analyzed pixels."""
RADIUS_RANGE_BINS: Final = (6.0, 510.0)
POWER_CAP: Final = 12.0
"""Power over the local median counts up to this: single lines of the host must not win."""
GEOMETRIES: Final = 6
"""Geometries fitted, of which each is tried upside down too."""
MAX_STRETCH: Final = 1.6
"""Largest ratio of the scales along and across that counts as a copy of a picture."""
FIT_ROUNDS: Final = 4
FIT_REACH_BINS: Final = 2
"""A pilot's peak is looked for within this many bins of where the geometry puts it."""
STRETCH_STEP: Final = 0.035
STRETCH_LIMIT: Final = 0.12
"""Grid of stretches, as logarithms of half the ratio of the scales: up to 27 % between them."""

_Float = NDArray[np.float64]


@dataclass(frozen=True)
class Geometry:
    """A linear map of the suspect onto the carrier, up to a shift.

    Attributes
    ----------
    matrix : (2, 2) float array
        Working pixels = `matrix` @ analyzed pixels.
    score : float
        Mean capped power at the pilots, in units of the spectrum's median; about 1.4 without a
        mark.
    """

    matrix: _Float
    score: float


@dataclass(frozen=True)
class _Grid:
    """Resolution of a log-polar search.

    Attributes
    ----------
    steps : int
        Angles over half a turn, and logarithmic radii over `RADIUS_RANGE_BINS`.
    reach : int
        Side of the square of bins whose highest counts, so that nothing falls between steps.
    """

    steps: int
    reach: int

    @property
    def radius_step(self) -> float:
        """Logarithmic step of the radius."""
        low, high = np.log(RADIUS_RANGE_BINS)
        return float((high - low) / (self.steps - 1))


_FINE: Final = _Grid(512, 3)
"""0.35 degrees and 0.9 %: one bin of the spectrum at a radius of about 140 bins."""
_COARSE: Final = _Grid(256, 5)
"""For the many stretched constellations."""


def _stretches() -> tuple[_Float, ...]:
    """List the stretches of the grid: every direction, each scale's inverse across it."""
    ticks = np.arange(-STRETCH_LIMIT, STRETCH_LIMIT + 1e-9, STRETCH_STEP)
    found = []
    for along, across in ((a, b) for a in ticks for b in ticks):
        size = float(np.hypot(along, across))
        if STRETCH_STEP / 2 < size <= STRETCH_LIMIT:
            # The exponential of a symmetric matrix without trace.
            tilt = np.array([[along, across], [across, -along]]) / size
            found.append(np.cosh(size) * np.eye(2) + np.sinh(size) * tilt)
    return tuple(found)


UNSTRETCHED: Final[tuple[_Float, ...]] = (np.eye(2),)
STRETCHES: Final = _stretches()


def flatten_spectrum(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the power spectrum over its local median, zero frequency in the middle."""
    height, width = samples.shape
    window = np.outer(np.hanning(height + 2)[1:-1], np.hanning(width + 2)[1:-1])
    padded = np.zeros((ANALYSIS_PX, ANALYSIS_PX), np.float32)
    # A flat-topped window: the root keeps more of the picture and still fades at the borders.
    padded[:height, :width] = samples * np.sqrt(window)
    half = np.abs(np.fft.rfft2(padded)) ** 2
    full = np.empty((ANALYSIS_PX, ANALYSIS_PX), np.float32)
    middle = ANALYSIS_PX // 2
    full[:, middle:] = np.fft.fftshift(half[:, :middle], axes=0)
    full[1:, 1:middle] = full[1:, middle + 1 :][::-1, ::-1]
    full[0, 1:middle] = full[0, middle + 1 :][::-1]
    full[:, 0] = full[:, 1]
    return full / (_local_median(full) + 1e-12)


def _local_median(power: NDArray[np.float32]) -> NDArray[np.float32]:
    """Estimate the smooth part of a power spectrum from medians of 16 x 16 blocks."""
    blocks = power.reshape(ANALYSIS_PX // 16, 16, ANALYSIS_PX // 16, 16)
    coarse = np.median(blocks.transpose(0, 2, 1, 3).reshape(-1, ANALYSIS_PX // 16, 256), axis=2)
    smooth = cv2.medianBlur(coarse.astype(np.float32), 3)
    size = (ANALYSIS_PX, ANALYSIS_PX)
    return np.asarray(cv2.resize(smooth, size, interpolation=cv2.INTER_LINEAR), np.float32)


def find_geometries(
    spectrum: NDArray[np.float32], carrier: Carrier, stretches: Sequence[_Float] = UNSTRETCHED
) -> list[Geometry]:
    """List the geometries under which a suspect may carry the pilots, the best first.

    Parameters
    ----------
    spectrum : (1024, 1024) float32 array
        From `flatten_spectrum`.
    carrier : Carrier
        The key's carrier.
    stretches : sequence of (2, 2) float array
        `UNSTRETCHED` for copies whose angles are kept, or `STRETCHES`.

    Returns
    -------
    list of Geometry
        At most `GEOMETRIES`; each stands for itself and for itself upside down.

    Notes
    -----
    About 0.08 s on one core without stretches, 0.4 s with them.
    """
    power = np.minimum(spectrum, POWER_CAP)
    grid = _FINE if stretches is UNSTRETCHED else _COARSE
    sky = _sky(power, grid)
    starts: list[tuple[float, _Float]] = []
    for mirror in (np.eye(2), np.diag((-1.0, 1.0))):
        for stretch in stretches:
            before = stretch @ mirror
            found = _similarities(sky, carrier.pilots @ before.T, grid)
            starts += [(score, similarity @ before) for score, similarity in found]
    starts.sort(key=lambda start: -start[0])
    fitted = [_fit(power, carrier.pilots, start) for _, start in starts[: 2 * GEOMETRIES]]
    plausible = [geometry for geometry in fitted if _is_plausible(geometry.matrix)]
    return sorted(plausible, key=lambda geometry: -geometry.score)[:GEOMETRIES]


def _is_plausible(matrix: _Float) -> bool:
    """Tell whether a fitted map is one that people make of pictures."""
    large, small = np.linalg.svd(matrix, compute_uv=False)
    least, most = CELL_PX / np.array(CELL_RANGE_PX)[::-1]
    return bool(small > 0.8 * least and large < 1.25 * most and large < MAX_STRETCH * small)


def usual_geometries(cells_px: list[float]) -> list[Geometry]:
    """List upright and mirrored copies whose cells have the given sizes in analyzed pixels."""
    sizes = [CELL_PX / cell * np.diag(mirror) for cell in cells_px for mirror in ((1, 1), (-1, 1))]
    return [Geometry(matrix, 0.0) for matrix in sizes]


def _sky(power: NDArray[np.float32], grid: _Grid) -> NDArray[np.complex64]:
    """Transform the log-polar view of a spectrum, its mean taken away at every radius."""
    pooled = cv2.dilate(power, np.ones((grid.reach, grid.reach), np.uint8))
    low, high = np.log(RADIUS_RANGE_BINS)
    radius = np.exp(np.linspace(low, high, grid.steps)).astype(np.float32)
    angle = (np.arange(grid.steps) * np.pi / grid.steps).astype(np.float32)
    middle = np.float32(ANALYSIS_PX // 2)
    map_x = middle + np.outer(np.cos(angle), radius)
    map_y = middle + np.outer(np.sin(angle), radius)
    view = cv2.remap(pooled, map_x, map_y, cv2.INTER_NEAREST, borderMode=cv2.BORDER_REFLECT)
    view = view - np.mean(view, axis=0)
    return np.asarray(np.fft.rfft2(view, s=(grid.steps, 2 * grid.steps)), np.complex64)


def _similarities(
    sky: NDArray[np.complex64], pilots: _Float, grid: _Grid
) -> list[tuple[float, _Float]]:
    """List rotations with scale that bring pilots onto strong parts of a sky, with scores."""
    steps, step = grid.steps, grid.radius_step
    stars = np.zeros((steps, 2 * steps), np.float32)
    # Working frequency of a pilot, as if a cell had CELL_PX analyzed pixels.
    at_angle = np.rint(np.arctan2(pilots[:, 1], pilots[:, 0]) * steps / np.pi).astype(int)
    at_radius = np.log(np.hypot(*pilots.T) / RADIUS_RANGE_BINS[0]) / step
    stars[at_angle % steps, np.rint(at_radius).astype(int)] = 1
    score = np.fft.irfft2(sky * np.conj(np.fft.rfft2(stars)), s=stars.shape)
    last, first = (int(limit) for limit in np.log(CELL_PX / np.array(CELL_RANGE_PX)) / step)
    # Columns are scales: the negative ones, of enlarged copies, stand at the end.
    score = np.concatenate([score[:, first:], score[:, : last + 1]], axis=1)
    return [
        (
            float(score[row, column]),
            np.exp((column + first) * step) * _rotation(row * np.pi / steps),
        )
        for row, column in highest(score, GEOMETRIES)
    ]


def _rotation(angle: float) -> _Float:
    """Return the 2 x 2 rotation by an angle in radians."""
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def highest(score: NDArray[np.floating], count: int, reach: int = 3) -> list[tuple[int, int]]:
    """List the highest places of a map, no two of them within `reach` of each other."""
    left = score.copy()
    places = []
    for _ in range(count):
        row, column = (int(i) for i in np.unravel_index(np.argmax(left), left.shape))
        places.append((row, column))
        rows = np.arange(row - reach, row + reach + 1) % left.shape[0]
        left[rows, max(0, column - reach) : column + reach + 1] = -np.inf
    return places


def _fit(power: NDArray[np.float32], pilots: NDArray[np.int64], start: _Float) -> Geometry:
    """Fit a linear map of pilot frequencies to the peaks of a spectrum."""
    matrix: _Float = start
    reach = np.arange(-FIT_REACH_BINS, FIT_REACH_BINS + 1)
    off_x, off_y = (grid.ravel() for grid in np.meshgrid(reach, reach))
    targets = pilots.astype(np.float64)
    for _ in range(FIT_ROUNDS):
        ahead = targets @ matrix.T
        x = np.rint(ahead[:, :1]).astype(np.intp) + off_x
        y = np.rint(ahead[:, 1:]).astype(np.intp) + off_y
        heights = _look(power, x, y) ** 2
        total = heights.sum(axis=1) + 1e-9
        peaks = np.column_stack([(heights * x).sum(axis=1), (heights * y).sum(axis=1)])
        peaks /= total[:, None]
        weight = heights.max(axis=1)[:, None]
        matrix = np.linalg.lstsq(targets * weight, peaks * weight, rcond=None)[0].T
    last = np.rint(targets @ matrix.T).astype(np.intp)
    # Frequencies transform with the transposed matrix of the pixels.
    return Geometry(matrix.T, float(_look(power, last[:, 0], last[:, 1]).mean()))


def _look(
    power: NDArray[np.float32], x: NDArray[np.intp], y: NDArray[np.intp]
) -> NDArray[np.float32]:
    """Return the power at frequencies in bins; the median, 1, outside of the spectrum."""
    middle = ANALYSIS_PX // 2
    inside = (np.abs(x) < middle) & (np.abs(y) < middle)
    column, row = np.where(inside, x, 0) + middle, np.where(inside, y, 0) + middle
    return np.where(inside, power[row, column], np.float32(1))
