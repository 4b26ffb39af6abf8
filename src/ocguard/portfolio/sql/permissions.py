"""Who may show works, in a portfolio's database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from ocguard.errors import PortfolioError
from ocguard.language.message import Message, translatable
from ocguard.portfolio.permissions import Permission
from ocguard.portfolio.records import Damage
from ocguard.portfolio.sql.rows import require_work
from ocguard.portfolio.sql.table import SqlTable

if TYPE_CHECKING:
    from ocguard.portfolio.sql.database import Database

__all__ = ["SqlPermissions"]


class SqlPermissions:
    """Permissions in a database.

    Parameters
    ----------
    database : Database
        Open.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        order = "created_utc, permission_id"
        self._table = SqlTable(
            database,
            "permitted",
            Permission,
            "permission_id",
            order,
            called=translatable("permission"),
        )

    def record(self, permission: Permission) -> None:
        """Store a permission; see the interface."""
        with self._database.writing():
            if permission.work_id is not None:
                require_work(self._database, permission.work_id)
            self._table.put(permission)

    def withdraw(self, permission_id: str) -> None:
        """Forget a permission; see the interface."""
        with self._database.writing():
            if not self._table.drop(permission_id=permission_id):
                raise PortfolioError(
                    "{path} holds no permission {permission_id}",
                    path=self._database.name,
                    permission_id=permission_id,
                )

    def all(self) -> list[Permission]:
        """Give all permissions, the oldest first."""
        return list(self._table.records())

    def mend(self, permissions: Iterable[Permission]) -> None:
        """Put permissions in the place of those that are damaged; see the interface."""
        with self._database.writing():
            self._table.mend(permissions, are_added=False)

    def damage(self) -> Iterator[Damage]:
        """Make every digest of permissions again."""
        for row in self._table.damaged():
            permission_id = row["permission_id"]
            what = Message("the permission {permission_id!s:.40}", permission_id=permission_id)
            yield Damage(str(row["work_id"] or ""), what)
