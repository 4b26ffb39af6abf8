"""Take down where a suspect was found, as the person who found it says."""

from __future__ import annotations

import datetime
import re

from ocguard.language.message import Message
from ocguard.report.evidence import Capture

__all__ = ["capture_of"]


def capture_of(url: str = "", account: str = "", captured: str = "", note: str = "") -> Capture:
    """Check what a person says, and turn the time into UTC.

    Parameters
    ----------
    url, account, note : str
        As in `Capture`.
    captured : str
        A date, or date and time, of ISO 8601; without a zone it is UTC.

    Raises
    ------
    ValueError
        A text is too long, the address is none, or the time is none.

    Examples
    --------
    >>> capture_of(captured="2026-11-29T18:00+08:00").captured
    '2026-11-29 10:00 UTC'
    """
    when = _utc_of(captured) if captured else ""
    return Capture(_encodable(url), _encodable(account), when, _encodable(note))


def _encodable(text: str) -> str:
    """Show bytes that were no text, as a terminal passes them on, as escapes."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _utc_of(text: str) -> str:
    """Turn a time into UTC to the minute; a date alone stays a date."""
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return datetime.date.fromisoformat(text).isoformat()
        moment = datetime.datetime.fromisoformat(text)
        zoned = moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)
        return zoned.astimezone(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC")
    except (ValueError, OverflowError) as error:
        raise ValueError(
            Message(
                "{text!r} is no time: write 2026-11-29, or 2026-11-29T18:00+08:00", text=text[:40]
            )
        ) from error
