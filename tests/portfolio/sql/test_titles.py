"""Promises of ocguard.portfolio.sql.titles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from ocguard.errors import PortfolioError
from ocguard.home import Home
from ocguard.portfolio import (
    Author,
    Store,
    Title,
    export_entries,
    import_entries,
    open_store,
    rendition_id,
)


@pytest.fixture
def make_title(make_entry: Callable) -> Callable[..., Title]:
    """Give the builder of titles of the work of seed 1, given on a day of May 2026."""
    work_id = make_entry(1).work.work_id
    return lambda text, day=1: Title(work_id, text, f"2026-05-{day:02d}T00:00:00.000000Z")


def test_a_title_takes_the_place_of_the_former_one(
    location: str, tmp_path: Path, make_entry: Callable, make_title: Callable
) -> None:
    """The journal keeps the digest of each, and that it was taken away; the id stays."""
    work_id = make_entry(1).work.work_id
    with open_store(location, create=True, author=Author(Home(tmp_path))) as store:
        store.record([make_entry(1)])
        for text in ("Lin", "林", "林"):
            store.titles.record(make_title(text))
        assert store.titles.all() == {work_id: "林"}
        for _ in range(2):
            store.titles.drop(work_id)
        assert store.titles.of_work(work_id) is None
        assert [work.work_id for work in store.works()] == [work_id]
        (head,) = store.journal.chains()
        rows = [row for row in store.journal.rows(head.chain_id) if row.event == "renamed"]
        assert list(store.damage()) == []
    told = [row.facts.get("title_sha256") for row in rows]
    assert told == [rendition_id(b"Lin"), rendition_id("林".encode()), None]


def test_a_title_needs_its_work(store: Store, make_title: Callable) -> None:
    """Nothing is stored without."""
    with pytest.raises(PortfolioError, match="no work"):
        store.titles.record(make_title("Lin"))
    with pytest.raises(PortfolioError, match="no work"):
        store.titles.drop(make_title("Lin").work_id)


def test_registering_again_keeps_the_title(
    store: Store, make_entry: Callable, make_title: Callable
) -> None:
    """A younger description is not about it."""
    store.record([make_entry(1)])
    store.titles.record(make_title("Lin"))
    store.record([make_entry(1, marks=1)])
    assert store.titles.of_work(make_title("Lin").work_id) == make_title("Lin")


def test_a_file_renames_no_work_that_was_registered_here(
    store: Store, make_entry: Callable, make_title: Callable
) -> None:
    """What a stranger calls it is nothing to its creator."""
    store.record([make_entry(1)])
    store.take_over([replace(make_entry(1), title=make_title("stolen"))])
    assert store.titles.all() == {}


def test_of_two_files_the_later_word_stays(
    new_location: Callable, make_entry: Callable, make_title: Callable
) -> None:
    """Whichever came first; a title that is given here stays against both."""
    for days in ((1, 2), (2, 1)):
        with open_store(new_location(), create=True) as store:
            for day in days:
                named = replace(make_entry(1), title=make_title(f"day {day}", day))
                store.take_over([named])
            kept = store.titles.of_work(make_title("Lin").work_id)
            assert kept is not None
            assert kept.title == "day 2"
            assert kept.imported_utc
            store.titles.record(make_title("mine"))
            store.take_over([replace(make_entry(1), title=make_title("day 3", 3))])
            assert list(store.titles.all().values()) == ["mine"]


def test_titles_move_with_an_export(
    store: Store, make_entry: Callable, make_title: Callable, tmp_path: Path
) -> None:
    """As what the file says."""
    store.record([make_entry(1), make_entry(2)])
    store.titles.record(make_title("林，春"))
    export_entries(store, tmp_path / "all.zip")
    with open_store(tmp_path / "new.sqlite3", create=True) as new:
        import_entries(new, tmp_path / "all.zip")
        assert new.titles.all() == store.titles.all()
        assert list(new.damage()) == []


def test_a_changed_title_is_mended(
    store: Store, change: Callable, make_entry: Callable, make_title: Callable
) -> None:
    """The change is damage, which names the work; one that was taken away stays away."""
    entry = replace(make_entry(1), title=make_title("Lin"))
    store.record([entry])
    store.titles.record(make_title("Lin"))
    change("UPDATE titles SET title = 'other'")
    assert {one.work_id for one in store.damage()} == {entry.work.work_id}
    store.mend(entry)
    assert store.titles.of_work(entry.work.work_id) == make_title("Lin")
    store.titles.drop(entry.work.work_id)
    store.mend(entry)
    assert store.titles.all() == {}


def test_a_work_that_is_mended_as_a_whole_has_its_title_again(
    store: Store, make_entry: Callable, make_title: Callable
) -> None:
    """The work was gone, and its title with it."""
    store.mend(replace(make_entry(1), title=make_title("Lin")))
    assert store.titles.of_work(make_entry(1).work.work_id) == make_title("Lin")
