"""Lines in the notes of a case: what a person noted, and what ocguard wrote down about the case.

Each line begins with its day. What ocguard wrote down is kept as the name of a sentence and its
values, behind a control character that no note of a person can hold. So it is said in the language
of whoever reads it. Lines of older versions, which held the English sentence, stay as they are.
"""

from __future__ import annotations

import json
from typing import Final

from ocguard.language.message import Message, translatable
from ocguard.metadata.untrusted import neutralized

__all__ = ["noted_line", "told", "written_line"]

MAX_LINE_CHARACTERS: Final = 1000
"""Longest note, and longest value of a sentence."""

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


def noted_line(day: str, text: str) -> str:
    """Write the line of what a person noted."""
    return f"{day} {neutralized(text, MAX_LINE_CHARACTERS)}"


def written_line(day: str, sentence: str, **values: str) -> str:
    """Write the line of what ocguard writes down itself.

    Parameters
    ----------
    day : str
        When, ``2026-05-01``.
    sentence : str
        Name of the sentence.
    **values
        What its fields name.
    """
    kept = {name: neutralized(value, MAX_LINE_CHARACTERS) for name, value in values.items()}
    return f"{day} {_MARK}{json.dumps([sentence, kept], ensure_ascii=False)}"


def told(line: str) -> Message:
    """Read a line as what can be said in every language; one of another version as it is."""
    day, _, text = line.partition(f" {_MARK}")
    if not text:
        return Message("{note}", note=line)
    try:
        sentence, values = json.loads(text)
        said = Message(_SENTENCES[sentence], **values)
    except (ValueError, TypeError, LookupError, RecursionError):
        return Message("{note}", note=line)
    return Message("{day} {note}", day=day, note=said)
