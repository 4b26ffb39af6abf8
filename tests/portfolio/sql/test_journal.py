"""Promises of ocguard.portfolio.sql.journal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ocguard.creator import Profile
from ocguard.errors import PortfolioError
from ocguard.home import Home
from ocguard.portfolio import Author, JournalRow, Store, open_store
from ocguard.portfolio.journal import first_broken, next_row


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Give a home with a key."""
    made = Home(tmp_path / "home")
    made.create(Profile("Mo"))
    return made


def opened(location: str, home: Home) -> Store:
    """Open a portfolio as its creator does."""
    return open_store(location, create=True, author=Author(home))


def events(location: str) -> list[str]:
    """List what happened, chain by chain."""
    with open_store(location) as store:
        rows = [store.journal.rows(head.chain_id) for head in store.journal.chains()]
        return [row.event for chain in rows for row in chain]


def faults(location: str, home: Home | None) -> list[str]:
    """Say what is wrong with a portfolio."""
    with open_store(location, author=Author(home) if home else None) as store:
        return [one.what for one in store.damage()]


def test_every_change_is_told(location: str, home: Home, make_entry: Callable) -> None:
    """In the order in which it happened, after what the chain and the key begin with."""
    entry = make_entry(1, marks=2)
    with opened(location, home) as store:
        store.record([entry])
        store.withdraw(entry.marks[0].issue_id)
        store.take_over([make_entry(2)])
        store.put_back(store.remove(entry.work.work_id))
    assert events(location) == [
        *("began", "committed", "registered", "issued", "issued"),
        *("withdrawn", "imported", "removed", "put-back"),
    ]
    assert faults(location, home) == []


def test_the_key_is_committed_to_before_it_is_used(
    location: str, home: Home, make_entry: Callable
) -> None:
    """Once for every key, by a digest that only this key gives."""
    with opened(location, home) as store:
        store.record([make_entry(1, marks=1), make_entry(2, marks=1)])
        (head,) = store.journal.chains()
        rows = list(store.journal.rows(head.chain_id))
    key = home.load_key()
    committed = [row.facts for row in rows if row.event == "committed"]
    assert committed == [{"key_id": key.key_id, "commitment": key.commitment}]
    assert rows[1].event == "committed"


def test_a_chain_goes_on_from_run_to_run(location: str, home: Home, make_entry: Callable) -> None:
    """One chain for one device and portfolio."""
    for seed in range(3):
        with opened(location, home) as store:
            store.record([make_entry(seed)])
    with open_store(location) as store:
        (head,) = store.journal.chains()
        assert first_broken(store.journal.rows(head.chain_id)) is None


def test_another_device_begins_a_chain_of_its_own(
    location: str, home: Home, tmp_path: Path, make_entry: Callable
) -> None:
    """Also in the same file; it names the other chain's last entry."""
    with opened(location, home) as store:
        store.record([make_entry(1)])
        (first,) = store.journal.chains()
    with opened(location, Home(tmp_path / "other")) as store:
        store.record([make_entry(2)])
        other = next(one for one in store.journal.chains() if one.chain_id != first.chain_id)
        began = next(store.journal.rows(other.chain_id))
    assert began.facts["others"] == {first.chain_id: first.entry_sha256}
    assert faults(location, home) == []


def test_an_older_copy_is_told_from_the_portfolio(
    location: str, home: Home, change: Callable, make_entry: Callable
) -> None:
    """Until the next change, `check` says so; then the journal itself does."""
    with opened(location, home) as store:
        store.record([make_entry(1)])
        store.record([make_entry(2)])
        (whole,) = store.journal.chains()
    change(f"DELETE FROM journal WHERE number = {whole.number}")
    (fault,) = faults(location, home)
    assert f"entries {whole.number} to {whole.number} of the journal" in fault
    with opened(location, home) as store:
        store.record([make_entry(3)])
    assert "restored" in events(location)
    assert faults(location, home) == []
    with opened(location, home) as store:  # the new chain goes on
        store.record([make_entry(4)])
        assert len(store.journal.chains()) == 2


def test_a_copy_brings_lost_entries_back(
    location: str, home: Home, tmp_path: Path, change: Callable, make_entry: Callable
) -> None:
    """Whole chains take the place of broken ones; broken ones take no place."""
    with opened(location, home) as store:
        store.record([make_entry(1, marks=3)])
        store.back_up(tmp_path / "copy")
    change("UPDATE journal SET signature = '00' WHERE number = 2")
    (fault,) = faults(location, home)
    assert fault.startswith("entry 2 of the journal")
    with open_store(tmp_path / "copy") as copy, open_store(location) as store:
        (head,) = copy.journal.chains()
        rows = list(copy.journal.rows(head.chain_id))
        store.mend_journal(rows[1:])
        assert faults(location, home)
        store.mend_journal(rows)
    assert faults(location, home) == []


def test_a_rewritten_journal_is_another_one(
    location: str, home: Home, change: Callable, make_entry: Callable
) -> None:
    """Who has the key can sign it anew; this device remembers what it wrote."""
    with opened(location, home) as store:
        store.record([make_entry(1)])
        (head,) = store.journal.chains()
        rows = list(store.journal.rows(head.chain_id))
    signer = home.load_key().signer()
    anew = next_row(head.chain_id, rows[-2], signer, "1999", "registered", {})
    sql = f"UPDATE journal SET entry = '{anew.entry}', entry_sha256 = '{anew.entry_sha256}'"
    change(f"{sql}, signature = '{anew.signature}' WHERE number = {anew.number}")
    assert faults(location, None) == []
    (fault,) = faults(location, home)
    assert "another than the one that was written here" in fault


def test_what_fails_is_not_told(location: str, home: Home, make_entry: Callable) -> None:
    """An entry belongs to its change: both or none."""
    with opened(location, home) as store:
        store.record([make_entry(1)])
        with pytest.raises(PortfolioError):
            store.remove("0" * 16)
        store.record([make_entry(2)])
    assert "removed" not in events(location)
    assert faults(location, home) == []


def test_an_entry_that_cannot_be_read_is_damage(
    location: str, home: Home, change: Callable, make_entry: Callable
) -> None:
    """And an error of ours where the chain goes on from it."""
    with opened(location, home) as store:
        store.record([make_entry(1)])
    change(f"UPDATE journal SET signature = '{'0' * 9000}' WHERE number = 3")
    assert len(faults(location, home)) == 1
    with opened(location, home) as store, pytest.raises(PortfolioError, match="portfolio check"):
        list(store.journal.chains())


def test_nobody_writes_without_an_author(location: str, make_entry: Callable) -> None:
    """Copies are read and mended without becoming a device's own."""
    with open_store(location, create=True) as store:
        store.record([make_entry(1)])
        store.journal.note("checked", {})
        assert store.journal.chains() == []


def test_chains_of_one_name_agree_or_not(location: str, home: Home, make_entry: Callable) -> None:
    """A shorter or a longer one agrees; another one does not."""
    with opened(location, home) as store:
        store.record([make_entry(1)])
        (head,) = store.journal.chains()
        rows: list[JournalRow] = list(store.journal.rows(head.chain_id))
        longer = next_row(head.chain_id, head, None, "", "issued", {})
        other = next_row(head.chain_id, rows[-2], None, "", "issued", {})
        assert store.journal.agrees(rows[:1])
        assert store.journal.agrees([*rows, longer])
        assert not store.journal.agrees([*rows[:-1], other])
