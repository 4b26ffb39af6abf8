"""Where works were shown, in a portfolio's database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from ocguard.language.message import Message
from ocguard.portfolio.postings import Posting
from ocguard.portfolio.records import Damage, rendition_id
from ocguard.portfolio.sql.rows import require_work
from ocguard.portfolio.sql.table import SqlTable

if TYPE_CHECKING:
    from ocguard.portfolio.sql.database import Database
    from ocguard.portfolio.sql.journal import SqlJournal

__all__ = ["SqlPostings"]


class SqlPostings:
    """Postings in a database.

    Parameters
    ----------
    database : Database
        Open.
    journal : SqlJournal
        Of the same portfolio.
    """

    def __init__(self, database: Database, journal: SqlJournal) -> None:
        self._database = database
        self._journal = journal
        self._table = SqlTable(database, "postings", Posting, "work_id, url", "on_date, url")

    def record(self, postings: Iterable[Posting]) -> None:
        """Store postings in one transaction; see the interface."""
        with self._journal.changing():
            self.write(postings)

    def write(self, postings: Iterable[Posting]) -> None:
        """Store postings, and tell the journal of those that are new, in a transaction."""
        for posting in postings:
            require_work(self._database, posting.work_id)
            known = self._known(posting)
            if known and (known.on_date, known.imported_utc) == (posting.on_date, ""):
                continue
            self._table.put(posting)
            facts = {"work": posting.work_id, "url_sha256": rendition_id(posting.url.encode())}
            self._journal.add("posted", {**facts, "on": posting.on_date})

    def take_over(self, postings: Iterable[Posting], now: str) -> None:
        """Store what a file brought, in a transaction, as claims; what was written here stays.

        Of two files' words on one address the earlier day stays, whichever file came first.
        """
        for posting in postings:
            known = self._known(posting)
            if known is None:
                self._table.put(replace(posting, imported_utc=now))
            elif known.imported_utc and _age(posting) < _age(known):
                self._table.put(replace(posting, imported_utc=known.imported_utc))

    def mend(self, postings: Iterable[Posting]) -> None:
        """Put postings in the place of those that are damaged or missing, in a transaction."""
        self._table.mend(postings, are_added=True)

    def of_work(self, work_id: str) -> tuple[Posting, ...]:
        """Give the postings of a work, the earliest first."""
        return tuple(self._table.records(work_id=work_id))

    def damage(self) -> Iterator[Damage]:
        """Make every digest of postings again."""
        for row in self._table.damaged():
            yield Damage(str(row["work_id"]), Message("the record of where it was shown"))

    def _known(self, posting: Posting) -> Posting | None:
        return next(self._table.records(work_id=posting.work_id, url=posting.url), None)


def _age(posting: Posting) -> tuple[str, str]:
    return posting.on_date, posting.created_utc
