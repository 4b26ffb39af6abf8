"""Follow a picture that was bent: where every place of a work lies in a suspect.

One map for the whole picture fits a redrawn figure in one part only. The rest is found from two
sources, both by what neighbors say alike: matched keypoints that are moved as those around them
are, and tiles of the work that are found near their place in the suspect (`tiles`). Their
displacements are smoothed by a local linear regression, which follows turned limbs as well as moved
ones; the suspect is warped accordingly and its tiles searched again. Under something that merely
lies over both pictures everything that is found stays where it is, and nothing is bent.

References
----------
W. S. Cleveland, S. J. Devlin, Locally weighted regression, JASA 1988,
doi:10.1080/01621459.1988.10478639.
J. Bian et al., GMS: grid-based motion statistics, CVPR 2017, doi:10.1109/CVPR.2017.302 (matches
that are moved as their neighbors are).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.matching.alignment.tiles import ALIKE_PX, TILE_PX, Moves, find_moves, soft_field

__all__ = ["Followed", "Laid", "Landmarks", "follow", "lay_landmarks"]

ROUNDS = 3
"""Searches for all tiles, each in the suspect as the one before left it."""

MIN_SUPPORT = 0.35
"""Least score of neighbors (`tiles.Moves.support`) by which a tile is believed."""

NEIGHBORS = 8
"""Nearest matched keypoints that each one is compared with."""

MIN_ALIKE = 3
"""Fewest of them that must be moved alike."""

NEIGHBOR_PX = 3 * TILE_PX
"""Farthest neighbor that counts, in raster pixels."""

SAME_SPOT_PX = 2
"""Keypoints that are no farther apart are one, and no witnesses for each other."""

MAX_STRAIN = 0.5
"""Largest difference of neighbors' displacements, as a share of their distance: a limb that is
turned by 30 degrees."""

IN_PLACE = 0.8
"""Correlation of a tile that lies in its place from which on no landmark in it says otherwise."""

MIN_LANDMARKS = 4
"""Fewest landmarks that a picture is bent by before its tiles are searched."""

LANDMARK_WEIGHT = 0.3
"""What a landmark counts beside a tile with its support."""

SMOOTH_TILES = 1.0
"""Reach of the regression (Gaussian, standard deviation), in tiles."""

FAR_WEIGHT = 1e-5
"""What far displacements weigh where there are no near ones."""

SLOPE_PENALTY = 0.3
"""Ridge on the slopes of the regression, as a share of its weights."""

STAY_WEIGHT = 0.02
"""Weight of staying where the round before left a place."""

_Grid = NDArray[np.float32]


@dataclass(frozen=True)
class Landmarks:
    """Matched keypoints on a work's raster.

    Attributes
    ----------
    points : (n, 2) float64 array
        Where they lie in the work, in raster pixels.
    shifts : (n, 2) float64 array
        How far from there they lie in the suspect that was laid on the raster.
    """

    points: NDArray[np.float64]
    shifts: NDArray[np.float64]


@dataclass(frozen=True)
class Laid:
    """A suspect laid on a work's raster.

    Attributes
    ----------
    suspect_rgb, work_rgb : (h, w, 3) uint8 arrays
        Both pictures.
    suspect, work : (h, w) complex64 arrays
        Their blurred orientation fields; the suspect's is zero where it does not reach.
    cover : (h, w) float32 array
        How far the suspect reaches, 0 to 1.
    moves : Moves
        How the work's tiles lie in the suspect.
    landmarks : Landmarks
        Matched keypoints.
    """

    suspect_rgb: NDArray[np.uint8]
    work_rgb: NDArray[np.uint8]
    suspect: NDArray[np.complex64]
    work: NDArray[np.complex64]
    cover: NDArray[np.float32]
    moves: Moves
    landmarks: Landmarks


@dataclass(frozen=True)
class Followed:
    """A suspect bent back to the work.

    Attributes
    ----------
    rgb : (h, w, 3) uint8 array
        The suspect on the work's raster.
    field : (h, w) complex64 array
        Its blurred orientation field, zero where it does not reach.
    cover : (h, w) float32 array
        How far it reaches, 0 to 1.
    """

    rgb: NDArray[np.uint8]
    field: NDArray[np.complex64]
    cover: NDArray[np.float32]


def lay_landmarks(
    suspect: NDArray[np.float32], work: NDArray[np.float32], transform: NDArray[np.float64]
) -> Landmarks:
    """Lay matched keypoints on a raster and keep those that are moved as their neighbors are.

    Parameters
    ----------
    suspect : (n, 2) float32 array
        Positions in the suspect.
    work : (n, 2) float32 array
        The matched ones in the work, in raster pixels.
    transform : (3, 3) float64 array
        Suspect pixels to raster pixels.
    """
    points = work.astype(np.float64)
    if len(points) <= MIN_ALIKE:
        return Landmarks(np.empty((0, 2)), np.empty((0, 2)))
    laid = cv2.perspectiveTransform(suspect[:, None].astype(np.float64), transform)[:, 0]
    shifts = laid - points
    apart = np.linalg.norm(points[:, None] - points[None], axis=2)
    np.fill_diagonal(apart, np.inf)
    nearest = np.argsort(apart, axis=1)[:, :NEIGHBORS]
    apart = np.take_along_axis(apart, nearest, axis=1)
    differing = np.linalg.norm(shifts[nearest] - shifts[:, None], axis=2)
    is_alike = (differing <= np.maximum(ALIKE_PX, MAX_STRAIN * apart)) & (apart <= NEIGHBOR_PX)
    kept = _vouched_for(nearest, is_alike & (apart > SAME_SPOT_PX))
    return Landmarks(points[kept], shifts[kept])


def _vouched_for(nearest: NDArray[np.intp], is_alike: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which keypoints enough others are moved like, counting only others that are kept.

    A few wrong matches beside each other would otherwise vouch for one of them that none of them is
    kept with, and one such displacement bends a picture that lies as it should.
    """
    kept = np.ones(len(nearest), bool)
    while True:
        witnesses = (is_alike & kept[nearest]).sum(axis=1)
        still: NDArray[np.bool_] = kept & (witnesses >= MIN_ALIKE)
        if still.sum() == kept.sum():
            return still
        kept = still


