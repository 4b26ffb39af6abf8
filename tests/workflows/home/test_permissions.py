"""Promises of ocguard.workflows.home.permissions."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocguard.errors import PortfolioError
from ocguard.portfolio import Place
from ocguard.workflows.home.catalog import add_one
from ocguard.workflows.home.permissions import list_permissions, permit, who_may, withdraw
from ocguard.workflows.home.workspace import Workspace

FRIEND = Place(account="x:friend")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory, drawings) -> Workspace:
    """Register two works."""
    made = Workspace.at(tmp_path_factory.mktemp("permissions"))
    for seed in (1, 2):
        assert add_one(made, drawings.cel(200, 150, seed)).error is None
    return made


@pytest.fixture
def works(workspace: Workspace) -> list[str]:
    """Give the ids of both works, with no permission for either."""
    with workspace.open_store() as store:
        for one in store.permissions.all():
            store.permissions.withdraw(one.permission_id)
        return [work.work_id for work in store.works()]


def test_permissions_are_listed_by_work(workspace: Workspace, works: list[str]) -> None:
    """Those for all works are for each."""
    one = permit(workspace, works[0][:8], FRIEND, "2026-12-31", "a gift")
    every = permit(workspace, None, Place("https://me.example/"))
    assert (one.work_id, one.kind, one.place) == (works[0], "account", "x:friend")
    assert (every.work_id, every.kind, every.place) == (None, "url", "https://me.example/")
    assert list_permissions(workspace) == [one, every]
    assert list_permissions(workspace, works[0]) == [one, every]
    assert list_permissions(workspace, works[1]) == [every]


def test_a_permission_can_be_taken_back(workspace: Workspace, works: list[str]) -> None:
    """Its id may be cut short, as long as it is the only one."""
    one = permit(workspace, works[0], FRIEND)
    assert withdraw(workspace, one.permission_id[:6].upper()) == one
    assert list_permissions(workspace) == []
    for unknown in (one.permission_id, ""):
        with pytest.raises(PortfolioError, match="portfolio permitted"):
            withdraw(workspace, unknown)


def test_what_is_wrong_with_a_permission_is_said(workspace: Workspace, works: list[str]) -> None:
    """Nothing is written down then."""
    with pytest.raises(ValueError, match="one account"):
        permit(workspace, works[0], Place("https://me.example/", "x:friend"))
    with pytest.raises(ValueError, match="2026-05-01"):
        permit(workspace, works[0], FRIEND, "forever")
    with pytest.raises(PortfolioError, match="no registered work"):
        permit(workspace, "ffff", FRIEND)
    assert list_permissions(workspace) == []


@pytest.mark.parametrize(
    ("url", "account", "is_asked"),
    [
        ("https://site.example/1", "x:friend", True),
        ("", "X:@Friend", True),
        ("https://x.com/1", "friend", True),
        ("https://user@site.example/", "somebody", False),
        ("", "", False),
    ],
)
def test_free_words_are_asked_for_as_far_as_they_name_a_place(
    workspace: Workspace, works: list[str], url: str, account: str, is_asked: bool
) -> None:
    """A report and a case take any word for an account."""
    permit(workspace, works[0], FRIEND)
    with workspace.open_store() as store:
        there = who_may(store, {works[0]}, url, account)
    assert (there is not None) is is_asked
    assert bool(there and there.is_whole) is ("riend" in account and ":" in account)


def test_an_ended_permission_permits_nothing(workspace: Workspace, works: list[str]) -> None:
    """By today's date."""
    permit(workspace, works[0], FRIEND, "2020-01-01")
    with workspace.open_store() as store:
        there = who_may(store, {works[0]}, "", "x:friend")
    assert there is not None
    assert (len(there.by), len(there.ended)) == (0, 1)


def test_a_permission_needs_a_portfolio(tmp_path: Path) -> None:
    """None is made for it."""
    with pytest.raises(PortfolioError, match="no portfolio"):
        permit(Workspace.at(tmp_path), None, FRIEND)
