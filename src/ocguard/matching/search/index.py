"""Find the few works worth comparing with a suspect, out of all of a portfolio.

Three searches run over the same works: local votes (crops, collages, overlays), layout codes
(repaints, line art, inversion) and global codes (soft or tiny pictures). Each proposes its best
works; they take turns in the list of candidates, because none of them knows what another one sees.

What is indexed are whole works and their views (`ocguard.fingerprint.view_id`), alike. Each search
proposes of every work the one view that is nearest.

An index is a set of segments. Adding makes one more segment, joined with those that are not much
larger; the others stay as they are, in memory or in files (`ocguard.matching.search.files`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from ocguard.fingerprint.edge_layout import mirrored_layout
from ocguard.fingerprint.fingerprint import Fingerprint
from ocguard.fingerprint.view_id import work_of
from ocguard.matching.search.files import release
from ocguard.matching.search.hamming import nearest_distances
from ocguard.matching.search.segment import Segment
from ocguard.matching.search.votes import Asked, Near, local_votes, near_entries

__all__ = ["Candidate", "Index"]

CANDIDATES = 20
"""Works that a search returns."""

SIZE_RATIO = 4
"""A segment has at least so many times the works of the next smaller one; the others are joined, so
that each work is rewritten few times in its life."""

FULL_WORKS = 100_000
"""Works from which on a segment is not joined with others: that takes three times its memory."""

MORE_ROWS = 4
"""So many times the rows are asked for when too many of those were views of the same works."""

RELEASED_BYTES = 2**28
"""Size of an index from which on a search gives the memory back that it read files into."""


@dataclass(frozen=True)
class Candidate:
    """A work worth comparing.

    Attributes
    ----------
    view_id : str
        The work, or the view of it.
    votes : float
        Agreeing local votes.
    layout_distance : int
        Differing bits of the layout codes, of 1152; the smaller of both mirrors.
    code_distance : int
        Differing bits of the nearest pair of global codes, of 256; 256 where there is none.
    """

    view_id: str
    votes: float
    layout_distance: int
    code_distance: int

    @property
    def work_id(self) -> str:
        """The work that it is of."""
        return work_of(self.view_id)


@dataclass(frozen=True)
class Index:
    """Segments of works and views, largest first; a search never sees half a change.

    Ids are those of works and of views; each is added, replaced and removed by itself.
    """

    segments: tuple[Segment, ...] = ()

    @classmethod
    def build(cls, works: Iterable[tuple[str, Fingerprint]]) -> Index:
        """Build an index in memory.

        Parameters
        ----------
        works : iterable of (work_id, Fingerprint)

        Notes
        -----
        About 6 CPU-milliseconds and 9 kB a work.
        """
        return cls().with_works(works)

    def __len__(self) -> int:
        """Return the number of works and views that a search can return."""
        return sum(len(segment) - len(segment.dead) for segment in self.segments)

    def __contains__(self, work_id: str) -> bool:
        """Whether a search can return a work, or a view."""
        return any(len(segment.rows_of([work_id])) for segment in self.segments)

    @property
    def work_ids(self) -> frozenset[str]:
        """The works that a search can return; reads the ids of all of them."""
        ids = (i.decode() for s in self.segments for i in s.work_ids[s.live].tolist())
        return frozenset(map(work_of, ids))

    def with_works(self, works: Iterable[tuple[str, Fingerprint]]) -> Index:
        """Return an index with more works; a work that is there already is replaced."""
        added = dict(works)
        if not added:
            return self
        kept = self.without_works(added)
        return Index(_joined((*kept.segments, Segment.build(added.items()))))

    def without_works(self, work_ids: Iterable[str]) -> Index:
        """Return an index that no longer returns the given works."""
        gone = tuple(work_ids)
        return Index(tuple(s for s in (_without(s, gone) for s in self.segments) if len(s)))

    def search(self, query: Fingerprint, limit: int = CANDIDATES) -> list[Candidate]:
        """Return the works most worth comparing with a query, most promising first.

        Parameters
        ----------
        query : Fingerprint
            Description of the suspect.
        limit : int
            Most candidates to return.

        Returns
        -------
        list of Candidate
            Not matches: they have to be verified. At most three views of one work.

        Notes
        -----
        See ``bench_matching_size`` for its cost.
        """
        if not self.segments:
            return []
        live = np.concatenate([segment.live for segment in self.segments])
        votes, layouts, codes = self._scores(query)
        scores = (votes, -layouts.astype(np.float32), -codes.astype(np.float32))
        ends = np.cumsum([len(segment) for segment in self.segments])
        rankings = [_best_views(one, live, limit, ends, self._id) for one in scores]
        rows = _take_turns(rankings, limit)
        return [
            Candidate(self._id(r), float(votes[r]), int(layouts[r]), int(codes[r])) for r in rows
        ]

    def _scores(
        self, query: Fingerprint
    ) -> tuple[NDArray[np.float32], NDArray[np.uint16], NDArray[np.uint16]]:
        """Return votes, layout distances and code distances of all rows."""
        mirror_image = query.local.mirrored(query.width)
        asked = Asked.of(query.local, query.size).limited(self.segments)
        mirrored = Asked.of(mirror_image, query.size).limited(self.segments)
        layouts = np.stack([query.layout, mirrored_layout(query.layout)])
        codes = np.concatenate([query.codes[:2], query.mirrored_codes[:2]])
        codes = codes[codes.any(axis=1)]
        direct: list[tuple[int, Near]] = []
        turned: list[tuple[int, Near]] = []
        distances: list[tuple[NDArray[np.uint16], NDArray[np.uint16]]] = []
        is_large = sum(s.signatures.nbytes for s in self.segments) >= RELEASED_BYTES
        for segment in self.segments:
            direct.append((len(segment), near_entries(segment, asked)))
            turned.append((len(segment), near_entries(segment, mirrored)))
            distances.append(
                (
                    nearest_distances(segment.layouts, layouts, zero_is_missing=False),
                    nearest_distances(segment.codes, codes, zero_is_missing=True),
                )
            )
            if is_large:
                release(segment)
        return (
            np.maximum(local_votes(direct, asked), local_votes(turned, mirrored)),
            np.concatenate([near for near, _ in distances]),
            np.concatenate([near for _, near in distances]),
        )

    def _id(self, row: int) -> str:
        """Name what lies in a row, counted through all segments."""
        for segment in self.segments:
            if row < len(segment):
                return bytes(segment.work_ids[row]).decode()
            row -= len(segment)
        raise IndexError(row)


def _without(segment: Segment, work_ids: tuple[str, ...]) -> Segment:
    """Let works of a segment die; rewrite it once most of it is dead."""
    gone = segment.rows_of(work_ids)
    if not len(gone):
        return segment
    less = replace(segment, dead=np.union1d(segment.dead, gone).astype(np.uint32))
    return less if 2 * len(less.dead) <= len(less) else Segment.merge([less])


def _joined(segments: Iterable[Segment]) -> tuple[Segment, ...]:
    """Join the smallest segments, so that each is much larger than all that are smaller."""
    ordered = sorted(segments, key=len)
    before = list(accumulate(map(len, ordered), initial=0))
    is_near = [
        len(one) < min(FULL_WORKS, SIZE_RATIO * smaller)
        for one, smaller in zip(ordered, before, strict=False)
    ]
    count = max((at for at, near in enumerate(is_near, 1) if near), default=1)
    joined = Segment.merge(ordered[:count]) if count > 1 else ordered[0]
    return (*reversed(ordered[count:]), joined)


def _best_views(
    scores: NDArray[np.float32],
    live: NDArray[np.bool_],
    limit: int,
    ends: NDArray[np.int64],
    id_of: Callable[[int], str],
) -> list[int]:
    """Return the rows of the best views, one of each work, best first."""
    asked = limit
    while True:
        rows = _best(scores, live, asked, ends)
        rows = sorted(rows, key=lambda row: (-scores[row], id_of(row)))[:asked]
        best: dict[str, int] = {}
        for row in rows:
            best.setdefault(work_of(id_of(row)), row)
        if len(best) >= limit or len(rows) < asked:
            return list(best.values())[:limit]
        asked *= MORE_ROWS


def _best(
    scores: NDArray[np.float32], live: NDArray[np.bool_], limit: int, ends: NDArray[np.int64]
) -> list[int]:
    """Return the rows of the highest scores; of equal ones the first of every segment.

    Works of a segment are sorted by their ids, so the first by id of all are among these.
    """
    rows = np.flatnonzero(live)
    alive = scores[rows]
    if len(rows) <= limit:
        return list(map(int, rows))
    least = np.partition(alive, len(rows) - limit)[len(rows) - limit]
    equal = rows[alive == least]
    parts = np.split(equal, np.searchsorted(equal, ends[:-1]))
    return [
        *rows[alive > least].tolist(),
        *(row for part in parts for row in part[:limit].tolist()),
    ]


def _take_turns(rankings: Sequence[list[int]], limit: int) -> list[int]:
    """Merge rankings: everybody's best, everybody's second, and so on, each row once.

    Local votes, the strongest search, propose two works a turn.
    """
    merged: dict[int, None] = {}
    votes, layouts, codes = rankings
    for turn in range(limit):
        for row in (
            *votes[2 * turn : 2 * turn + 2],
            *layouts[turn : turn + 1],
            *codes[turn : turn + 1],
        ):
            merged.setdefault(row)
    return list(merged)[:limit]
