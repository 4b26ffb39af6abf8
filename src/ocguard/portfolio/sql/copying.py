"""Copy the rows of one database into another, of whatever kinds they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Final

from ocguard.portfolio.sql.rows import insert_new

if TYPE_CHECKING:
    from ocguard.portfolio.sql.database import Database

__all__ = ["KEYS", "MADE_AGAIN", "copy_rows", "tables_apart", "tables_beyond"]

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
    "titles": "work_id",
    "permitted": "permission_id",
    "cases": "case_id",
    "journal": "chain_id, number",
    "trusted_times": "token_sha256",
    "stamped": "root_sha256, position",
}
"""Every table that is copied, behind those that it refers to, with its key."""

MADE_AGAIN: Final = ("state", "changes", "shared_index", "index_files")
"""Tables that a copy has of its own: tokens of its states, and the search index."""

PAGE_KEYS: Final = 1000
"""Keys held in memory at a time."""

PAGE_ROWS: Final = 64
"""Rows held in memory and written in one transaction: renditions have up to 1.5 MB."""

Row = tuple[Any, ...]


def copy_rows(source: Database, target: Database) -> None:
    """Add those rows of one portfolio to another whose keys are not there.

    Parameters
    ----------
    source : Database
        Inside a block of :meth:`~.database.Database.reading`, to copy one moment.
    target : Database
        Each page of rows is stored in a transaction of its own; who stops early goes on later.
    """
    for table, key in KEYS.items():
        names = ", ".join(source.columns(table))
        one = f"SELECT {names} FROM {table} WHERE ({key}) = ({_slots(key)})"
        for keys in _keys_missing(table, of=source, to=target):
            for start in range(0, len(keys), PAGE_ROWS):
                page = keys[start : start + PAGE_ROWS]
                rows = [row for place in page for row in source.rows(one, *place)]
                with target.writing():
                    target.run_many(insert_new(table, names), rows)


def tables_beyond(source: Database, target: Database) -> list[str]:
    """Name the tables in which the target has keys that the source does not have."""
    return [table for table in KEYS if any(_keys_missing(table, of=target, to=source))]


def tables_apart(source: Database, target: Database) -> list[str]:
    """Name the tables that do not hold the same rows, every value and blob of them."""
    pairs = {table: zip_longest(_rows(table, source), _rows(table, target)) for table in KEYS}
    return [table for table, rows in pairs.items() if any(one != other for one, other in rows)]


def _keys_missing(table: str, *, of: Database, to: Database) -> Iterator[list[Row]]:
    """Give the keys of a table in one database that another does not have, in their order."""
    key, slots = KEYS[table], _slots(KEYS[table])
    between = f"SELECT {key} FROM {table} WHERE ({key}) >= ({slots}) AND ({key}) <= ({slots})"
    for page in _pages(of, table, key, PAGE_KEYS):
        known = set(to.rows(between, *page[0], *page[-1]))
        if missing := [one for one in page if one not in known]:
            yield missing


def _rows(table: str, database: Database) -> Iterator[Row]:
    """Give all rows of a table in the order of its key, each with its columns by name."""
    names = ", ".join(sorted(database.columns(table)))
    for page in _pages(database, table, names, PAGE_ROWS):
        yield from page


def _pages(database: Database, table: str, names: str, size: int) -> Iterator[list[Row]]:
    """Read columns of a table in the order of its key, some rows at a time."""
    key = KEYS[table]
    width, where, last = len(key.split(", ")), "", ()
    while True:
        sql = f"SELECT {key}, {names} FROM {table} {where} ORDER BY {key} LIMIT {size}"
        page = list(database.rows(sql, *last))
        if not page:
            return
        yield [row[width:] for row in page]
        where, last = f"WHERE ({key}) > ({_slots(key)})", page[-1][:width]


def _slots(key: str) -> str:
    return ", ".join("?" * len(key.split(", ")))
