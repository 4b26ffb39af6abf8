"""Find the few works worth comparing with a suspect, out of all of a portfolio.

Three searches run over the same works: local votes (crops, collages, overlays), layout codes
(repaints, line art, inversion) and global codes (soft or tiny pictures). Each proposes its best
works; they take turns in the list of candidates, because none of them knows what another one sees.

An index is a folder of segments. Adding writes one more segment, and joins the smaller ones when
there are many; nothing else is rewritten. It is a cache: everything in it can be built again from
the fingerprints that the portfolio keeps.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from ocguard.errors import PortfolioError
from ocguard.fingerprint.codes import CODE_BYTES, code_distances
from ocguard.fingerprint.fingerprint import FINGERPRINT_VERSION, Fingerprint
from ocguard.fingerprint.layout import mirrored_layout
from ocguard.matching.segment import Segment
from ocguard.matching.votes import local_votes

__all__ = ["Candidate", "Index"]

CANDIDATES = 20
"""Works that a search returns."""

MAX_SEGMENTS = 8
"""Segments of a saved index; one more and the smaller ones are joined."""

CODE_BITS = 8 * CODE_BYTES
"""Distance of a code that does not exist."""

_MANIFEST = "index.json"


@dataclass(frozen=True)
class Candidate:
    """A work worth comparing.

    Attributes
    ----------
    work_id : str
        The work.
    votes : float
        Agreeing local votes.
    layout_distance : int
        Differing bits of the layout codes, of 1152; the smaller of both mirrors.
    code_distance : int
        Differing bits of the nearest pair of global codes, of 256; 256 where there is none.
    """

    work_id: str
    votes: float
    layout_distance: int
    code_distance: int


@dataclass(frozen=True)
class Index:
    """Segments of works; immutable, so a search never sees half a change."""

    segments: tuple[Segment, ...] = ()
    removed: frozenset[str] = frozenset()

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

    @property
    def work_ids(self) -> frozenset[str]:
        """The works that a search can return."""
        return frozenset(i for s in self.segments for i in s.work_ids) - self.removed

    def with_works(self, works: Iterable[tuple[str, Fingerprint]]) -> Index:
        """Return an index with more works; a work that is there already is replaced."""
        added = tuple(works)
        if not added:
            return self
        new_ids = frozenset(work_id for work_id, _ in added)
        kept = self.without_works(new_ids & self.work_ids)._compact(new_ids)
        segments = (*kept.segments, Segment.build(added))
        while len(segments) > MAX_SEGMENTS:
            segments = _join_smaller(segments, kept.removed)
        return Index(segments, kept.removed)

    def without_works(self, work_ids: Iterable[str]) -> Index:
        """Return an index that no longer returns the given works."""
        return Index(self.segments, self.removed | (frozenset(work_ids) & self.work_ids))

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
            Not matches: they have to be verified.

        Notes
        -----
        About 0.25 CPU-seconds for 10,000 works; see ``bench_matching``.
        """
        ids: list[str] = [i for segment in self.segments for i in segment.work_ids]
        if not ids:
            return []
        live = np.array([i not in self.removed for i in ids])
        votes = np.concatenate([_votes(s, query) for s in self.segments])
        layouts = np.concatenate([_layout_distances(s, query) for s in self.segments])
        codes = np.concatenate([_code_distances(s, query) for s in self.segments])
        rankings = (
            _best(votes + live, live, limit),
            _best(-layouts.astype(np.float32), live, limit),
            _best(-codes.astype(np.float32), live, limit),
        )
        rows = _take_turns(rankings, limit)
        return [Candidate(ids[r], float(votes[r]), int(layouts[r]), int(codes[r])) for r in rows]

    def save(self, folder: Path) -> None:
        """Write what a folder lacks of this index; segments that are there already stay.

        Parameters
        ----------
        folder : Path
            Created if missing. Readers that opened it before keep what they opened.
        """
        folder.mkdir(parents=True, exist_ok=True)
        names = []
        for segment in self.segments:
            place = _place(segment)
            if place is None or place.parent != folder:
                place = folder / f"segment-{uuid4().hex[:16]}"
                segment.save(place)
            names.append(place.name)
        manifest = {
            "fingerprint_version": FINGERPRINT_VERSION,
            "segments": names,
            "removed": sorted(self.removed),
        }
        draft = folder / f"{_MANIFEST}.{uuid4().hex[:8]}"
        draft.write_text(json.dumps(manifest), encoding="utf-8")
        draft.replace(folder / _MANIFEST)
        for stale in folder.glob("segment-*"):
            if stale.name not in names:
                shutil.rmtree(stale, ignore_errors=True)

    @classmethod
    def open(cls, folder: Path) -> Index:
        """Open a saved index; arrays are mapped, not read.

        Raises
        ------
        PortfolioError
            If it is missing, damaged, or of another fingerprint version: build it again.
        """
        try:
            manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
            version = manifest["fingerprint_version"]
            names, removed = manifest["segments"], manifest["removed"]
        except (OSError, ValueError, KeyError) as error:
            raise PortfolioError(f"{folder}: no readable index; rebuild it") from error
        if version != FINGERPRINT_VERSION:
            raise PortfolioError(
                f"{folder}: the index has fingerprint version {version}, this ocguard reads "
                f"{FINGERPRINT_VERSION}; rebuild it"
            )
        return cls(tuple(Segment.open(folder / name) for name in names), frozenset(removed))

    def _compact(self, new_ids: frozenset[str]) -> Index:
        """Rewrite segments that hold an old entry of a work that is coming back."""
        returning = self.removed & new_ids
        segments = [
            Segment.merge([s], returning) if returning & set(s.work_ids) else s
            for s in self.segments
        ]
        return Index(tuple(s for s in segments if s.work_ids), self.removed - returning)


