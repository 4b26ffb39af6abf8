"""Copy the rows of one database into another, of whatever kinds they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from ocguard.portfolio.sql.rows import insert_new

if TYPE_CHECKING:
    from ocguard.portfolio.sql.database import Database

__all__ = ["KEYS", "copy_rows"]

KEYS: Final[Mapping[str, str]] = {
    "renditions": "sha256",
    "works": "work_id",
    "fingerprints": "work_id",
    "views": "view_id",
    "marks": "issue_id",
    "credentials": "issue_id",
    "learned_codes": "descriptor_id, view_id",
    "drafts": "draft_id",
    "postings": "work_id, url",
    "permitted": "permission_id",
    "cases": "case_id",
    "journal": "chain_id, number",
    "trusted_times": "token_sha256",
    "stamped": "root_sha256, position",
}
"""Every table but the token of the state, behind those that it refers to, with its key."""

PAGE_ROWS: Final = 64
"""Rows held in memory at a time: renditions have up to 1.5 MB."""


def copy_rows(source: Database, target: Database) -> None:
    """Add every row of one portfolio to another; rows of a known key stay as they are.

    Parameters
    ----------
    source : Database
        Inside a block of :meth:`~.database.Database.reading`, to copy one moment.
    target : Database
        Inside a block of :meth:`~.database.Database.writing`.
    """
    for table, key in KEYS.items():
        names = source.columns(table)
        add = insert_new(table, ", ".join(names))
        for page in _pages(source, table, key, names):
            target.run_many(add, page)


def _pages(
    source: Database, table: str, key: str, names: Sequence[str]
) -> Iterator[list[tuple[Any, ...]]]:
    """Read a table in the order of its key, some rows at a time."""
    places = [names.index(name) for name in key.split(", ")]
    slots = ", ".join("?" * len(places))
    where, last = "", ()
    while True:
        sql = f"SELECT {', '.join(names)} FROM {table} {where} ORDER BY {key} LIMIT {PAGE_ROWS}"
        page = list(source.rows(sql, *last))
        if not page:
            return
        yield page
        where, last = f"WHERE ({key}) > ({slots})", tuple(page[-1][place] for place in places)
