"""Promises of ocguard.portfolio.postings."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ocguard.portfolio.postings import Posted, Posting, require_day


@pytest.mark.parametrize(
    "text", ["", "2026-5-1", "2026-02-30", "20260501", "2026-05-01T00:00", "２０２６-05-01"]
)
def test_a_day_is_one_of_the_calendar(text: str) -> None:
    """Written in one way, so that text order is time order."""
    with pytest.raises(ValueError, match="2026-05-01"):
        require_day(text)


@pytest.mark.parametrize(("url", "day"), [("x.com/1", "2026-05-01"), ("https://x.com", "today")])
def test_what_names_no_post_is_refused(url: str, day: str) -> None:
    """Before any work is done."""
    with pytest.raises(ValueError, match=r"address|day"):
        Posted(url, day)


@pytest.mark.parametrize(
    "change",
    [
        {"work_id": "x"},
        {"url": "javascript:alert(1)"},
        {"on_date": ""},
        {"created_utc": "2026"},
        {"imported_utc": "yes"},
    ],
)
def test_a_posting_checks_itself(make_posting, change: dict[str, str]) -> None:
    """It may come out of a file that somebody else wrote."""
    with pytest.raises(ValueError, match=r"\w"):
        replace(make_posting(1), **change)


def test_where_a_posting_came_from_does_not_count(make_posting) -> None:
    """The same word out of a file is the same."""
    one: Posting = make_posting(1)
    assert replace(one, imported_utc="2026-05-01T12:00:00.000000Z") == one
