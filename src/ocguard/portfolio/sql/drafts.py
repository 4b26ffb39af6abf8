"""Drafts in a portfolio's database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, Final

from ocguard.language.message import Message, translatable
from ocguard.portfolio.drafts import Draft
from ocguard.portfolio.records import Damage
from ocguard.portfolio.sql.database import Database, damaged
from ocguard.portfolio.sql.rows import (
    UPSERT_RENDITION,
    drop_orphans,
    has_work,
    lacks_time,
    require_work,
)
from ocguard.portfolio.sql.table import SqlTable
from ocguard.portfolio.stamps import Leaf, TimeKind
from ocguard.portfolio.values import row_digest

if TYPE_CHECKING:
    from ocguard.portfolio.sql.journal import SqlJournal

__all__ = ["SqlDrafts"]

_COLUMNS: Final = ", ".join(field.name for field in fields(Draft))
_OF_WORK: Final = (
    f"SELECT {_COLUMNS} FROM drafts WHERE work_id = ? ORDER BY created_utc, source, frame"
)
_NEW: Final = (
    "SELECT draft_id, work_id, file_sha256, pixel_sha256, frame, created_utc FROM drafts"
    f" WHERE imported_utc = '' AND {lacks_time('draft', 'draft_id')}"
    " ORDER BY created_utc, draft_id"
)


class SqlDrafts:
    """Drafts in a database.

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
        order = "created_utc, source, frame"
        self._table = SqlTable(
            database, "drafts", Draft, "draft_id", order, called=translatable("draft")
        )

    def record(self, drafts: Iterable[tuple[Draft, bytes]]) -> None:
        """Store drafts with their renditions, and tell the journal of those that are new."""
        with self._journal.changing():
            for draft, jpeg in drafts:
                require_work(self._database, draft.work_id)
                if self._written(draft, jpeg):
                    digests = {"file_sha256": draft.file_sha256, "pixel_sha256": draft.pixel_sha256}
                    facts = {"work": draft.work_id, "draft": draft.draft_id, **digests}
                    self._journal.add("drafted", {**facts, "frame": draft.frame})

    def take_over(self, drafts: Iterable[tuple[Draft, bytes]], now: str) -> None:
        """Store what a file brought for works that are known, in a transaction, as claims.

        What is whole here stays.
        """
        for draft, jpeg in drafts:
            if has_work(self._database, draft.work_id):
                self._written(replace(draft, imported_utc=now), jpeg)

    def mend(self, drafts: Iterable[tuple[Draft, bytes]]) -> None:
        """Put drafts in the place of those that are damaged or missing here."""
        with self._database.writing():
            for draft, jpeg in drafts:
                if has_work(self._database, draft.work_id):
                    self._written(draft, jpeg)
            drop_orphans(self._database)

    def of_work(self, work_id: str) -> tuple[Draft, ...]:
        """Give the drafts of a work, the first added first."""
        return tuple(self._draft(row) for row in self._database.rows(_OF_WORK, work_id))

    def new(self, by: TimeKind) -> list[Leaf]:
        """List drafts that were added here and have no time of a kind, as leaves."""
        names = ("draft", "work", "file_sha256", "pixel_sha256", "frame", "added")
        rows = self._database.rows(_NEW, by)
        return [Leaf.of("draft", row[0], dict(zip(names, row, strict=True))) for row in rows]

    def damage(self) -> Iterator[Damage]:
        """Make every digest of drafts again, and miss their works."""
        for row in self._table.damaged():
            what = Message("the record of its draft {draft_id}", draft_id=str(row["draft_id"])[:16])
            yield Damage(str(row["work_id"]), what)

    def _written(self, draft: Draft, jpeg: bytes) -> bool:
        """Store a draft unless it is there, whole; tell whether it was stored."""
        sql = f"SELECT {_COLUMNS}, row_sha256 FROM drafts WHERE draft_id = ?"
        rows = self._database.rows(sql, draft.draft_id)
        known = [digest == row_digest(*values) for *values, digest in rows]
        self._database.run(UPSERT_RENDITION, draft.reference_sha256, jpeg)
        if known == [True]:
            return False
        self._table.put(draft)
        return not known

    def _draft(self, row: Sequence[Any]) -> Draft:
        try:
            return Draft(*row)
        except (TypeError, ValueError) as error:
            raise damaged(
                self._database,
                "a draft of work {work_id!r:.40} ({reason})",
                work_id=row[1],
                reason=error,
            ) from error
