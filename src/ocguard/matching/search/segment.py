"""One part of the index: the codes and the inverted file of some works, as plain arrays.

A row is a whole work or a view of one; both are called works here, and have ids of their own.

Works are sorted by their id, so that one is found without a table of all. Entries of the inverted
file are sorted by cell; a cell's entries lie between two neighboring ``starts``. The arrays may be
mapped from files, see `ocguard.matching.search.files`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ocguard.fingerprint.fingerprint import Fingerprint
from ocguard.fingerprint.local import LocalFeatures
from ocguard.matching.search.hamming import as_columns
from ocguard.matching.search.vocabulary import CELLS, words

__all__ = ["Segment", "pose"]

NO_ROWS = np.empty(0, np.uint32)


@dataclass(frozen=True)
class Segment:
    """Codes and local entries of n works.

    Attributes
    ----------
    work_ids : (n,) bytes array
        Work of each row in UTF-8, ascending.
    codes : (28, n) uint64 array
        Global codes: seven of four words, as `hamming.as_columns` lays them out.
    layouts : (18, n) uint64 array
        Layout codes.
    starts : (CELLS + 1,) uint32 array
        First entry of every cell.
    rows : (entries,) uint32 array
        Work of every entry.
    signatures : (entries,) uint64 array
        Signature of every entry.
    poses : (entries, 2) uint8 array
        Orientation and size of every entry's keypoint; see `pose`.
    dead : (m,) uint32 array
        Rows of works that were removed since; the index keeps them, not the segment's files.
    """

    work_ids: NDArray[np.bytes_]
    codes: NDArray[np.uint64]
    layouts: NDArray[np.uint64]
    starts: NDArray[np.uint32]
    rows: NDArray[np.uint32]
    signatures: NDArray[np.uint64]
    poses: NDArray[np.uint8]
    dead: NDArray[np.uint32] = field(default_factory=NO_ROWS.copy)

    def __len__(self) -> int:
        """Return the number of rows, dead ones included."""
        return len(self.work_ids)

    @property
    def live(self) -> NDArray[np.bool_]:
        """Whether each row counts."""
        live = np.ones(len(self), np.bool_)
        live[self.dead] = False
        return live

    def rows_of(self, work_ids: Iterable[str]) -> NDArray[np.uint32]:
        """Return the live rows of some works; works that are not here have none."""
        longest = self.work_ids.itemsize
        names = [name for work_id in work_ids if len(name := work_id.encode()) <= longest]
        if not names or not len(self):
            return NO_ROWS
        asked = np.array(names, self.work_ids.dtype)
        found = np.minimum(np.searchsorted(self.work_ids, asked), len(self) - 1)
        found = found[np.asarray(self.work_ids[found]) == asked]
        return np.setdiff1d(found, self.dead).astype(np.uint32)

    @classmethod
    def build(cls, works: Iterable[tuple[str, Fingerprint]]) -> Segment:
        """Build a segment; about 6 CPU-milliseconds a work."""
        ids, codes, layouts, cells, signatures, poses = [], [], [], [], [], []
        for work_id, fingerprint in sorted(works, key=lambda one: one[0].encode()):
            found = words(fingerprint.local.descriptors, cells_each=1)
            ids.append(work_id.encode())
            codes.append(fingerprint.codes)
            layouts.append(fingerprint.layout)
            cells.append(found.cells[:, 0].astype(np.uint16))
            signatures.append(found.signatures[:, 0])
            poses.append(pose(fingerprint.local, fingerprint.size))
        if not ids:
            raise ValueError("a segment needs at least one work")
        rows = np.repeat(np.arange(len(ids), dtype=np.uint32), [len(c) for c in cells])
        return cls(
            np.array(ids, np.bytes_),
            as_columns(np.stack(codes)),
            as_columns(np.stack(layouts)),
            *_sorted_by_cell(
                np.concatenate(cells), rows, np.concatenate(signatures), np.concatenate(poses)
            ),
        )

    @classmethod
    def merge(cls, segments: Sequence[Segment]) -> Segment:
        """Join segments into one and leave dead rows out."""
        kept = [np.flatnonzero(s.live) for s in segments]
        ids = np.concatenate([s.work_ids[k] for s, k in zip(segments, kept, strict=True)])
        order = np.argsort(ids, kind="stable")
        place = np.empty(len(ids), np.uint32)
        place[order] = np.arange(len(ids), dtype=np.uint32)
        cells, rows, signatures, poses = [], [], [], []
        for segment, keep in zip(segments, kept, strict=True):
            new_row = np.full(len(segment), len(ids), np.uint32)
            new_row[keep], place = place[: len(keep)], place[len(keep) :]
            moved = new_row[segment.rows]
            live = moved < len(ids)
            starts = segment.starts.astype(np.int64)
            sizes = starts[1:] - starts[:-1]
            cells.append(np.repeat(np.arange(CELLS, dtype=np.uint16), sizes)[live])
            rows.append(moved[live])
            signatures.append(segment.signatures[live])
            poses.append(segment.poses[live])
        return cls(
            ids[order],
            _joined_columns([s.codes[:, k] for s, k in zip(segments, kept, strict=True)], order),
            _joined_columns([s.layouts[:, k] for s, k in zip(segments, kept, strict=True)], order),
            *_sorted_by_cell(
                np.concatenate(cells),
                np.concatenate(rows),
                np.concatenate(signatures),
                np.concatenate(poses),
            ),
        )


def pose(local: LocalFeatures, size: tuple[int, int]) -> NDArray[np.uint8]:
    """Return orientation (256 steps a turn) and size (16 steps an octave) of keypoints.

    Sizes are relative to the rendition's long side, so that they survive scaling.
    """
    turn = np.rint(local.angles_deg * (256 / 360)).astype(np.int64) % 256
    octaves = np.log2(local.sizes_px / max(size)) * 16 + 200
    return np.column_stack([turn, np.clip(np.rint(octaves), 0, 255)]).astype(np.uint8)


def _joined_columns(
    parts: Sequence[NDArray[np.uint64]], order: NDArray[np.intp]
) -> NDArray[np.uint64]:
    return np.ascontiguousarray(np.concatenate(parts, axis=1)[:, order])


def _sorted_by_cell(
    cells: NDArray[np.uint16],
    rows: NDArray[np.uint32],
    signatures: NDArray[np.uint64],
    poses: NDArray[np.uint8],
) -> tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint64], NDArray[np.uint8]]:
    order = np.argsort(cells, kind="stable")
    starts = np.zeros(CELLS + 1, np.uint32)
    np.cumsum(np.bincount(cells, minlength=CELLS), out=starts[1:])
    return starts, rows[order], signatures[order], poses[order]
