"""How works and marks lie in the rows of their tables, and the statements that write them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final

from ocguard.errors import PortfolioError
from ocguard.language.message import translatable
from ocguard.portfolio.records import Entry, Mark, View, Work
from ocguard.portfolio.sql.database import damaged
from ocguard.portfolio.values import row_digest

if TYPE_CHECKING:
    from ocguard.portfolio.sql.database import Database

__all__ = [
    "IMPORTED",
    "INSERT_CREDENTIALS",
    "INSERT_MARK",
    "INSERT_RENDITION",
    "MARK_COLUMNS",
    "UPSERT_CREDENTIALS",
    "UPSERT_MARK",
    "UPSERT_RENDITION",
    "UPSERT_WORK",
    "VIEW_COLUMNS",
    "WORK_COLUMNS",
    "credentials_row",
    "description_age",
    "drop_orphans",
    "has_work",
    "insert_new",
    "lacks_time",
    "mark_row",
    "read_mark",
    "read_view",
    "read_work",
    "require_work",
    "upsert",
    "work_row",
    "write_description",
]

IMPORTED: Final = "import"
"""What introduced a work that imported files alone know."""

WORK_COLUMNS: Final = ", ".join(field.name for field in fields(Work))
MARK_COLUMNS: Final = ", ".join(field.name for field in fields(Mark))
VIEW_COLUMNS: Final = ", ".join(field.name for field in fields(View))
_CREDENTIALS: Final = "issue_id, manifest_sha256, manifest"


def _insert(table: str, columns: str) -> str:
    slots = ", ".join("?" * len(columns.split(",")))
    return f"INSERT INTO {table} ({columns}) VALUES ({slots})"


def insert_new(table: str, columns: str) -> str:
    """Write the statement that adds a row, unless there is one of its key."""
    return f"{_insert(table, columns)} ON CONFLICT DO NOTHING"


def lacks_time(kind: str, subject: str) -> str:
    """Write the condition that what a column names has no trusted time of a kind, yet to be named.

    A tree that waits for its time, and a pending proof, are none.
    """
    return (
        "NOT EXISTS (SELECT 1 FROM stamped JOIN trusted_times USING (root_sha256)"
        f" WHERE stamped.kind = '{kind}' AND subject = {subject}"
        " AND trusted_times.kind = ? AND at_utc <> '')"
    )


def upsert(table: str, columns: str, key: str) -> str:
    """Write the statement that adds a row, or puts it in the place of the one of its key."""
    others = (name for name in columns.split(", ") if name not in key.split(", "))
    changes = ", ".join(f"{name} = excluded.{name}" for name in others)
    return f"{_insert(table, columns)} ON CONFLICT ({key}) DO UPDATE SET {changes}"


INSERT_RENDITION: Final = insert_new("renditions", "sha256, jpeg")
INSERT_MARK: Final = insert_new("marks", f"{MARK_COLUMNS}, row_sha256")
INSERT_CREDENTIALS: Final = insert_new("credentials", _CREDENTIALS)
UPSERT_RENDITION: Final = upsert("renditions", "sha256, jpeg", "sha256")
UPSERT_WORK: Final = upsert("works", f"{WORK_COLUMNS}, introduced_by, row_sha256", "work_id")
UPSERT_MARK: Final = upsert("marks", f"{MARK_COLUMNS}, row_sha256", "issue_id")
UPSERT_CREDENTIALS: Final = upsert("credentials", _CREDENTIALS, "issue_id")
_UPSERT_FINGERPRINT: Final = upsert("fingerprints", "work_id, digest, data", "work_id")
_INSERT_VIEW: Final = _insert("views", f"{VIEW_COLUMNS}, row_sha256, fingerprint")


def work_row(work: Work, introduced_by: str | None) -> tuple[object, ...]:
    """Lay a work out as a row, with what introduced it and the digest of both."""
    values = (*_values(work), introduced_by)
    return (*values, row_digest(*values))


def mark_row(mark: Mark) -> tuple[object, ...]:
    """Lay a mark out as a row with its digest."""
    values = _values(mark)
    return (*values, row_digest(*values))


def credentials_row(issue_id: str, manifest: bytes) -> tuple[object, ...]:
    """Lay the manifest store of an issue's file out as a row with its digest."""
    return (issue_id, hashlib.sha256(manifest).hexdigest(), manifest)


