"""Promises of ocguard.portfolio.copying; the rows are compared where the queries are tested."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ocguard.creator import Profile
from ocguard.errors import PortfolioError
from ocguard.home import Home
from ocguard.portfolio import (
    Author,
    copy_portfolio,
    has_portfolio,
    keep_share,
    open_store,
    share_of,
    spread,
)

WORKS = 40
HALF = 20
HALFWAY = f"""
import sys, threading
from ocguard.portfolio import copy_portfolio
from ocguard.portfolio.sql import copying
copying.PAGE_ROWS = 1
add, pages = copying.insert_new, []
def until_halfway(table, *more):
    pages.append(table)
    if pages.count("works") > {HALF}:
        print("halfway", flush=True)
        threading.Event().wait()
    return add(table, *more)
copying.insert_new = until_halfway
copy_portfolio(*sys.argv[1:])
"""


@pytest.fixture(params=["to a server", "to a file"])
def route(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, str]:
    """Name two portfolios that do not exist yet, in databases of two kinds."""
    file, server = str(tmp_path / "p.sqlite3"), request.getfixturevalue("postgres").new_url()
    return (file, server) if request.param == "to a server" else (server, file)


@pytest.fixture
def filled(route: tuple[str, str], tmp_path: Path, make_entry: Callable) -> tuple[str, str]:
    """Fill the first of them, with a signed journal."""
    home = Home(tmp_path / "home")
    home.create(Profile("Mo"))
    with open_store(route[0], create=True, author=Author(home)) as store:
        store.record(make_entry(seed, second=seed, marks=1, views=1) for seed in range(WORKS))
    return route


def test_works_marks_and_journal_come_along_as_they_are(
    filled: tuple[str, str], tmp_path: Path, make_entry: Callable
) -> None:
    """None of it is a claim, and the same device goes on with its chain."""
    assert copy_portfolio(*filled) == []
    author = Author(Home(tmp_path / "home"))
    with open_store(filled[0]) as source, open_store(filled[1], author=author) as copy:
        assert list(copy.works()) == list(source.works())
        assert copy.stats().imported == 0
        assert copy.journal.chains() == source.journal.chains()
        assert copy.state() != source.state()
        copy.record([make_entry(99)])
        assert len(copy.journal.chains()) == 1
        assert list(copy.damage()) == []


def test_a_killed_copy_goes_on(filled: tuple[str, str]) -> None:
    """What had arrived stays, and in the end all of it is there."""
    command = [sys.executable, "-c", HALFWAY, *filled]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as copying:
        assert copying.stdout is not None
        assert copying.stdout.readline() == "halfway\n"
        copying.kill()
    with open_store(filled[1]) as store:
        assert store.stats().works == HALF
    assert copy_portfolio(*filled) == []
    with open_store(filled[1]) as store:
        assert store.stats().works == WORKS


def test_what_is_there_is_not_mixed_with_a_copy(
    filled: tuple[str, str], make_entry: Callable
) -> None:
    """Another portfolio, or one that was changed since, stays as it is."""
    with open_store(filled[1], create=True) as store:
        store.record([make_entry(99)])
    with pytest.raises(PortfolioError, match=r"holds renditions, works, .* portfolio import"):
        copy_portfolio(*filled)
    with open_store(filled[1]) as store:
        assert store.stats().works == 1


def test_a_copy_that_was_changed_since_is_told(
    filled: tuple[str, str], make_entry: Callable
) -> None:
    """A work that was described anew is another row of the same key."""
    copy_portfolio(*filled)
    with open_store(filled[0]) as store:
        store.record([make_entry(1, second=500)])
    with pytest.raises(PortfolioError, match="copy to a place without a portfolio"):
        copy_portfolio(*filled)


def test_damage_of_the_source_is_told(filled: tuple[str, str]) -> None:
    """It comes along as it is."""
    with open_store(filled[0]) as store, store._database.writing():
        store._database.run("UPDATE works SET source = 'x' WHERE source = 'art/1.png'")
    assert {one.what for one in copy_portfolio(*filled)} == {"its record"}


def test_a_portfolio_is_not_copied_to_itself(filled: tuple[str, str]) -> None:
    """Nor from where there is none, which makes nothing."""
    with pytest.raises(PortfolioError, match="to itself"):
        copy_portfolio(filled[0], filled[0])
    with pytest.raises(PortfolioError, match="no portfolio at"):
        copy_portfolio(filled[1], filled[0] + "2")
    assert not has_portfolio(filled[1])
    assert not has_portfolio(filled[0] + "2")


def test_new_works_are_brought_to_their_shares_on_two_servers(
    postgres, second_postgres, tmp_path: Path, make_entry: Callable
) -> None:
    """Registered in the first one, they lie whole where a share of all would have put them."""
    urls = [postgres.new_url(), second_postgres.new_url()]
    entries = [make_entry(seed, second=seed, marks=1, views=1) for seed in range(12)]
    with contextlib.ExitStack() as stack:
        whole = stack.enter_context(open_store(tmp_path / "whole.sqlite3", create=True))
        stores = [stack.enter_context(open_store(url, create=True)) for url in urls]
        whole.record(entries)
        stores[0].record(entries)
        moved = sum(share_of(one.work.work_id, 2) == 2 for one in entries)
        assert 0 < moved < len(entries)
        assert (spread(stores), spread(stores)) == (moved, 0)
        for share, store in enumerate(stores, 1):
            own = [one for one in whole.works() if share_of(one.work_id, 2) == share]
            assert list(store.works()) == own
            for one in own:
                assert store.marks(one.work_id) == whole.marks(one.work_id)
                assert store.views(one.work_id) == whole.views(one.work_id)
                assert store.rendition(one.reference_sha256)
            assert list(store.damage()) == []


def test_a_work_that_lies_in_two_shares_is_left_in_its_own(
    route: tuple[str, str], make_entry: Callable
) -> None:
    """It was on its way when the program ended; between databases of two kinds."""
    entries = [make_entry(seed, second=seed, marks=1) for seed in range(6)]
    with contextlib.ExitStack() as stack:
        stores = [stack.enter_context(open_store(place, create=True)) for place in route]
        for store in stores:
            store.record(entries)
        keep_share(stores[1], 2, 2)
        spread(stores)
        held = [{one.work_id for one in store.works()} for store in stores]
        assert held[0].isdisjoint(held[1])
        assert held[0] | held[1] == {one.work.work_id for one in entries}
        assert [one for store in stores for one in store.damage()] == []
