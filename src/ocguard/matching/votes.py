"""Votes of a suspect's local features for works.

Every query descriptor asks its nearest cells. An entry whose signature is near votes for its work,
the more the nearer, and the less the more entries the same descriptor finds (burstiness). Votes
count together only where they agree on how far the picture was turned and scaled (weak geometric
consistency), so that a thousand unrelated resemblances do not outweigh twenty related ones.

References
----------
H. Jegou, M. Douze, C. Schmid, Improving bag-of-features for large scale image search, IJCV 2010,
doi:10.1007/s11263-009-0285-2.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ocguard.fingerprint.local import LocalFeatures
from ocguard.matching.segment import Segment, pose
from ocguard.matching.vocabulary import CELLS, words

__all__ = ["Asked", "local_votes"]

CELLS_ASKED = 8
"""Cells that a query descriptor asks; raising it finds weaker copies and visits more entries."""

MAX_DISTANCE_BITS = 18
"""Largest distance of signatures that votes; unrelated ones differ in half of their 64 bits, less
within a cell."""

SCANNED_ENTRIES = 200
"""Mean entries of a cell from which on cells are scanned one by one where they lie; below, the
entries of all cells are gathered first, which takes fewer steps but moves them."""

TURN_BINS = 16
"""Bins of the turn; neighbors count together."""

SCALE_BINS = 16
"""Bins of the scale, half an octave each; neighbors count together."""

SHORTLIST = 1500
"""Works, by plain votes, whose votes are examined for geometric agreement."""


@dataclass(frozen=True)
class Asked:
    """Local features of a suspect, prepared to be asked for in any number of segments.

    Attributes
    ----------
    cells : (n, CELLS_ASKED) int64 array
        Cells that each descriptor asks.
    signatures : (n, CELLS_ASKED) uint64 array
        Its signature in each of them.
    poses : (n, 2) uint8 array
        See `segment.pose`.
    """

    cells: NDArray[np.int64]
    signatures: NDArray[np.uint64]
    poses: NDArray[np.uint8]

    @classmethod
    def of(cls, query: LocalFeatures, size: tuple[int, int]) -> Asked:
        """Prepare the features of a suspect, or of its mirror image, with its width and height."""
        found = words(query.descriptors, CELLS_ASKED)
        return cls(found.cells, np.ascontiguousarray(found.signatures), pose(query, size))


def local_votes(segment: Segment, asked: Asked) -> NDArray[np.float32]:
    """Return the votes of a query for every work of a segment.

    Parameters
    ----------
    segment : Segment
    asked : Asked
        Features of the suspect, or of the suspect mirrored.

    Returns
    -------
    (n,) float32 array
        Agreeing votes; 0 for works without any.
    """
    is_large = len(segment.rows) >= SCANNED_ENTRIES * CELLS
    near = _scan(segment, asked) if is_large else _gather(segment, asked)
    entries, askers, distances = near
    burst = np.sqrt(np.bincount(askers, minlength=len(asked.poses)))[askers]
    weights = np.asarray((MAX_DISTANCE_BITS + 2.0 - distances) ** 2 / burst, np.float64)
    rows = segment.rows[entries].astype(np.int64)
    plain = np.asarray(np.bincount(rows, weights, minlength=len(segment)), np.float64)
    return _agreeing(rows, weights, segment.poses[entries], asked.poses[askers], plain).astype(
        np.float32
    )


_Near = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint8]]


def _scan(segment: Segment, asked: Asked) -> _Near:
    """Find near entries cell by cell: entry, asking descriptor, distance."""
    signatures, begin = np.asarray(segment.signatures), segment.starts.astype(np.int64)
    entries, askers, distances = [], [], []
    questions = zip(asked.cells.ravel().tolist(), asked.signatures.ravel(), strict=True)
    for asker, (cell, signature) in enumerate(questions):
        first = begin[cell]
        differing = np.bitwise_count(signatures[first : begin[cell + 1]] ^ signature)
        near = np.flatnonzero(differing <= MAX_DISTANCE_BITS)
        entries.append(near + first)
        askers.append(np.full(len(near), asker // CELLS_ASKED))
        distances.append(differing[near])
    nothing = np.empty(0, np.int64)
    return (
        np.concatenate([nothing, *entries]),
        np.concatenate([nothing, *askers]),
        np.concatenate([nothing.astype(np.uint8), *distances]),
    )


def _gather(segment: Segment, asked: Asked) -> _Near:
    """Find near entries of all cells at once: entry, asking descriptor, distance."""
    begin = segment.starts[asked.cells].astype(np.int64).reshape(-1)
    counts = segment.starts[asked.cells + 1].astype(np.int64).reshape(-1) - begin
    askers = np.repeat(np.arange(len(counts)), counts)
    within = np.arange(len(askers)) - np.repeat(np.cumsum(counts) - counts, counts)
    entries = begin[askers] + within
    distances = np.bitwise_count(segment.signatures[entries] ^ asked.signatures.ravel()[askers])
    near = np.flatnonzero(distances <= MAX_DISTANCE_BITS)
    return entries[near], askers[near] // CELLS_ASKED, distances[near]


def _agreeing(
    rows: NDArray[np.int64],
    weights: NDArray[np.float64],
    theirs: NDArray[np.uint8],
    ours: NDArray[np.uint8],
    plain: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Keep, of each promising work, only the votes that agree on turn and scale."""
    if len(plain) > SHORTLIST:
        listed = np.argpartition(plain, -SHORTLIST)[-SHORTLIST:]
    else:
        listed = np.arange(len(plain))
    place = np.full(len(plain), -1)
    place[listed] = np.arange(len(listed))
    kept = place[rows] >= 0
    difference = theirs[kept].astype(np.int64) - ours[kept]
    turn = (difference[:, 0] % 256) // (256 // TURN_BINS)
    scale = np.clip(difference[:, 1] // 8 + SCALE_BINS // 2, 0, SCALE_BINS - 1)
    bins = (place[rows[kept]] * TURN_BINS + turn) * SCALE_BINS + scale
    table = np.bincount(bins, weights[kept], minlength=len(listed) * TURN_BINS * SCALE_BINS)
    table = table.reshape(len(listed), TURN_BINS, SCALE_BINS)
    table = table + np.roll(table, 1, axis=1)
    table = table[:, :, 1:] + table[:, :, :-1]
    votes = np.zeros(len(plain))
    votes[listed] = table.reshape(len(listed), -1).max(axis=1)
    return votes