def read_work(database: Database, row: Sequence[Any]) -> Work:
    """Read a row of works; `PortfolioError` where it cannot be one."""
    named = dict(zip(WORK_COLUMNS.split(", "), row, strict=True))
    try:
        return Work(**{**named, "hashes": json.loads(named["hashes"])})
    except (TypeError, ValueError) as error:
        what = translatable("the record of work {work_id!r:.40} ({reason})")
        raise damaged(database, what, work_id=named["work_id"], reason=error) from error


def read_view(database: Database, row: Sequence[Any]) -> View:
    """Read a row of views; `PortfolioError` where it cannot be one."""
    try:
        return View(*row)
    except (TypeError, ValueError) as error:
        what = translatable("the record of view {view_id!r:.40} ({reason})")
        raise damaged(database, what, view_id=row[0], reason=error) from error


def read_mark(database: Database, row: Sequence[Any]) -> Mark:
    """Read a row of marks; `PortfolioError` where it cannot be one."""
    named = dict(zip(MARK_COLUMNS.split(", "), row, strict=True))
    try:
        mappings = {name: json.loads(named[name]) for name in ("options", "visible")}
        return Mark(**{**named, **mappings})
    except (TypeError, ValueError) as error:
        what = translatable("a mark of work {work_id!r:.40} ({reason})")
        raise damaged(database, what, work_id=named["work_id"], reason=error) from error


def has_work(database: Database, work_id: str) -> bool:
    """Tell whether a work is known."""
    return any(database.rows("SELECT 1 FROM works WHERE work_id = ?", work_id))


def require_work(database: Database, work_id: str) -> None:
    """Raise `PortfolioError` unless a work is known: what is stored belongs to one."""
    if not has_work(database, work_id):
        raise PortfolioError("{path} holds no work {work_id}", path=database.name, work_id=work_id)


def description_age(work: Work, views: Iterable[View]) -> tuple[str, list[str]]:
    """Return what sorts descriptions of one work, the youngest last, and none beside another."""
    return work.described_utc, sorted(view.fingerprint_sha256 for view in views)


def write_description(database: Database, entry: Entry) -> None:
    """Store what an entry's work is recognized by, in the place of what was, in a transaction."""
    work_id = entry.work.work_id
    digest = hashlib.sha256(entry.fingerprint).hexdigest()
    database.run(_UPSERT_FINGERPRINT, work_id, digest, entry.fingerprint)
    database.run("DELETE FROM views WHERE work_id = ?", work_id)
    for view in entry.views:
        values = _values(view)
        fingerprint = entry.view_fingerprints[view.fingerprint_sha256]
        database.run(_INSERT_VIEW, *values, row_digest(*values), fingerprint)


def drop_orphans(database: Database) -> None:
    """Delete the renditions that no work, view or mark names any more, in a transaction."""
    database.run(
        "DELETE FROM renditions WHERE sha256 IN (SELECT sha256 FROM renditions"
        " EXCEPT SELECT reference_sha256 FROM works EXCEPT SELECT reference_sha256 FROM marks"
        " EXCEPT SELECT reference_sha256 FROM views EXCEPT SELECT reference_sha256 FROM drafts)"
    )


def _values(record: Work | Mark | View) -> tuple[object, ...]:
    """Give the values of a record; mappings become JSON."""
    values = (getattr(record, field.name) for field in fields(record))
    return tuple(
        json.dumps(dict(value), ensure_ascii=False) if isinstance(value, Mapping) else value
        for value in values
    )
