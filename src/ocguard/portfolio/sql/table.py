"""Records of one kind as rows of a portfolio's database, each with its digest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, fields
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ocguard.language.message import Message
from ocguard.portfolio.sql.database import damaged
from ocguard.portfolio.sql.rows import upsert
from ocguard.portfolio.values import row_digest

if TYPE_CHECKING:
    from ocguard.portfolio.sql.database import Database

__all__ = ["SqlTable"]

Record = TypeVar("Record")


class SqlTable(Generic[Record]):
    """A table whose columns are the fields of a record, and the digest of the row.

    Parameters
    ----------
    database : Database
        Open.
    table : str
        What it is called.
    kind : type
        A dataclass of plain values that checks itself.
    key : str
        Columns that name a row, with ``, `` between them.
    order : str
        Columns by which the rows are given.
    called : str
        What a record is called in errors, marked for translation.
    """

    def __init__(
        self,
        database: Database,
        table: str,
        kind: type[Record],
        key: str,
        order: str,
        *,
        called: str,
    ) -> None:
        self._database = database
        self._called = called
        self._kind = kind
        self._names = [field.name for field in fields(kind)]  # type: ignore[arg-type]
        self._key = key.split(", ")
        columns = ", ".join(self._names)
        self._select = f"SELECT {columns}, row_sha256 FROM {table}"
        self._delete = f"DELETE FROM {table}"
        self._order = f"ORDER BY {order}"
        self._upsert = upsert(table, f"{columns}, row_sha256", key)

    def put(self, record: Record) -> None:
        """Store a record in the place of the one of its key, in a transaction."""
        values = astuple(record)  # type: ignore[call-overload]
        self._database.run(self._upsert, *values, row_digest(*values))

    def drop(self, **named: str) -> int:
        """Delete the rows with some values, in a transaction, and count them."""
        return self._database.run(f"{self._delete} {_where(named)}", *named.values())

    def records(self, **named: str) -> Iterator[Record]:
        """Give the records with some values in their order."""
        sql = f"{self._select} {_where(named)} {self._order}"
        for *values, _ in self._database.rows(sql, *named.values()):
            try:
                yield self._kind(*values)
            except (TypeError, ValueError) as error:
                raise damaged(
                    self._database,
                    "the {kind} {name!r:.40} ({reason})",
                    kind=Message(self._called),
                    name=values[0],
                    reason=error,
                ) from error

    def mend(self, records: Iterable[Record], *, are_added: bool) -> None:
        """Put records in the place of their rows where those are damaged, in a transaction.

        With `are_added` also where they are gone; without it they may have been taken back.
        """
        for record in records:
            key = {name: getattr(record, name) for name in self._key}
            rows = list(self._database.rows(f"{self._select} {_where(key)}", *key.values()))
            is_wanted = not _is_row_whole(rows[0]) if rows else are_added
            if is_wanted:
                self.put(record)

    def damaged(self) -> Iterator[Mapping[str, Any]]:
        """Make every digest again, and give the rows that have another."""
        for row in self._database.rows(self._select):
            if not _is_row_whole(row):
                yield dict(zip(self._names, row, strict=False))


def _is_row_whole(row: Sequence[Any]) -> bool:
    return bool(row_digest(*row[:-1]) == row[-1])


def _where(named: Mapping[str, object]) -> str:
    """Ask for rows by the values of some columns."""
    return f"WHERE {' AND '.join(f'{name} = ?' for name in named)}" if named else ""
