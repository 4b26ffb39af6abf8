"""Promises of ocguard.portfolio.sql.integrity."""

from __future__ import annotations

import random
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from ocguard.creator import Profile
from ocguard.errors import PortfolioError
from ocguard.home import Home
from ocguard.portfolio import Author, open_store

FLIPS = 40


@pytest.fixture
def filled(location: Path, make_entry: Callable) -> Path:
    """Give a portfolio of some works with marks and a signed journal."""
    home = Home(location.parent)
    home.create(Profile("Mo"))
    with open_store(location, create=True, author=Author(home)) as store:
        store.record(
            make_entry(seed, second=seed, marks=1, text="x" * 900, views=1, is_signed=True)
            for seed in range(6)
        )
    return location


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


def test_a_whole_portfolio_has_no_damage(filled: Path) -> None:
    """And is not changed by looking."""
    with open_store(filled) as store:
        assert list(store.damage()) == []


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


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("UPDATE works SET source = 'other' WHERE rowid = 2", "its record"),
        ("UPDATE works SET introduced_by = 'import' WHERE rowid = 2", "its record"),
        ("UPDATE marks SET recipient = 'Kim' WHERE work_id = 'ID'", "the record of its mark"),
        ("UPDATE fingerprints SET data = x'00' WHERE work_id = 'ID'", "its fingerprint"),
        ("DELETE FROM fingerprints WHERE work_id = 'ID'", "its fingerprint"),
        (
            "UPDATE renditions SET jpeg = 'text' WHERE sha256 IN"
            " (SELECT reference_sha256 FROM works WHERE work_id = 'ID')",
            "its rendition",
        ),
        (
            "DELETE FROM renditions WHERE sha256 IN (SELECT reference_sha256 FROM works"
            " WHERE work_id = 'ID')",
            "its rendition .* is missing",
        ),
        (
            "UPDATE renditions SET jpeg = 'text' WHERE sha256 IN"
            " (SELECT reference_sha256 FROM views WHERE work_id = 'ID')",
            "its rendition",
        ),
        (
            "DELETE FROM renditions WHERE sha256 IN (SELECT reference_sha256 FROM views"
            " WHERE work_id = 'ID')",
            "its rendition .* is missing",
        ),
        ("UPDATE views SET top_px = 7 WHERE work_id = 'ID'", "the record of its view"),
        (
            "UPDATE views SET fingerprint = x'00' WHERE work_id = 'ID'",
            "the fingerprint of its view",
        ),
        (
            "UPDATE credentials SET manifest = x'00' WHERE issue_id IN"
            " (SELECT issue_id FROM marks WHERE work_id = 'ID')",
            "the Content Credentials of its mark",
        ),
        ("DELETE FROM works WHERE work_id = 'ID'", "the record of the work is missing"),
        ("DROP TRIGGER fingerprint_added", "the layout"),
    ],
)
def test_damage_is_named_with_its_work(
    filled: Path, make_entry: Callable, change: str, what: str
) -> None:
    """A person learns which picture to bring again."""
    work_id = make_entry(1).work.work_id
    db = sqlite3.connect(filled)
    db.execute(change.replace("ID", work_id))
    db.commit()
    db.close()
    with open_store(filled) as store:
        found = list(store.damage())
    assert {one.work_id for one in found} == {"" if "layout" in what else work_id}
    assert any(re.match(what, one.what) for one in found)


def test_credentials_of_no_mark_are_named(filled: Path) -> None:
    """A mark that is read would not lead to them."""
    db = sqlite3.connect(filled)
    db.execute("UPDATE credentials SET issue_id = 'x' WHERE rowid = 2")
    db.commit()
    db.close()
    with open_store(filled) as store:
        (found,) = store.damage()
    assert found.what == "Content Credentials of x, which is no mark's issue"


def test_a_damaged_record_is_our_error(filled: Path) -> None:
    """Reading it says what to do, in place of a traceback."""
    db = sqlite3.connect(filled)
    db.execute("UPDATE works SET created_utc = 'yesterday'")
    db.commit()
    db.close()
    with open_store(filled) as store, pytest.raises(PortfolioError, match="portfolio check"):
        list(store.works())
