"""Where and when a work was shown, as its creator says: a claim, and shown as one everywhere."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field
from typing import Final

from ocguard.language.message import Message
from ocguard.portfolio.addresses import Address
from ocguard.portfolio.values import ID, UTC, UTC_OR_NONE, require

__all__ = ["Posted", "Posting", "require_day"]

_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True)
class Posted:
    """A place and a day.

    Attributes
    ----------
    url : str
        Address of the post.
    on_date : str
        The day, ``2026-05-01``.

    Raises
    ------
    ValueError
        One of both is none.
    """

    url: str
    on_date: str

    def __post_init__(self) -> None:
        Address.of(self.url)
        require_day(self.on_date)


@dataclass(frozen=True)
class Posting:
    """A work was shown somewhere, somebody says.

    Attributes
    ----------
    work_id : str
        The work.
    url, on_date : str
        Where and when; see `Posted`.
    created_utc : str
        When that was written down.
    imported_utc : str
        When the record came out of an imported file: it is then what that file says. Empty when it
        was written down here. Does not count when postings are compared.

    Raises
    ------
    ValueError
        A value cannot be one of a posting.
    """

    work_id: str
    url: str
    on_date: str
    created_utc: str
    imported_utc: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        require(ID, "work_id", self.work_id)
        Posted(self.url, self.on_date)
        require(UTC, "created_utc", self.created_utc)
        require(UTC_OR_NONE, "imported_utc", self.imported_utc)


def require_day(text: str) -> None:
    """Refuse what is no day of ISO 8601; `ValueError` says how one is written."""
    try:
        if not _DAY.fullmatch(text):
            raise ValueError
        datetime.date.fromisoformat(text)
    except (TypeError, ValueError):
        raise ValueError(
            Message("a day is written 2026-05-01, got {text!r:.80}", text=text)
        ) from None
