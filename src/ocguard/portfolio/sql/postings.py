"""Where works were shown, in a portfolio's database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ocguard.errors import PortfolioError
from ocguard.language.message import Message, translatable
from ocguard.portfolio.postings import Posting
from ocguard.portfolio.records import Damage, rendition_id
from ocguard.portfolio.sql.rows import require_work
from ocguard.portfolio.sql.table import SqlTable

if TYPE_CHECKING:
    from ocguard.portfolio.sql.database import Database
    from ocguard.portfolio.sql.journal import SqlJournal

__all__ = ["SqlPostings"]

_TAKEN_BACK: Final = "taken-back"


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
        self._table = SqlTable(
            database,
            "postings",
            Posting,
            "work_id, url",
            "on_date, url",
            called=translatable("posting"),
        )

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
            self._journal.add("posted", {**_named(posting), "on": posting.on_date})

    def take_back(self, work_id: str, url: str) -> Posting:
        """Forget that a work was shown at an address, and tell the journal; see the interface."""
        with self._journal.changing():
            known = next(self._table.records(work_id=work_id, url=url), None)
            if known is None:
                raise PortfolioError(
                    "nobody says that work {work_id} was shown at {url}: 'ocguard portfolio show "
                    "{work_id}' lists the addresses",
                    work_id=work_id,
                    url=url,
                )
            self._table.drop(work_id=work_id, url=url)
            self._journal.add(_TAKEN_BACK, {**_named(known), "on": known.on_date})
        return known

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
        """Put postings in the place of those that are damaged or missing, in a transaction.

        One that was taken back after it was written down stays away.
        """
        taken = self._taken_back()
        kept = [one for one in postings if one.created_utc > taken.get(_key(one), "")]
        self._table.mend(kept, are_added=True)

    def of_work(self, work_id: str) -> tuple[Posting, ...]:
        """Give the postings of a work, the earliest first."""
        return tuple(self._table.records(work_id=work_id))

    def damage(self) -> Iterator[Damage]:
        """Make every digest of postings again."""
        for row in self._table.damaged():
            yield Damage(str(row["work_id"]), Message("the record of where it was shown"))

    def _taken_back(self) -> dict[tuple[object, ...], str]:
        """Give when what was taken back last, by the journal."""
        chains = [self._journal.rows(head.chain_id) for head in self._journal.chains()]
        taken = [row for rows in chains for row in rows if row.event == _TAKEN_BACK]
        last = sorted(taken, key=lambda row: row.at)
        return {(row.facts.get("work"), row.facts.get("url_sha256")): row.at for row in last}

    def _known(self, posting: Posting) -> Posting | None:
        return next(self._table.records(work_id=posting.work_id, url=posting.url), None)


def _named(posting: Posting) -> dict[str, str]:
    """Say in the journal which posting it is: addresses stay out of it."""
    return {"work": posting.work_id, "url_sha256": rendition_id(posting.url.encode())}


def _key(posting: Posting) -> tuple[object, ...]:
    return tuple(_named(posting).values())


def _age(posting: Posting) -> tuple[str, str]:
    return posting.on_date, posting.created_utc
