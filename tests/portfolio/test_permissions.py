"""Promises of ocguard.portfolio.permissions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from ocguard.portfolio.permissions import Place, new_id, permitted_there

LIN, MEI, DAY = "a" * 16, "b" * 16, "2026-05-01"


def test_an_account_may_show_a_work(make_permission: Callable) -> None:
    """On its platform, and no other account."""
    one = make_permission(LIN, "x:friend")
    assert permitted_there([one], [LIN], Place(account="X:@Friend"), DAY).is_whole
    for account in ("x:friends", "weibo:friend"):
        assert not permitted_there([one], [LIN], Place(account=account), DAY).by


def test_an_address_stands_for_what_lies_below_it(make_permission: Callable) -> None:
    """And for nothing that only begins like it."""
    one = make_permission(LIN, "https://x.com/friend")
    assert permitted_there([one], [LIN], Place("https://x.com/friend/status/1"), DAY).is_whole
    for url in ("https://x.com/friends", "https://x.com.evil.example/friend"):
        assert not permitted_there([one], [LIN], Place(url), DAY).by


def test_a_permission_is_for_its_work(make_permission: Callable) -> None:
    """What was found besides is named, and then not all of it is permitted."""
    found = permitted_there([make_permission(LIN)], [LIN, MEI], Place(account="x:friend"), DAY)
    assert (len(found.by), found.without, found.is_whole) == (1, (MEI,), False)


def test_a_permission_for_all_works_is_for_unknown_ones_too(make_permission: Callable) -> None:
    """A mark whose work is not in the portfolio leads to no permission of one work."""
    place = Place(account="x:friend")
    assert permitted_there([make_permission(None)], [LIN, ""], place, DAY).is_whole
    assert permitted_there([make_permission(LIN)], [LIN, ""], place, DAY).without == ("",)


def test_a_permission_ends_after_its_last_day(make_permission: Callable) -> None:
    """What has ended is named, so that nobody is accused of what they once might."""
    one = make_permission(LIN, until=DAY)
    place = Place(account="x:friend")
    assert permitted_there([one], [LIN], place, DAY).is_whole
    later = permitted_there([one], [LIN], place, "2026-05-02")
    assert (later.by, later.ended, later.without) == ((), (one,), (LIN,))


def test_nothing_found_is_nothing_permitted(make_permission: Callable) -> None:
    """A permission says nothing of a picture in which there is no work."""
    assert not permitted_there([make_permission(None)], [], Place(account="x:friend"), DAY).is_whole


@pytest.mark.parametrize(
    "change",
    [
        {"permission_id": "x"},
        {"work_id": ""},
        {"kind": "place"},
        {"place": "friend"},
        {"kind": "url", "place": "x:friend"},
        {"kind": "url", "place": "https://site.example/#/friend"},
        {"kind": "url", "place": "https://me@x.com/friend"},
        {"until_date": "soon"},
        {"note": "n" * 9000},
        {"created_utc": "2026"},
    ],
)
def test_a_permission_checks_itself(make_permission: Callable, change: dict[str, str]) -> None:
    """Whoever wrote it."""
    with pytest.raises(ValueError, match=r"\w"):
        replace(make_permission(LIN), **change)


@pytest.mark.parametrize("place", [{"url": "x.com"}, {"account": "me"}])
def test_a_place_is_one(place: dict[str, str]) -> None:
    """Wrong words are told before anything is checked."""
    with pytest.raises(ValueError, match=r"address|account"):
        Place(**place)


def test_names_are_random() -> None:
    """Two permissions have two."""
    assert new_id() != new_id()
