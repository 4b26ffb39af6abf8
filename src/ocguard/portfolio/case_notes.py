"""Lines in the notes of a case: what a person noted, and what ocguard wrote down about the case.

Each line begins with its time, UTC; lines of older versions begin with the UTC day alone. Records
and files tell the UTC day, a screen tells the day of this computer's clock, as its reader sees it.
What ocguard wrote down is kept as the name of a sentence and its values, behind a control character
that no note of a person can hold. So it is said in the language of whoever reads it. Lines of older
versions, which held the English sentence, stay as they are.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable
from typing import Final

from ocguard.language.message import Message, translatable
from ocguard.metadata.untrusted import neutralized
from ocguard.portfolio.values import UTC
from ocguard.wording import platform_word

__all__ = ["local_day", "noted_line", "noted_text", "today", "told", "utc_day", "written_line"]

MAX_LINE_CHARACTERS: Final = 1000
"""Longest note, and longest value of a sentence."""

_LINE: Final = re.compile(rf"({UTC.pattern}) (.*)", re.DOTALL)
_MARK: Final = "\x1f"
_SENTENCES: Final = {
    "sent": translatable("notice sent on {on}"),
    "sent-to": translatable("notice sent to {to} on {on}"),
    "sent-until": translatable("notice sent on {on}, answer awaited until {deadline}"),
    "sent-to-until": translatable("notice sent to {to} on {on}, answer awaited until {deadline}"),
    "answered": translatable("answered on {on}: {answer}"),
    "removed": translatable("closed: removed"),
    "permitted": translatable("closed: permitted"),
    "not-mine": translatable("closed: not-mine"),
    "refused": translatable("closed: refused"),
    "dropped": translatable("closed: dropped"),
}
_SAME_DAY: Final = {
    "sent": translatable("notice sent"),
    "sent-to": translatable("notice sent to {to}"),
    "sent-until": translatable("notice sent, answer awaited until {deadline}"),
    "sent-to-until": translatable("notice sent to {to}, answer awaited until {deadline}"),
    "answered": translatable("answered: {answer}"),
}
"""Sentences for a reader of whom the day is told anyway, before them."""


def utc_day(now: str) -> str:
    """Return the UTC day of a time as records write it, ``2026-05-01T12:00:00.000000Z``."""
    return now[:10]


def local_day(now: str) -> str:
    """Return the day of such a time by the clock of this computer."""
    return datetime.datetime.fromisoformat(now).astimezone().date().isoformat()


def today() -> str:
    """Return the day by the clock of this computer."""
    return datetime.date.today().isoformat()


def noted_line(now: str, text: str) -> str:
    """Write the line of what a person noted."""
    return f"{now} {neutralized(text, MAX_LINE_CHARACTERS)}"


def noted_text(line: str) -> str:
    """Return what a person noted; empty for a line that ocguard wrote down itself."""
    _, _, text = line.partition(" ")
    return "" if text.startswith(_MARK) else text


def written_line(now: str, sentence: str, **values: str) -> str:
    """Write the line of what ocguard writes down itself.

    Parameters
    ----------
    now : str
        When, UTC, as records write it.
    sentence : str
        Name of the sentence.
    **values
        What its fields name.
    """
    kept = {name: neutralized(value, MAX_LINE_CHARACTERS) for name, value in values.items()}
    return f"{now} {_MARK}{json.dumps([sentence, kept], ensure_ascii=False)}"


def told(
    line: str, day_of: Callable[[str], str] = utc_day, *, is_for_screen: bool = False
) -> Message:
    """Read a line as what can be said in every language; one of another version as it is.

    Parameters
    ----------
    line : str
        As it is kept.
    day_of : callable
        Which day to tell of its time: :func:`utc_day` or :func:`local_day`.
    is_for_screen : bool
        Whether a sentence leaves its day out where that is the one told before it, and calls
        platforms as its reader knows them; records keep both as they were written.
    """
    line = _with_day(line, day_of)
    day, _, text = line.partition(f" {_MARK}")
    if not text:
        return Message("{note}", note=line)
    try:
        sentence, values = json.loads(text)
        is_same_day = is_for_screen and sentence in _SAME_DAY and values.get("on") == day
        if is_for_screen and "to" in values:
            values = {**values, "to": platform_word(values["to"])}
        said = Message((_SAME_DAY if is_same_day else _SENTENCES)[sentence], **values)
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return Message("{note}", note=line)
    return Message("{day} {note}", day=day, note=said)


def _with_day(line: str, day_of: Callable[[str], str]) -> str:
    """Put the day in the place of the time; a line without a time, or with none, stays as it is."""
    if (found := _LINE.fullmatch(line)) is None:
        return line
    try:
        return f"{day_of(found[1])} {found[2]}"
    except (ValueError, OverflowError):
        return line
