"""Fill the fields of a text: ``© {creator} · for {recipient} · {date}``.

Only the names of ``FIELDS`` in braces are replaced, nothing is evaluated, and what is filled in is
never looked at for fields again: titles come from file names, which anybody may have chosen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from ocguard.language.message import Message, translatable

__all__ = ["FIELDS", "fields_of", "filled"]

FIELDS: Final = {
    "creator": translatable("your name, from the profile or --creator"),
    "title": translatable("the work's title, from --title or its file's name"),
    "platform": translatable("where you will post it, from --platform"),
    "date": translatable("today, as 2026-05-01"),
    "recipient": translatable("who gets these copies, from --recipient"),
    "short_id": translatable(
        "the first 8 digits of the mark id: another one for every work and recipient"
    ),
}
"""What each field stands for."""

_FIELD: Final = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


def fields_of(template: str) -> frozenset[str]:
    """Name the fields of a text.

    Raises
    ------
    ValueError
        A field is unknown, or a brace stands alone; write ``{{`` and ``}}`` for braces.
    """
    return frozenset(_name(found) for found in _FIELD.finditer(template)) - {""}


def filled(template: str, values: Mapping[str, str]) -> str:
    """Fill in the fields of a text.

    Parameters
    ----------
    template : str
        The artist's words with fields in braces; ``{{`` and ``}}`` are braces.
    values : Mapping[str, str]
        What to fill in, by the names of ``FIELDS``.

    Returns
    -------
    str
        On as many lines as the template has: what is filled in is one line.

    Raises
    ------
    ValueError
        A field is unknown, or there is nothing to fill in; the message says which option has it.

    Examples
    --------
    >>> filled("© {creator} {{{date}}}", {"creator": "Mira", "date": "2026-05-01"})
    '© Mira {2026-05-01}'
    """

    def replaced(found: re.Match[str]) -> str:
        name = _name(found)
        if not name:
            return found[0][0]
        value = " ".join(values.get(name, "").split())
        if not value:
            raise ValueError(
                Message(
                    "the text needs {{{name}}}, which is empty: it is {meaning}",
                    name=name,
                    meaning=Message(FIELDS[name]),
                )
            )
        return value

    return _FIELD.sub(replaced, template)


def _name(found: re.Match[str]) -> str:
    """Return the field that was found; empty for a doubled brace."""
    if found[0] in {"{{", "}}"}:
        return ""
    name = (found[1] or "").strip()
    if name not in FIELDS:
        raise ValueError(
            Message(
                "there is no field {found!r} for the text; there are {known}, and {{{{ and "
                "}}}} for braces",
                found=found[0],
                known=[f"{{{known}}}" for known in FIELDS],
            )
        )
    return name
