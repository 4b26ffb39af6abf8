"""Shifts: where on the carrier's torus the phases of the pilots agree with what was seen.

Under a shift, the phase of every pilot turns by its frequency. The agreement of all of them over
all shifts is a surface made of as many waves as there are pilots, which a product of two thin
matrices gives at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.watermark.invisible.carrier import PERIOD_PX, Carrier
from ocguard.watermark.invisible.constellation import highest

__all__ = ["SHIFT_PX", "Shift", "best_shifts", "likely_origins", "limited", "many_shifts", "wave"]

SHIFT_GRID: Final = 256
"""Shifts are sought on a grid of this side first, every fourth pixel, then between its points."""
SHIFT_TOPS: Final = 0.85
"""Share of the highest grid point from which on the surroundings of others are looked at."""
CONTENDERS: Final = 6
"""Rows looked at between the points of the grid, for each that is wanted."""
SHIFT_PX: Final = 2
"""Working pixels between the places that a host may be given, and between those of many shifts."""
FINE_GRID: Final = PERIOD_PX // SHIFT_PX
"""The side of their grid."""
LEAST_SCORE: Final = 2.5
"""Score below which a place is not worth a look; some hundred places of any map exceed it."""
STRENGTH_CAP: Final = 2.5
"""A pilot counts up to this many times the noise: one line must not outvote the other pilots."""
HOST_CAP: Final = 2.0
"""The same for the pilots that a host looks like, in medians."""

_Float = NDArray[np.float64]
_Complex = NDArray[np.complexfloating]


@dataclass(frozen=True)
class Shift:
    """Where on the torus one row of pilots seen agrees best.

    Attributes
    ----------
    row : int
        Which row.
    on_torus : (2,) float array
        x and y in working pixels.
    score : float
        How far the pilots stand out there, in standard deviations of the noise.
    polarity : int
        1, or -1 where they stand out as their negatives.
    """

    row: int
    on_torus: _Float
    score: float
    polarity: int


def best_shifts(seen: _Complex, carrier: Carrier, count: int) -> list[Shift]:
    """List the likeliest of many rows of pilots seen, with their shifts.

    Parameters
    ----------
    seen : (n, pilots) complex array
        Coefficients of the pilots in units of the noise, each row as one map has it.
    carrier : Carrier
        The key's carrier.
    count : int
        Shifts wanted.

    Returns
    -------
    list of Shift
        The likeliest first; a row may be there twice, as it is and as a negative. About 0.1 ms a
        row.
    """
    aligned = np.conj(seen) * np.exp(1j * carrier.phases)
    surfaces = _Surfaces(carrier, SHIFT_GRID)
    # A negative has its lowest place where its original has the highest.
    reach = np.array([cv2.minMaxLoc(surfaces.of(row))[:2] for row in aligned])
    peaks = np.column_stack([reach[:, 1], -reach[:, 0]])
    contenders = np.argsort(-peaks, axis=None, kind="stable")[: CONTENDERS * count]
    offsets = np.arange(-2, 3) * (PERIOD_PX / SHIFT_GRID / 4)
    around = np.stack(np.meshgrid(offsets, offsets), axis=-1).reshape(-1, 2)
    turn = 2j * np.pi / PERIOD_PX * carrier.pilots.T
    nearby = np.exp(around @ turn)
    deviation = np.sqrt(len(carrier.pilots) / 2)
    found = []
    for row, is_negative in zip(*np.unravel_index(contenders, peaks.shape), strict=True):
        peak, polarity = peaks[row, is_negative], -1 if is_negative else 1
        # In a blank plane no place is the highest.
        if peak <= 0:
            found.append(Shift(int(row), np.zeros(2), 0.0, 1))
            continue
        facing = aligned[row] * polarity
        tops = np.argwhere(surfaces.of(facing) >= SHIFT_TOPS * peak)
        coarse = tops[:, ::-1] * (PERIOD_PX / SHIFT_GRID)
        heights = (np.exp(coarse @ turn) * facing @ nearby.T).real
        top, offset = np.unravel_index(np.argmax(heights), heights.shape)
        height = float(heights[top, offset] / deviation)
        found.append(Shift(int(row), coarse[top] + around[offset], height, polarity))
    return sorted(found, key=lambda one: -one.score)[:count]


def many_shifts(seen: _Complex, carrier: Carrier, count: int) -> list[Shift]:
    """List the likeliest shifts of all rows of pilots seen, many of one row where it has them.

    Where a mark is faint, its own shift is not the likeliest under its map, but one of the first.

    Parameters
    ----------
    seen, carrier, count
        As for `best_shifts`.

    Returns
    -------
    list of Shift
        The likeliest first, to a pixel, none of them a negative; about 2 ms a row.
    """
    aligned = np.conj(seen) * np.exp(1j * carrier.phases)
    surfaces, around = _Surfaces(carrier, FINE_GRID), np.ones((3, 3), np.uint8)
    deviation = np.sqrt(len(carrier.pilots) / 2)
    scores, places = [], []
    for row, facing in enumerate(aligned):
        surface = surfaces.of(facing)
        is_top = (surface > LEAST_SCORE * deviation) & (surface == cv2.dilate(surface, around))
        top, left = np.nonzero(is_top)
        scores.append(surface[top, left] / deviation)
        places.append(np.column_stack([np.full(len(top), row), SHIFT_PX * left, SHIFT_PX * top]))
    score, place = np.concatenate(scores), np.concatenate(places)
    return [
        Shift(int(place[at, 0]), place[at, 1:].astype(np.float64), float(score[at]), 1)
        for at in np.argsort(-score, kind="stable")[:count]
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
    height, width = samples.shape
    x, y = carrier.pilots.T * (2 * np.pi / PERIOD_PX)
    along_x, along_y = wave(width, 0, x), wave(height, 0, y)
    rows = samples @ along_x.real + 1j * (samples @ along_x.imag)
    seen = (rows * along_y).sum(axis=0)
    seen = limited(seen / (np.median(np.abs(seen)) + 1e-9), HOST_CAP)
    surface = _Surfaces(carrier, FINE_GRID).of(np.conj(seen) * np.exp(1j * carrier.phases))
    return [(SHIFT_PX * left, SHIFT_PX * top) for top, left in highest(surface, count)]


def limited(seen: _Complex, cap: float = STRENGTH_CAP) -> _Complex:
    """Limit strengths in units of the noise."""
    return np.asarray(seen * np.minimum(1, cap / np.maximum(np.abs(seen), 1e-9)))


def wave(length: int, middle: float, frequency: _Float) -> NDArray[np.complex64]:
    """Return conjugate waves along a side, of phase 0 at its middle.

    Parameters
    ----------
    length : int
        Pixels.
    middle : float
        Pixel.
    frequency : (..., pilots) float array
        Radians a pixel.

    Returns
    -------
    (..., length, pilots) complex64 array
    """
    start, step = np.exp(1j * frequency * middle), np.exp(-1j * frequency)
    waves = np.empty((*frequency.shape[:-1], length, frequency.shape[-1]), np.complex64)
    waves[..., 0, :], waves[..., 1:, :] = start, step[..., None, :]
    return np.cumprod(waves, axis=-2, out=waves)


class _Surfaces:
    """The agreement of pilots over a grid of shifts."""

    def __init__(self, carrier: Carrier, side: int) -> None:
        shifts = np.arange(side) * (2j * np.pi / side)
        x, y = np.exp(np.multiply.outer(carrier.pilots.T, shifts)).astype(np.complex64)
        self._along_x = np.concatenate([x.real, -x.imag])
        self._along_y = np.ascontiguousarray(y.T)

    def of(self, aligned: NDArray[np.complexfloating]) -> NDArray[np.float32]:
        """Return the (side, side) surface of (pilots,) coefficients: rows are shifts along y."""
        turned = self._along_y * aligned.astype(np.complex64)
        rows = np.concatenate([turned.real, turned.imag], axis=1)
        return np.asarray(rows @ self._along_x)
