"""The constellation of the pilots: how a suspect was turned, scaled, mirrored and stretched.

The pilots are pure tones, so they are peaks in the spectrum of the suspect (see `spectrum`) however
it was cropped. Two searches list the linear maps under which they stand out:

* **upright** copies, which are by far the most: every pair of scales along x and y, mirrored or
  not, is looked up directly in the spectrum, to half a bin.
* **turned** copies: the spectrum is resampled to log-polar coordinates, where rotation and scale
  are shifts, and correlated with the key's constellation. For sheared copies the constellation is
  stretched beforehand, over a grid of stretches. The best maps are then improved step by step.

The power of the pilots alone names the right map among the first hundred; their phases (see
`sync`) tell which it is.

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
from ocguard.watermark.invisible.spectrum import SPECTRUM_PX, Spectrum

__all__ = [
    "COARSE",
    "FINE",
    "STRETCHES",
    "UNSTRETCHED",
    "Grid",
    "highest",
    "scaled_maps",
    "turned_maps",
    "upright_maps",
    "usual_maps",
]

UPRIGHT_STEP: Final = 0.008
"""Logarithmic step of the scales of upright copies: half a bin at the shortest pilots."""
SCALED_STEP: Final = 0.004
"""The same for copies of kept proportions, that are read as they are listed."""
ASPECT_STEPS: Final = 25
"""Steps by which the scales along x and y may differ, to each side: 22 %."""
KEPT_PROPORTIONS: Final = slice(ASPECT_STEPS - 1, ASPECT_STEPS + 2)
"""Differences of a copy that was not stretched. Half of the maps are of such copies: they are by
far the most, and among few maps a weak mark is found that would be lost among many."""
STRETCH_STEP: Final = 0.035
STRETCH_LIMIT: Final = 0.12
"""Grid of stretches, as logarithms of half the ratio of the scales: up to 27 % between them."""
RADIUS_RANGE_BINS: Final = (12.0, 510.0)

_Float = NDArray[np.float64]


@dataclass(frozen=True)
class Grid:
    """Resolution of a log-polar search.

    Attributes
    ----------
    steps : int
        Angles over half a turn, and logarithmic radii over `RADIUS_RANGE_BINS`.
    reach : int
        Side of the square of bins whose highest counts, so that nothing falls between steps.
    peaks : int
        Candidates taken from each correlation.
    """

    steps: int
    reach: int
    peaks: int

    @property
    def radius_step(self) -> float:
        """Logarithmic step of the radius."""
        low, high = np.log(RADIUS_RANGE_BINS)
        return float((high - low) / (self.steps - 1))


FINE: Final = Grid(512, 1, 60)
"""0.35 degrees and 0.7 %."""
COARSE: Final = Grid(256, 3, 10)
"""0.7 degrees and 1.5 %: for windows, and for the many stretched constellations."""


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


def usual_maps(cells_px: Sequence[float]) -> _Float:
    """List upright and mirrored copies whose cells have the given sizes in pixels of the plane."""
    sizes = [CELL_PX / cell * np.diag(mirror) for cell in cells_px for mirror in ((1, 1), (-1, 1))]
    return np.array(sizes)


def scaled_maps(
    spectrum: Spectrum, carrier: Carrier, cells_px: tuple[float, float], count: int
) -> _Float:
    """List the likeliest maps of upright or mirrored copies of any size, proportions kept.

    Parameters and returned maps are those of `upright_maps`; about 5 ms.
    """
    low, high = np.log(CELL_PX / np.array(cells_px[::-1]))
    scales = np.exp(np.arange(low, high + SCALED_STEP, SCALED_STEP))
    mirrors = np.array([(1, 1), (-1, 1)])
    sizes = scales[None, :, None] * mirrors[:, None]
    power = spectrum.power_at(sizes[:, :, None] * carrier.pilots).mean(axis=2)
    return np.array([np.diag(sizes[at]) for at in highest(power, count, reach=1)])


def upright_maps(
    spectrum: Spectrum, carrier: Carrier, cells_px: tuple[float, float], count: int
) -> _Float:
    """List the likeliest maps of upright or mirrored copies of any size and proportion.

    Parameters
    ----------
    spectrum : Spectrum
        Of the suspect.
    carrier : Carrier
        The key's carrier.
    cells_px : tuple of float
        Smallest and largest carrier cell sought, in pixels of the plane.
    count : int
        Maps wanted.

    Returns
    -------
    (count, 2, 2) float array
        Plane to working pixels, the likeliest first, upside-down twins left out. About 0.03 s.
    """
    low, high = np.log(CELL_PX / np.array(cells_px[::-1]))
    steps = np.arange(low, high + UPRIGHT_STEP, UPRIGHT_STEP)
    margin = UPRIGHT_STEP * ASPECT_STEPS
    along_x = np.exp(steps)
    along_y = np.exp(np.arange(low - margin, high + margin + 2 * UPRIGHT_STEP, UPRIGHT_STEP))
    x, y = carrier.pilots.T
    columns = np.minimum(np.rint(np.outer(along_x, x)), SPECTRUM_PX // 2 - 1).astype(np.intp)
    limit = SPECTRUM_PX // 2 - 1
    kept, stretched = [], []
    for side in (1, -1):
        rows = np.clip(np.rint(side * np.outer(along_y, y)), -limit, limit).astype(np.intp)
        rows += SPECTRUM_PX // 2
        aspects = range(2 * ASPECT_STEPS + 1)
        score = np.stack(
            [
                spectrum.power[rows[shift : shift + len(steps)], columns].mean(axis=1)
                for shift in aspects
            ]
        )
        for aspect, scale in highest(score[KEPT_PROPORTIONS], count // 2, reach=1):
            at = aspect + KEPT_PROPORTIONS.start, scale
            kept.append((score[at], side, *at))
            score[at] = -np.inf  # it is not listed a second time
        stretched += [(score[at], side, *at) for at in highest(score, count - count // 2, reach=1)]
    likeliest = sorted(kept)[-(count // 2) :] + sorted(stretched)[-(count - count // 2) :]
    return np.array(
        [
            np.diag((along_x[scale] * side, along_y[scale + aspect]))
            for _, side, aspect, scale in sorted(likeliest, reverse=True)
        ]
    )


def turned_maps(
    spectrum: Spectrum,
    carrier: Carrier,
    cells_px: tuple[float, float],
    count: int,
    stretches: Sequence[_Float] = UNSTRETCHED,
    grid: Grid = FINE,
) -> _Float:
    """List the likeliest maps of copies turned by any angle.

    Parameters
    ----------
    spectrum, carrier, cells_px, count
        As for `upright_maps`.
    stretches : sequence of (2, 2) float array
        `UNSTRETCHED` for copies whose angles are kept, or `STRETCHES`.
    grid : Grid
        `FINE`, or `COARSE`, which costs a quarter.

    Returns
    -------
    (n, 2, 2) float array
        At most `count`, as `upright_maps` gives. About 0.05 s without stretches on the fine grid,
        0.2 s with them on the coarse one.
    """
    sky = _sky(spectrum.power, grid)
    starts: list[tuple[float, _Float]] = []
    for mirror in (np.eye(2), np.diag((-1.0, 1.0))):
        for stretch in stretches:
            before = stretch @ mirror
            found = _similarities(sky, carrier.pilots @ before.T, grid, cells_px)
            starts += [(score, similarity @ before) for score, similarity in found]
    starts.sort(key=lambda start: -start[0])
    # Frequencies transform with the transposed matrix of the pixels.
    maps = np.array([matrix.T for _, matrix in starts[:count]])
    return _improved(spectrum, carrier, maps, grid)


def _sky(power: NDArray[np.float32], grid: Grid) -> NDArray[np.float32]:
    """View a spectrum in log-polar coordinates, its mean taken away at every radius.

    Returns
    -------
    (2 steps, 3 steps) float32 array
        Angles twice around, and radii with as many zeros before and after them, so that every
        rotation and scale of the constellation stays inside.
    """
    pooled = cv2.dilate(power, np.ones((grid.reach, grid.reach), np.uint8))
    low, high = np.log(RADIUS_RANGE_BINS)
    radius = np.exp(np.linspace(low, high, grid.steps))
    angle = np.arange(grid.steps) * np.pi / grid.steps - np.pi / 2
    middle = SPECTRUM_PX // 2
    map_x = np.outer(np.cos(angle), radius).astype(np.float32)
    map_y = (middle + np.outer(np.sin(angle), radius)).astype(np.float32)
    view = cv2.remap(pooled, map_x, map_y, cv2.INTER_NEAREST, borderMode=cv2.BORDER_REFLECT)
    sky = np.zeros((2 * grid.steps, 3 * grid.steps), np.float32)
    middle_of_sky = sky[:, grid.steps : 2 * grid.steps]
    middle_of_sky[: grid.steps] = middle_of_sky[grid.steps :] = view - np.mean(view, axis=0)
    return sky


def _similarities(
    sky: NDArray[np.float32], pilots: _Float, grid: Grid, cells_px: tuple[float, float]
) -> list[tuple[float, _Float]]:
    """List rotations with scale that bring pilots onto strong parts of a sky, with scores."""
    steps, step = grid.steps, grid.radius_step
    # Rows of the sky are angles from -90 degrees on, of which pilots fill one half turn.
    at_angle = np.rint(np.arctan2(pilots[:, 1], pilots[:, 0]) * steps / np.pi + steps / 2)
    at_radius = np.log(np.hypot(*pilots.T) / RADIUS_RANGE_BINS[0]) / step
    # Columns are scales: the negative ones are those of enlarged copies.
    smallest, largest = (int(limit) for limit in np.log(CELL_PX / np.array(cells_px[::-1])) / step)
    score = np.zeros((steps, largest - smallest + 1), np.float32)
    for row, column in zip(
        at_angle.astype(int) % steps, np.rint(at_radius).astype(int) + steps + smallest, strict=True
    ):
        score += sky[row : row + steps, column : column + score.shape[1]]
    return [
        (
            float(score[row, column]),
            np.exp((smallest + column) * step) * _rotation(row * np.pi / steps),
        )
        for row, column in highest(score, grid.peaks)
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


def _improved(spectrum: Spectrum, carrier: Carrier, maps: _Float, grid: Grid) -> _Float:
    """Move each map to where the pilots stand out most, in steps of scale, angle and stretch."""
    generators = np.array(
        [[[1, 0], [0, 1]], [[0, -1], [1, 0]], [[1, 0], [0, -1]], [[0, 1], [1, 0]]], np.float64
    )
    size = grid.radius_step
    for share in (0.5, 0.25) if grid is FINE else (1.0, 0.5, 0.25):
        moves = np.concatenate([np.zeros((1, 2, 2)), generators, -generators]) * size * share
        for _ in range(2):
            tried = np.einsum("mij,njk->nmik", np.eye(2) + moves, maps)
            ahead = carrier.pilots.astype(np.float64) @ tried
            heights = spectrum.power_at(ahead).mean(axis=2)
            maps = tried[np.arange(len(maps)), heights.argmax(axis=1)]
    return np.asarray(maps)
