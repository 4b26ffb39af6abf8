"""Promises of ocguard.workflows.home.postings."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from ocguard.errors import PortfolioError
from ocguard.portfolio import Posted
from ocguard.workflows.home.catalog import add_one
from ocguard.workflows.home.postings import posted_on, posting_of, shown_posting, take_back
from ocguard.workflows.home.workspace import Workspace


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


def test_a_posting_is_taken_back_by_the_beginning_of_a_works_id(tmp_path: Path, drawings) -> None:
    """And no other one of the work."""
    workspace = Workspace.at(tmp_path)
    for number in (1, 2):
        posted = Posted(f"https://x.com/{number}", "2026-05-01")
        added = add_one(workspace, drawings.cel(200, 150, 1), posted=posted)
    gone = take_back(workspace, (added.work_id or "")[:8], "https://x.com/1")
    with workspace.open_store() as store:
        (left,) = store.postings.of_work(gone.work_id)
    assert (gone.url, left.url) == ("https://x.com/1", "https://x.com/2")
    with pytest.raises(PortfolioError):
        take_back(workspace, gone.work_id, "https://x.com/1")
