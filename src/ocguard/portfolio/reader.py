"""What is read of a portfolio to find a suspect's works and marks, in one portfolio or several.

Works need not lie in one place: an agency has a portfolio for each artist, and a large one spreads
its works over several servers. Read as one, they give the answers of one portfolio. None of them is
ever passed over: one that cannot be read is an error, since "no match" would be a lie.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Protocol

from ocguard.errors import PortfolioError
from ocguard.portfolio.records import Mark, View, Work
from ocguard.portfolio.titles import Title

__all__ = ["JoinedReader", "NotHeldError", "Reader", "TitleReader"]


class NotHeldError(PortfolioError):
    """A portfolio does not hold what was asked for."""

    @classmethod
    def code(cls) -> str:
        """Name the kind of error for programs: that of every error of a portfolio."""
        return PortfolioError.code()


class TitleReader(Protocol):
    """What works are called."""

    def of_work(self, work_id: str) -> Title | None:
        """Give the title of a work; None without one."""


class Reader(Protocol):
    """Works and marks that can be read.

    Every method may raise `PortfolioError`: damaged, locked for too long, or out of reach.
    """

    @property
    def titles(self) -> TitleReader:
        """What the works are called."""

    def works(self, prefix: str = "") -> Iterator[Work]:
        """Give the works whose id begins with `prefix`, oldest first."""

    def marks_of_file(self, output_sha256: str) -> tuple[Mark, ...]:
        """Find the issues whose protected file is this very file, oldest first."""

    def marks(self, work_id: str) -> tuple[Mark, ...]:
        """Give the marks issued for a work, oldest first."""

    def marks_with_id(self, mark_id: str) -> tuple[Mark, ...]:
        """Find the issues of a mark id, oldest first."""

    def marks_of_key(self, key_id: str) -> tuple[Mark, ...]:
        """Give every mark issued with a key, oldest first."""

    def is_of_others(self, work_id: str, key_id: str) -> bool:
        """Tell whether a work came in a file and carries marks of other keys alone."""

    def views(self, work_id: str) -> tuple[View, ...]:
        """Give what a work is recognized by beside the whole, by number."""

    def fingerprint(self, view_id: str) -> bytes:
        """Give the fingerprint of a work or a view by its id; `NotHeldError` when unknown."""

    def rendition(self, sha256: str) -> bytes:
        """Give a reference rendition (JPEG) by its digest; `NotHeldError` when unknown."""


class JoinedReader:
    """Several portfolios, read as one; a work that is in several of them is that of the first.

    Parameters
    ----------
    readers : sequence of Reader
        One at least, all of them open.
    """

    def __init__(self, readers: Sequence[Reader]) -> None:
        self._readers = tuple(readers)

    def holder(self, work_id: str) -> int:
        """Tell which portfolio holds a work, by its place among them; the first where none does."""
        held = (n for n, one in enumerate(self._readers) if any(one.works(work_id)))
        return next(held, 0)

    @property
    def titles(self) -> TitleReader:
        """What the works are called."""
        return _JoinedTitles(self._readers)

    def works(self, prefix: str = "") -> Iterator[Work]:
        """Give the works whose id begins with `prefix`, those of the first portfolio first."""
        distinct: dict[str, Work] = {}
        for work in chain.from_iterable(one.works(prefix) for one in self._readers):
            distinct.setdefault(work.work_id, work)
        return iter(distinct.values())

    def marks_of_file(self, output_sha256: str) -> tuple[Mark, ...]:
        """Find the issues whose protected file is this very file."""
        return self._marks(lambda one: one.marks_of_file(output_sha256))

    def marks(self, work_id: str) -> tuple[Mark, ...]:
        """Give the marks issued for a work."""
        return self._marks(lambda one: one.marks(work_id))

    def marks_with_id(self, mark_id: str) -> tuple[Mark, ...]:
        """Find the issues of a mark id."""
        return self._marks(lambda one: one.marks_with_id(mark_id))

    def marks_of_key(self, key_id: str) -> tuple[Mark, ...]:
        """Give every mark issued with a key."""
        return self._marks(lambda one: one.marks_of_key(key_id))

    def is_of_others(self, work_id: str, key_id: str) -> bool:
        """Tell whether a work came in a file wherever it is, with marks of other keys alone."""
        holders = [one for one in self._readers if any(one.works(work_id))]
        return bool(holders) and all(one.is_of_others(work_id, key_id) for one in holders)

    def views(self, work_id: str) -> tuple[View, ...]:
        """Give what a work is recognized by beside the whole, each view once."""
        distinct: dict[str, View] = {}
        for view in chain.from_iterable(one.views(work_id) for one in self._readers):
            distinct.setdefault(view.view_id, view)
        return tuple(distinct.values())

    def fingerprint(self, view_id: str) -> bytes:
        """Give the fingerprint of a work or a view; `NotHeldError` when unknown."""
        return self._held(lambda one: one.fingerprint(view_id))

    def rendition(self, sha256: str) -> bytes:
        """Give a reference rendition by its digest; `NotHeldError` when unknown."""
        return self._held(lambda one: one.rendition(sha256))

    def _held(self, ask: Callable[[Reader], bytes]) -> bytes:
        """Give what the first portfolio that holds it gives."""
        *others, last = self._readers
        for one in others:
            with contextlib.suppress(NotHeldError):
                return ask(one)
        return ask(last)

    def _marks(self, marks_of: Callable[[Reader], Sequence[Mark]]) -> tuple[Mark, ...]:
        """Gather marks of all portfolios, each issue once, oldest first."""
        found = {mark.issue_id: mark for one in self._readers for mark in marks_of(one)}
        return tuple(sorted(found.values(), key=lambda mark: mark.created_utc))


class _JoinedTitles:
    """Titles in several portfolios, that of the first one that has one."""

    def __init__(self, readers: Sequence[Reader]) -> None:
        self._readers = readers

    def of_work(self, work_id: str) -> Title | None:
        """Give the title of a work; None without one."""
        titles = (one.titles.of_work(work_id) for one in self._readers)
        return next((title for title in titles if title is not None), None)
