"""Whether neighboring pieces of a work lie in a suspect as they lie in the work.

Two figures that stand alike agree in the rough layout of their edges, and a coarse map brings these
edges together. Whether one was made from the other shows in the pieces: every tile of the work is
searched for in the suspect around its place under the map. In a copy, a repaint or a warped or
redrawn figure neighbors are found moved alike, however far; in an unrelated picture every tile is
drawn to a chance resemblance of its own. Neither a threshold on likeness nor a model of the
deformation is needed, and strength, sign and color of the edges do not matter.

References
----------
A. J. Fitch et al., Orientation correlation, BMVC 2002, doi:10.5244/C.16.11.
C. Schmid, R. Mohr, Local grayvalue invariants for image retrieval, PAMI 1997,
doi:10.1109/34.589215 (neighbors that agree as evidence).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.fingerprint.edge_layout import orientation_field

__all__ = [
    "ALIKE_PX",
    "MIN_STRENGTH",
    "TILE_PX",
    "Moves",
    "coherence",
    "find_moves",
    "soft_field",
]

EDGE_BLUR_PX = 1.6
"""Blur of the edge fields: how far aligned lines may lie apart, in raster pixels."""

TILE_PX = 24
"""Side of a tile, in raster pixels."""

REACH_PX = 16
"""How far from its mapped place a tile is searched for, in raster pixels: 6 % of the long side."""

ALIKE_PX = 3
"""Largest difference of the displacements of neighbors that moved alike, in raster pixels."""

MIN_STRENGTH = 0.02
"""Smallest mean edge strength of a place or a tile that holds structure."""

MIN_ENERGY = 0.1
"""Edge energy below which a place in the suspect counts as empty, as a share of the tile's."""

CHANCE = 0.035
"""Mean score of a pair of neighbors in unrelated pictures, brought together as well as they fit."""

_WINDOW_PX = TILE_PX + 2 * REACH_PX
_STEPS = 2 * REACH_PX + 1


@dataclass(frozen=True)
class Moves:
    """Where the tiles of a work lie in a suspect.

    Attributes
    ----------
    peaks : (rows, columns) float32 array
        Highest correlation of every tile around its place; NaN where the work holds no structure.
    down, across : (rows, columns) int arrays
        Where it is, in raster pixels from the tile's place under the map; 0 where ``peaks`` is NaN.
    """

    peaks: NDArray[np.float32]
    down: NDArray[np.intp]
    across: NDArray[np.intp]

    def scores(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Score every tile with its neighbor to the right, and with the one below.

        Returns
        -------
        (rows, columns - 1) and (rows - 1, columns) float32 arrays
            The product of both correlations where both moved alike, otherwise 0; NaN where one of
            both does not count.
        """
        down = _scores(self.peaks.T, self.down.T, self.across.T)
        return _scores(self.peaks, self.down, self.across), down.T

    def support(self) -> NDArray[np.float32]:
        """Return every tile's sum of scores with its neighbors: (rows, columns)."""
        total = np.zeros(self.peaks.shape, np.float32)
        right, below = (np.nan_to_num(scores) for scores in self.scores())
        total[:, :-1] += right
        total[:, 1:] += right
        total[:-1] += below
        total[1:] += below
        return total


def soft_field(rgb: NDArray[np.uint8]) -> NDArray[np.complex64]:
    """Return the blurred orientation field of a raster; see `edge_layout.orientation_field`."""
    field = orientation_field(np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8))
    parts = field.view(np.float32).reshape(*field.shape, 2)
    soft = np.ascontiguousarray(cv2.GaussianBlur(parts, (0, 0), EDGE_BLUR_PX), np.float32)
    return soft.view(np.complex64)[:, :, 0]