def follow(
    suspect: NDArray[np.uint8],
    cover: NDArray[np.float32],
    work: NDArray[np.complex64],
    moves: Moves,
    landmarks: Landmarks,
) -> Followed:
    """Bend a suspect back to a work, as far as anything says where its places lie.

    Parameters
    ----------
    suspect : (h, w, 3) uint8 array
        RGB, on the work's raster.
    cover : (h, w) float32 array
        How far it reaches, 0 to 1.
    work : (h, w) complex64 array
        The work's blurred orientation field.
    moves : Moves
        How the work's tiles lie in the suspect as it is.
    landmarks : Landmarks

    Returns
    -------
    Followed

    Notes
    -----
    About 60 CPU-milliseconds.
    """
    landmarks = _where_something_moved(landmarks, moves)
    grid = np.zeros((2, *moves.peaks.shape), np.float32)
    is_bent = len(landmarks.points) >= MIN_LANDMARKS
    if is_bent:
        weights = np.ones(len(landmarks.points))
        grid = _smoothed(landmarks.points, landmarks.shifts, weights, grid, 0.0)
    followed = _bent(suspect, cover, grid)
    for turn in range(ROUNDS):
        found = find_moves(followed.field, work) if turn or is_bent else moves
        support = found.support()
        believed = support >= MIN_SUPPORT
        points = np.concatenate([_centers(grid)[believed], landmarks.points])
        if len(points) < MIN_ALIKE:
            break
        steps = grid + np.stack([found.across, found.down])
        shifts = np.concatenate([steps[:, believed].T, landmarks.shifts])
        marks = np.full(len(landmarks.points), LANDMARK_WEIGHT)
        weights = np.concatenate([support[believed], marks])
        grid = _smoothed(points, shifts, weights, grid, STAY_WEIGHT)
        followed = _bent(suspect, cover, grid)
    return followed


def _where_something_moved(landmarks: Landmarks, moves: Moves) -> Landmarks:
    """Leave out landmarks of tiles that already lie in their places, or are empty beside such.

    A picture that shows one thing twice matches the one with the other, all details alike.
    """
    is_there = (np.abs(moves.down) <= ALIKE_PX) & (np.abs(moves.across) <= ALIKE_PX)
    is_there &= moves.peaks >= IN_PLACE
    beside = cv2.dilate(is_there.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    is_there |= np.isnan(moves.peaks) & beside
    farthest = np.array(moves.peaks.shape)[::-1] - 1
    column, row = np.clip(landmarks.points // TILE_PX, 0, farthest).astype(int).T
    moved = np.linalg.norm(landmarks.shifts, axis=1) > ALIKE_PX
    kept = ~(is_there[row, column] & moved)
    return Landmarks(landmarks.points[kept], landmarks.shifts[kept])


def _centers(grid: _Grid) -> NDArray[np.float64]:
    """Return the tiles' centers, (rows, columns, 2), in raster pixels."""
    rows, columns = np.indices(grid.shape[1:])
    return np.asarray((np.stack([columns, rows], axis=-1) + 0.5) * TILE_PX, np.float64)


def _smoothed(
    points: NDArray[np.float64],
    shifts: NDArray[np.float64],
    weights: NDArray[np.float64],
    grid: _Grid,
    stay: float,
) -> _Grid:
    """Return every tile's displacement by a weighted linear regression around it."""
    before = grid.reshape(2, -1).T.astype(np.float64)
    away = (points[None] - _centers(grid).reshape(-1, 1, 2)) / (SMOOTH_TILES * TILE_PX)
    square = (away**2).sum(axis=2)
    counts = weights * (np.exp(-0.5 * square) + FAR_WEIGHT / (1 + square))
    design = np.concatenate([np.ones((*square.shape, 1)), away], axis=2)
    weighted = (design * counts[..., None]).transpose(0, 2, 1)
    normal, total = weighted @ design, counts.sum(axis=1)
    normal[:, 0, 0] += stay
    for slope in (1, 2):
        normal[:, slope, slope] += SLOPE_PENALTY * (total + stay)
    steps = np.linalg.solve(normal, weighted @ (shifts[None] - before[:, None]))[:, 0]
    return (before + steps).T.reshape(grid.shape).astype(np.float32)


def _bent(suspect: NDArray[np.uint8], cover: NDArray[np.float32], grid: _Grid) -> Followed:
    """Warp a suspect by the displacements of tiles."""
    height, width = cover.shape
    size = (grid.shape[2] * TILE_PX, grid.shape[1] * TILE_PX)
    across, down = (cv2.resize(part, size)[:height, :width] for part in grid)
    rows, columns = np.indices(cover.shape, dtype=np.float32)
    here = (columns + across, rows + down)
    rgb = cv2.remap(suspect, *here, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    reached = np.asarray(cv2.remap(cover, *here, cv2.INTER_LINEAR), np.float32)
    colors = np.asarray(rgb, np.uint8)
    return Followed(colors, (soft_field(colors) * reached).astype(np.complex64), reached)
