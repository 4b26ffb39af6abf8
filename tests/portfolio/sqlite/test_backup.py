"""Promises of ocguard.portfolio.sqlite.backup."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from ocguard.errors import OutputExistsError, PortfolioError
from ocguard.portfolio import open_store
from ocguard.portfolio.sqlite import backup
from ocguard.portfolio.sqlite.backup import (
    KEPT,
    backup_place,
    copy_before_migration,
    held_by,
    restore_database,
)
from ocguard.portfolio.sqlite.schema import MIGRATIONS


def test_a_copy_is_of_one_moment_while_another_writes(
    location: Path, make_entry: Callable, tmp_path: Path
) -> None:
    """What is not committed is not in it; one file, private, and whole."""
    target = tmp_path / "copies" / "a.sqlite3"
    with open_store(location, create=True) as store, open_store(location) as other:
        store.record([make_entry(1)])

        def entries():
            yield make_entry(2)
            other.back_up(target)

        store.record(entries())
    assert [path.name for path in target.parent.iterdir()] == ["a.sqlite3"]
    if os.name == "posix":
        assert stat.S_IMODE(target.stat().st_mode) == 0o600
    with open_store(target) as copy:
        assert [work.work_id for work in copy.works()] == [make_entry(1).work.work_id]
        assert list(copy.damage()) == []


def test_a_copy_overwrites_nothing(location: Path, tmp_path: Path) -> None:
    """A name that is taken is refused."""
    (tmp_path / "a").write_text("mine")
    with open_store(location, create=True) as store, pytest.raises(OutputExistsError):
        store.back_up(tmp_path / "a")
    assert (tmp_path / "a").read_text() == "mine"


@pytest.mark.skipif(os.name != "posix", reason="limits of processes are POSIX")
def test_a_disk_without_room_for_a_copy_is_named(
    location: Path, make_entry: Callable, tmp_path: Path
) -> None:
    """It is the copy's, not the portfolio's; nothing is left there."""
    import resource

    target = tmp_path / "copies" / "a.sqlite3"
    with open_store(location, create=True) as store:
        store.record([make_entry(1)])
        usual = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (8192, usual[1]))
        try:
            with pytest.raises(OSError, match=r"error|space") as caught:
                store.back_up(target)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, usual)
    assert caught.value.filename == str(target)
    assert list(target.parent.iterdir()) == []


def test_an_older_layout_is_kept_before_it_changes(
    location: Path, make_entry: Callable, turned_back: Callable
) -> None:
    """As it was, in the folder beside the portfolio."""
    with open_store(location, create=True) as store:
        store.record([make_entry(1)])
    with sqlite3.connect(location) as db:
        turned_back(db)
        db.executescript(MIGRATIONS[2])
    db.close()
    with open_store(location) as store:
        assert list(store.damage()) == []
    (copy,) = (location.parent / "backups").iterdir()
    with sqlite3.connect(copy) as old:
        assert old.execute("PRAGMA user_version").fetchone() == (3,)
        assert old.execute("SELECT count(*) FROM works").fetchone() == (1,)
    old.close()


def test_only_the_newest_copies_of_old_layouts_stay(location: Path, make_entry: Callable) -> None:
    """Copies that a person asked for are left alone."""
    with open_store(location, create=True) as store:
        store.record([make_entry(1)])
    folder = location.parent / "backups"
    folder.mkdir()
    for year in range(2000, 2006):
        (folder / f"portfolio-{year}0101T000000Z-layout1.sqlite3").touch()
    mine = folder / "portfolio-20000101T000000Z.sqlite3"
    mine.touch()
    db = sqlite3.connect(location)
    copy_before_migration(db, location, 3)
    db.close()
    assert mine.exists()
    kept = sorted(path.name for path in folder.glob("*-layout*"))
    assert len(kept) == KEPT
    assert kept[0] == "portfolio-20040101T000000Z-layout1.sqlite3"
    assert backup_place(location).parent == folder


def test_a_restore_waits_for_a_writer_but_not_for_ever(
    location: Path, make_entry: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A portfolio that stays locked stays as it is."""
    monkeypatch.setattr(backup, "RESTORE_SECONDS", 0.1)
    copy = tmp_path / "copy.sqlite3"
    with open_store(location, create=True) as store:
        store.back_up(copy)

        def entries():
            yield make_entry(1)
            with pytest.raises(PortfolioError, match="keeps it locked"):
                restore_database(location, copy)

        store.record(entries())
        assert len(list(store.works())) == 1
        restore_database(location, copy)
        assert list(store.works()) == []


def test_what_a_copy_holds_is_told_without_touching_it(
    location: Path, make_entry: Callable, tmp_path: Path
) -> None:
    """Of a file that is no copy, nothing."""
    copy = tmp_path / "copies" / "a.sqlite3"
    with open_store(location, create=True) as store:
        store.record([make_entry(1)])
        store.back_up(copy)
    held = held_by(copy)
    assert held is not None
    assert (held.works, held.newest_utc) == (1, make_entry(1).work.created_utc)
    assert [path.name for path in copy.parent.iterdir()] == ["a.sqlite3"]
    for name, data in (("b", b""), ("c", b"?" * 999)):
        (tmp_path / name).write_bytes(data)
        assert held_by(tmp_path / name) is None
