"""The journal in a portfolio's database: adding, listing, verifying, taking over."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple
from typing import Any, Final

from ocguard.errors import PortfolioError
from ocguard.language.message import Message
from ocguard.portfolio.author import Author, Head
from ocguard.portfolio.journal import JournalRow, first_broken, next_row
from ocguard.portfolio.records import Damage, Entry, utc_now
from ocguard.portfolio.sql.database import Database, damaged

__all__ = ["SqlJournal"]

_COLUMNS: Final = "chain_id, number, entry, entry_sha256, signature"
_ROW: Final = f"SELECT {_COLUMNS} FROM journal WHERE chain_id = ?"
_LAST: Final = f"{_ROW} ORDER BY number DESC LIMIT 1"
_HEADS: Final = (
    f"SELECT {_COLUMNS} FROM journal AS one WHERE number ="
    " (SELECT max(number) FROM journal WHERE chain_id = one.chain_id) ORDER BY chain_id"
)
_INSERT: Final = f"INSERT INTO journal ({_COLUMNS}) VALUES (?, ?, ?, ?, ?)"

_MAX_OTHERS: Final = 32
"""Of the chains that a new one names, the newest: they fix its place among them."""


class SqlJournal:
    """A journal in a database; see :mod:`ocguard.portfolio.journal`.

    Parameters
    ----------
    database : Database
        Open.
    author : Author or None
        Who writes; without one nothing is added.
    """

    def __init__(self, database: Database, author: Author | None) -> None:
        self._database = database
        self._author = author
        self._written: JournalRow | None = None

    @contextlib.contextmanager
    def changing(self) -> Iterator[None]:
        """Run the block in one transaction, and remember the entries that it added."""
        self._written = None
        with self._database.writing():
            yield
        if self._author and self._written:
            self._author.remember(self._written)
        self._written = None

    def note(self, event: str, facts: Mapping[str, Any]) -> None:
        """Add an entry in a transaction of its own."""
        with self.changing():
            self.add(event, facts)

    def add(self, event: str, facts: Mapping[str, Any]) -> None:
        """Add an entry inside a block of :meth:`changing`; without an author there is none."""
        if self._author is None:
            return
        last = self._written or self._own_head(self._author)
        signed_by = last.identity if last else ""
        last = last or self._begun(self._author)
        key, signer = self._author.key, self._author.signer
        if key and signer and signed_by != signer.identity.key.hex():
            committed = {"key_id": key.key_id, "commitment": key.commitment}
            last = self._added(last.chain_id, last, "committed", committed)
        self._added(last.chain_id, last, event, facts)

    def add_entry(self, entry: Entry, *, is_new: bool) -> None:
        """Tell of a work that was unknown and of marks that are issued, as :meth:`add` does."""
        if is_new:
            work = entry.work
            digests = {"file_sha256": work.file_sha256, "pixel_sha256": work.pixel_sha256}
            self.add("registered", {"work": work.work_id, **digests})
        for mark in entry.marks:
            issued = {"work": mark.work_id, "mark": mark.mark_id, "issue": mark.issue_id}
            made = {"key_id": mark.key_id, "output_sha256": mark.output_sha256}
            self.add("issued", {**issued, **made})

    def chains(self) -> list[JournalRow]:
        """Give the last entry of every chain, in the order of their ids."""
        return [self._row(row) for row in self._database.rows(_HEADS)]

    def rows(self, chain_id: str) -> Iterator[JournalRow]:
        """Give the entries of a chain in their order."""
        return map(self._row, self._database.rows(f"{_ROW} ORDER BY number", chain_id))

    def agrees(self, rows: Sequence[JournalRow]) -> bool:
        """Tell whether no entry of a chain differs from the one of that number here."""
        known = {row.number: row for row in self.rows(rows[0].chain_id)}
        return all(known.get(row.number, row) == row for row in rows)

    def take_over(self, rows: Sequence[JournalRow]) -> None:
        """Add those entries of one whole chain out of a file that are new here, in a transaction.

        The chain must agree with the one of that name here; see :meth:`agrees`.
        """
        known = {row.number for row in self.rows(rows[0].chain_id)}
        self._database.run_many(_INSERT, (astuple(row) for row in rows if row.number not in known))

    def mend(self, rows: Sequence[JournalRow]) -> None:
        """Put a whole chain in the place of one that is broken or short here, in a transaction."""
        if first_broken(rows) is None and self._faults(rows[0].chain_id):
            self._database.rewrite("journal", _COLUMNS, "chain_id, number", map(astuple, rows))

    def damage(self) -> Iterator[Damage]:
        """Verify every chain, and compare with what this device remembers to have written."""
        sql = "SELECT DISTINCT chain_id FROM journal ORDER BY chain_id"
        for (chain_id,) in list(self._database.rows(sql)):
            if what := self._faults(chain_id):
                yield Damage("", what)

    def _faults(self, chain_id: str) -> str:
        """Say what is wrong with a chain; empty when it is whole."""
        try:
            rows = list(self.rows(chain_id))
        except PortfolioError:
            return Message(
                "the journal {chain_id!r:.40}: an entry cannot be read", chain_id=chain_id
            )
        if broken := first_broken(rows):
            number, reason = broken
            return Message(
                "entry {number} of the journal {chain_id}: {reason}",
                number=number,
                chain_id=chain_id,
                reason=reason,
            )
        known = self._author.remembered(chain_id) if self._author else None
        if known is None or self._holds(chain_id, known) or self._is_told(chain_id):
            return ""
        if known.number > len(rows):
            return Message(
                "entries {first} to {last} of the journal {chain_id} are gone: this is an older"
                " copy, or its end was cut off",
                first=len(rows) + 1,
                last=known.number,
                chain_id=chain_id,
            )
        return Message(
            "the journal {chain_id} is another than the one that was written here",
            chain_id=chain_id,
        )

    def _own_head(self, author: Author) -> JournalRow | None:
        """Give the last entry of the chain of this device that goes on unbroken."""
        heads = []
        for chain_id in author.chain_ids():
            known = author.remembered(chain_id)
            if known and self._holds(chain_id, known):
                heads += list(map(self._row, self._database.rows(_LAST, chain_id)))
        return max(heads, key=lambda row: row.at, default=None)

    def _holds(self, chain_id: str, head: Head) -> bool:
        """Tell whether a chain holds the entry that was written last."""
        sql = "SELECT entry_sha256 FROM journal WHERE chain_id = ? AND number = ?"
        rows = self._database.rows(sql, chain_id, head.number)
        return not head.number or [row[0] for row in rows] == [head.entry_sha256]

    def _begun(self, author: Author) -> JournalRow:
        """Begin a chain of this device; where an older copy was put back, say so."""
        chain_id = secrets.token_hex(8)
        others = self.chains()
        lost = {
            row.chain_id: {"found": row.number, "written": known.number}
            for row in others
            if (known := author.remembered(row.chain_id))
        }
        author.begin(chain_id)
        counted = "SELECT (SELECT count(*) FROM works), (SELECT count(*) FROM marks)"
        ((works, marks),) = self._database.rows(counted)
        newest = sorted(others, key=lambda row: row.at)[-_MAX_OTHERS:]
        heads = {row.chain_id: row.entry_sha256 for row in newest}
        facts = {"works": works, "marks": marks, "others": heads}
        row = self._added(chain_id, None, "began", facts)
        return self._added(chain_id, row, "restored", {"chains": lost}) if lost else row

    def _is_told(self, chain_id: str) -> bool:
        """Tell whether another chain says that this one was restored from an older copy."""
        seconds = self._database.rows(f"SELECT {_COLUMNS} FROM journal WHERE number = 2")
        told = [row.facts.get("chains") for row in map(self._row, seconds)]
        return any(isinstance(chains, dict) and chain_id in chains for chains in told)

    def _added(
        self, chain_id: str, last: JournalRow | None, event: str, facts: Mapping[str, Any]
    ) -> JournalRow:
        signer = self._author.signer if self._author else None
        row = next_row(chain_id, last, signer, utc_now(), event, facts)
        self._database.run(_INSERT, *astuple(row))
        self._written = row
        return row

    def _row(self, values: Sequence[Any]) -> JournalRow:
        try:
            return JournalRow(*values)
        except ValueError as error:
            raise damaged(
                self._database, "an entry of its journal ({reason})", reason=error
            ) from error
