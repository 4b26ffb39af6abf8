"""Synchronization: how a suspect was turned, scaled, mirrored and shifted, from its pilots.

The pilots are pure tones, so they are peaks in the spectrum of the suspect however it was cropped.

1. Weigh the suspect (see `reading`) and take its power spectrum, flattened by local medians.
2. Resample it to log-polar coordinates, where rotation and scale are shifts, and correlate it with
   the key's constellation: one small Fourier transform tries every rotation and scale, a second
   one the mirrored constellation.
3. Fit the best candidates to the nearby peaks by least squares, as general affine maps.
4. Find the shift on the torus from the phases of the pilots, then refine the whole map from the
   phases that blocks of the suspect show, to a fraction of a pixel.

References
----------
.. [1] J. O'Ruanaidh, T. Pun, "Rotation, Scale and Translation Invariant Spread Spectrum Digital
   Image Watermarking", Signal Process. 66 (3), 1998,
   https://doi.org/10.1016/S0165-1684(98)00012-7
.. [2] S. Pereira, T. Pun, "Robust Template Matching for Affine Resistant Image Watermarks",
   IEEE Trans. Image Process. 9 (6), 2000, https://doi.org/10.1109/83.846253
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.watermark.invisible.carrier import CELL_PX, PERIOD_PX, Carrier

__all__ = [
    "ANALYSIS_PX",
    "Geometry",
    "Placement",
    "find_geometries",
    "place",
    "refine",
]

ANALYSIS_PX: Final = 1024
"""Long side that a suspect is analyzed at, and size of its Fourier transform."""
CELL_RANGE_PX: Final = (36.0, 320.0)
"""Smallest and largest carrier cell sought, in analyzed pixels."""
ANGLES: Final = 512
"""Steps over half a turn: 0.35 degrees, one bin of the spectrum at a radius of 163 bins."""
RADII: Final = 512
"""Steps of the logarithmic radius, from `RADIUS_RANGE_BINS`: 0.9 % each."""
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
BLOCKS: Final = 4
"""The suspect's phases are compared in this many blocks along each side."""
SHIFT_GRID: Final = 512
"""Shifts are sought on a grid of this side: every second pixel, finer than the shortest pilot."""
SHIFTS: Final = 2
"""Shifts tried for each geometry and its upside-down twin."""
REFINE_LIMITS: Final = (64, 90, 126)
"""Largest pilot frequency, cycles per period, that each round of refinement uses: long waves first,
whose phases do not wrap while the map is still some pixels off."""

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
class Placement:
    """A suspect laid on the carrier: geometry and shift.

    Attributes
    ----------
    transform : (2, 3) float array
        Analyzed pixels to working pixels on the torus.
    peak : float
        Height of the correlation of the pilots' phases, 0 to 1.
    """

    transform: _Float
    peak: float


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


def find_geometries(samples: NDArray[np.float32], carrier: Carrier) -> list[Geometry]:
    """List the geometries under which a suspect may carry the pilots, the best first.

    Parameters
    ----------
    samples : (H, W) float32 array
        Weighted samples of the suspect (see `reading`), long side at most `ANALYSIS_PX`.
    carrier : Carrier
        The key's carrier.

    Returns
    -------
    list of Geometry
        At most `GEOMETRIES`; each stands for itself and for itself upside down.

    Notes
    -----
    About 0.12 s on one core, whatever the suspect.
    """
    power = np.minimum(flatten_spectrum(samples), POWER_CAP)
    found = []
    for is_mirrored in (False, True):
        pilots = carrier.pilots * ((-1, 1) if is_mirrored else (1, 1))
        for start in _similarities(power, pilots):
            mirror = np.diag((-1.0, 1.0)) if is_mirrored else np.eye(2)
            found.append(_fit(power, carrier.pilots, start @ mirror))
    found = [geometry for geometry in found if _is_plausible(geometry.matrix)]
    found.sort(key=lambda geometry: -geometry.score)
    return found[:GEOMETRIES]


def _is_plausible(matrix: _Float) -> bool:
    """Tell whether a fitted map is one that people make of pictures."""
    large, small = np.linalg.svd(matrix, compute_uv=False)
    least, most = CELL_PX / np.array(CELL_RANGE_PX)[::-1]
    return bool(small > 0.8 * least and large < 1.25 * most and large < MAX_STRETCH * small)


