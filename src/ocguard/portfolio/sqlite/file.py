"""One SQLite file of ours: opened, checked, brought up to date, with errors that say what to do.

Write-ahead logging lets processes read while one writes; writers wait for each other. Commits
reach the disk before they return (``synchronous=FULL``). A new file is private to its owner.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from ocguard.atomic import PRIVATE
from ocguard.errors import PortfolioError
from ocguard.language.message import Message
from ocguard.portfolio.sqlite.backup import copy_before_migration, copy_database
from ocguard.portfolio.sqlite.schema import APPLICATION_ID, MIGRATIONS, SCHEMA_VERSION
from ocguard.portfolio.values import row_digest

__all__ = ["SqliteFile"]

BUSY_TIMEOUT_SECONDS: Final = 30.0
"""A writer holds the lock for milliseconds, an import of 10,000 works for seconds."""

RETRY_PAUSE_SECONDS: Final = 0.05
"""SQLite answers "locked" at once, without waiting, while another process switches to WAL."""

_LAYOUT: Final = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"


class SqliteFile:
    """A :class:`~ocguard.portfolio.sql.database.Database` in one SQLite file.

    Parameters
    ----------
    path : Path
        The file; ``-wal`` and ``-shm`` files appear beside it while it is open.
    create : bool
        Make file and folder when missing.

    Raises
    ------
    PortfolioError
        Missing, not ours, damaged, locked for too long, or from a newer version.
    """

    def __init__(self, path: Path, *, create: bool = False) -> None:
        self.path = path
        with self._explained():
            if create:
                _create_private(path)
            else:
                _require_content(path)
            self._is_read_only = not create and _can_only_be_read(path)
            self._db = _connected(path, is_read_only=self._is_read_only)
        try:
            with self._explained():
                self._prepare()
        except BaseException:
            self._db.close()
            raise

    @property
    def name(self) -> str:
        """How messages name it."""
        return str(self.path)

    @property
    def layout(self) -> int:
        """Number of its layout."""
        return SCHEMA_VERSION

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def size_bytes(self) -> int:
        """Tell the space that the file takes on the disk."""
        return _size_of(self.path) + _size_of(_log_of(self.path))

    def copy_to(self, target: Path) -> None:
        """Copy the file as of one moment; see :func:`~.backup.copy_database`."""
        with self._explained():
            copy_database(self._db, target)

    def rows(self, sql: str, *values: object) -> Iterator[tuple[Any, ...]]:
        """Run a query, row by row, with our errors."""
        with self._explained():
            yield from self._db.execute(sql, values)

    def run(self, sql: str, *values: object) -> int:
        """Run one statement inside a transaction and count the rows that it changed."""
        return self._db.execute(sql, values).rowcount

    def run_many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """Run one statement for each row inside a transaction."""
        self._db.executemany(sql, rows)

    def rewrite(self, table: str, columns: str, key: str, rows: Iterable[Sequence[object]]) -> None:
        """Put rows in the place of those of their key; triggers do not see what is replaced."""
        slots = ", ".join("?" * len(columns.split(",")))
        self.run_many(f"INSERT OR REPLACE INTO {table} ({columns}) VALUES ({slots})", rows)

    def columns(self, table: str) -> list[str]:
        """Name the columns of a table in their order."""
        return [row[1] for row in self.rows(f"PRAGMA table_info({table})")]

    def faults(self) -> Iterator[Message]:
        """Run SQLite's own check of pages and indexes, and compare the layout with a new one."""
        for (what,) in self.rows("PRAGMA integrity_check"):
            if what != "ok":
                yield Message("the file: {problem}", problem=what)
        fresh = sqlite3.connect(":memory:")
        fresh.create_function("row_digest", -1, row_digest)
        for script in MIGRATIONS:
            fresh.executescript(script)
        expected = list(fresh.execute(_LAYOUT))
        fresh.close()
        if list(self.rows(_LAYOUT)) != expected:
            yield Message("the layout of its tables")

    def writing(self) -> contextlib.AbstractContextManager[None]:
        """Run the block in one transaction, undone by any error; one at a time in a file."""
        return self._transaction("BEGIN IMMEDIATE")

    def reading(self) -> contextlib.AbstractContextManager[None]:
        """Read several things as of one moment in the block."""
        return self._transaction("BEGIN")

    @contextlib.contextmanager
    def _transaction(self, begin: str) -> Iterator[None]:
        with self._explained():
            self._db.execute(begin)
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    def _prepare(self) -> None:
        """Set the connection up and bring the layout to the newest version."""
        self._require_ours()
        self._db.text_factory = lambda raw: raw.decode("utf-8", "replace")  # flipped bits
        self._db.create_function("row_digest", -1, row_digest, deterministic=True)
        self._db.execute("PRAGMA foreign_keys = ON")
        if not self._is_read_only:
            self._switch_to_wal()
        self._db.execute("PRAGMA synchronous = FULL")
        if 0 < (version := self._pragma("user_version")) < SCHEMA_VERSION:
            copy_before_migration(self._db, self.path, version)
        while (version := self._pragma("user_version")) < SCHEMA_VERSION:
            self._migrate(version)

    def _require_ours(self) -> None:
        """Leave the files of other programs, and of newer versions of this one, untouched."""
        is_empty = not next(self._db.execute("SELECT count(*) FROM sqlite_master"))[0]
        if not is_empty and self._pragma("application_id") != APPLICATION_ID:
            raise PortfolioError(
                "{path} is the database of another program: choose another --portfolio",
                path=self.path,
            )
        if (version := self._pragma("user_version")) > SCHEMA_VERSION:
            raise PortfolioError(
                "{path} was written by a newer ocguard (layout {version}, this one knows "
                "{known_version}): update ocguard; nothing was changed",
                path=self.path,
                version=version,
                known_version=SCHEMA_VERSION,
            )

    def _switch_to_wal(self) -> None:
        """Turn on write-ahead logging, once no other process is in the way."""
        deadline = time.monotonic() + BUSY_TIMEOUT_SECONDS
        while True:
            try:
                self._db.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                if _code(error) != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                    raise
                time.sleep(RETRY_PAUSE_SECONDS)

    def _migrate(self, version: int) -> None:
        """Go one version up, unless another process did so meanwhile."""
        with self.writing():
            if self._pragma("user_version") == version:
                for statement in _statements(MIGRATIONS[version]):
                    self._db.execute(statement)
                self._db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                self._db.execute(f"PRAGMA user_version = {version + 1}")

    def _pragma(self, name: str) -> int:
        return int(next(self._db.execute(f"PRAGMA {name}"))[0])

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn SQLite's errors into ours, saying what to do next."""
        try:
            yield
        except UnicodeDecodeError as error:  # of a message of SQLite about a damaged layout
            advice = _ADVICE[sqlite3.SQLITE_CORRUPT]
            raise PortfolioError(
                "portfolio {path}: {advice}", path=self.path, advice=advice
            ) from error
        except sqlite3.Error as error:
            advice = _ADVICE.get(_code(error), Message("see the message of SQLite"))
            raise PortfolioError(
                "portfolio {path}: {advice} ({reason})", path=self.path, advice=advice, reason=error
            ) from error