def find_moves(suspect: NDArray[np.complex64], work: NDArray[np.complex64]) -> Moves:
    """Search for every tile of a work in the suspect.

    Parameters
    ----------
    suspect, work : (h, w) complex64 arrays
        Blurred orientation fields (`soft_field`), the suspect brought to the work's raster;
        zero where it does not reach.

    Returns
    -------
    Moves

    Notes
    -----
    About 20 CPU-milliseconds.
    """
    rows, columns = (-(-length // TILE_PX) for length in work.shape)
    tiles = _tiles(_padded(work, rows, columns, 0), TILE_PX)
    windows = _tiles(_padded(suspect, rows, columns, REACH_PX), _WINDOW_PX)
    holds = np.abs(tiles).mean(axis=(1, 2)) >= MIN_STRENGTH
    peaks = np.full(len(tiles), np.nan, np.float32)
    down, across = np.zeros((2, len(tiles)), np.intp)
    if holds.any():
        peaks[holds], down[holds], across[holds] = _search(tiles[holds], windows[holds])
    grid = (rows, columns)
    return Moves(peaks.reshape(grid), down.reshape(grid), across.reshape(grid))


def coherence(moves: Moves) -> float:
    """Measure how far neighboring tiles of a work moved alike.

    Returns
    -------
    float
        Score of all pairs of neighbors above chance, divided by the square root of their number:
        about 0 for unrelated pictures, 5 to 15 for copies. A pair of neighbors that moved alike
        scores the product of both correlations, any other pair 0. 0 without any pair.
    """
    scores = np.concatenate([part.reshape(-1) for part in moves.scores()])
    counted = scores[~np.isnan(scores)]
    if not len(counted):
        return 0.0
    return float(counted.sum() - CHANCE * len(counted)) / sqrt(len(counted))


def _padded(
    field: NDArray[np.complex64], rows: int, columns: int, margin: int
) -> NDArray[np.complex64]:
    """Put a field into whole tiles with a margin of nothing."""
    padded = np.zeros((rows * TILE_PX + 2 * margin, columns * TILE_PX + 2 * margin), np.complex64)
    height, width = field.shape
    padded[margin : margin + height, margin : margin + width] = field
    return padded


def _tiles(field: NDArray[np.complex64], side: int) -> NDArray[np.complex64]:
    """Cut windows of one side every `TILE_PX` pixels: (n, side, side)."""
    windows = np.lib.stride_tricks.sliding_window_view(field, (side, side))
    cut: NDArray[np.complex64] = windows[::TILE_PX, ::TILE_PX].reshape(-1, side, side)
    return cut


def _search(
    tiles: NDArray[np.complex64], windows: NDArray[np.complex64]
) -> tuple[NDArray[np.float32], NDArray[np.intp], NDArray[np.intp]]:
    """Return every tile's highest correlation within its window, and where it is."""
    shape = (_WINDOW_PX, _WINDOW_PX)
    spectra = np.fft.fft2(windows) * np.conj(np.fft.fft2(tiles, shape))
    products = np.fft.ifft2(spectra).real[:, :_STEPS, :_STEPS]
    own = _power(tiles).sum(axis=(1, 2))[:, None, None]
    there = np.stack(
        [
            cv2.boxFilter(power, -1, (TILE_PX, TILE_PX), anchor=(0, 0), normalize=False)
            for power in _power(windows)
        ]
    )[:, :_STEPS, :_STEPS]
    ratio = products / np.sqrt(np.maximum(there, MIN_ENERGY * own + 1e-9) * (own + 1e-9))
    flat = ratio.reshape(len(tiles), -1)
    best = flat.argmax(axis=1)
    down, across = np.divmod(best, _STEPS)
    return flat[np.arange(len(flat)), best].astype(np.float32), down - REACH_PX, across - REACH_PX


def _power(fields: NDArray[np.complex64]) -> NDArray[np.float32]:
    return (fields.real**2 + fields.imag**2).astype(np.float32)


def _scores(
    peaks: NDArray[np.float32], down: NDArray[np.intp], across: NDArray[np.intp]
) -> NDArray[np.float32]:
    """Score every tile with its neighbor to the right; NaN where one of both does not count."""
    is_alike = (np.abs(np.diff(down, axis=1)) <= ALIKE_PX) & (
        np.abs(np.diff(across, axis=1)) <= ALIKE_PX
    )
    product = peaks[:, :-1] * peaks[:, 1:]
    scores = np.where(np.isnan(product), np.nan, np.where(is_alike, product, 0.0))
    return scores.astype(np.float32)
