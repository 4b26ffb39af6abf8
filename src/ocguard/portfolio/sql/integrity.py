"""Whether a portfolio is as it was stored: bit rot is found before the proof is needed.

The database's own check sees its pages and its layout; every row and every blob has a digest, which
is made again; every chain of the journal is verified. What can be made again at any time (codes of
learned descriptors, the token of the state) is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from ocguard.errors import PortfolioError
from ocguard.language.message import Message, message_of
from ocguard.portfolio.records import Damage
from ocguard.portfolio.sql.rows import MARK_COLUMNS, VIEW_COLUMNS, WORK_COLUMNS
from ocguard.portfolio.values import is_whole, row_digest

if TYPE_CHECKING:
    from ocguard.portfolio.sql.database import Database
    from ocguard.portfolio.store import Store

__all__ = ["find_damage"]

_WITHOUT_WORK: Final = (
    "SELECT work_id FROM fingerprints WHERE work_id NOT IN (SELECT work_id FROM works)"
    " UNION SELECT work_id FROM views WHERE work_id NOT IN (SELECT work_id FROM works)"
    " UNION SELECT work_id FROM marks WHERE work_id NOT IN (SELECT work_id FROM works)"
    " UNION SELECT work_id FROM drafts WHERE work_id NOT IN (SELECT work_id FROM works)"
    " UNION SELECT work_id FROM postings WHERE work_id NOT IN (SELECT work_id FROM works)"
    " UNION SELECT work_id FROM titles WHERE work_id NOT IN (SELECT work_id FROM works)"
    " UNION SELECT work_id FROM permitted"
    " WHERE work_id IS NOT NULL AND work_id NOT IN (SELECT work_id FROM works)"
)


def find_damage(
    database: Database, store: Store, *others: Callable[[], Iterator[Damage]]
) -> Iterator[Damage]:
    """Look at all of a portfolio.

    Parameters
    ----------
    database : Database
        Open.
    store : Store
        The same, as records.
    *others : callable
        Look at its journal, its trusted times, its drafts and what else has a store of its own.

    Yields
    ------
    Damage
        Nothing when it is whole. A work whose record is damaged may be named by what its id has
        become.
    """
    parts: tuple[Callable[[], Iterator[Damage]], ...] = (
        lambda: _pages(database),
        lambda: _works(database, store),
        lambda: _views(database, store),
        lambda: _marks(database, store),
        lambda: _renditions(database),
        *others,
        lambda: _credentials(database),
    )
    for part in parts:
        try:
            yield from part()
        except PortfolioError as error:
            yield Damage("", message_of(error))


def _pages(database: Database) -> Iterator[Damage]:
    """Check what the database itself knows of, and whether every part has its work."""
    for what in database.faults():
        yield Damage("", what)
    for (work_id,) in database.rows(_WITHOUT_WORK):
        yield Damage(str(work_id), Message("the record of the work is missing"))


def _works(database: Database, store: Store) -> Iterator[Damage]:
    """Make every digest of works and fingerprints again."""
    columns = f"{WORK_COLUMNS}, introduced_by, row_sha256"
    for work_id, *values, digest in database.rows(f"SELECT {columns} FROM works"):
        if row_digest(work_id, *values) != digest:
            yield Damage(str(work_id), Message("its record"))
        yield from _unreadable(str(work_id), Message("its fingerprint"), str(work_id), store)


def _views(database: Database, store: Store) -> Iterator[Damage]:
    """Make every digest of views and their fingerprints again."""
    for *values, digest in database.rows(f"SELECT {VIEW_COLUMNS}, row_sha256 FROM views"):
        view_id, work_id = (str(value) for value in values[:2])
        if row_digest(*values) != digest:
            yield Damage(work_id, Message("the record of its view {view_id}", view_id=view_id))
        yield from _unreadable(
            work_id,
            Message("the fingerprint of its view {view_id}", view_id=view_id),
            view_id,
            store,
        )


def _marks(database: Database, store: Store) -> Iterator[Damage]:
    """Make every digest of marks again."""
    for *values, digest in database.rows(f"SELECT {MARK_COLUMNS}, row_sha256 FROM marks"):
        if row_digest(*values) != digest:
            _, mark_id, work_id = values[:3]
            yield Damage(str(work_id), Message("the record of its mark {mark_id}", mark_id=mark_id))


def _credentials(database: Database) -> Iterator[Damage]:
    """Make every digest of Content Credentials again, and find those whose mark is gone."""
    columns = "work_id, mark_id, issue_id, manifest_sha256, manifest"
    sql = f"SELECT {columns} FROM credentials LEFT JOIN marks USING (issue_id)"
    for work_id, mark_id, issue_id, digest, manifest in database.rows(sql):
        if work_id is None:
            yield Damage(
                "",
                Message(
                    "Content Credentials of {issue_id}, which is no mark's issue", issue_id=issue_id
                ),
            )
        elif not is_whole(manifest, digest):
            yield Damage(
                str(work_id),
                Message("the Content Credentials of its mark {mark_id}", mark_id=mark_id),
            )


def _renditions(database: Database) -> Iterator[Damage]:
    """Make every digest of renditions again, and miss those that are named."""
    for (sha256,) in database.rows("SELECT sha256 FROM renditions ORDER BY sha256"):
        held = database.rows("SELECT jpeg FROM renditions WHERE sha256 = ?", sha256)
        if not all(is_whole(jpeg, sha256) for (jpeg,) in held):
            owners = [row[0] for row in database.rows(_OWNERS, sha256)] or [""]
            for work_id in owners:
                yield Damage(
                    str(work_id), Message("its rendition {digest}", digest=str(sha256)[:16])
                )
    for work_id, sha256 in database.rows(_MISSING):
        yield Damage(
            str(work_id), Message("its rendition {digest} is missing", digest=str(sha256)[:16])
        )


_OWNERS: Final = (
    "SELECT work_id FROM works WHERE reference_sha256 = ?1"
    " UNION SELECT work_id FROM views WHERE reference_sha256 = ?1"
    " UNION SELECT work_id FROM marks WHERE reference_sha256 = ?1"
    " UNION SELECT work_id FROM drafts WHERE reference_sha256 = ?1"
)
_MISSING: Final = (
    "SELECT work_id, reference_sha256 FROM"
    " (SELECT work_id, reference_sha256 FROM works"
    " UNION SELECT work_id, reference_sha256 FROM views"
    " UNION SELECT work_id, reference_sha256 FROM marks"
    " UNION SELECT work_id, reference_sha256 FROM drafts) AS named"
    " WHERE reference_sha256 NOT IN (SELECT sha256 FROM renditions)"
)


def _unreadable(work_id: str, what: str, view_id: str, store: Store) -> Iterator[Damage]:
    """Try to read the fingerprint of a work or view."""
    try:
        store.fingerprint(view_id)
    except PortfolioError:
        yield Damage(work_id, what)
