"""Promises of ocguard.workflows.home.shared_index: a cache that several share, never trusted."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ocguard.matching.search.files import open_segments
from ocguard.matching.search.index import Index
from ocguard.portfolio import Store, open_store
from ocguard.workflows.home import index_cache
from ocguard.workflows.home.catalog import add_one
from ocguard.workflows.home.index_cache import ready_index
from ocguard.workflows.home.shared_index import shared_state
from ocguard.workflows.home.workspace import Workspace


@pytest.fixture(params=["sqlite", "postgresql"])
def location(request, tmp_path: Path, add, monkeypatch) -> str:
    """Make a portfolio of two works, which is large."""
    monkeypatch.setattr(index_cache, "SHARED_WORKS", 2)
    is_file = request.param == "sqlite"
    where = tmp_path / "p.sqlite3" if is_file else request.getfixturevalue("postgres").new_url()
    for seed in range(2):
        add(str(where), seed)
    return str(where)


@pytest.fixture
def add(tmp_path: Path, drawings) -> Callable[[str, int], None]:
    """Give what registers the drawing of a seed."""

    def register(location: str, seed: int) -> None:
        workspace = Workspace.at(tmp_path / "home", location)
        assert add_one(workspace, drawings.cel(200, 150, seed)).error is None

    return register


@pytest.fixture
def store(location: str) -> Iterator[Store]:
    """Open the portfolio."""
    with open_store(location) as opened:
        yield opened


@pytest.fixture
def ready(location: str, store: Store, tmp_path: Path) -> Callable[[str], frozenset[str]]:
    """Give what brings somebody's index up to date and names the works in it."""

    def bring(name: str) -> frozenset[str]:
        cache = ready_index(store, location, tmp_path / name)
        return Index(open_segments(cache.folder)).work_ids

    return bring


def spoil(store: Store, table: str) -> None:
    """Make stored bytes unreadable: whoever reads them again notices."""
    with store._database.writing():
        store._database.run(f"UPDATE {table} SET data = ?", b"spoiled")


def works(store: Store) -> frozenset[str]:
    """Name the works of the portfolio."""
    return frozenset(work.work_id for work in store.works())


def test_the_second_user_reads_no_fingerprint(store, ready) -> None:
    """The first one's index lies in the portfolio."""
    ready("first")
    spoil(store, "fingerprints")
    assert ready("second") == works(store)


def test_what_came_later_is_added(store, ready, location, add) -> None:
    """The shared index need not be of the present state."""
    ready("first")
    shared = shared_state(store)
    spoil(store, "fingerprints")
    add(location, 7)
    assert ready("second") == works(store)
    assert shared_state(store) == shared


def test_an_index_that_lacks_much_is_exchanged(store, ready, location, add) -> None:
    """Its segments that stay are not sent again."""
    ready("first")
    for seed in (7, 8):
        add(location, seed)
    ready("first")
    assert shared_state(store).state == store.state()
    spoil(store, "fingerprints")
    assert ready("second") == works(store)


def test_a_small_portfolio_holds_no_index(store, ready, monkeypatch) -> None:
    """What takes a second to make needs no place."""
    monkeypatch.setattr(index_cache, "SHARED_WORKS", 3)
    ready("first")
    assert shared_state(store) is None


def test_a_damaged_index_is_made_again_and_shared(store, ready) -> None:
    """Nobody has to notice."""
    ready("first")
    spoil(store, "index_files")
    assert ready("second") == works(store)
    spoil(store, "fingerprints")
    assert ready("third") == works(store)


@pytest.mark.parametrize("manifest", ["", "{}", "[]", '{"version": "0.0"}'])
def test_an_index_of_another_version_is_not_used(store, ready, manifest) -> None:
    """Nor one whose manifest says something else altogether."""
    store.index.publish(manifest, {})
    assert shared_state(store) is None
    assert ready("first") == works(store)


def test_files_land_in_the_cache_alone(store, ready) -> None:
    """Who shares a portfolio writes nowhere else on others' computers."""
    ready("first")
    store.index.publish(store.index.manifest().replace("segment-", "../segment-"), {})
    assert shared_state(store) is None


def test_a_portfolio_that_can_only_be_read_is_searched(tmp_path, add, monkeypatch) -> None:
    """Its index is not shared then."""
    monkeypatch.setattr(index_cache, "SHARED_WORKS", 1)
    file = tmp_path / "p.sqlite3"
    add(str(file), 1)
    with sqlite3.connect(file) as db:
        db.execute(
            "CREATE TRIGGER no BEFORE INSERT ON index_files BEGIN SELECT RAISE(FAIL, ''); END"
        )
    db.close()
    with open_store(file) as store:
        assert ready_index(store, str(file), tmp_path / "caches").works == 1
        assert shared_state(store) is None
