"""Promises of ocguard.portfolio.sqlite.file."""

from __future__ import annotations

import os
import random
import sqlite3
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ocguard.creator import Profile
from ocguard.errors import PortfolioError
from ocguard.home import Home
from ocguard.portfolio import Author, open_store
from ocguard.portfolio.sqlite import file as sqlite_file
from ocguard.portfolio.sqlite.schema import MIGRATIONS

FLIPS = 40


@pytest.mark.skipif(os.name != "posix", reason="permission bits are POSIX")
def test_the_portfolio_is_private(location, store) -> None:
    """It holds renditions of unmarked art."""
    files = list(location.parent.iterdir())
    assert location in files
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE(location.parent.stat().st_mode) == 0o700


def test_there_is_no_portfolio_unless_made(location) -> None:
    """Looking does not create; the message says what does."""
    with pytest.raises(PortfolioError, match="portfolio add"):
        open_store(location)
    assert not location.exists()


def test_another_programs_database_is_left_alone(tmp_path) -> None:
    """A wrong path destroys nothing."""
    path = tmp_path / "browser.sqlite"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE cookies (name TEXT)")
    db.close()
    before = path.read_bytes()
    with pytest.raises(PortfolioError, match="another program"):
        open_store(path, create=True)
    assert path.read_bytes() == before


def test_a_newer_portfolio_is_left_alone(location, make_entry) -> None:
    """An old version never guesses at a new layout."""
    with open_store(location, create=True) as store:
        store.record([make_entry(1)])
    with sqlite3.connect(location) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(PortfolioError, match="newer ocguard"):
        open_store(location)


def test_a_file_that_is_no_database_is_explained(tmp_path) -> None:
    """The message names the file and what to do."""
    path = tmp_path / "portfolio.sqlite3"
    path.write_bytes(b"not a database " * 1000)
    with pytest.raises(PortfolioError, match="restore an export") as caught:
        open_store(path)
    assert str(path) in str(caught.value)


def test_a_damaged_portfolio_is_explained(location, make_entry) -> None:
    """Overwritten pages give our error, never a wrong answer in silence."""
    with open_store(location, create=True) as store:
        store.record([make_entry(seed, marks=1) for seed in range(200)])
    raw = bytearray(location.read_bytes())
    raw[8192:] = os.urandom(len(raw) - 8192)
    location.write_bytes(raw)
    with pytest.raises(PortfolioError, match="damaged"), open_store(location) as store:
        list(store.works())
        for work_id in store.fingerprint_digests():
            store.fingerprint(work_id)


