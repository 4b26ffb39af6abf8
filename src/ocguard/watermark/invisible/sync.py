"""Synchronization: where a suspect lies on the carrier, from the phases of the pilots.

The constellation lists maps that a suspect may have gone through. For each of them the phases of
the pilots are correlated over every shift on the torus; right maps stand out by far. What is
placed is then refined to a fraction of a pixel by maximizing the likelihood of the phases that
blocks of the suspect show [1]_: first as an affine map, then, growing from where it fits best, as
a map with a smooth drift, for perspective and bending.

References
----------
.. [1] D. C. Rife, R. R. Boorstyn, "Multiple Tone Parameter Estimation from Discrete-Time
   Observations", Bell Syst. Tech. J. 55 (9), 1976,
   https://doi.org/10.1002/j.1538-7305.1976.tb02941.x
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ocguard.watermark.invisible.carrier import PERIOD_PX, Carrier
from ocguard.watermark.invisible.placement import (
    DRIFT_TERMS,
    Placement,
    drift_terms,
    normalized,
)
from ocguard.watermark.invisible.shifts import best_shifts, limited, wave
from ocguard.watermark.invisible.spectrum import Spectrum

__all__ = ["BOLD", "PATIENT", "Growth", "follow", "place", "refine"]


@dataclass(frozen=True)
class Growth:
    """How a drift grows.

    Attributes
    ----------
    prior_px : float
        Expected size of a coefficient of degree 2; of each degree more, a half of it.
    rounds : tuple
        Reach from the block that fits best, in half sides, and largest total degree of the
        polynomials, of each round.
    """

    prior_px: float
    rounds: tuple[tuple[float, int], ...]


BLOCKS: Final = 4
"""Blocks along each side whose phases are compared for an affine map."""
FINE_BLOCKS: Final = 8
"""Blocks along each side for a drift."""
REFINE_LIMITS: Final = (80, 126)
"""Largest pilot frequency, cycles per period, that each round of refinement uses: long waves first,
whose phases do not wrap while the map is still some pixels off."""
BOLD: Final = Growth(3.0, ((0.45, 1), (0.65, 2), (0.9, 3), (1.2, 4), (3.0, 6)))
"""For weak marks: many blocks at once."""
PATIENT: Final = Growth(
    20.0,
    ((0.4, 1), (0.55, 2), (0.7, 2), (0.85, 2), (1.0, 2), (1.2, 2), (1.5, 3), (2.0, 3), (3.0, 6)),
)
"""For strong perspective: never farther than the phases can be told apart."""
AFFINE_PRIOR: Final = np.array([0.5, 2.0, 2.0])
SIZED_PRIOR: Final = np.array([0.5, 50.0, 50.0])
"""Precision, in units of the phases', of shift and slopes of an affine refinement: of any map, and
of one known but for its shift."""
_WEAKEST: Final = 0.1
"""Share of its strength that a phase keeps in the curvature when it points away."""

_Float = NDArray[np.float64]
_Complex = NDArray[np.complexfloating]


def place(
    spectrum: Spectrum, maps: _Float, carrier: Carrier, size_px: tuple[int, int], count: int
) -> list[Placement]:
    """List the likeliest placements under some maps and under their upside-down twins.

    Parameters
    ----------
    spectrum : Spectrum
        Of the suspect's plane.
    maps : (n, 2, 2) float array
        Plane to working pixels, from `constellation`.
    carrier : Carrier
        The key's carrier.
    size_px : tuple of int
        Width and height of the plane.
    count : int
        Placements wanted.

    Returns
    -------
    list of Placement
        The likeliest first; about 0.2 ms a map.
    """
    frequencies = np.einsum("nij,pi->npj", maps, carrier.pilots.astype(np.float64))
    seen = limited(spectrum.at(frequencies))
    turned = np.concatenate([maps, -maps])
    middle = np.array(spectrum.middle)
    placed = []
    for row, at, score in best_shifts(np.concatenate([seen, np.conj(seen)]), carrier, count):
        transform = np.column_stack([turned[row], at - turned[row] @ middle])
        placed.append(Placement(transform, score, size_px))
    return placed


def refine(
    samples: NDArray[np.float32], placement: Placement, carrier: Carrier, *, is_sized: bool = False
) -> Placement:
    """Refine a placement as an affine map, from the pilots' phases in blocks.

    Parameters
    ----------
    samples : (H, W) float32 array
        Weighted samples of the plane that was placed.
    placement : Placement
        From `place`.
    carrier : Carrier
        The key's carrier.
    is_sized : bool
        Whether the map is known but for its shift.

    Notes
    -----
    About 0.03 s for a plane of 512 x 512 px.
    """
    middles = _block_middles(placement.size_px, BLOCKS)
    prior = SIZED_PRIOR if is_sized else AFFINE_PRIOR
    terms = _affine_terms(middles, placement.size_px)
    score = placement.score
    for limit in REFINE_LIMITS:
        error, waves = _phase_errors(samples, placement, carrier, BLOCKS, limit)
        moved = _likeliest_drift(error, waves, terms, prior)
        placement = _shifted(placement, moved)
        score = _score(_turned_back(error, waves, terms @ moved.T))
    return replace(placement, score=score)


def follow(
    samples: NDArray[np.float32], placement: Placement, carrier: Carrier, growth: Growth
) -> Placement:
    """Refine a placement with a drift that grows from where it fits best.

    Parameters
    ----------
    samples, placement, carrier
        As for `refine`.
    growth : Growth
        `BOLD` or `PATIENT`.

    Notes
    -----
    About 0.03 or 0.06 s.
    """
    middles = _block_middles(placement.size_px, FINE_BLOCKS)
    halves = np.array(placement.size_px) / 2
    terms = drift_terms(middles, placement.size_px)
    degrees = np.add.outer(np.arange(DRIFT_TERMS), np.arange(DRIFT_TERMS)).ravel()
    stiffness = (2.0 ** (degrees - 2) / growth.prior_px) ** 2 * (degrees > 1)
    seed, score = None, placement.score
    for reach, degree in growth.rounds:
        limit = REFINE_LIMITS[0] if degree < DRIFT_TERMS else REFINE_LIMITS[-1]
        error, waves = _phase_errors(samples, placement, carrier, FINE_BLOCKS, limit)
        if seed is None:
            seed = middles[_best_block(error)]
        distance = np.linalg.norm((middles - seed) / halves, axis=1)
        used = degrees <= degree
        error = error * (distance < reach)[:, None]
        moved = np.zeros((2, len(degrees)))
        prior = stiffness[used]
        moved[:, used] = _likeliest_drift(
            error, waves, terms[:, used], prior, -placement.drift.reshape(2, -1)[:, used] * prior
        )
        placement = replace(placement, drift=placement.drift + moved.reshape(placement.drift.shape))
        score = _score(_turned_back(error, waves, terms @ moved.T))
    return replace(placement, score=score)


def _cut(samples: NDArray[np.float32], blocks: int) -> NDArray[np.float32]:
    """Cut a plane into (blocks * blocks, h, w) equal blocks, row by row; a rest stays out."""
    height, width = (length // blocks for length in samples.shape)
    whole = samples[: height * blocks, : width * blocks]
    parts = whole.reshape(blocks, height, blocks, width).swapaxes(1, 2)
    return parts.reshape(blocks * blocks, height, width)


def _block_middles(size_px: tuple[int, int], blocks: int) -> _Float:
    """Return the (blocks * blocks, 2) middles of the blocks of `_cut`."""
    x, y = ((np.arange(blocks) + 0.5) * (length // blocks) - 0.5 for length in size_px)
    return np.column_stack([np.tile(x, blocks), np.repeat(y, blocks)])


def _phase_errors(
    samples: NDArray[np.float32], placement: Placement, carrier: Carrier, blocks: int, limit: float
) -> tuple[_Complex, _Float]:
    """Correlate the pilots with each block of a plane as it is placed.

    Returns
    -------
    errors : (blocks * blocks, pilots) complex array
        In units of the noise; of phase 0 where the placement is right.
    waves : (pilots, 2) float array
        Radians per working pixel of those pilots.
    """
    used = np.hypot(*carrier.pilots.T) < limit
    waves = carrier.pilots[used] * (2 * np.pi / PERIOD_PX)
    parts = _cut(samples, blocks)
    height, width = parts.shape[1:]
    middles = _block_middles(placement.size_px, blocks)
    frequencies = np.einsum("pi,bij->bpj", waves, placement.local_maps(middles))
    along_x = wave(width, (width - 1) / 2, frequencies[..., 0])
    along_y = wave(height, (height - 1) / 2, frequencies[..., 1])
    rows = parts @ along_x.real + 1j * (parts @ along_x.imag)
    errors = (rows * along_y).sum(axis=1)
    errors = errors * np.exp(-1j * (placement.on_torus(middles) @ waves.T + carrier.phases[used]))
    # Each pilot in units of its own noise, so that no line of the host outvotes the others.
    noise = np.sqrt(np.square(np.abs(errors)).mean(axis=0)) + 1e-9
    return limited(errors / noise), waves


def _affine_terms(middles: _Float, size_px: tuple[int, int]) -> _Float:
    """Return 1, x and y at the middles of blocks, the sides running from -1 to 1."""
    return np.column_stack([np.ones(len(middles)), normalized(middles, size_px)])


def _shifted(placement: Placement, moved: _Float) -> Placement:
    """Add an affine displacement in the terms of `_affine_terms` to a placement."""
    slopes = moved[:, 1:] * (2 / np.array(placement.size_px))
    offset = moved[:, 0] + (moved[:, 1:] * (1 / np.array(placement.size_px) - 1)).sum(axis=1)
    return replace(placement, transform=placement.transform + np.column_stack([slopes, offset]))


def _likeliest_drift(
    error: _Complex, waves: _Float, terms: _Float, prior: _Float, pull: _Float | float = 0.0
) -> _Float:
    """Maximize the likelihood of phase errors over displacements made of some terms.

    Parameters
    ----------
    error : (blocks, pilots) complex array
        Of phase `waves` @ displacement.
    waves : (pilots, 2) float array
        Radians per working pixel.
    terms : (blocks, terms) float array
        What displacements are made of.
    prior : (terms,) float array
        Precision of each coefficient around 0, and `pull` its gradient at the start.

    Returns
    -------
    (2, terms) float array
        Coefficients for x and y, after two Newton steps.
    """
    count = terms.shape[1]
    squares = (waves[:, :, None] * waves[:, None, :]).reshape(len(waves), 4)
    products = (terms[:, :, None] * terms[:, None, :]).reshape(len(terms), count * count)
    moved = np.zeros((2, count))
    for _ in range(2):
        ahead = _turned_back(error, waves, terms @ moved.T)
        weight = np.maximum(ahead.real, _WEAKEST * np.abs(ahead))
        gradient = (ahead.imag @ waves).T @ terms + pull - moved * prior
        curvature = ((weight @ squares).T @ products).reshape(2, 2, count, count).swapaxes(1, 2)
        system = curvature.reshape(2 * count, 2 * count) + np.diag(np.tile(prior + 1e-6, 2))
        moved = moved + np.linalg.solve(system, gradient.ravel()).reshape(2, count)
    return moved


def _turned_back(error: _Complex, waves: _Float, moved: _Float) -> _Complex:
    """Return phase errors of (blocks, pilots) after the blocks moved by (blocks, 2)."""
    return np.asarray(error * np.exp(-1j * moved @ waves.T))


def _best_block(error: _Complex) -> int:
    """Return the block in whose surroundings the phases agree best."""
    agreement = error.real.sum(axis=1).reshape(FINE_BLOCKS, FINE_BLOCKS)
    padded = np.pad(agreement, 1)
    around = sum(
        padded[row : row + FINE_BLOCKS, column : column + FINE_BLOCKS]
        for row in range(3)
        for column in range(3)
    )
    return int(np.argmax(around))


def _score(error: _Complex) -> float:
    """Return how far the pilots' sum over all blocks stands out, in deviations of the noise."""
    return float(error.real.sum() / (np.sqrt(np.square(np.abs(error)).sum() / 2) + 1e-9))
