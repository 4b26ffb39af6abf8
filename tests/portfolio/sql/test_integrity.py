"""Promises of ocguard.portfolio.sql.integrity."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from ocguard.creator import Profile
from ocguard.errors import PortfolioError
from ocguard.home import Home
from ocguard.portfolio import Author, open_store


@pytest.fixture
def filled(location: str, tmp_path: Path, make_entry: Callable) -> str:
    """Give a portfolio of some works with marks and a signed journal."""
    home = Home(tmp_path / "home")
    home.create(Profile("Mo"))
    with open_store(location, create=True, author=Author(home)) as store:
        store.record(
            make_entry(seed, second=seed, marks=1, text="x" * 900, views=1, is_signed=True)
            for seed in range(6)
        )
    return location


def test_a_whole_portfolio_has_no_damage(filled: str) -> None:
    """And is not changed by looking."""
    with open_store(filled) as store:
        assert list(store.damage()) == []


@pytest.mark.parametrize(
    ("sql", "what"),
    [
        ("UPDATE works SET source = 'other' WHERE work_id = 'ID'", "its record"),
        ("UPDATE works SET introduced_by = 'import' WHERE work_id = 'ID'", "its record"),
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
    ],
)
def test_damage_is_named_with_its_work(
    filled: str, make_entry: Callable, change: Callable, sql: str, what: str
) -> None:
    """A person learns which picture to bring again."""
    work_id = make_entry(1).work.work_id
    change(sql.replace("ID", work_id))
    with open_store(filled) as store:
        found = list(store.damage())
    assert {one.work_id for one in found} == {work_id}
    assert any(re.match(what, one.what) for one in found)


def test_credentials_of_no_mark_are_named(filled: str, change: Callable) -> None:
    """A mark that is read would not lead to them."""
    one = "(SELECT min(issue_id) FROM credentials)"
    change(f"UPDATE credentials SET issue_id = 'x' WHERE issue_id = {one}")
    with open_store(filled) as store:
        (found,) = store.damage()
    assert found.what == "Content Credentials of x, which is no mark's issue"


def test_a_damaged_record_is_our_error(filled: str, change: Callable) -> None:
    """Reading it says what to do, in place of a traceback."""
    change("UPDATE works SET created_utc = 'yesterday'")
    with open_store(filled) as store, pytest.raises(PortfolioError, match="portfolio check"):
        list(store.works())
