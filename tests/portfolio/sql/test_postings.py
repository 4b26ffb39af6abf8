"""Promises of ocguard.portfolio.sql.postings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from ocguard.errors import PortfolioError
from ocguard.home import Home
from ocguard.portfolio import Author, Store, export_entries, import_entries, open_store


def test_the_later_word_on_an_address_stays(
    location: str, tmp_path: Path, make_entry: Callable, make_posting: Callable
) -> None:
    """The journal keeps every word; the same word twice is one."""
    first, later = make_posting(1, 1), make_posting(1, 2)
    with open_store(location, create=True, author=Author(Home(tmp_path))) as store:
        store.record([make_entry(1)])
        for posting in (first, first, later):
            store.postings.record([posting])
        assert store.postings.of_work(first.work_id) == (later,)
        (head,) = store.journal.chains()
        told = [row for row in store.journal.rows(head.chain_id) if row.event == "posted"]
        assert list(store.damage()) == []
    assert [row.facts["on"] for row in told] == ["2026-05-01", "2026-05-02"]


def test_a_posting_needs_its_work(store: Store, make_posting: Callable) -> None:
    """Nothing is stored without."""
    with pytest.raises(PortfolioError, match="no work"):
        store.postings.record([make_posting(1)])


def test_a_work_brings_its_postings(
    store: Store, make_entry: Callable, make_posting: Callable
) -> None:
    """In one transaction."""
    store.record([replace(make_entry(1), postings=(make_posting(1),))])
    assert store.postings.of_work(make_posting(1).work_id) == (make_posting(1),)


def test_a_file_adds_no_posting_to_a_work_that_was_registered_here(
    store: Store, make_entry: Callable, make_posting: Callable
) -> None:
    """A stranger's file gives no work an earlier date."""
    store.record([make_entry(1)])
    store.take_over([replace(make_entry(1), postings=(make_posting(1),))])
    assert store.postings.of_work(make_posting(1).work_id) == ()


def test_what_two_files_say_is_the_same_in_either_order(
    new_location: Callable, make_entry: Callable, make_posting: Callable
) -> None:
    """The earlier day stays, as a claim."""
    kept = []
    for days in ((1, 2), (2, 1)):
        with open_store(new_location(), create=True) as store:
            for day in days:
                store.take_over([replace(make_entry(1), postings=(make_posting(1, day),))])
            kept += store.postings.of_work(make_posting(1).work_id)
    assert kept == [make_posting(1, 1)] * 2
    assert all(one.imported_utc for one in kept)


def test_a_word_of_ones_own_stays_what_it_is(
    store: Store, make_entry: Callable, make_posting: Callable
) -> None:
    """It takes the place of a file's, and no file takes its place."""
    claimed = replace(make_entry(1), postings=(make_posting(1, 2),))
    store.take_over([claimed])
    store.postings.record([make_posting(1, 2)])
    store.take_over([replace(claimed, postings=(make_posting(1, 1),))])
    (kept,) = store.postings.of_work(make_posting(1).work_id)
    assert (kept.on_date, kept.imported_utc) == ("2026-05-02", "")


def test_postings_move_with_an_export(
    store: Store, make_entry: Callable, make_posting: Callable, tmp_path: Path
) -> None:
    """As what the file says; importing twice changes nothing."""
    store.record(
        [replace(make_entry(1), postings=(make_posting(1), make_posting(1, 2, "https://a.b")))]
    )
    export_entries(store, tmp_path / "all.zip")
    with open_store(tmp_path / "new.sqlite3", create=True) as new:
        import_entries(new, tmp_path / "all.zip")
        import_entries(new, tmp_path / "all.zip")
        moved = new.postings.of_work(make_posting(1).work_id)
        assert list(new.damage()) == []
    assert moved == store.postings.of_work(make_posting(1).work_id)
    assert all(one.imported_utc for one in moved)


def test_a_posting_of_tomorrows_is_refused_in_a_file(
    store: Store, make_entry: Callable, make_posting: Callable, tmp_path: Path
) -> None:
    """No clock can have shown that day yet."""
    future = replace(make_posting(1), on_date="2999-01-01")
    store.record([replace(make_entry(1), postings=(future,))])
    export_entries(store, tmp_path / "all.zip")
    with (
        open_store(tmp_path / "new.sqlite3", create=True) as new,
        pytest.raises(PortfolioError, match="future"),
    ):
        import_entries(new, tmp_path / "all.zip")


def test_what_was_taken_back_is_told_and_stays_away(
    location: str, tmp_path: Path, make_entry: Callable, make_posting: Callable
) -> None:
    """The journal keeps both; a repair brings it back only when it was said again."""
    posting = make_posting(1)
    entry = replace(make_entry(1), postings=(posting,))
    with open_store(location, create=True, author=Author(Home(tmp_path))) as store:
        store.record([entry])
        assert store.postings.take_back(posting.work_id, posting.url) == posting
        store.mend(entry)
        assert store.postings.of_work(posting.work_id) == ()
        (head,) = store.journal.chains()
        assert (head.event, head.facts["on"]) == ("taken-back", posting.on_date)
        assert posting.url not in head.entry
        again = replace(posting, created_utc="2999-01-01T00:00:00.000000Z")
        store.mend(replace(entry, postings=(again,)))
        assert store.postings.of_work(posting.work_id) == (again,)


def test_what_nobody_said_cannot_be_taken_back(
    store: Store, make_entry: Callable, make_posting: Callable
) -> None:
    """The message says where the addresses are listed."""
    store.record([make_entry(1)])
    with pytest.raises(PortfolioError, match="portfolio show"):
        store.postings.take_back(make_posting(1).work_id, "https://x.com/other")


@pytest.mark.parametrize(
    "sql", ["UPDATE postings SET on_date = '1999-01-01'", "DELETE FROM postings"]
)
def test_a_changed_or_lost_posting_is_mended(
    store: Store, change: Callable, make_entry: Callable, make_posting: Callable, sql: str
) -> None:
    """The change is damage, which names the work."""
    entry = replace(make_entry(1), postings=(make_posting(1),))
    store.record([entry])
    change(sql)
    named = {one.work_id for one in store.damage()}
    assert named == ({entry.work.work_id} if "UPDATE" in sql else set())
    store.mend(entry)
    assert store.postings.of_work(entry.work.work_id) == (make_posting(1),)
    assert list(store.damage()) == []
