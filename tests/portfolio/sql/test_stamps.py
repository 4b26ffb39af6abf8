"""Promises of ocguard.portfolio.sql.stamps."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest

from ocguard.errors import PortfolioError
from ocguard.home import Home
from ocguard.portfolio import (
    Author,
    Leaf,
    Store,
    TrustedTime,
    export_entries,
    import_entries,
    open_store,
)
from ocguard.provenance.merkle import root_of


def stamped(leaves: list[Leaf], day: int = 1) -> TrustedTime:
    """Make a time of some leaves; nobody asks an authority here."""
    root, token = root_of([leaf.text.encode() for leaf in leaves]).hex(), f"token {day}".encode()
    times = f"2026-05-{day:02d}T12:00:00.000000Z", "2036-05-01T12:00:00.000000Z"
    digest = hashlib.sha256(token).hexdigest()
    return TrustedTime(root, "https://example.org", *times, "PEM", token, digest)


@pytest.fixture
def filled(store: Store, make_entry: Callable) -> Store:
    """Give a portfolio of two works of which one is stamped."""
    store.record([make_entry(1)])
    leaves = store.stamps.new_works("rfc3161")
    store.stamps.record(leaves, stamped(leaves, 2))
    store.record([make_entry(2)])
    return store


def test_a_work_is_new_until_it_is_stamped(filled: Store, make_entry: Callable) -> None:
    """Its leaf holds what a person can make again from the original."""
    (leaf,) = filled.stamps.new_works("rfc3161")
    work = make_entry(2).work
    assert json.loads(leaf.text) == {
        "kind": "work",
        "work": work.work_id,
        "file_sha256": work.file_sha256,
        "pixel_sha256": work.pixel_sha256,
        "registered": work.created_utc,
    }


def test_the_earliest_time_of_a_work_counts(filled: Store, make_entry: Callable) -> None:
    """Whichever was asked for first."""
    work_id = make_entry(1).work.work_id
    (stamp,) = filled.stamps.stamps_of("work", work_id)
    filled.stamps.record(stamp.leaves, stamped(list(stamp.leaves), 1))
    assert filled.stamps.first_time(work_id)[:10] == "2026-05-01"
    (both,) = filled.stamps.stamps()
    assert [one.at_utc[8:10] for one in both.times] == ["01", "02"]
    assert filled.stamps.first_time(make_entry(2).work.work_id) == ""


def test_the_journal_is_stamped_up_to_an_entry(store: Store) -> None:
    """The last of several counts, and another chain has none."""
    chain = "ab" * 8
    for number in (9, 10):
        leaves = [Leaf.of("journal", f"{chain}:{number}", {"number": number})]
        store.stamps.record(leaves, stamped(leaves, number))
    assert store.stamps.stamped_to(chain, "rfc3161") == 10
    assert store.stamps.stamped_to("cd" * 8, "rfc3161") == 0


def test_recording_a_time_is_told_to_the_journal(
    location: str, tmp_path: Path, make_entry: Callable
) -> None:
    """With the root and the answer's digest."""
    with open_store(location, create=True, author=Author(Home(tmp_path))) as store:
        store.record([make_entry(1)])
        leaves = store.stamps.new_works("rfc3161")
        time = stamped(leaves)
        store.stamps.record(leaves, time)
        (head,) = store.journal.chains()
    assert head.event == "stamped"
    assert (head.facts["root"], head.facts["token_sha256"]) == (time.root_sha256, time.token_sha256)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE trusted_times SET token = x'00'",
        "UPDATE trusted_times SET at_utc = '1999-05-01T12:00:00.000000Z'",
        "UPDATE trusted_times SET authority = 'x'",
        "UPDATE stamped SET leaf = '{}'",
        "DELETE FROM stamped",
    ],
)
def test_what_is_changed_is_damage(filled: Store, change: Callable, sql: str) -> None:
    """In the answer, in its record, and in the tree."""
    assert list(filled.damage()) == []
    change(sql)
    assert any("trusted time" in one.what for one in filled.damage())


def test_a_damaged_time_is_our_error(filled: Store, change: Callable) -> None:
    """Reading it says what to do."""
    change("UPDATE trusted_times SET token = x'00'")
    with pytest.raises(PortfolioError, match="portfolio check"):
        filled.stamps.stamps()


def test_times_move_with_an_export_as_what_a_file_says(
    filled: Store, tmp_path: Path, make_entry: Callable
) -> None:
    """They can be proven on the new machine; a file's own root makes nothing older there."""
    export_entries(filled, tmp_path / "all.zip")
    work_id = make_entry(1).work.work_id
    with open_store(tmp_path / "new.sqlite3", create=True) as new:
        import_entries(new, tmp_path / "all.zip")
        import_entries(new, tmp_path / "all.zip")
        (stamp,) = new.stamps.stamps_of("work", work_id)
        assert stamp.leaves == filled.stamps.stamps()[0].leaves
        assert stamp.times[0].imported_utc
        assert new.stamps.first_time(work_id) == ""
        assert list(new.damage()) == []


def test_a_time_of_other_leaves_is_left_out(filled: Store, tmp_path: Path) -> None:
    """A file cannot say that a stamp is for another work."""
    export_entries(filled, tmp_path / "all.zip")
    with ZipFile(tmp_path / "all.zip") as archive, ZipFile(tmp_path / "false.zip", "w") as false:
        for name in archive.namelist():
            data = archive.read(name)
            is_stamps = name == "stamps.jsonl"
            false.writestr(name, data.replace(b"pixel_", b"pixels_") if is_stamps else data)
    refused: list[str] = []
    with open_store(tmp_path / "new.sqlite3", create=True) as new:
        import_entries(new, tmp_path / "false.zip", on_refused=refused.append)
        assert new.stamps.stamps() == []
        assert new.stats().works == 2
    assert "trusted times cannot be read" in refused[0]
