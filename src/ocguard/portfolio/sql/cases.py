"""Copies that were found, in a portfolio's database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from ocguard.errors import PortfolioError
from ocguard.language.message import Message, translatable
from ocguard.portfolio.cases import Case
from ocguard.portfolio.records import Damage
from ocguard.portfolio.sql.table import SqlTable

if TYPE_CHECKING:
    from ocguard.portfolio.sql.database import Database

__all__ = ["SqlCases"]


class SqlCases:
    """Cases in a database.

    Parameters
    ----------
    database : Database
        Open.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._table = SqlTable(
            database, "cases", Case, "case_id", "created_utc, case_id", called=translatable("case")
        )

    def open(self, case: Case) -> None:
        """Store a new case."""
        with self._database.writing():
            self._table.put(case)

    def change(self, case_id: str, change: Callable[[Case], Case]) -> Case:
        """Exchange a case for what a function makes of it, in one transaction."""
        with self._database.writing():
            for case in list(self._table.records(case_id=case_id)):
                changed = change(case)
                self._table.put(changed)
                return changed
        raise PortfolioError(
            "{path} holds no case {case_id}", path=self._database.name, case_id=case_id
        )

    def all(self) -> list[Case]:
        """Give all cases, the oldest first."""
        return list(self._table.records())

    def of_suspect(self, suspect_sha256: str) -> list[Case]:
        """Give the cases about a file, the oldest first."""
        return list(self._table.records(suspect_sha256=suspect_sha256))

    def mend(self, cases: Iterable[Case]) -> None:
        """Put cases in the place of those that are damaged; see the interface."""
        with self._database.writing():
            self._table.mend(cases, are_added=False)

    def damage(self) -> Iterator[Damage]:
        """Make every digest of cases again."""
        for row in self._table.damaged():
            yield Damage("", Message("the case {case_id!s:.40}", case_id=row["case_id"]))
