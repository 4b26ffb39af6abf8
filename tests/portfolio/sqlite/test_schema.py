"""Promises of ocguard.portfolio.sqlite.schema."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from dataclasses import replace

import pytest

from ocguard.portfolio import open_store
from ocguard.portfolio.sql.copying import KEYS, MADE_AGAIN
from ocguard.portfolio.sql.removal import BELONGING
from ocguard.portfolio.sqlite import file as sqlite_file
from ocguard.portfolio.sqlite.schema import MIGRATIONS
from ocguard.portfolio.values import row_digest

RELEASED = [
    "a28c75a2c5abd20e",
    "eff359d3c643b1db",
    "1c989bef6e7c3a25",
    "5fef6bae93870c7d",
    "87f53c8e5fe1f5a2",
    "2132b8e015c8cc41",
    "2f1aa0c84bcdba73",
    "4c1d1e46e5dc7031",
    "dc3bb760bc8c427e",
]
"""Beginnings of the SHA-256 of each step."""


def test_an_older_portfolio_is_brought_up_to_date(location, make_entry, monkeypatch) -> None:
    """A further layout keeps what was stored."""
    with open_store(location, create=True) as store:
        store.record([make_entry(1)])
    further = (*sqlite_file.MIGRATIONS, "ALTER TABLE works ADD COLUMN medium TEXT;\n")
    monkeypatch.setattr(sqlite_file, "MIGRATIONS", further)
    monkeypatch.setattr(sqlite_file, "SCHEMA_VERSION", len(MIGRATIONS) + 1)
    with open_store(location) as store:
        assert [work.work_id for work in store.works()] == [make_entry(1).work.work_id]
    with sqlite3.connect(location) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS) + 1,)
        assert "medium" in {row[1] for row in db.execute("PRAGMA table_info(works)")}
    db.close()


def test_marks_of_the_first_layout_say_nothing_of_their_visible_mark(
    location, make_entry, turned_back
) -> None:
    """A portfolio from before version 2 keeps its marks, with nothing made up."""
    entry = make_entry(1, marks=2)
    with open_store(location, create=True) as store:
        store.record([entry])
    with sqlite3.connect(location) as db:
        turned_back(db)
        db.execute("ALTER TABLE marks DROP COLUMN visible")
        db.execute("PRAGMA user_version = 1")
    db.close()
    with open_store(location) as store:
        assert store.stats().schema_version == len(MIGRATIONS)
        marks = store.marks(entry.work.work_id)
    assert marks == tuple(replace(mark, visible={}) for mark in entry.marks)


def made(steps: int) -> sqlite3.Connection:
    """Return a database after the first steps."""
    db = sqlite3.connect(":memory:")
    db.create_function("row_digest", -1, row_digest)
    for script in MIGRATIONS[:steps]:
        db.executescript(script)
    db.execute("PRAGMA foreign_keys = ON")
    return db


def fill(db: sqlite3.Connection, table: str, **given: object) -> None:
    """Insert a row whose other columns hold nothing of interest."""
    columns = [(row[1], row[2]) for row in db.execute(f"PRAGMA table_info({table})")]
    row = [given.get(name, 0 if kind == "INTEGER" else "") for name, kind in columns]
    db.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)


@pytest.fixture
def db() -> Iterator[sqlite3.Connection]:
    """Give an empty database of the newest layout with one work."""
    opened = made(len(MIGRATIONS))
    fill(opened, "renditions", sha256="r1")
    fill(opened, "works", work_id="w1", reference_sha256="r1")
    yield opened
    opened.close()


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS)))
def test_each_version_leads_to_the_newest_layout(version: int) -> None:
    """Step by step or at once, and its rows stay."""
    old, new = made(version), made(len(MIGRATIONS))
    fill(old, "renditions", sha256="r1")
    for script in MIGRATIONS[version:]:
        old.executescript(script)
    layouts = [set(one.execute("SELECT type, name, sql FROM sqlite_master")) for one in (old, new)]
    assert layouts[0] == layouts[1]
    assert list(old.execute("SELECT sha256 FROM renditions")) == [("r1",)]
    old.close()
    new.close()


def test_released_steps_are_never_edited() -> None:
    """Portfolios in the world were made by them; a change is a further step with its digest."""
    digests = [hashlib.sha256(script.encode()).hexdigest()[:16] for script in MIGRATIONS]
    assert digests == RELEASED


@pytest.mark.parametrize(
    "table",
    [
        "fingerprints",
        "marks",
        "views",
        "learned_codes",
        "drafts",
        "postings",
        "titles",
        "permitted",
    ],
)
def test_what_belongs_to_a_work_goes_with_it(db: sqlite3.Connection, table: str) -> None:
    """No row is left without its work."""
    fill(db, table, work_id="w1", reference_sha256="r1")
    db.execute("DELETE FROM works")
    assert db.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


def test_a_rendition_that_is_used_cannot_go(db: sqlite3.Connection) -> None:
    """A work without its reference picture could not be verified."""
    with pytest.raises(sqlite3.IntegrityError):
        db.execute("DELETE FROM renditions")


def test_the_token_changes_with_each_change_of_the_fingerprints(db: sqlite3.Connection) -> None:
    """Added, changed and removed; another byte string with the same digest is no change."""
    tokens = []
    for change in (
        "SELECT 1",
        "INSERT INTO fingerprints VALUES ('w1', 'd1', x'00')",
        "UPDATE fingerprints SET digest = 'd2'",
        "DELETE FROM fingerprints",
    ):
        db.execute(change)
        tokens += db.execute("SELECT token FROM state").fetchall()
    assert len(set(tokens)) == 4
    db.execute("INSERT INTO fingerprints VALUES ('w1', 'd1', x'00')")
    before = db.execute("SELECT token FROM state").fetchall()
    db.execute("UPDATE fingerprints SET digest = 'd1'")
    assert db.execute("SELECT token FROM state").fetchall() == before


def test_the_token_changes_with_each_change_of_a_view(db: sqlite3.Connection) -> None:
    """The index is of works and views alike."""
    tokens = []
    for change in (
        "INSERT INTO views VALUES ('w1#1', 'w1', 0, 0, 0, 8, 8, 'r1', 'd1', '', x'00')",
        "UPDATE views SET fingerprint_sha256 = 'd2'",
        "DELETE FROM views",
    ):
        db.execute(change)
        tokens += db.execute("SELECT token FROM state").fetchall()
    assert len(set(tokens)) == 3


def test_learned_codes_of_the_third_layout_stay() -> None:
    """They are those of whole works."""
    old = made(4)
    fill(old, "renditions", sha256="r1")
    fill(old, "works", work_id="w1", reference_sha256="r1")
    fill(old, "learned_codes", descriptor_id="d", work_id="w1", reference_sha256="r1", code=b"c")
    old.executescript(MIGRATIONS[4])
    assert list(old.execute("SELECT * FROM learned_codes")) == [("d", "w1", "w1", "r1", b"c")]
    old.close()


@pytest.mark.parametrize("change", ["DELETE FROM journal", "UPDATE journal SET number = 2"])
def test_the_journal_is_only_ever_added_to(db: sqlite3.Connection, change: str) -> None:
    """No statement of ours takes an entry back, also by mistake."""
    fill(db, "journal", chain_id="c1", number=1)
    with pytest.raises(sqlite3.IntegrityError, match="only ever added to"):
        db.execute(change)


@pytest.mark.parametrize(
    ("sql", "index"),
    [
        ("SELECT * FROM works ORDER BY created_utc, work_id", "works_by_age"),
        ("SELECT * FROM marks WHERE work_id = 'w1' ORDER BY created_utc", "marks_by_work"),
        ("SELECT * FROM marks WHERE mark_id = 'm'", "marks_by_mark"),
        ("SELECT * FROM marks WHERE output_sha256 = 's'", "marks_by_output"),
        ("SELECT * FROM views WHERE work_id = 'w1'", "views_by_work"),
        ("SELECT * FROM learned_codes WHERE work_id = 'w1'", "learned_codes_by_work"),
        ("SELECT * FROM stamped WHERE kind = 'work' AND subject = 'w1'", "stamped_by_subject"),
        ("SELECT * FROM trusted_times WHERE root_sha256 = 'r'", "trusted_times_by_root"),
        ("SELECT * FROM drafts WHERE work_id = 'w1' ORDER BY created_utc", "drafts_by_work"),
        ("SELECT * FROM permitted WHERE work_id = 'w1'", "permitted_by_work"),
        ("SELECT * FROM cases WHERE suspect_sha256 = 's'", "cases_by_suspect"),
    ],
)
def test_frequent_questions_use_an_index(db: sqlite3.Connection, sql: str, index: str) -> None:
    """Ten thousand works are not walked over for one answer."""
    plan = " ".join(row[-1] for row in db.execute(f"EXPLAIN QUERY PLAN {sql}"))
    assert index in plan
    assert "TEMP B-TREE" not in plan


def test_no_table_is_forgotten(store, location) -> None:
    """Those that lose rows with a work are kept when it is removed; all of them are copied."""
    db = sqlite3.connect(location)
    tables = [one for (one,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    parents = {
        one: [key[2] for key in db.execute(f"PRAGMA foreign_key_list({one})")] for one in tables
    }
    db.close()
    assert {one for one in tables if {"works", "marks"} & set(parents[one])} <= set(BELONGING)
    assert set(tables) == {*MADE_AGAIN, *KEYS}
