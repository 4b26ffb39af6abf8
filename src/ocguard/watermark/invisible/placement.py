"""Placements: how a suspect lies on the carrier's torus, as a map with a smooth drift."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.polynomial import legendre
from numpy.typing import NDArray

from ocguard.watermark.invisible.carrier import CELL_PX

__all__ = ["DRIFT_TERMS", "Placement", "drift_terms", "normalized"]

DRIFT_TERMS: Final = 4
"""Legendre polynomials along each side, up to cubic, that a drift is made of."""
INVERSE_ROUNDS: Final = 4

_Float = NDArray[np.float64]


@dataclass(frozen=True)
class Placement:
    """A suspect laid on the carrier.

    Attributes
    ----------
    transform : (2, 3) float array
        Pixels of the suspect's plane to working pixels on the torus.
    score : float
        How much the pilots stand out there, in standard deviations of the noise.
    size_px : tuple of int
        Width and height of the plane.
    drift : (2, 4, 4) float array
        What bending and perspective add, working pixels: for x and y the coefficients of Legendre
        polynomials over the plane, whose sides run from -1 to 1; zero without.
    polarity : int
        1, or -1 where the suspect is a negative, in which light and dark of the mark are exchanged.
    """

    transform: _Float
    score: float
    size_px: tuple[int, int]
    drift: _Float = field(default_factory=lambda: np.zeros((2, DRIFT_TERMS, DRIFT_TERMS)))
    polarity: int = 1

    @property
    def cells(self) -> float:
        """How many cells of the carrier the plane covers."""
        area = abs(np.linalg.det(self.transform[:, :2])) * self.size_px[0] * self.size_px[1]
        return float(area / CELL_PX**2)

    def on_torus(self, points: _Float) -> _Float:
        """Map (n, 2) points of the plane to working pixels."""
        laid = points @ self.transform[:, :2].T + self.transform[:, 2]
        return np.asarray(laid + self._drift_at(points) if self.drift.any() else laid)

    def on_plane(self, points: _Float) -> _Float:
        """Map (n, 2) working pixels to points of the plane; the inverse of `on_torus`."""
        back = np.linalg.inv(self.transform[:, :2])
        straight = (points - self.transform[:, 2]) @ back.T
        if not self.drift.any():
            return np.asarray(straight)
        found = straight
        for _ in range(INVERSE_ROUNDS):
            found = straight - self._drift_at(found) @ back.T
        return np.asarray(found)

    def local_maps(self, points: _Float) -> _Float:
        """Return the (n, 2, 2) derivatives of the map at (n, 2) points; (1, 2, 2) without drift."""
        if not self.drift.any():
            return self.transform[None, :, :2]
        x, y = normalized(points, self.size_px).T
        width, height = self.size_px
        slopes = [
            [
                legendre.legval2d(x, y, legendre.legder(part, axis=axis)) * 2 / length
                for axis, length in enumerate((width, height))
            ]
            for part in self.drift
        ]
        return self.transform[:, :2] + np.moveaxis(np.array(slopes), -1, 0)

    def on_other(self, size_px: tuple[int, int], to_this: _Float) -> Placement:
        """Return the same placement for a plane of another size.

        Parameters
        ----------
        size_px : tuple of int
            Width and height of the other plane, which shows the same picture.
        to_this : (3, 3) float array
            Pixels of the other plane to pixels of this one.
        """
        return replace(self, transform=self.transform @ to_this, size_px=size_px)

    def _drift_at(self, points: _Float) -> _Float:
        """Return the drift at (n, 2) points; that of the border beyond it."""
        within = np.clip(normalized(points, self.size_px), -1, 1)
        along_x, along_y = (legendre.legvander(part, DRIFT_TERMS - 1) for part in within.T)
        by_x = np.tensordot(along_x, self.drift, (1, 1))
        return np.asarray((by_x @ along_y[:, :, None])[:, :, 0])


def normalized(points: _Float, size_px: tuple[int, int]) -> _Float:
    """Return (n, 2) points of a plane with its sides running from -1 to 1."""
    return np.asarray((points + 0.5) * (2 / np.array(size_px)) - 1)


def drift_terms(points: _Float, size_px: tuple[int, int]) -> _Float:
    """Return the (n, 16) values of the polynomials of a drift at (n, 2) points of a plane."""
    x, y = normalized(points, size_px).T
    return np.asarray(legendre.legvander2d(x, y, [DRIFT_TERMS - 1, DRIFT_TERMS - 1]))
