"""Take down where and when a work was shown, as its creator says, and take it back."""

from __future__ import annotations

import datetime
from dataclasses import asdict
from typing import Any

from ocguard.language.message import Message
from ocguard.portfolio import Posted, Posting, utc_now
from ocguard.workflows.home.works import find_work
from ocguard.workflows.home.workspace import Workspace

__all__ = ["posted_on", "posting_of", "shown_posting", "take_back"]


def posted_on(url: str, on_date: str) -> Posted:
    """Check what a creator says of where and when something was shown.

    Raises
    ------
    ValueError
        The address or the day is none, or the day is still to come, wherever one lives.
    """
    posted = Posted(url, on_date)
    latest = datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=1)
    if on_date > latest.isoformat():
        raise ValueError(
            Message(
                "{on_date} is still to come: give the day on which it was shown", on_date=on_date
            )
        )
    return posted


def posting_of(work_id: str, posted: Posted) -> Posting:
    """Make the record that a work was shown there, written down now."""
    return Posting(work_id, posted.url, posted.on_date, utc_now())


def take_back(workspace: Workspace, work: str, url: str) -> Posting:
    """Forget that a work was shown at an address, and give what was said.

    Raises
    ------
    PortfolioError
        There is no such work, its id is not the only one that begins so, or nobody said so.
    """
    with workspace.open_store() as store:
        return store.postings.take_back(find_work(store, work).work_id, url)


def shown_posting(posting: Posting) -> dict[str, Any]:
    """Show a posting beside its work."""
    return {name: value for name, value in asdict(posting).items() if name != "work_id"}
