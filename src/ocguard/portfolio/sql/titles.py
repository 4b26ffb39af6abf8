"""What works are called, in a portfolio's database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from ocguard.language.message import Message, translatable
from ocguard.portfolio.records import Damage, rendition_id
from ocguard.portfolio.sql.rows import require_work
from ocguard.portfolio.sql.table import SqlTable
from ocguard.portfolio.titles import Title

if TYPE_CHECKING:
    from ocguard.portfolio.sql.database import Database
    from ocguard.portfolio.sql.journal import SqlJournal

__all__ = ["SqlTitles"]


class SqlTitles:
    """Titles in a database.

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
            database, "titles", Title, "work_id", "work_id", called=translatable("title")
        )

    def record(self, title: Title) -> None:
        """Store a title in the place of the former one; see the interface."""
        with self._journal.changing():
            require_work(self._database, title.work_id)
            if self._known(title.work_id) != title.title:
                digest = rendition_id(title.title.encode())
                self._journal.add("renamed", {"work": title.work_id, "title_sha256": digest})
            self._table.put(title)

    def drop(self, work_id: str) -> None:
        """Forget the title of a work; see the interface."""
        with self._journal.changing():
            require_work(self._database, work_id)
            if self._table.drop(work_id=work_id):
                self._journal.add("renamed", {"work": work_id})

    def take_over(self, title: Title | None, now: str) -> None:
        """Store what a file calls a work, if so, in a transaction; what was written here stays.

        Of what two files say the later word stays, whichever file came first.
        """
        if title is None:
            return
        known = self.of_work(title.work_id)
        if known is None or (known.imported_utc and _age(known) < _age(title)):
            self._table.put(replace(title, imported_utc=now))

    def mend(self, title: Title | None, *, is_added: bool) -> None:
        """Put a title, if there is one, in the place of a damaged one, in a transaction.

        With `is_added` also where there is none; without it it may have been taken away.
        """
        self._table.mend([title] if title else [], are_added=is_added)

    def of_work(self, work_id: str) -> Title | None:
        """Give the title of a work; None without one."""
        return next(self._table.records(work_id=work_id), None)

    def all(self) -> dict[str, str]:
        """Give the titles of all works that have one, by their ids."""
        return {one.work_id: one.title for one in self._table.records()}

    def damage(self) -> Iterator[Damage]:
        """Make every digest of titles again."""
        for row in self._table.damaged():
            yield Damage(str(row["work_id"]), Message("its title"))

    def _known(self, work_id: str) -> str:
        known = self.of_work(work_id)
        return known.title if known else ""


def _age(title: Title) -> tuple[str, str]:
    return title.created_utc, title.title