def usual_geometries(cells_px: list[float]) -> list[Geometry]:
    """List upright and mirrored copies whose cells have the given sizes in analyzed pixels."""
    sizes = [CELL_PX / cell * np.diag(mirror) for cell in cells_px for mirror in ((1, 1), (-1, 1))]
    return [Geometry(matrix, 0.0) for matrix in sizes]


def _similarities(power: NDArray[np.float32], pilots: NDArray[np.int64]) -> list[_Float]:
    """List rotations with scale that bring pilots onto strong parts of a spectrum."""
    pooled = cv2.dilate(power, np.ones((3, 3), np.uint8))
    low, high = np.log(RADIUS_RANGE_BINS)
    radius = np.exp(np.linspace(low, high, RADII)).astype(np.float32)
    angle = (np.arange(ANGLES) * np.pi / ANGLES).astype(np.float32)
    middle = np.float32(ANALYSIS_PX // 2)
    map_x = middle + np.outer(np.cos(angle), radius)
    map_y = middle + np.outer(np.sin(angle), radius)
    polar = cv2.remap(pooled, map_x, map_y, cv2.INTER_NEAREST, borderMode=cv2.BORDER_REFLECT)
    polar -= np.mean(polar, axis=0)
    stars = np.zeros((ANGLES, 2 * RADII), np.float32)
    # Working frequency of a pilot, as if a cell had CELL_PX analyzed pixels.
    step = (high - low) / (RADII - 1)
    at_angle = np.rint(np.arctan2(pilots[:, 1], pilots[:, 0]) * ANGLES / np.pi).astype(int)
    at_radius = np.rint((np.log(np.hypot(*pilots.T)) - low) / step).astype(int)
    stars[at_angle % ANGLES, at_radius] = 1
    sky = np.fft.rfft2(polar, s=(ANGLES, 2 * RADII))
    score = np.fft.irfft2(sky * np.conj(np.fft.rfft2(stars)), s=stars.shape)
    limits = np.log(CELL_PX / np.array(CELL_RANGE_PX)) / step
    score = np.roll(score, RADII, axis=1)[:, RADII + int(limits[1]) : RADII + int(limits[0])]
    return [
        np.exp((column + int(limits[1])) * step) * _rotation(row * np.pi / ANGLES)
        for row, column in _tops(score, GEOMETRIES)
    ]


def _rotation(angle: float) -> _Float:
    """Return the 2 x 2 rotation by an angle in radians."""
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def _tops(score: NDArray[np.floating], count: int, reach: int = 3) -> list[tuple[int, int]]:
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


def place(samples: NDArray[np.float32], geometry: Geometry, carrier: Carrier) -> list[Placement]:
    """Find the likeliest shifts on the torus under a geometry and its upside-down twin.

    Parameters
    ----------
    samples : (H, W) float32 array
        Weighted samples of the suspect (see `reading`), upright as analyzed.
    geometry : Geometry
        From `find_geometries`.
    carrier : Carrier
        The key's carrier.

    Returns
    -------
    list of Placement
        `SHIFTS` for the geometry, then as many for its twin; about 0.05 s in all.
    """
    matrix = geometry.matrix
    unshifted = np.column_stack([matrix, np.zeros(2)])
    seen = _tame(_pilot_coefficients(samples, unshifted, carrier).sum(axis=0))
    return [
        Placement(np.column_stack([turned, shift]), peak)
        for turned, phases in ((matrix, seen), (-matrix, np.conj(seen)))
        for shift, peak in _shifts(phases, carrier, SHIFTS)
    ]


def likely_origins(
    samples: NDArray[np.float32], carrier: Carrier, count: int
) -> list[tuple[int, int]]:
    """List the places on the torus where a host already looks most like the pilots.

    Parameters
    ----------
    samples : (H, W) float32 array
        Weighted samples of the host on the working raster.
    """
    seen = _tame(_pilot_coefficients(samples, np.eye(2, 3), carrier).sum(axis=0))
    return [(int(at[0]), int(at[1])) for at, _ in _shifts(seen, carrier, count)]


def _tame(seen: NDArray[np.complex128]) -> NDArray[np.complex128]:
    """Limit the pilots' strengths: one line of the host must not outvote the other pilots."""
    strength = np.abs(seen)
    limited = np.minimum(strength, 2 * np.median(strength))
    return np.asarray(seen / np.maximum(strength, 1e-9) * limited)


def _shifts(
    seen: NDArray[np.complex128], carrier: Carrier, count: int
) -> list[tuple[_Float, float]]:
    """Correlate the pilots' phases over every shift on the torus: the tops, and their height."""
    x, y = carrier.pilots.T
    spectrum = np.zeros((SHIFT_GRID, SHIFT_GRID // 2 + 1), np.complex64)
    spectrum[y % SHIFT_GRID, x] = np.conj(seen) * np.exp(1j * carrier.phases)
    surface = np.fft.irfft2(spectrum) * (SHIFT_GRID**2 / 2 / max(float(np.abs(seen).sum()), 1e-9))
    step = PERIOD_PX / SHIFT_GRID
    tops = _tops(surface, count)
    return [(np.array([step * left, step * top]), float(surface[top, left])) for top, left in tops]


def _pilot_coefficients(
    samples: NDArray[np.float32], transform: _Float, carrier: Carrier
) -> NDArray[np.complex128]:
    """Correlate the pilots with each block of a suspect that lies on the torus by a transform.

    Returns
    -------
    (BLOCKS * BLOCKS, 48) complex array
        Row by row; a pilot that lies there as the transform says, has its phase from the carrier.
    """
    height, width = samples.shape
    turn = -2j * np.pi / PERIOD_PX
    frequency = carrier.pilots @ transform[:, :2]
    along_x = np.exp(turn * np.outer(np.arange(width), frequency[:, 0])).astype(np.complex64)
    along_y = np.exp(turn * np.outer(np.arange(height), frequency[:, 1])).astype(np.complex64)
    at_x, at_y = _block_starts(width), _block_starts(height)
    shift = np.exp(turn * (carrier.pilots @ transform[:, 2]))
    blocks = []
    for left, right in zip(at_x, [*at_x[1:], width], strict=True):
        part, waves = samples[:, left:right], along_x[left:right]
        rows = (part @ waves.real + 1j * (part @ waves.imag)) * along_y
        blocks.append(np.add.reduceat(rows, at_y, axis=0))
    return np.asarray(np.stack(blocks, axis=1).reshape(-1, len(shift)) * shift)


def _block_starts(length: int) -> list[int]:
    """Return where the blocks along a side begin."""
    return [length * block // BLOCKS for block in range(BLOCKS)]


def refine(samples: NDArray[np.float32], placement: Placement, carrier: Carrier) -> Placement:
    """Refine a placement as a general affine map, from the pilots' phases in blocks.

    Returns
    -------
    Placement
        With the correlation of the phases after the last round as its peak; about 0.07 s.
    """
    height, width = samples.shape
    at_x, at_y = np.array(_block_starts(width)), np.array(_block_starts(height))
    middle_x, middle_y = at_x + width / BLOCKS / 2, at_y + height / BLOCKS / 2
    middles = np.column_stack([np.tile(middle_x, BLOCKS), np.repeat(middle_y, BLOCKS)])
    radius = np.hypot(*carrier.pilots.T)
    transform = placement.transform
    for limit in REFINE_LIMITS:
        used = radius < limit
        seen = _pilot_coefficients(samples, transform, carrier)[:, used]
        error = seen * np.exp(-1j * carrier.phases[used])
        waves = carrier.pilots[used] * (2 * np.pi / PERIOD_PX)
        transform = transform - _drift(error, waves, middles)
    seen = _pilot_coefficients(samples, transform, carrier).sum(axis=0)
    agreement = (seen * np.exp(-1j * carrier.phases)).real.sum() / max(np.abs(seen).sum(), 1e-9)
    return Placement(transform, float(agreement))


def _drift(error: NDArray[np.complex128], waves: _Float, middles: _Float) -> _Float:
    """Fit the affine displacement that explains phase errors (blocks x pilots), least squares."""
    center = middles.mean(axis=0)
    weight = np.sqrt(np.abs(error)).ravel()
    ones = np.ones((len(middles), 1))
    place_terms = np.hstack([middles - center, ones])
    # A displacement d at a block turns a pilot by -waves . d, the sign of the coefficients.
    columns = np.einsum("ki,bj->bkij", waves, place_terms).reshape(-1, 6)
    scale = np.abs(columns).max(axis=0) + 1e-12
    system = columns / scale * weight[:, None]
    solved = np.linalg.lstsq(system, np.angle(error).ravel() * weight, rcond=None)[0] / scale
    drift = -solved.reshape(2, 3)
    drift[:, 2] -= drift[:, :2] @ center
    return np.asarray(drift)