_ADVICE: Final = {
    sqlite3.SQLITE_BUSY: Message("another process keeps it locked; try again when that has ended"),
    sqlite3.SQLITE_CANTOPEN: Message(
        "it cannot be opened; check that the folder exists and is yours"
    ),
    sqlite3.SQLITE_READONLY: Message(
        "it cannot be written; check its permissions and its folder's"
    ),
    sqlite3.SQLITE_FULL: Message("the disk is full; nothing of this step was stored"),
    sqlite3.SQLITE_IOERR: Message("its disk cannot be used; see whether it is full, and try again"),
    sqlite3.SQLITE_NOTADB: Message(
        "this is no portfolio, or it is damaged; restore an export or a copy"
    ),
    sqlite3.SQLITE_CORRUPT: Message("it is damaged; keep the file and restore an export or a copy"),
}


def _statements(script: str) -> Iterator[str]:
    """Cut a script into statements; ``executescript`` would end the transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _code(error: sqlite3.Error) -> int:
    """Primary result code of an SQLite error; -1 when Python raised it itself."""
    return int(getattr(error, "sqlite_errorcode", -1)) & 0xFF


def _require_content(path: Path) -> None:
    """Say what to do when there is no portfolio, or nothing in its file."""
    if not path.exists():
        raise PortfolioError(
            "there is no portfolio at {path}: 'ocguard protect' or 'ocguard portfolio add' "
            "makes one",
            path=path,
        )
    if not path.stat().st_size and not _log_of(path).exists():
        raise PortfolioError(
            "the portfolio {path} is an empty file: bring a backup or an export back with "
            "'ocguard portfolio repair FILE', or remove it to begin anew",
            path=path,
        )


def _can_only_be_read(path: Path) -> bool:
    """Tell whether a file lies in a folder that cannot be written, with nothing left in its log."""
    return not _size_of(_log_of(path)) and not os.access(path.parent, os.W_OK)


def _connected(path: Path, *, is_read_only: bool) -> sqlite3.Connection:
    """Connect; SQLite needs to be told where it can keep no log."""
    if not is_read_only:
        return sqlite3.connect(path, timeout=BUSY_TIMEOUT_SECONDS, isolation_level=None)
    address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    return sqlite3.connect(address, uri=True, isolation_level=None)


def _log_of(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def _size_of(path: Path) -> int:
    """Return the size of a file in bytes; 0 without one: who closes a portfolio removes its log."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _create_private(path: Path) -> None:
    """Make folder and empty file, readable by the owner alone."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE))
