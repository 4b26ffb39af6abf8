"""Words: the cell of a descriptor in a fixed vocabulary, and a 64-bit signature within the cell.

A cell is a pair of the nearest of 256 centers for the left half of a descriptor's patch and the
nearest of 256 for its right half: 65,536 cells from 512 stored vectors (inverted multi-index). The
signature is the signs of 64 fixed random projections of what the cell leaves over (Hamming
embedding). The centers were trained on drawings made by a program
(tests/benchmarks/train_vocabulary.py), not on anybody's art; they are part of the fingerprint
version.

References
----------
A. Babenko, V. Lempitsky, The inverted multi-index, CVPR 2012, doi:10.1109/CVPR.2012.6248038.
H. Jegou, M. Douze, C. Schmid, Hamming embedding and weak geometric consistency, ECCV 2008,
doi:10.1007/978-3-540-88682-2_24.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from ocguard.fingerprint.product import product

__all__ = ["CELLS", "CENTERS", "Words", "descriptor_halves", "nearest_cells", "words"]

CENTERS = 256
"""Centers for each half of a descriptor."""

CELLS = CENTERS * CENTERS
"""Cells of the vocabulary."""

NEAR_HALVES = 4
"""Centers of each half that cells are combined from when several are asked for."""

SIGNATURE_BITS = 64
"""Bits of a signature."""

PROJECTION_SEED = 20081012
"""Seed of the random projections; part of the fingerprint version."""


@dataclass(frozen=True)
class Words:
    """Cells and signatures of descriptors.

    Attributes
    ----------
    cells : (n, m) int64 array
        Nearest cells, best first.
    signatures : (n, m) uint64 array
        Signature of the descriptor relative to each of its cells.
    """

    cells: NDArray[np.int64]
    signatures: NDArray[np.uint64]


def words(descriptors: NDArray[np.uint8], cells_each: int) -> Words:
    """Return the nearest cells of descriptors and the signatures within them.

    Parameters
    ----------
    descriptors : (n, 128) uint8 array
        RootSIFT in levels 0-15.
    cells_each : int
        Cells to return for each, 1 to 16: one for storing, several for asking.

    Returns
    -------
    Words

    Notes
    -----
    About 4 CPU-milliseconds for 600 descriptors and eight cells.
    """
    halves = descriptor_halves(descriptors)
    cells = nearest_cells(halves, cells_each)
    projections = _projections()
    centers = _centers()
    whole = product(halves[0], projections[0]) + product(halves[1], projections[1])
    of_centers = [product(centers[side], projections[side]) for side in (0, 1)]
    left, right = np.divmod(cells, CENTERS)
    bits = whole[:, None, :] > of_centers[0][left] + of_centers[1][right]
    signatures = np.packbits(bits, axis=2).view(np.uint64)[:, :, 0]
    return Words(cells, signatures)


def nearest_cells(halves: NDArray[np.float32], cells_each: int) -> NDArray[np.int64]:
    """Return the ``cells_each`` nearest cells of (2, n, 64) descriptor halves, best first."""
    near = min(NEAR_HALVES, cells_each)
    distances, indices = [], []
    for side, centers in zip(halves, _centers(), strict=True):
        squared = (centers * centers).sum(axis=1)[None, :] - 2.0 * product(side, centers.T)
        order = np.argpartition(squared, near - 1, axis=1)[:, :near]
        distances.append(np.take_along_axis(squared, order, axis=1))
        indices.append(order)
    total = (distances[0][:, :, None] + distances[1][:, None, :]).reshape(-1, near * near)
    cells = (indices[0][:, :, None] * CENTERS + indices[1][:, None, :]).reshape(-1, near * near)
    order = np.argsort(total, axis=1, kind="stable")[:, :cells_each]
    return np.take_along_axis(cells, order, axis=1)


def descriptor_halves(descriptors: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Split (n, 128) descriptors into the left and right half of their patch: (2, n, 64)."""
    grid = descriptors.astype(np.float32).reshape(-1, 4, 2, 16)
    return np.ascontiguousarray(grid.transpose(2, 0, 1, 3)).reshape(2, -1, 64)


@cache
def _centers() -> NDArray[np.float32]:
    """Load the centers: (2, 256, 64), in descriptor levels."""
    with resources.files("ocguard.matching.search").joinpath("vocabulary.npy").open("rb") as file:
        return np.asarray(np.load(file, allow_pickle=False), np.float32) / np.float32(16.0)


@cache
def _projections() -> NDArray[np.float32]:
    """Return fixed projections of ones and minus ones: (2, 64, SIGNATURE_BITS).

    All sums of them are exact in float32, so a signature is the same on every machine.
    """
    random = np.random.Generator(np.random.PCG64(PROJECTION_SEED))
    signs = random.integers(0, 2, (2, 64, SIGNATURE_BITS)) * 2 - 1
    return signs.astype(np.float32)
