"""What keeps search indexes up to date: which fingerprints changed, and an index that is shared.

Every change of a fingerprint is logged with the token that the portfolio's state has from then on.
So whoever holds an index of an older state learns what to read again, and an index of a state that
this portfolio never had (another copy of it went on by itself) is told apart.

A large index takes hours to make and minutes to load, so it lies in the portfolio too, as files in
parts. Files never change under their name; the manifest that names them is exchanged in one
transaction, so a reader never sees half an index.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ocguard.portfolio.sql.database import damaged
from ocguard.portfolio.sql.rows import insert_new
from ocguard.portfolio.values import is_whole

if TYPE_CHECKING:
    from ocguard.portfolio.sql.database import Database

__all__ = ["SqlSharedIndex"]

PART_BYTES: Final = 8 * 2**20
"""Size of a part of a file: what is held in memory, and written in one transaction."""

_CHANGED: Final = """
    SELECT DISTINCT view_id, view_id IN (SELECT work_id FROM fingerprints)
        OR view_id IN (SELECT view_id FROM views)
    FROM changes WHERE number > ? AND view_id <> ''
"""
_ADD_PART: Final = insert_new("index_files", "name, part, sha256, data")


class SqlSharedIndex:
    """A :class:`~ocguard.portfolio.store.SharedIndex` in a database.

    Parameters
    ----------
    database : Database
        Open.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def changed_since(self, state: str) -> dict[str, bool] | None:
        """Tell what was added, changed or removed since a state; see the interface."""
        newest = "SELECT max(number) FROM changes WHERE token = ?"
        ((number,),) = self._database.rows(newest, state)
        if number is None:
            return None
        return {view_id: bool(is_there) for view_id, is_there in self._changed(number)}

    def manifest(self) -> str:
        """Give the manifest of the shared index."""
        found = self._database.rows("SELECT manifest FROM shared_index")
        return next((str(row[0]) for row in found), "")

    def read(self, name: str) -> Iterator[bytes]:
        """Give a file of the shared index, part by part."""
        sql = "SELECT sha256, data FROM index_files WHERE name = ? AND part = ?"
        for part in range(self._parts(name)):
            for digest, data in self._database.rows(sql, name, part):
                if not is_whole(data, digest):
                    raise damaged(self._database, "the shared index")
                yield bytes(data)

    def publish(self, manifest: str, files: Mapping[str, Path]) -> None:
        """Exchange the shared index; see the interface."""
        stored = self._sizes()
        sizes = {name: path.stat().st_size for name, path in files.items()}
        for name, path in files.items():
            if stored.get(name) != sizes[name]:
                self._send(name, path)
        with self._database.writing():
            stored = self._sizes()
            if any(stored.get(name) != size for name, size in sizes.items()):
                return  # another one exchanged it meanwhile
            for name in stored.keys() - files.keys():
                self._database.run("DELETE FROM index_files WHERE name = ?", name)
            self._database.run("DELETE FROM shared_index")
            self._database.run("INSERT INTO shared_index (manifest) VALUES (?)", manifest)

    def _changed(self, number: int) -> Iterator[tuple[str, bool]]:
        return ((row[0], row[1]) for row in self._database.rows(_CHANGED, number))

    def _send(self, name: str, path: Path) -> None:
        """Store the parts of a file, each in a transaction of its own: nobody waits for long."""
        with path.open("rb") as file:
            for part, data in enumerate(iter(lambda: file.read(PART_BYTES), b"")):
                digest = hashlib.sha256(data).hexdigest()
                with self._database.writing():
                    self._database.run(_ADD_PART, name, part, digest, data)

    def _parts(self, name: str) -> int:
        sql = "SELECT count(*) FROM index_files WHERE name = ?"
        return int(next(self._database.rows(sql, name))[0])

    def _sizes(self) -> dict[str, int]:
        """Give the bytes that are stored of every file."""
        sql = "SELECT name, sum(length(data)) FROM index_files GROUP BY name"
        return {name: int(size) for name, size in self._database.rows(sql)}