def _join_smaller(segments: tuple[Segment, ...], removed: frozenset[str]) -> tuple[Segment, ...]:
    """Join the smaller half of the segments, so that a work is rewritten few times in its life."""
    by_size = sorted(segments, key=lambda s: len(s.work_ids), reverse=True)
    large, small = by_size[: MAX_SEGMENTS // 2], by_size[MAX_SEGMENTS // 2 :]
    return (*large, Segment.merge(small, removed))


def _place(segment: Segment) -> Path | None:
    """Return the folder that a mapped segment came from."""
    if isinstance(segment.rows, np.memmap) and segment.rows.filename is not None:
        return Path(str(segment.rows.filename)).parent
    return None


def _votes(segment: Segment, query: Fingerprint) -> NDArray[np.float32]:
    mirrored = query.local.mirrored(query.width)
    plain = local_votes(segment, query.local, query.size)
    return np.maximum(plain, local_votes(segment, mirrored, query.size))


def _layout_distances(segment: Segment, query: Fingerprint) -> NDArray[np.int32]:
    asked = np.stack([query.layout, mirrored_layout(query.layout)])
    return np.asarray(code_distances(asked, segment.layouts).min(axis=0), np.int32)


def _code_distances(segment: Segment, query: Fingerprint) -> NDArray[np.int32]:
    """Return the distance of the nearest pair of views; missing codes are at `CODE_BITS`."""
    asked = np.concatenate([query.codes[:2], query.mirrored_codes[:2]])
    asked = asked[asked.any(axis=1)]
    works, views = segment.codes.shape[:2]
    if not len(asked):
        return np.full(works, CODE_BITS, np.int32)
    stored = segment.codes.reshape(works * views, CODE_BYTES)
    nearest = code_distances(asked, stored).min(axis=0)
    nearest[~stored.any(axis=1)] = CODE_BITS
    return np.asarray(nearest.reshape(works, views).min(axis=1), np.int32)


def _best(scores: NDArray[np.float32], live: NDArray[np.bool_], limit: int) -> NDArray[np.intp]:
    """Return the rows of the highest scores, best first, ties by row."""
    rows = np.flatnonzero(live)
    return rows[np.argsort(-scores[rows], kind="stable")[:limit]]


def _take_turns(rankings: tuple[NDArray[np.intp], ...], limit: int) -> list[int]:
    """Merge rankings: everybody's best, everybody's second, and so on, each work once.

    Local votes, the strongest search, propose two works a turn.
    """
    merged: dict[int, None] = {}
    votes, layouts, codes = (ranking.tolist() for ranking in rankings)
    for turn in range(limit):
        for row in (
            *votes[2 * turn : 2 * turn + 2],
            *layouts[turn : turn + 1],
            *codes[turn : turn + 1],
        ):
            merged.setdefault(row)
    return list(merged)[:limit]
