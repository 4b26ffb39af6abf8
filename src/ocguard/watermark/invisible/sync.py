"""Synchronization: where a suspect lies on the carrier, from the phases of the pilots.

The constellation lists maps that a suspect may have gone through. For each of them the phases of
the pilots are correlated over every shift on the torus; right maps stand out by far. What is
placed is then refined to a fraction of a pixel by maximizing the likelihood of the phases that
blocks of the suspect show [1]_: first as an affine map, then, growing from where it fits best, as
a map with a smooth drift, of perspective or of any bending.

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
from ocguard.watermark.invisible.shifts import best_shifts, limited, many_shifts, wave
from ocguard.watermark.invisible.spectrum import Spectrum

__all__ = [
    "BENT",
    "TILTED",
    "Growth",
    "agreement_in_blocks",
    "place",
    "place_beside",
    "refine",
    "refine_drift",
]


@dataclass(frozen=True)
class Growth:
    """How a drift grows.

    Attributes
    ----------
    rounds : tuple
        Reach from the block that fits best, in half sides, and largest total degree of the
        polynomials, of each round.
    has_tilts : bool
        Whether perspective is added to them.
    """

    rounds: tuple[tuple[float, int], ...]
    has_tilts: bool = False


BLOCKS: Final = 4
"""Blocks along each side whose phases are compared for an affine map."""
FINE_BLOCKS: Final = 8
"""Blocks along each side for a drift."""
REFINE_LIMITS: Final = (80, 126)
"""Largest pilot frequency, cycles per period, that each round of refinement uses: long waves first,
whose phases do not wrap while the map is still some pixels off."""
WHOLE: Final = 3.0
"""Reach of the whole plane, from any block."""
BENT: Final = Growth(((0.45, 1), (0.65, 2), (0.9, 3), (WHOLE, 4), (WHOLE, 6)))
TILTED: Final = Growth(
    tuple((reach, 1) for reach in (0.45, 0.65, 0.9, 1.3, WHOLE, WHOLE)), has_tilts=True
)
BEND_PX: Final = 3.0
"""Expected size of a coefficient of degree 2, working pixels; of each degree more, a half of it."""
TILT: Final = 0.03
"""Expected change of scale from the middle to a side, of each round."""
AFFINE_PRIOR: Final = np.array([0.5, 2.0, 2.0])
SIZED_PRIOR: Final = np.array([0.5, 50.0, 50.0])
"""Precision, in units of the phases', of shift and slopes of an affine refinement: of any map, and
of one known but for its shift."""
BESIDE_SCORES: Final = (3.5, 4.5)
"""Scores from which on a place beside a first mark is looked at, after either way to take that one
away: pictures that were marked once came to 3.3 and 4.4 at most."""
_WEAKEST: Final = 0.1
"""Share of its strength that a phase keeps in the curvature when it points away."""

_Float = NDArray[np.float64]
_Complex = NDArray[np.complexfloating]


def place(
    spectrum: Spectrum,
    maps: _Float,
    carrier: Carrier,
    size_px: tuple[int, int],
    count: int,
    *,
    is_dense: bool = False,
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
    is_dense : bool
        Whether many placements under one map are listed, rather than its likeliest.

    Returns
    -------
    list of Placement
        The likeliest first; about 0.2 ms a map, 8 ms for dense ones.
    """
    frequencies = np.einsum("nij,pi->npj", maps, carrier.pilots.astype(np.float64))
    seen = limited(spectrum.at(frequencies))
    turned = np.concatenate([maps, -maps])
    middle = np.array(spectrum.middle)
    placed = []
    shifts = many_shifts if is_dense else best_shifts
    for one in shifts(np.concatenate([seen, np.conj(seen)]), carrier, count):
        linear = turned[one.row]
        transform = np.column_stack([linear, one.on_torus - linear @ middle])
        placed.append(Placement(transform, one.score, size_px, polarity=one.polarity))
    return placed


