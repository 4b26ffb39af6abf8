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

import numpy as np
from numpy.typing import NDArray

from ocguard.fingerprint.local import LocalFeatures
from ocguard.matching.segment import Segment, pose
from ocguard.matching.vocabulary import words

__all__ = ["local_votes"]

CELLS_ASKED = 8
"""Cells that a query descriptor asks; raising it finds weaker copies and visits more entries."""

MAX_DISTANCE_BITS = 18
"""Largest distance of signatures that votes; unrelated ones differ in half of their 64 bits, less
within a cell."""

MAX_VISITED = 3_000_000
"""Entries that a query visits in one segment; farther cells are left out in large portfolios."""

TURN_BINS = 16
"""Bins of the turn; neighbors count together."""

SCALE_BINS = 16
"""Bins of the scale, half an octave each; neighbors count together."""

SHORTLIST = 1500
"""Works, by plain votes, whose votes are examined for geometric agreement."""


def local_votes(
    segment: Segment, query: LocalFeatures, size: tuple[int, int]
) -> NDArray[np.float32]:
    """Return the votes of a query for every work of a segment.

    Parameters
    ----------
    segment : Segment
    query : LocalFeatures
        Features of the suspect, or of the suspect mirrored.
    size : (int, int)
        Width and height of the suspect's rendition.

    Returns
    -------
    (n,) float32 array
        Agreeing votes; 0 for works without any.
    """
    found = words(query.descriptors, CELLS_ASKED)
    entries, askers = _visit(segment.starts, found.cells)
    asked = np.ascontiguousarray(found.signatures).reshape(-1)[askers]
    distances = np.bitwise_count(segment.signatures[entries] ^ asked)
    near = np.flatnonzero(distances <= MAX_DISTANCE_BITS)
    entries, askers, distances = entries[near], askers[near] // CELLS_ASKED, distances[near]
    burst = np.sqrt(np.bincount(askers, minlength=len(query)))[askers]
    weights = np.asarray((MAX_DISTANCE_BITS + 2.0 - distances) ** 2 / burst, np.float64)
    rows = segment.rows[entries].astype(np.int64)
    plain = np.asarray(np.bincount(rows, weights, minlength=len(segment.work_ids)), np.float64)
    return _agreeing(
        rows, weights, segment.poses[entries], pose(query, size)[askers], plain
    ).astype(np.float32)


def _visit(
    starts: NDArray[np.uint32], cells: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """List the entries of all asked cells, and which (descriptor, cell) asked for each."""
    begin = starts[cells].astype(np.int64)
    counts = starts[cells + 1].astype(np.int64) - begin
    by_rank = np.cumsum(counts.sum(axis=0))
    counts[:, 1:][:, by_rank[1:] > MAX_VISITED] = 0
    flat, first = counts.reshape(-1), begin.reshape(-1)
    askers = np.repeat(np.arange(len(flat)), flat)
    within = np.arange(len(askers)) - np.repeat(np.cumsum(flat) - flat, flat)
    return first[askers] + within, askers


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
