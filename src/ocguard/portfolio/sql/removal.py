"""Take things out of the portfolio: a work, which can be put back, or a mark that failed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from ocguard.portfolio.sql.rows import drop_orphans, insert_new

if TYPE_CHECKING:
    from ocguard.portfolio.sql.database import Database

__all__ = ["BELONGING", "Removed", "put_back", "take_back", "take_out"]

_OWN: Final = "work_id = ?1"

BELONGING: Final[Mapping[str, str]] = {
    "renditions": " UNION ".join(
        f"SELECT reference_sha256 FROM {table} WHERE {_OWN}"
        for table in ("works", "marks", "views", "drafts")
    ).join(("sha256 IN (", ")")),
    **dict.fromkeys(("works", "fingerprints", "views", "marks", "learned_codes"), _OWN),
    **dict.fromkeys(("drafts", "postings", "titles", "permitted"), _OWN),
    "credentials": f"issue_id IN (SELECT issue_id FROM marks WHERE {_OWN})",
}
"""Which rows of which table belong to a work; a table stands behind those that it refers to."""


@dataclass(frozen=True)
class Removed:
    """A work that was removed, with all that belonged to it.

    Attributes
    ----------
    work_id : str
        Which.
    rows : Mapping[str, tuple of Mapping[str, object]]
        Its rows by table, each with its values by column: as they were stored, also what was
        damaged. Usually 0.5 to 3 MB.
    """

    work_id: str
    rows: Mapping[str, Sequence[Mapping[str, Any]]] = field(repr=False)

    @property
    def title(self) -> str:
        """What it was called; empty without a title."""
        return "".join(str(row["title"]) for row in self.rows["titles"])

    @property
    def source(self) -> str:
        """Where the original was first seen."""
        return str(self.rows["works"][0]["source"])


def take_out(database: Database, work_id: str) -> Removed | None:
    """Delete a work with all that belongs to it, inside the running transaction.

    Returns
    -------
    Removed or None
        What puts it back; None when there is no such work.
    """
    rows = {}
    for table, belongs in BELONGING.items():
        columns = database.columns(table)
        found = database.rows(f"SELECT {', '.join(columns)} FROM {table} WHERE {belongs}", work_id)
        rows[table] = tuple(dict(zip(columns, row, strict=True)) for row in found)
    if not database.run("DELETE FROM works WHERE work_id = ?", work_id):
        return None
    drop_orphans(database)
    return Removed(work_id, rows)


def put_back(database: Database, removed: Removed) -> None:
    """Store a removed work as it was, inside the running transaction.

    Where it was registered again meanwhile, its older record comes back, and the marks that were
    issued meanwhile stay.
    """
    newer = take_out(database, removed.work_id)
    for one in (removed, newer) if newer else (removed,):
        for table, rows in one.rows.items():
            for row in rows:
                database.run(insert_new(table, ", ".join(row)), *row.values())


def take_back(database: Database, issue_id: str) -> bool:
    """Delete an issued mark, and its work if that came with this issue alone, in a transaction.

    Returns
    -------
    bool
        Whether there was such an issue.
    """
    if not database.run("DELETE FROM marks WHERE issue_id = ?", issue_id):
        return False
    database.run(
        "DELETE FROM works WHERE introduced_by = ? AND NOT EXISTS"
        " (SELECT 1 FROM marks WHERE marks.work_id = works.work_id)",
        issue_id,
    )
    drop_orphans(database)
    return True