def place_beside(spectrum: Spectrum, placement: Placement, carrier: Carrier) -> list[Placement]:
    """Place a second mark under the linear map of a first one, at another place of the carrier.

    Parameters
    ----------
    spectrum : Spectrum
        Of the plane that was placed.
    placement : Placement
        Of the first mark; its drift is left out.
    carrier : Carrier
        The key's carrier.

    Returns
    -------
    list of Placement
        The likeliest ones that stand out; none where there is no second mark, as a rule.
    """
    linear, middle = placement.transform[:, :2], np.array(spectrum.middle)
    seen = spectrum.at(carrier.pilots @ linear) * placement.polarity
    first = placement.transform @ (*middle, 1)
    its = np.exp(1j * (carrier.phases + carrier.pilots @ first * (2 * np.pi / PERIOD_PX)))
    # Either all that has the first mark's phase is its own, or what it gives all pilots alike.
    own = np.maximum((seen * np.conj(its)).real, 0)
    alike = max(float((limited(seen) * np.conj(its)).real.mean()), 0.0)
    left = np.stack([limited(seen - own * its), limited(seen) - alike * its])
    return [
        Placement(
            np.column_stack([linear, one.on_torus - linear @ middle]),
            one.score,
            placement.size_px,
            polarity=placement.polarity,
        )
        for one in best_shifts(left, carrier, len(left))
        if one.score >= BESIDE_SCORES[one.row]
    ]


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
    fields = _fields(
        np.column_stack([np.ones(len(middles)), normalized(middles, placement.size_px)])
    )
    prior = np.tile(SIZED_PRIOR if is_sized else AFFINE_PRIOR, 2)
    parts, score = _cut(samples, BLOCKS), placement.score
    for limit in REFINE_LIMITS:
        error, waves = _phase_errors(parts, middles, placement, carrier, limit)
        sizes = _likeliest_sizes(error, waves, fields, prior)
        placement = _shifted(placement, sizes.reshape(2, 3))
        score = _score(_turned_back(error, waves, fields @ sizes))
    return replace(placement, score=score)


def refine_drift(
    samples: NDArray[np.float32], placement: Placement, carrier: Carrier, growth: Growth
) -> Placement:
    """Refine a placement with a drift that grows from where it fits best.

    Parameters
    ----------
    samples, placement, carrier
        As for `refine`.
    growth : Growth
        `BENT` or `TILTED`.

    Notes
    -----
    About 0.015 s.
    """
    middles = _block_middles(placement.size_px, FINE_BLOCKS)
    terms = drift_terms(middles, placement.size_px)
    to_drift = np.linalg.pinv(terms)
    halves = np.array(placement.size_px) / 2
    parts, seed, score = _cut(samples, FINE_BLOCKS), None, placement.score
    for reach, degree in growth.rounds:
        limit = REFINE_LIMITS[reach == WHOLE]
        error, waves = _phase_errors(parts, middles, placement, carrier, limit)
        if seed is None:
            seed = middles[_best_block(error)]
        error = error * (np.linalg.norm((middles - seed) / halves, axis=1) < reach)[:, None]
        fields, prior = _polynomials(terms, degree)
        if growth.has_tilts:
            fields = np.concatenate([fields, _tilts(placement, middles)], axis=2)
            prior = np.append(prior, [TILT**-2, TILT**-2])
        moved = fields @ _likeliest_sizes(error, waves, fields, prior)
        drift = placement.drift + (to_drift @ moved).T.reshape(placement.drift.shape)
        placement = replace(placement, drift=drift)
        score = _score(_turned_back(error, waves, moved))
    return replace(placement, score=score)


def agreement_in_blocks(
    samples: NDArray[np.float32], placement: Placement, carrier: Carrier
) -> tuple[_Float, _Float]:
    """Tell where in a plane the pilots agree with its placement.

    Parameters
    ----------
    samples, placement, carrier
        As for `refine`.

    Returns
    -------
    laid : (64, 2) float array
        Middles of the blocks of the plane, working pixels on the torus.
    agreement : (64,) float array
        Sum over the pilots, around 0 where no mark is. About 2 ms.
    """
    parts, middles = _cut(samples, FINE_BLOCKS), _block_middles(placement.size_px, FINE_BLOCKS)
    error, _ = _phase_errors(parts, middles, placement, carrier, REFINE_LIMITS[-1])
    return placement.on_torus(middles), error.real.sum(axis=1)


def _fields(terms: _Float) -> _Float:
    """Make displacement fields (blocks, 2, 2 terms) of (blocks, terms): along x, then along y."""
    return np.asarray(np.einsum("bt,ij->bijt", terms, np.eye(2)).reshape(len(terms), 2, -1))


