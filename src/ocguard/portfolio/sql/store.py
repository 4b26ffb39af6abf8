"""A portfolio in a database: the queries of the store.

A commit is on the disk before it returns, since a protected file is published right after its
record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Final, Self

from ocguard.language.message import translatable
from ocguard.portfolio.author import Author
from ocguard.portfolio.drafts import Draft
from ocguard.portfolio.journal import JournalRow
from ocguard.portfolio.reader import NotHeldError
from ocguard.portfolio.records import Damage, Entry, Mark, Stats, View, Work, merged, utc_now
from ocguard.portfolio.sql.cases import SqlCases
from ocguard.portfolio.sql.database import Database, damaged
from ocguard.portfolio.sql.drafts import SqlDrafts
from ocguard.portfolio.sql.index import SqlSharedIndex
from ocguard.portfolio.sql.integrity import find_damage
from ocguard.portfolio.sql.journal import SqlJournal
from ocguard.portfolio.sql.mending import mend
from ocguard.portfolio.sql.permissions import SqlPermissions
from ocguard.portfolio.sql.postings import SqlPostings
from ocguard.portfolio.sql.removal import Removed, put_back, take_back, take_out
from ocguard.portfolio.sql.rows import (
    IMPORTED,
    INSERT_CREDENTIALS,
    INSERT_MARK,
    INSERT_RENDITION,
    MARK_COLUMNS,
    UPSERT_WORK,
    VIEW_COLUMNS,
    WORK_COLUMNS,
    credentials_row,
    description_age,
    drop_orphans,
    has_work,
    mark_row,
    read_mark,
    read_view,
    read_work,
    work_row,
    write_description,
)
from ocguard.portfolio.sql.stamps import SqlStamps
from ocguard.portfolio.sql.titles import SqlTitles
from ocguard.portfolio.stamps import Stamp
from ocguard.portfolio.values import is_whole

__all__ = ["SqlStore"]

LAST_CHARACTER: Final = "\U0010ffff"
"""Comes after every character that an id may go on with: ends a range that an index can look up."""

_NO_WORK: Final = translatable("{path} holds no work {name}: see 'ocguard portfolio list'")
_NO_RENDITION: Final = translatable(
    "{path} holds no rendition {name}: see 'ocguard portfolio list'"
)


class SqlStore:
    """A :class:`~ocguard.portfolio.store.Store` in a database.

    Parameters
    ----------
    database : Database
        Open; closed by :meth:`close`.
    author : Author, optional
        Who writes its journal.
    """

    def __init__(self, database: Database, author: Author | None = None) -> None:
        self._database = database
        self.journal = SqlJournal(database, author)
        self.stamps = SqlStamps(database, self.journal)
        self.drafts = SqlDrafts(database, self.journal)
        self.postings = SqlPostings(database, self.journal)
        self.titles = SqlTitles(database, self.journal)
        self.permissions = SqlPermissions(database)
        self.cases = SqlCases(database)
        self.index = SqlSharedIndex(database)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def record(self, entries: Iterable[Entry]) -> int:
        """Store works with their marks in one transaction; see the interface."""
        with self.journal.changing():
            return _each(self._write_own, entries)

    def take_over(
        self,
        entries: Iterable[Entry],
        chains: Iterable[Sequence[JournalRow]] = (),
        stamps: Iterable[Stamp] = (),
        drafts: Iterable[tuple[Draft, bytes]] = (),
    ) -> int:
        """Store what a file says in one transaction; see the interface."""
        now = utc_now()
        with self.journal.changing():
            count = _each(lambda entry: self._write_claim(entry, now), entries)
            heads = {}
            for rows in chains:
                self.journal.take_over(rows)
                heads[rows[-1].chain_id] = rows[-1].entry_sha256
            for stamp in stamps:
                self.stamps.take_over(stamp, now)
            self.drafts.take_over(drafts, now)
            self.journal.add("imported", {"works": count, "journals": heads})
        return count

    def withdraw(self, issue_id: str) -> None:
        """Take back an issued mark, and its work if that came with this issue alone."""
        with self.journal.changing():
            if take_back(self._database, issue_id):
                self.journal.add("withdrawn", {"issue": issue_id})

    def remove(self, work_id: str, keep: Callable[[Removed], None] = lambda _: None) -> Removed:
        """Forget a work and its marks, once they are kept elsewhere."""
        with self.journal.changing():
            if (removed := take_out(self._database, work_id)) is None:
                raise NotHeldError(_NO_WORK, path=self._database.name, name=work_id)
            keep(removed)
            self.journal.add("removed", {"work": work_id})
        return removed

    def put_back(self, removed: Removed) -> None:
        """Store a removed work as it was."""
        with self.journal.changing():
            put_back(self._database, removed)
            self.journal.add("put-back", {"work": removed.work_id})

    def works(self, prefix: str = "") -> Iterator[Work]:
        """Give the works whose id begins with `prefix`, oldest first."""
        sql = f"SELECT {WORK_COLUMNS} FROM works ORDER BY created_utc, work_id"
        if not prefix:
            return (read_work(self._database, row) for row in self._database.rows(sql))
        # Not the bare date: SQLite would take its index, and read every work.
        bounds = "WHERE work_id >= ? AND work_id < ? ORDER BY created_utc || '', work_id"
        sql = f"SELECT {WORK_COLUMNS} FROM works {bounds}"
        found = self._database.rows(sql, prefix, prefix + LAST_CHARACTER)
        return (read_work(self._database, row) for row in found)

    def marks(self, work_id: str) -> tuple[Mark, ...]:
        """Give the marks issued for a work, oldest first."""
        return self._marks("work_id", work_id)

    def marks_with_id(self, mark_id: str) -> tuple[Mark, ...]:
        """Find the issues of a mark id, oldest first."""
        return self._marks("mark_id", mark_id)

    def marks_of_file(self, output_sha256: str) -> tuple[Mark, ...]:
        """Find the issues whose protected file is this very file, oldest first."""
        return self._marks("output_sha256", output_sha256)

    def credentials(self, issue_id: str) -> bytes | None:
        """Give the manifest store of the file that was made with an issue."""
        sql = "SELECT manifest_sha256, manifest FROM credentials WHERE issue_id = ?"
        for digest, manifest in self._database.rows(sql, issue_id):
            if not is_whole(manifest, digest):
                raise damaged(
                    self._database, "the Content Credentials of issue {issue_id}", issue_id=issue_id
                )
            return bytes(manifest)
        return None

    def key_ids(self) -> tuple[str, ...]:
        """Name the keys that the marks were issued with, in the order of their ids."""
        return tuple(
            row[0] for row in self._database.rows("SELECT DISTINCT key_id FROM marks ORDER BY 1")
        )

    def marks_of_key(self, key_id: str) -> tuple[Mark, ...]:
        """Give every mark issued with a key, oldest first."""
        return self._marks("key_id", key_id)

    def is_of_others(self, work_id: str, key_id: str) -> bool:
        """Tell whether a work came in a file and carries marks of other keys alone."""
        sql = (
            "SELECT DISTINCT key_id FROM works JOIN marks USING (work_id)"
            " WHERE work_id = ? AND introduced_by = ?"
        )
        keys = {row[0] for row in self._database.rows(sql, work_id, IMPORTED)}
        return bool(keys) and key_id not in keys

    def views(self, work_id: str) -> tuple[View, ...]:
        """Give what a work is recognized by beside the whole, by number."""
        sql = (
            f"SELECT {VIEW_COLUMNS} FROM views WHERE work_id = ? ORDER BY length(view_id), view_id"
        )
        return tuple(read_view(self._database, row) for row in self._database.rows(sql, work_id))

    def fingerprint_digests(self) -> dict[str, str]:
        """Give the SHA-256 of every fingerprint by the id of its work or view."""
        sql = (
            "SELECT work_id, digest FROM fingerprints"
            " UNION ALL SELECT view_id, fingerprint_sha256 FROM views ORDER BY 1"
        )
        return dict(self._database.rows(sql))

    def fingerprint(self, view_id: str) -> bytes:
        """Give the fingerprint of a work or a view."""
        sql = (
            "SELECT data, digest FROM fingerprints WHERE work_id = ?1"
            " UNION ALL SELECT fingerprint, fingerprint_sha256 FROM views WHERE view_id = ?1"
        )
        for data, digest in self._database.rows(sql, view_id):
            if not is_whole(data, digest):
                raise damaged(self._database, "the fingerprint of work {view_id}", view_id=view_id)
            return bytes(data)
        raise NotHeldError(_NO_WORK, path=self._database.name, name=view_id)

    def learned_codes(self, descriptor_id: str) -> Iterator[tuple[str, bytes]]:
        """Give the codes of a learned descriptor that are of present references."""
        sql = (
            "SELECT work_id, code FROM learned_codes JOIN works USING (work_id, reference_sha256)"
            " WHERE descriptor_id = ? AND view_id = work_id ORDER BY work_id"
        )
        return ((row[0], bytes(row[1])) for row in self._database.rows(sql, descriptor_id))

    def without_code(self, descriptor_id: str) -> list[tuple[str, str]]:
        """List works that lack a code of a learned descriptor, with their reference."""
        sql = (
            "SELECT work_id, reference_sha256 FROM works WHERE NOT EXISTS (SELECT 1 FROM"
            " learned_codes AS made WHERE made.descriptor_id = ? AND made.view_id = works.work_id"
            " AND made.reference_sha256 = works.reference_sha256) ORDER BY work_id"
        )
        return [(row[0], row[1]) for row in self._database.rows(sql, descriptor_id)]

    def record_codes(self, descriptor_id: str, codes: Iterable[tuple[str, str, bytes]]) -> None:
        """Store codes of a learned descriptor in one transaction."""
        rows = [(descriptor_id, sha256, code, work_id) for work_id, sha256, code in codes]
        sql = (
            "INSERT INTO learned_codes (descriptor_id, view_id, work_id, reference_sha256, code)"
            " SELECT ?, work_id, work_id, ?, ? FROM works WHERE work_id = ?"
            " ON CONFLICT (descriptor_id, view_id) DO UPDATE"
            " SET reference_sha256 = excluded.reference_sha256, code = excluded.code"
        )
        with self._database.writing():
            self._database.run_many(sql, rows)

    def damage(self) -> Iterator[Damage]:
        """Look at everything that is stored."""
        history = self.journal, self.stamps, self.drafts, self.postings, self.titles
        others = (*history, self.permissions, self.cases)
        return find_damage(self._database, self, *(one.damage for one in others))

    def mend_journal(self, rows: Sequence[JournalRow]) -> None:
        """Put a whole chain of a copy in the place of one that is broken or short here."""
        with self._database.writing():
            self.journal.mend(rows)

    def mend(self, entry: Entry) -> None:
        """Put an entry's parts in the place of those that are damaged or missing."""
        with self._database.writing():
            is_added = not has_work(self._database, entry.work.work_id)
            mend(self._database, self, entry)
            self.postings.mend(entry.postings)
            self.titles.mend(entry.title, is_added=is_added)

    def back_up(self, target: Path) -> None:
        """Write a copy as of one moment."""
        self._database.copy_to(target)

    def rendition(self, sha256: str) -> bytes:
        """Give a reference rendition by its digest."""
        for row in self._database.rows("SELECT jpeg FROM renditions WHERE sha256 = ?", sha256):
            if not is_whole(row[0], sha256):
                raise damaged(self._database, "the rendition {digest}", digest=sha256[:16])
            return bytes(row[0])
        raise NotHeldError(_NO_RENDITION, path=self._database.name, name=sha256)

    def state(self) -> str:
        """Name the present set of fingerprints."""
        return str(next(self._database.rows("SELECT token FROM state"))[0])

    def stats(self) -> Stats:
        """Count what is stored."""
        sql = (
            "SELECT (SELECT count(*) FROM works), (SELECT count(*) FROM marks),"
            " (SELECT count(*) FROM works WHERE introduced_by = ?)"
        )
        works, marks, imported = next(self._database.rows(sql, IMPORTED))
        size_bytes, layout = self._database.size_bytes(), self._database.layout
        return Stats(works, marks, len(self.recipients()), imported, size_bytes, layout)

    def recipients(self) -> set[str]:
        """Name everybody who got a copy."""
        sql = "SELECT DISTINCT recipient FROM marks WHERE recipient <> ''"
        return {str(row[0]) for row in self._database.rows(sql)}

    def snapshot(self) -> AbstractContextManager[None]:
        """Read several things as of one moment."""
        return self._database.reading()

    def _marks(self, column: str, value: str) -> tuple[Mark, ...]:
        sql = f"SELECT {MARK_COLUMNS} FROM marks WHERE {column} = ? ORDER BY created_utc, issue_id"
        return tuple(read_mark(self._database, row) for row in self._database.rows(sql, value))

    def _write_own(self, entry: Entry) -> None:
        """Store an entry of this place inside the running transaction."""
        known, introduced_by = self._known(entry.work.work_id)
        self.journal.add_entry(entry, is_new=known is None or introduced_by == IMPORTED)
        first_issue = entry.marks[0].issue_id if entry.marks else None
        if known is None:
            self._write(entry, known, entry.work, first_issue, is_described=True)
        elif introduced_by == IMPORTED:  # what is seen here counts more than what a file says
            work = replace(
                entry.work, created_utc=known.created_utc, imported_utc=known.imported_utc
            )
            self._write(entry, known, work, None, is_described=True)
        else:
            is_younger = known.described_utc < entry.work.described_utc
            # A clock set back makes no work older.
            created_utc = max(known.created_utc, entry.work.created_utc)
            work = merged(known, replace(entry.work, created_utc=created_utc))
            self._write(entry, known, work, None, is_described=is_younger)
        self.postings.write(entry.postings)

    def _write_claim(self, entry: Entry, now: str) -> None:
        """Store an entry out of a file inside the running transaction; it changes nothing of ours.

        Of a work that files alone know, the younger description stays; of two of one moment, always
        the same one.
        """
        known, introduced_by = self._known(entry.work.work_id)
        entry = replace(entry, marks=tuple(replace(one, imported_utc=now) for one in entry.marks))
        if known is None:
            work = replace(entry.work, imported_utc=now)
            self._write(entry, known, work, IMPORTED, is_described=True)
        elif introduced_by == IMPORTED:
            views = self.views(known.work_id)
            is_younger = description_age(known, views) < description_age(entry.work, entry.views)
            work = replace(merged(known, entry.work), imported_utc=known.imported_utc)
            self._write(entry, known, work, IMPORTED, is_described=is_younger)
        else:
            self._write(entry, known, known, introduced_by, is_described=False)
        if known is None or introduced_by == IMPORTED:
            self.postings.take_over(entry.postings, now)
            self.titles.take_over(entry.title, now)

    def _known(self, work_id: str) -> tuple[Work | None, str | None]:
        """Give a work as it is stored, and what introduced it."""
        sql = f"SELECT {WORK_COLUMNS}, introduced_by FROM works WHERE work_id = ?"
        for *row, introduced_by in self._database.rows(sql, work_id):
            return read_work(self._database, row), introduced_by
        return None, None

    def _write(
        self,
        entry: Entry,
        known: Work | None,
        work: Work,
        introduced_by: str | None,
        *,
        is_described: bool,
    ) -> None:
        """Store an entry's renditions and marks, the work as given, and maybe its fingerprint."""
        had_views = known is not None and bool(self.views(work.work_id))
        self._database.run_many(INSERT_RENDITION, entry.renditions.items())
        self._database.run(UPSERT_WORK, *work_row(work, introduced_by))
        if is_described:
            write_description(self._database, entry)
        self._database.run_many(INSERT_MARK, map(mark_row, entry.marks))
        signed = entry.credentials.items()
        self._database.run_many(INSERT_CREDENTIALS, (credentials_row(*one) for one in signed))
        is_other = known is not None and known.reference_sha256 != entry.work.reference_sha256
        if is_other or had_views or (known and entry.views):
            drop_orphans(self._database)


def _each(write: Callable[[Entry], None], entries: Iterable[Entry]) -> int:
    """Write each entry, and count them."""
    count = 0
    for count, entry in enumerate(entries, 1):  # noqa: B007
        write(entry)
    return count
