"""Backing: what the pilots add to a weak reading at a known place.

Where the portfolio says which mark was put where, the phases of the pilots are evidence as well:
they carry two fifths of a mark's energy, in longer waves than the chips, which outlive more. The
key draws each phase, so that for a picture without the mark the agreement of all pilots is a sum of
waves of random phase, with half of their power as its variance.

One thing is not random: the embedder lays a mark where the host looks like its pilots already. What
a treatment leaves of the host in a residual would pass for a mark. So the coherence of the two is
measured at the frequencies around each pilot, and as much of the host is taken away there [1]_.

Pilots tell places apart, not marks: they back a mark only where no other was put.

References
----------
.. [1] J. Bendat, A. Piersol, "Random Data: Analysis and Measurement Procedures", 4th ed., Wiley,
   2010, ch. 7 (conditioned spectra), https://doi.org/10.1002/9781118032428
.. [2] I. Pinelis, "Extremal Probabilistic Problems and Hotelling's T2 Test Under a Symmetry
   Condition", Ann. Stat. 22 (1), 1994, https://doi.org/10.1214/aos/1176325373
"""

from __future__ import annotations

from math import erfc
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ocguard.watermark.invisible.carrier import PERIOD_PX, Carrier
from ocguard.watermark.invisible.shifts import limited

__all__ = ["around_pilots", "chance_of_both", "pilot_score", "see_pilots"]

SPREAD_LESS: Final = 4.464
"""Times that what spreads less than a normal variable exceeds a score as often, at most [2]_."""
NEAR_CYCLES: Final = (2, 7)
"""Nearest and farthest frequencies around a pilot, cycles a period, that tell noise and host."""

_Plane = NDArray[np.float32]
_Complex = NDArray[np.complexfloating]


def around_pilots(plane: _Plane, carrier: Carrier) -> _Complex:
    """Return what a plane holds at the pilots and around them.

    Parameters
    ----------
    plane : (H, W) float32 array
        On the working raster.
    carrier : Carrier
        The key's carrier.

    Returns
    -------
    (28, n) complex array
        The coefficients of each pilot, first, and of the frequencies around it; about 0.05 s.
    """
    spectrum = np.fft.fft2(_folded(plane))
    nearest, farthest = NEAR_CYCLES
    steps = np.arange(-farthest, farthest + 1)
    square = np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2)
    around = square[np.abs(square).max(axis=1) >= nearest]
    offsets = np.concatenate([np.zeros((1, 2), np.int64), around])
    x, y = np.moveaxis(carrier.pilots[:, None] + offsets, -1, 0) % PERIOD_PX
    return np.asarray(spectrum[y, x])


def see_pilots(residual: _Plane, host: _Complex, carrier: Carrier) -> _Complex:
    """Return what a residual shows of each pilot that its host does not explain.

    Parameters
    ----------
    residual : (H, W) float32 array
        What was done to the host, on the working raster.
    host : (28, n) complex array
        What the weighted samples of the host itself hold there, as of `around_pilots`.
    carrier : Carrier
        The key's carrier.

    Returns
    -------
    (28,) complex array
        Coefficients in units of the noise around them; about 0.05 s.
    """
    seen = around_pilots(residual, carrier)
    power = np.square(np.abs(host[:, 1:])).sum(axis=1)
    passed = (seen[:, 1:] * host[:, 1:].conj()).sum(axis=1) / (power + 1e-9)
    left = seen - passed[:, None] * host
    noise = np.sqrt(np.square(np.abs(left[:, 1:])).mean(axis=1)) + 1e-9
    return limited(left[:, 0] / noise)


def pilot_score(seen: _Complex, origin_px: tuple[int, int], carrier: Carrier) -> float:
    """Return how far the pilots of a mark at an origin stand out, in deviations of the noise.

    For a picture without it, exp(-score**2 / 2) bounds the probability of a score that is positive;
    in a negative it is below 0. It can be at most 7.5, the root of twice the number of pilots.
    """
    there = carrier.phases + carrier.pilots @ np.array(origin_px) * (2 * np.pi / PERIOD_PX)
    agreement = float((seen * np.exp(-1j * there)).real.sum())
    return agreement / float(np.sqrt(np.square(np.abs(seen)).sum() / 2) + 1e-9)


def chance_of_both(chips: float, pilots: float) -> float:
    """Bound the probability of the scores of chips and pilots together, where no mark is.

    Both are independent of each other, as the key draws signs and phases apart. Random signs and
    the cosines of random phases spread less than normal variables do (the square of either is
    smaller in convex order), and so does the sum of all.
    """
    return min(1.0, SPREAD_LESS * erfc((chips + pilots) / 2) / 2)


def _folded(plane: _Plane) -> _Plane:
    """Add up a plane on one period of the torus, which is as long as every pilot repeats in."""
    folded = np.zeros((PERIOD_PX, PERIOD_PX), np.float32)
    for top in range(0, plane.shape[0], PERIOD_PX):
        for left in range(0, plane.shape[1], PERIOD_PX):
            tile = plane[top : top + PERIOD_PX, left : left + PERIOD_PX]
            folded[: tile.shape[0], : tile.shape[1]] += tile
    return folded
