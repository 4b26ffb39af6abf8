"""Synchronization: where a suspect lies on the carrier, from the phases of the pilots.

The constellation of the pilots tells how a suspect was turned, scaled and stretched; their phases
tell the shift. The whole map is then refined from the phases that blocks of the suspect show, to a
fraction of a pixel.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ocguard.watermark.invisible.carrier import PERIOD_PX, Carrier
from ocguard.watermark.invisible.constellation import Geometry, highest

__all__ = ["Placement", "likely_origins", "place", "refine"]

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
    tops = highest(surface, count)
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
