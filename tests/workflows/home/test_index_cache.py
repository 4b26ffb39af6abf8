"""Promises of the index cache: always of the present state, never the only copy."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from pathlib import Path

import pytest

from ocguard.matching.search.files import open_segments
from ocguard.matching.search.index import Index
from ocguard.portfolio import open_store
from ocguard.workflows.home import index_cache
from ocguard.workflows.home.catalog import add_one
from ocguard.workflows.home.index_cache import KEPT_SECONDS, IndexCache, ready_index
from ocguard.workflows.home.workspace import Workspace


@pytest.fixture
def location(tmp_path, drawings) -> str:
    """Make a portfolio of three works."""
    for seed in range(3):
        assert (
            add_one(
                Workspace.at(tmp_path, tmp_path / "p.sqlite3"), drawings.cel(200, 150, seed)
            ).error
            is None
        )
    return str(tmp_path / "p.sqlite3")


def ready(location: str, folder: Path) -> IndexCache:
    """Bring the index up to date."""
    with open_store(location) as store:
        return ready_index(store, location, folder)


def indexed(cache: IndexCache) -> frozenset[str]:
    """Name the works in an index on the disk."""
    return Index(open_segments(cache.folder)).work_ids


def ids(location: str) -> frozenset[str]:
    """Name the works of a portfolio."""
    with open_store(location) as store:
        return frozenset(work.work_id for work in store.works())


def test_the_index_holds_every_work(location, tmp_path) -> None:
    """Nothing is missing after the first build."""
    assert indexed(ready(location, tmp_path / "cache")) == ids(location)


def spoil(location: str, work_ids: frozenset[str]) -> None:
    """Make stored fingerprints unreadable, unnoticed: whoever reads them again loses the work."""
    with sqlite3.connect(location) as db:
        rows = [(b"spoiled", work_id) for work_id in work_ids]
        db.executemany("UPDATE fingerprints SET data = ? WHERE work_id = ?", rows)
    db.close()


def test_nothing_is_built_twice(location, tmp_path) -> None:
    """The second check reads no fingerprint."""
    first = ready(location, tmp_path / "cache")
    spoil(location, ids(location))
    assert ready(location, tmp_path / "cache") == first


def test_only_what_changed_is_read_again(location, tmp_path, drawings) -> None:
    """Adding one work to thousands does not index thousands."""
    before = ready(location, tmp_path / "cache")
    spoil(location, ids(location))
    add_one(Workspace.at(tmp_path, location), drawings.cel(200, 150, 9))
    with open_store(location) as store:
        store.remove(next(store.works()).work_id)
    after = ready(location, tmp_path / "cache")
    assert after.unreadable == ()
    assert indexed(after) == ids(location)
    assert before.folder != after.folder


def test_an_index_that_was_given_can_be_opened_later(location, tmp_path, drawings) -> None:
    """A picture waits for its turn while others are registered and looked up."""
    given, known = ready(location, tmp_path / "cache"), ids(location)
    for seed in (7, 8):
        add_one(Workspace.at(tmp_path, location), drawings.cel(200, 150, seed))
        ready(location, tmp_path / "cache")
    assert indexed(given) == known


def test_states_that_nobody_asks_for_are_cleared_away(location, tmp_path, drawings) -> None:
    """The cache does not grow with every change."""
    states = [ready(location, tmp_path / "cache").folder]
    long_ago = time.time() - 2 * KEPT_SECONDS
    os.utime(states[0] / "works.json", (long_ago, long_ago))
    for seed in (7, 8):
        add_one(Workspace.at(tmp_path, location), drawings.cel(200, 150, seed))
        states.append(ready(location, tmp_path / "cache").folder)
    assert [state.exists() for state in states] == [False, True, True]


def test_only_so_many_states_stay(location, tmp_path, drawings, monkeypatch) -> None:
    """Also while one change comes after the other; the latest ones are those in use."""
    monkeypatch.setattr(index_cache, "KEPT_STATES", 1)
    states = []
    for seed in (6, 7, 8):
        add_one(Workspace.at(tmp_path, location), drawings.cel(200, 150, seed))
        states.append(ready(location, tmp_path / "cache").folder)
        os.utime(states[-1] / "works.json", (time.time(), time.time() + seed / 100))
    assert [state.exists() for state in states] == [False, True, True]


@pytest.mark.parametrize("damage", ["gone", "empty", "segment"])
def test_a_damaged_cache_is_built_again(location, tmp_path, damage) -> None:
    """It may be deleted or damaged at any time."""
    cache = ready(location, tmp_path / "cache")
    if damage == "gone":
        shutil.rmtree(tmp_path / "cache")
    elif damage == "empty":
        (cache.folder / "works.json").write_text("")
    else:
        for file in cache.folder.glob("segment-*/*"):
            file.write_bytes(b"damaged")
    assert indexed(ready(location, tmp_path / "cache")) == ids(location)


def test_two_portfolios_do_not_share_an_index(location, tmp_path, drawings) -> None:
    """Both lie in one cache folder."""
    other = str(tmp_path / "other.sqlite3")
    add_one(Workspace.at(tmp_path, other), drawings.cel(200, 150, 7))
    for place in (location, other, location):
        assert indexed(ready(place, tmp_path / "cache")) == ids(place)


def test_an_empty_portfolio_has_an_empty_index(tmp_path) -> None:
    """Checking against nothing is possible."""
    location = str(tmp_path / "empty.sqlite3")
    open_store(location, create=True).close()
    assert indexed(ready(location, tmp_path / "cache")) == frozenset()


def test_works_of_another_version_are_reported(location, tmp_path) -> None:
    """The search says what it cannot see, and sees the rest."""
    with open_store(location) as store, store._database.writing():
        odd = min(store.fingerprint_digests())
        store._database.run(
            "UPDATE fingerprints SET digest = 'x', data = ? WHERE work_id = ?", b"old", odd
        )
    cache = ready(location, tmp_path / "cache")
    assert cache.unreadable == (odd,)
    assert indexed(cache) == ids(location) - {odd}
    assert ready(location, tmp_path / "cache").unreadable == (odd,)
