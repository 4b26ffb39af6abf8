"""Put whole parts in the place of damaged ones, and leave what is whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from ocguard.errors import PortfolioError
from ocguard.portfolio.records import Entry, Work
from ocguard.portfolio.sql.rows import (
    IMPORTED,
    INSERT_CREDENTIALS,
    MARK_COLUMNS,
    UPSERT_CREDENTIALS,
    UPSERT_MARK,
    UPSERT_RENDITION,
    UPSERT_WORK,
    VIEW_COLUMNS,
    WORK_COLUMNS,
    credentials_row,
    drop_orphans,
    mark_row,
    work_row,
    write_description,
)
from ocguard.portfolio.values import row_digest

if TYPE_CHECKING:
    from ocguard.portfolio.sql.database import Database
    from ocguard.portfolio.store import Store

__all__ = ["mend"]


def mend(database: Database, store: Store, entry: Entry) -> None:
    """Mend one work inside the running transaction.

    A damaged record is replaced by the entry's. A whole record keeps its dates and its source, and
    takes the entry's description where its own rendition or fingerprint is gone.

    Parameters
    ----------
    database : Database
        Open, in a transaction.
    store : Store
        The same, as records.
    entry : Entry
        Whole parts of one work.
    """
    work_id = entry.work.work_id
    introduced_by = IMPORTED if entry.work.imported_utc else None
    work: Work = entry.work
    is_described = not _is_recognizable(database, store, work_id)
    if _is_row_whole(database, "works", f"{WORK_COLUMNS}, introduced_by", "work_id", work_id):
        (work,) = store.works(work_id)
        ((introduced_by,),) = database.rows(
            "SELECT introduced_by FROM works WHERE work_id = ?", work_id
        )
        is_described |= not _reads(store.rendition, work.reference_sha256)
        if is_described:
            work = replace(
                work,
                described_utc=entry.work.described_utc,
                reference_sha256=entry.work.reference_sha256,
                hashes=entry.work.hashes,
            )
    else:
        is_described = True
    database.run_many(UPSERT_RENDITION, entry.renditions.items())
    database.run(UPSERT_WORK, *work_row(work, introduced_by))
    if is_described:
        write_description(database, entry)
    for mark in entry.marks:
        if not _is_row_whole(database, "marks", MARK_COLUMNS, "issue_id", mark.issue_id):
            database.run(UPSERT_MARK, *mark_row(mark))
    for issue_id, manifest in entry.credentials.items():
        is_whole = _reads(store.credentials, issue_id)
        statement = INSERT_CREDENTIALS if is_whole else UPSERT_CREDENTIALS
        database.run(statement, *credentials_row(issue_id, manifest))
    drop_orphans(database)


def _is_recognizable(database: Database, store: Store, work_id: str) -> bool:
    """Tell whether all that a work is recognized by is whole, but for its own rendition."""
    if not _reads(store.fingerprint, work_id):
        return False
    ids = [row[0] for row in database.rows("SELECT view_id FROM views WHERE work_id = ?", work_id)]
    if not all(_is_row_whole(database, "views", VIEW_COLUMNS, "view_id", one) for one in ids):
        return False
    return all(
        _reads(store.fingerprint, view.view_id) and _reads(store.rendition, view.reference_sha256)
        for view in store.views(work_id)
    )


def _is_row_whole(database: Database, table: str, columns: str, key: str, value: str) -> bool:
    """Tell whether a row is there and has its digest."""
    sql = f"SELECT {columns}, row_sha256 FROM {table} WHERE {key} = ?"
    return any(row_digest(*values) == digest for *values, digest in database.rows(sql, value))


def _reads(read: Callable[[str], object], name: str) -> bool:
    """Tell whether a blob is whole."""
    try:
        read(name)
    except PortfolioError:
        return False
    return True
