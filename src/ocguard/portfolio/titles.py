"""What creators call their works; a work without a title is called by the name of its file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from ocguard.language.message import Message
from ocguard.portfolio.values import ID, UTC, UTC_OR_NONE, require

__all__ = ["MAX_TITLE_CHARACTERS", "Title", "require_title"]

MAX_TITLE_CHARACTERS: Final = 200

_WRITTEN_TOO: Final = "\u3000\u200d"
"""What counts as not printable, and is written: the space of CJK, and what joins some emoji."""


@dataclass(frozen=True)
class Title:
    """A work has a title.

    Attributes
    ----------
    work_id : str
        The work.
    title : str
        What it is called, on one line.
    created_utc : str
        When it was called so.
    imported_utc : str
        When the record came out of an imported file; empty when it was written down here. Does not
        count when titles are compared.

    Raises
    ------
    ValueError
        A value cannot be one of a title.
    """

    work_id: str
    title: str
    created_utc: str
    imported_utc: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        require(ID, "work_id", self.work_id)
        require_title(self.title)
        require(UTC, "created_utc", self.created_utc)
        require(UTC_OR_NONE, "imported_utc", self.imported_utc)


def require_title(text: str) -> None:
    """Refuse what is no title; `ValueError` says how one is written."""
    is_text = isinstance(text, str) and text.strip() == text
    is_line = is_text and all(one.isprintable() or one in _WRITTEN_TOO for one in text)
    if not (is_line and 0 < len(text) <= MAX_TITLE_CHARACTERS):
        raise ValueError(
            Message(
                "a title is one line of 1 to {most} characters, got {text!r:.80}",
                most=MAX_TITLE_CHARACTERS,
                text=text,
            )
        )
