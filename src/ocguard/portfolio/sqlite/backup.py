"""Copies of a portfolio file, each of one moment, also while other processes write.

A copy is made before every change of the layout, and the newest few of these are kept. Copies that
a person asks for are never removed.
"""

from __future__ import annotations

import contextlib
import datetime
import errno
import os
import shutil
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ocguard.atomic import PRIVATE, draft_folder, whole_file
from ocguard.errors import OutputExistsError, PortfolioError
from ocguard.portfolio.sqlite.schema import APPLICATION_ID

__all__ = [
    "HeldByCopy",
    "backup_place",
    "copy_before_migration",
    "copy_database",
    "held_by",
    "restore_database",
]

KEPT: Final = 3
"""Copies from before a change of the layout that are kept; a version brings one change at most."""

_NOT_WRITTEN: Final = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_IOERR_WRITE: errno.EIO,
}
"""What the system says of a file that SQLite could not write."""

RESTORE_SECONDS: Final = 30.0
"""How long a restore waits for other processes that use the portfolio."""


@dataclass(frozen=True)
class HeldByCopy:
    """What a copy of a portfolio holds.

    Attributes
    ----------
    works, marks : int
        Counts.
    newest_utc : str
        When its newest work was registered; empty where it has none.
    """

    works: int
    marks: int
    newest_utc: str


def backup_place(portfolio: Path, kind: str = "") -> Path:
    """Name a new copy of a portfolio, by the time, in the folder ``backups`` beside it."""
    now = datetime.datetime.now(datetime.UTC).strftime("%Y%m%dT%H%M%SZ")
    return portfolio.parent / "backups" / f"{portfolio.stem}-{now}{kind}{portfolio.suffix}"


def copy_database(db: sqlite3.Connection, target: Path) -> None:
    """Copy an open database, whole or not at all.

    Parameters
    ----------
    db : sqlite3.Connection
        Open; others may write meanwhile.
    target : Path
        A new file, private to its owner; its folder is made.

    Raises
    ------
    OutputExistsError
        The name is taken.
    OSError
        The disk of the copy is full, or cannot be written.
    sqlite3.Error
        The database cannot be read.
    """
    with draft_folder(target) as folder:
        draft = folder / "copy.sqlite3"
        copy = sqlite3.connect(draft)
        try:
            db.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, nothing beside it
        except sqlite3.Error as error:
            number = _NOT_WRITTEN.get(error.sqlite_errorcode)
            if number is not None:  # the copy's disk: of the other one is only read
                raise OSError(number, os.strerror(number), str(target)) from error
            raise
        finally:
            copy.close()
        with draft.open("rb") as source, whole_file(target, mode=PRIVATE) as stream:
            shutil.copyfileobj(source, stream)


def copy_before_migration(db: sqlite3.Connection, portfolio: Path, version: int) -> None:
    """Keep a portfolio as it is before its layout changes, and drop all but the newest such copies.

    Raises
    ------
    OSError, sqlite3.Error
        The copy cannot be made; the layout should not be changed then.
    """
    target = backup_place(portfolio, f"-layout{version}")
    with contextlib.suppress(OutputExistsError):  # another process does the same in this second
        copy_database(db, target)
    made = sorted(target.parent.glob(f"{portfolio.stem}-*-layout*{portfolio.suffix}"))
    for old in made[:-KEPT]:
        old.unlink(missing_ok=True)


def held_by(copy: Path) -> HeldByCopy | None:
    """Look into a copy without touching it; None for a file that is none, or cannot be read."""
    counted = "SELECT (SELECT count(*) FROM works), (SELECT count(*) FROM marks)"
    sql = f"{counted}, (SELECT coalesce(max(created_utc), '') FROM works)"
    try:
        address = f"{copy.absolute().as_uri()}?mode=ro&immutable=1"
        with contextlib.closing(sqlite3.connect(address, uri=True)) as db:
            if next(db.execute("PRAGMA application_id"))[0] != APPLICATION_ID:
                return None
            return HeldByCopy(*next(db.execute(sql)))
    except (sqlite3.Error, UnicodeDecodeError):
        return None


def restore_database(portfolio: Path, copy: Path) -> None:
    """Make a portfolio file what a copy is, in one transaction.

    Processes that use the portfolio meanwhile go on with what it is then.

    Parameters
    ----------
    portfolio : Path
        A SQLite file that can be opened.
    copy : Path
        Another one of the newest layout, which nobody uses.

    Raises
    ------
    PortfolioError
        The disk is full, or another process keeps the portfolio locked; it stays as it was.
    """
    deadline = time.monotonic() + RESTORE_SECONDS

    def give_up(status: int, remaining: int, total: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and time.monotonic() > deadline:
            raise PortfolioError(
                "portfolio {path}: another process keeps it locked; try again when that has ended",
                path=portfolio,
            )

    try:
        with (
            contextlib.closing(sqlite3.connect(copy)) as source,
            contextlib.closing(sqlite3.connect(portfolio)) as target,
        ):
            source.backup(target, progress=give_up)
    except sqlite3.Error as error:
        raise PortfolioError(
            "portfolio {path} could not be restored: {reason}", path=portfolio, reason=error
        ) from error
