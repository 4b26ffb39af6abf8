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

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ocguard.fingerprint.local import LocalFeatures
from ocguard.matching.search.files import runs
from ocguard.matching.search.segment import Segment, pose
from ocguard.matching.search.vocabulary import CELLS, words

__all__ = ["Asked", "Near", "local_votes", "near_entries"]

CELLS_ASKED = 8
"""Cells that a query descriptor asks; raising it finds weaker copies and visits more entries."""

MAX_DISTANCE_BITS = 18
"""Largest distance of signatures that votes; unrelated ones differ in half of their 64 bits, less
within a cell."""

SCANNED_ENTRIES = 200
"""Mean entries of a cell from which on cells are scanned one by one where they lie; below, the
entries of all cells are gathered first, which takes fewer steps but moves them."""

MAX_VISITED = 24_000_000
"""Entries that a query visits at most; beyond 250,000 works the farther cells are left out."""

TURN_BINS = 16
"""Bins of the turn; neighbors count together."""

SCALE_BINS = 16
"""Bins of the scale, half an octave each; neighbors count together."""

SHORTLIST = 1500
"""Works, by plain votes, whose votes are examined for geometric agreement, and all that equal the
last; of more than 150,000 works one of `SHORTLISTED_OF`."""

SHORTLISTED_OF = 100


@dataclass(frozen=True)
class Asked:
    """Local features of a suspect, prepared to be asked for in any number of segments.

    Attributes
    ----------
    cells : (n, m) int64 array
        Cells that each descriptor asks, nearest first.
    signatures : (n, m) uint64 array
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
        return cls(found.cells, found.signatures, pose(query, size))

    def limited(self, segments: Sequence[Segment]) -> Asked:
        """Leave out the farther cells, as far as they hold more than `MAX_VISITED` entries."""
        visited = np.zeros(self.cells.shape[1], np.int64)
        for segment in segments:
            starts = np.asarray(segment.starts).astype(np.int64)
            visited += (starts[self.cells + 1] - starts[self.cells]).sum(axis=0)
        kept = max(1, int(np.searchsorted(np.cumsum(visited), MAX_VISITED, side="right")))
        return Asked(self.cells[:, :kept], self.signatures[:, :kept], self.poses)


@dataclass(frozen=True)
class Near:
    """Entries of a segment that are near to a suspect's features.

    Attributes
    ----------
    rows : (n,) int64 array
        Work of each.
    poses : (n, 2) uint8 array
        Its pose.
    askers : (n,) int64 array
        Which of the suspect's features found it.
    distances : (n,) uint8 array
        Differing bits of the signatures.
    """

    rows: NDArray[np.int64]
    poses: NDArray[np.uint8]
    askers: NDArray[np.int64]
    distances: NDArray[np.uint8]


def near_entries(segment: Segment, asked: Asked) -> Near:
    """Find the entries of a segment's works that are near to a suspect's features."""
    is_large = len(segment.rows) >= SCANNED_ENTRIES * CELLS
    near = _scan(segment, asked) if is_large else _gather(segment, asked)
    alive = segment.live[near.rows] if len(segment.dead) else slice(None)
    return Near(near.rows[alive], near.poses[alive], near.askers[alive], near.distances[alive])


def local_votes(found: Sequence[tuple[int, Near]], asked: Asked) -> NDArray[np.float32]:
    """Return the votes of a query for every work of an index.

    They do not depend on how the works are dealt to segments.

    Parameters
    ----------
    found : sequence of (int, Near)
        Number of works of every segment, and its near entries.
    asked : Asked
        Features of the suspect, or of the suspect mirrored.

    Returns
    -------
    (n,) float32 array
        Agreeing votes, of the first segment's works first; 0 for works without any.
    """
    sizes = [size for size, _ in found]
    before = np.cumsum([0, *sizes])[:-1].tolist()
    rows = np.concatenate(
        [near.rows + first for first, (_, near) in zip(before, found, strict=True)]
    )
    poses, askers, distances = (
        np.concatenate([getattr(near, name) for _, near in found])
        for name in ("poses", "askers", "distances")
    )
    burst = np.sqrt(np.bincount(askers, minlength=len(asked.poses)))[askers]
    weights = np.asarray((MAX_DISTANCE_BITS + 2.0 - distances) ** 2 / burst, np.float64)
    plain = np.asarray(np.bincount(rows, weights, minlength=sum(sizes)), np.float64)
    return _agreeing(rows, weights, poses, asked.poses[askers], plain).astype(np.float32)


def _scan(segment: Segment, asked: Asked) -> Near:
    """Find near entries cell by cell: work, pose, asking descriptor, distance."""
    starts = np.asarray(segment.starts)
    begin = starts[asked.cells].ravel().tolist()
    end = starts[asked.cells + 1].ravel().tolist()
    rows, poses = [np.empty(0, np.uint32)], [np.empty((0, 2), np.uint8)]
    distances, counts = [np.empty(0, np.uint8)], []
    with (
        runs(segment.signatures) as signatures,
        runs(segment.rows) as all_rows,
        runs(segment.poses) as all_poses,
    ):
        for first, last, signature in zip(begin, end, asked.signatures.ravel(), strict=True):
            differing = np.bitwise_count(signatures(first, last) ^ signature)
            near = (differing <= MAX_DISTANCE_BITS).nonzero()[0]
            counts.append(len(near))
            if len(near):
                rows.append(all_rows(first, last)[near])
                poses.append(all_poses(first, last)[near])
                distances.append(differing[near])
    askers = np.repeat(np.arange(len(counts)) // asked.cells.shape[1], counts)
    return Near(
        np.concatenate(rows).astype(np.int64),
        np.concatenate(poses),
        askers,
        np.concatenate(distances),
    )


def _gather(segment: Segment, asked: Asked) -> Near:
    """Find near entries of all cells at once: work, pose, asking descriptor, distance."""
    starts = np.asarray(segment.starts)
    begin = starts[asked.cells].astype(np.int64).reshape(-1)
    counts = starts[asked.cells + 1].astype(np.int64).reshape(-1) - begin
    askers = np.repeat(np.arange(len(counts)), counts)
    within = np.arange(len(askers)) - np.repeat(np.cumsum(counts) - counts, counts)
    entries = begin[askers] + within
    distances = np.bitwise_count(segment.signatures[entries] ^ asked.signatures.ravel()[askers])
    near = np.flatnonzero(distances <= MAX_DISTANCE_BITS)
    found = entries[near]
    return Near(
        segment.rows[found].astype(np.int64),
        np.asarray(segment.poses[found]),
        askers[near] // asked.cells.shape[1],
        distances[near],
    )


def _agreeing(
    rows: NDArray[np.int64],
    weights: NDArray[np.float64],
    theirs: NDArray[np.uint8],
    ours: NDArray[np.uint8],
    plain: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Keep, of each promising work, only the votes that agree on turn and scale."""
    listed = np.flatnonzero(plain)
    most = max(SHORTLIST, len(plain) // SHORTLISTED_OF)
    if len(listed) > most:
        listed = listed[plain[listed] >= np.partition(plain[listed], -most)[-most]]
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
    votes[listed] = table.max(axis=(1, 2))
    return votes