def _polynomials(terms: _Float, degree: int) -> tuple[_Float, _Float]:
    """Return the displacement fields of polynomials up to a degree, with their precisions."""
    degrees = np.add.outer(np.arange(DRIFT_TERMS), np.arange(DRIFT_TERMS)).ravel()
    used = degrees <= degree
    stiffness = (2.0 ** (degrees - 2) / BEND_PX) ** 2 * (degrees > 1)
    return _fields(terms[:, used]), np.tile(stiffness[used], 2)


def _tilts(placement: Placement, middles: _Float) -> _Float:
    """Return the (blocks, 2, 2) displacement fields of tilts along x and y."""
    x, y = normalized(middles, placement.size_px).T
    from_middle = placement.on_torus(middles) - placement.on_torus(middles.mean(axis=0)[None])
    # Under a map (A p) / (1 + g p), a change of g moves every point along itself.
    return np.stack([-x[:, None] * from_middle, -y[:, None] * from_middle], axis=2)


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
    parts: NDArray[np.float32],
    middles: _Float,
    placement: Placement,
    carrier: Carrier,
    limit: float,
) -> tuple[_Complex, _Float]:
    """Correlate the pilots with each block (`_cut`, `_block_middles`) of a plane as it is placed.

    Returns
    -------
    errors : (blocks, pilots) complex array
        In units of the noise; of phase 0 where the placement is right.
    waves : (pilots, 2) float array
        Radians per working pixel of those pilots.
    """
    used = np.hypot(*carrier.pilots.T) < limit
    waves = carrier.pilots[used] * (2 * np.pi / PERIOD_PX)
    height, width = parts.shape[1:]
    frequencies = np.einsum("pi,bij->bpj", waves, placement.local_maps(middles))
    along_x = wave(width, (width - 1) / 2, frequencies[..., 0])
    along_y = wave(height, (height - 1) / 2, frequencies[..., 1])
    rows = parts @ along_x.real + 1j * (parts @ along_x.imag)
    errors = (rows * along_y).sum(axis=1) * placement.polarity
    errors = errors * np.exp(-1j * (placement.on_torus(middles) @ waves.T + carrier.phases[used]))
    # Each pilot in units of its own noise, so that no line of the host outvotes the others.
    noise = np.sqrt(np.square(np.abs(errors)).mean(axis=0)) + 1e-9
    return limited(errors / noise), waves


def _shifted(placement: Placement, moved: _Float) -> Placement:
    """Add an affine displacement to a placement: for x and y, the sizes of 1, x and y."""
    slopes = moved[:, 1:] * (2 / np.array(placement.size_px))
    offset = moved[:, 0] + (moved[:, 1:] * (1 / np.array(placement.size_px) - 1)).sum(axis=1)
    return replace(placement, transform=placement.transform + np.column_stack([slopes, offset]))


def _likeliest_sizes(error: _Complex, waves: _Float, fields: _Float, prior: _Float) -> _Float:
    """Maximize the likelihood of phase errors over displacements made of some fields.

    Parameters
    ----------
    error : (blocks, pilots) complex array
        Of phase `waves` @ displacement.
    waves : (pilots, 2) float array
        Radians per working pixel.
    fields : (blocks, 2, n) float array
        What displacements are made of.
    prior : (n,) float array
        Precision of the size of each field around 0.

    Returns
    -------
    (n,) float array
        Sizes of the fields, after two Newton steps.
    """
    squares = (waves[:, :, None] * waves[:, None, :]).reshape(len(waves), 4)
    flat = fields.reshape(-1, fields.shape[2])
    sizes = np.zeros(fields.shape[2])
    for _ in range(2):
        ahead = _turned_back(error, waves, fields @ sizes)
        weight = np.maximum(ahead.real, _WEAKEST * np.abs(ahead))
        gradient = (ahead.imag @ waves).ravel() @ flat - sizes * prior
        stiffened = (weight @ squares).reshape(-1, 2, 2) @ fields
        curvature = flat.T @ stiffened.reshape(flat.shape) + np.diag(prior + 1e-6)
        sizes = sizes + np.linalg.solve(curvature, gradient)
    return sizes


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
