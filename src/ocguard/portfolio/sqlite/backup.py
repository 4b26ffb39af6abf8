"""Copies of a portfolio file, each of one moment, also while other processes write.

A copy is made before every change of the layout, and the newest few of these are kept. Copies that
a person asks for are never removed.
"""

from __future__ import annotations

import contextlib
import datetime
import shutil
import sqlite3
import tempfile
from pathlib import Path
from typing import Final

from ocguard.atomic import PRIVATE, whole_file
from ocguard.errors import OutputExistsError

__all__ = ["backup_place", "copy_before_migration", "copy_database"]

KEPT: Final = 3
"""Copies from before a change of the layout that are kept; a version brings one change at most."""


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
    sqlite3.Error
        The database cannot be read.
    """
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".", suffix=".ocguard", dir=target.parent) as folder:
        draft = Path(folder) / "copy.sqlite3"
        copy = sqlite3.connect(draft)
        try:
            db.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, nothing beside it
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
