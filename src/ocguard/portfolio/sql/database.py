"""What the queries of a portfolio need of a database; each kind of ours has a room with one.

Queries are written for SQLite's slots (``?``, or ``?1`` where one value stands in several places),
and in SQL that SQLite and PostgreSQL understand alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

from ocguard.errors import PortfolioError
from ocguard.language.message import Message

__all__ = ["Database", "damaged"]


class Database(Protocol):
    """An open database that holds one portfolio of the newest layout.

    Every method raises `PortfolioError` with what to do next when the database cannot do it.
    """

    @property
    def name(self) -> str:
        """How messages name it."""

    @property
    def layout(self) -> int:
        """Number of its layout."""

    def close(self) -> None:
        """Give the database back."""

    def rows(self, sql: str, *values: object) -> Iterator[tuple[Any, ...]]:
        """Run a query, row by row."""

    def run(self, sql: str, *values: object) -> int:
        """Run one statement inside :meth:`writing`, and count the rows that it changed."""

    def run_many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """Run one statement for each row inside :meth:`writing`."""

    def rewrite(self, table: str, columns: str, key: str, rows: Iterable[Sequence[object]]) -> None:
        """Put rows in the place of those of their key, inside :meth:`writing`.

        Also in a table whose rows are never changed otherwise: to mend it.
        """

    def columns(self, table: str) -> list[str]:
        """Name the columns of a table in their order."""

    def writing(self) -> AbstractContextManager[None]:
        """Run the block in one transaction, undone by any error; one at a time in a portfolio."""

    def reading(self) -> AbstractContextManager[None]:
        """Read several things as of one moment in the block."""

    def faults(self) -> Iterator[Message]:
        """Say what is wrong with its pages and with the layout of its tables."""

    def size_bytes(self) -> int:
        """Tell the space that the portfolio takes."""

    def copy_to(self, target: Path) -> None:
        """Copy the portfolio as of one moment to a new SQLite file, private to its owner.

        `OutputExistsError` when the name is taken.
        """


def damaged(database: Database, what: str, /, **values: object) -> PortfolioError:
    """Return the error for a part that is not as it was stored; `what` names it."""
    return PortfolioError(
        "{path} is damaged: {what} is not as it was stored; see 'ocguard portfolio "
        "check', then 'ocguard portfolio repair'",
        path=database.name,
        what=Message(what, **values),
    )
