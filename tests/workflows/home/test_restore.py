"""Promises of ocguard.workflows.home.restore."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from ocguard import Portfolio
from ocguard.errors import PortfolioError
from ocguard.portfolio import open_store
from ocguard.workflows.home.restore import copies_of, restore
from ocguard.workflows.home.workspace import Workspace


@pytest.fixture
def workspace(gallery, tmp_path: Path) -> Workspace:
    """A home that may be changed."""
    return Workspace.at(shutil.copytree(gallery.home, tmp_path / "home"))


@pytest.fixture
def portfolio(workspace) -> Portfolio:
    """Its portfolio."""
    return Portfolio(home=workspace.home.folder)


def test_a_portfolio_becomes_what_a_copy_holds_and_can_go_back(workspace, portfolio) -> None:
    """What it was lies in a copy; bringing that back undoes it, and the journal holds."""
    before, copy = portfolio.works(), portfolio.back_up()
    portfolio.remove(before[0].work_id or "")
    fewer = portfolio.works()
    first = restore(workspace, copy, overwrite=True)
    assert portfolio.works() == before
    assert first.stats.works == len(before)
    assert portfolio.damage() == []
    assert first.kept is not None
    restore(workspace, first.kept, overwrite=True)
    assert portfolio.works() == fewer
    assert portfolio.damage() == []
    assert [row.event for row in portfolio.journal()].count("restored") >= 1


def test_whoever_has_the_portfolio_open_goes_on_with_it(workspace, portfolio) -> None:
    """Other processes read what it became."""
    before, copy = portfolio.works(), portfolio.back_up()
    portfolio.remove(before[0].work_id or "")
    with workspace.open_store() as store:
        assert len(list(store.works())) == len(before) - 1
        restore(workspace, copy, overwrite=True)
        assert len(list(store.works())) == len(before)


def test_a_copy_stays_as_it_is(workspace, portfolio) -> None:
    """Nothing is written into it or beside it."""
    copy = portfolio.back_up()
    data = copy.read_bytes()
    restore(workspace, copy, overwrite=True)
    assert copy.read_bytes() == data
    assert not list(copy.parent.glob(f"{copy.name}-*"))


@pytest.mark.parametrize("data", [None, b"no database at all"], ids=["works", "broken"])
def test_a_portfolio_is_exchanged_where_that_is_asked_alone(workspace, portfolio, data) -> None:
    """One with works, and one of which nobody knows what it holds."""
    copy, path = portfolio.back_up(), Path(workspace.location)
    if data:
        path.write_bytes(data)
    before = path.read_bytes()
    with pytest.raises(PortfolioError, match="--overwrite"):
        restore(workspace, copy, overwrite=False)
    assert path.read_bytes() == before


def test_an_empty_portfolio_may_be_exchanged(workspace, portfolio, tmp_path) -> None:
    """As on a new computer: the first look at the portfolio made one."""
    new = Workspace.at(tmp_path / "new")
    new.open_store(create=True).close()
    done = restore(new, portfolio.back_up(), overwrite=False)
    assert done.stats.works == len(portfolio.works())


def test_a_damaged_copy_changes_nothing(workspace, portfolio) -> None:
    """It is named, with what to do."""
    before, copy = portfolio.works(), portfolio.back_up()
    db = sqlite3.connect(copy)
    db.execute("UPDATE fingerprints SET data = zeroblob(9) WHERE rowid = 1")
    db.commit()
    db.close()
    with pytest.raises(PortfolioError, match=r"its fingerprint.*choose another copy"):
        restore(workspace, copy, overwrite=True)
    assert portfolio.works() == before
    assert [one.path for one in copies_of(workspace, [])] == [copy]


@pytest.mark.parametrize("data", [None, b"no database at all"], ids=["gone", "broken"])
def test_a_portfolio_that_cannot_be_opened_comes_back(workspace, portfolio, data) -> None:
    """What is left of it is put aside."""
    before, copy = portfolio.works(), portfolio.back_up()
    path = Path(workspace.location)
    path.unlink()
    if data:
        path.write_bytes(data)
    done = restore(workspace, copy, overwrite=True)
    assert portfolio.works() == before
    assert (done.kept.read_bytes() if done.kept else None) == data


def test_copies_are_listed_the_youngest_first_with_what_they_hold(
    workspace, portfolio, tmp_path: Path
) -> None:
    """From the folders that are asked; files of other kinds are none."""
    import os

    old, own = portfolio.back_up(tmp_path / "old.sqlite3"), portfolio.back_up()
    os.utime(old, (1, 1))
    (tmp_path / "b.sqlite3").write_bytes(b"?" * 4096)
    sqlite3.connect(tmp_path / "c.sqlite3").close()
    listed = copies_of(workspace, [tmp_path, tmp_path / "none"])
    assert [one.path for one in listed] == [own, old]
    stats = portfolio.stats()
    assert (listed[0].held.works, listed[0].held.marks) == (stats.works, stats.marks)
    assert listed[0].held.newest_utc == max(one.created_utc for one in portfolio.works())
    with open_store(workspace.location) as store:
        assert next(store.works()).created_utc < listed[0].held.newest_utc