def test_a_locked_portfolio_is_explained(location, make_entry, monkeypatch) -> None:
    """After the waiting time the message says who is in the way."""
    monkeypatch.setattr(sqlite_file, "BUSY_TIMEOUT_SECONDS", 0.2)
    with open_store(location, create=True) as store:
        other = sqlite3.connect(location, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(PortfolioError, match="another process"):
            store.record([make_entry(1)])
        other.close()
        store.record([make_entry(1)])


def test_an_unusable_place_is_explained(tmp_path) -> None:
    """A folder is no portfolio."""
    with pytest.raises(PortfolioError, match="cannot be opened"):
        open_store(tmp_path)


def test_a_failed_migration_changes_nothing(location, monkeypatch) -> None:
    """The layout moves up whole or stays."""
    with open_store(location, create=True):
        pass
    broken = (*sqlite_file.MIGRATIONS, "CREATE TABLE extra (x);\nCREATE TABLE works (x);\n")
    monkeypatch.setattr(sqlite_file, "MIGRATIONS", broken)
    monkeypatch.setattr(sqlite_file, "SCHEMA_VERSION", len(MIGRATIONS) + 1)
    with pytest.raises(PortfolioError, match="already exists"):
        open_store(location)
    monkeypatch.undo()
    with open_store(location) as store:
        assert store.stats().schema_version == len(MIGRATIONS)


@pytest.fixture
def opened(location: Path) -> Iterator[sqlite_file.SqliteFile]:
    """Give a new file with a table of its own."""
    file = sqlite_file.SqliteFile(location, create=True)
    with file.writing():
        file.run("CREATE TABLE notes (text TEXT PRIMARY KEY)")
    yield file
    file.close()


def test_a_transaction_stores_all_or_nothing(opened: sqlite_file.SqliteFile) -> None:
    """An error of the caller or of SQLite undoes the block; the file works on."""
    for error in (ValueError, KeyboardInterrupt):
        with pytest.raises(error), opened.writing():
            opened.run("INSERT INTO notes VALUES ('a')")
            raise error
    with pytest.raises(PortfolioError, match="UNIQUE"), opened.writing():
        opened.run_many("INSERT INTO notes VALUES (?)", [("b",), ("b",)])
    assert list(opened.rows("SELECT * FROM notes")) == []
    with opened.writing():
        assert opened.run("INSERT INTO notes VALUES ('c'), ('d')") == 2
    assert list(opened.rows("SELECT * FROM notes")) == [("c",), ("d",)]


def test_values_are_never_part_of_the_statement(opened: sqlite_file.SqliteFile) -> None:
    """A text full of SQL is a text."""
    text = "'); DROP TABLE notes; --"
    with opened.writing():
        opened.run("INSERT INTO notes VALUES (?)", text)
    assert list(opened.rows("SELECT text FROM notes WHERE text = ?", text)) == [(text,)]


def test_a_wrong_statement_is_our_error(opened: sqlite_file.SqliteFile) -> None:
    """Naming the file and what SQLite says."""
    with pytest.raises(PortfolioError, match="no such table") as caught:
        list(opened.rows("SELECT * FROM missing"))
    assert str(opened.path) in str(caught.value)


def test_commits_reach_the_disk_and_relations_are_kept(opened: sqlite_file.SqliteFile) -> None:
    """Settings of a connection, not of the file: they must be made each time."""
    assert list(opened.rows("PRAGMA synchronous")) == [(2,)]
    assert list(opened.rows("PRAGMA foreign_keys")) == [(1,)]
    assert list(opened.rows("PRAGMA journal_mode")) == [("wal",)]


def test_the_size_counts_what_is_not_yet_in_the_file(opened: sqlite_file.SqliteFile) -> None:
    """A megabyte that lies in the log is on the disk too."""
    before = opened.size_bytes()
    with opened.writing():
        opened.run("INSERT INTO notes VALUES (?)", "x" * 2**20)
    assert opened.size_bytes() >= before + 2**20


def test_a_file_that_is_there_is_opened_instead_of_made(opened: sqlite_file.SqliteFile) -> None:
    """Asking to create it empties nothing."""
    with opened.writing():
        opened.run("INSERT INTO notes VALUES ('a')")
    again = sqlite_file.SqliteFile(opened.path, create=True)
    assert list(again.rows("SELECT * FROM notes")) == [("a",)]
    again.close()


def test_an_empty_file_is_no_portfolio_to_look_into(tmp_path) -> None:
    """The message says what to do; making one goes on where a process died."""
    path = tmp_path / "p.sqlite3"
    path.touch()
    with pytest.raises(PortfolioError, match="is an empty file: bring a backup"):
        open_store(path)
    with open_store(path, create=True) as store:
        assert store.stats().works == 0


def test_a_portfolio_in_a_folder_that_cannot_be_written_is_read(
    location, make_entry, monkeypatch
) -> None:
    """From a disk that is for reading only; nothing appears beside it."""
    with open_store(location, create=True) as store:
        store.record([make_entry(1)])
    monkeypatch.setattr(sqlite_file.os, "access", lambda path, mode: False)
    with open_store(location) as store:
        assert [work.work_id for work in store.works()] == [make_entry(1).work.work_id]
        assert [path.name for path in location.parent.iterdir()] == [location.name]
        with pytest.raises(PortfolioError, match="cannot be written"):
            store.record([make_entry(2)])


def stored(path: Path) -> object:
    """Everything that a file holds, or that it cannot be read."""
    db = sqlite3.connect(path)
    try:
        tables = ("works", "marks", "renditions", "fingerprints", "views", "journal", "credentials")
        return [list(db.execute(f"SELECT * FROM {table}")) for table in tables]
    except sqlite3.Error as error:
        return str(error)
    finally:
        db.close()


@pytest.fixture
def filled(location, make_entry) -> Path:
    """Give a portfolio of some works with marks and a signed journal."""
    home = Home(location.parent)
    home.create(Profile("Mo"))
    with open_store(location, create=True, author=Author(home)) as store:
        store.record(
            make_entry(seed, second=seed, marks=1, text="x" * 900, views=1, is_signed=True)
            for seed in range(6)
        )
    return location


def test_every_flipped_bit_that_carries_data_is_found(filled: Path, tmp_path: Path) -> None:
    """Or the file is not opened at all; what goes unseen is space that nobody uses."""
    raw, whole, place = filled.read_bytes(), stored(filled), random.Random(3)
    for number in range(FLIPS):
        damaged = bytearray(raw)
        damaged[place.randrange(len(raw))] ^= 1 << place.randrange(8)
        path = tmp_path / f"{number}.sqlite3"
        path.write_bytes(damaged)
        try:
            with open_store(path) as store:
                is_found = bool(list(store.damage()))
        except PortfolioError:
            is_found = True
        assert is_found or stored(path) == whole


def test_a_trigger_that_is_gone_is_damage(filled: Path) -> None:
    """The layout is compared with a new one."""
    with sqlite3.connect(filled) as db:
        db.execute("DROP TRIGGER fingerprint_added")
    db.close()
    with open_store(filled) as store:
        assert [one.what for one in store.damage()] == ["the layout of its tables"]


def test_a_work_is_looked_up_by_its_index(store, make_entry) -> None:
    """Among a million works, finding one by its id must not read all of them."""
    store.record([make_entry(1)])
    db = sqlite3.connect(store._database.path)
    said: list[str] = []
    store._database._db.set_trace_callback(said.append)
    list(store.works("ab"))
    (query,) = (one for one in said if "FROM works" in one)
    plan = " ".join(row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {query}"))
    db.close()
    assert "SEARCH works USING INDEX" in plan
    assert "work_id>?" in plan


def test_others_may_open_and_close_it_meanwhile(location, store) -> None:
    """Whoever closes it last removes its log, at any moment of the others."""
    store.close()

    def visit(_: int) -> None:
        open_store(location).close()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(visit, range(400))) == [None] * 400
