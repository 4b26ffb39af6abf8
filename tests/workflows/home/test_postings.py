"""Promises of ocguard.workflows.home.postings."""

from __future__ import annotations

import datetime

import pytest

from ocguard.portfolio import Posted
from ocguard.workflows.home.postings import posted_on, posting_of, shown_posting


def test_a_day_to_come_is_refused() -> None:
    """But for tomorrow, which is today somewhere."""
    today = datetime.datetime.now(datetime.UTC).date()
    days = [(today + datetime.timedelta(days=number)).isoformat() for number in (0, 1, 2)]
    assert posted_on("https://x.com/1", days[1]).on_date == days[1]
    with pytest.raises(ValueError, match="still to come"):
        posted_on("https://x.com/1", days[2])


def test_a_posting_is_written_down_now() -> None:
    """The record says so, beside the day that is claimed."""
    posting = posting_of("a" * 16, Posted("https://x.com/1", "2026-05-01"))
    assert shown_posting(posting) == {
        "url": "https://x.com/1",
        "on_date": "2026-05-01",
        "created_utc": posting.created_utc,
        "imported_utc": "",
    }
    assert posting.created_utc > "2026-05-01"
