"""Take down where and when a work was shown, as its creator says."""

from __future__ import annotations

import datetime
from dataclasses import asdict
from typing import Any

from ocguard.language.message import Message
from ocguard.portfolio import Posted, Posting, utc_now

__all__ = ["posted_on", "posting_of", "shown_posting"]


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


def shown_posting(posting: Posting) -> dict[str, Any]:
    """Show a posting beside its work."""
    return {name: value for name, value in asdict(posting).items() if name != "work_id"}
