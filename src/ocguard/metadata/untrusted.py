"""Make text from strangers safe to print, to log and to put into JSON.

Pictures can carry text of any size with terminal escapes, line breaks that forge output, marks
that turn the reading direction around, or broken surrogates. Such characters become U+FFFD, all
white space becomes single spaces, and what is too long is cut with an ellipsis. HTML needs its own
escaping beside this.
"""

from __future__ import annotations

import unicodedata

__all__ = ["neutralized"]

_JOINERS = "\u200c\u200d"
"""Invisible characters that Persian, Indic scripts and emoji need."""

_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
"""Unicode categories that are not printed."""


def neutralized(text: str, max_chars: int) -> str:
    """Return a bounded, printable form of `text`.

    Parameters
    ----------
    text : str
        Anything.
    max_chars : int
        Most characters kept, at least 1.

    Returns
    -------
    str
        At most `max_chars` characters, valid UTF-8, on one line.

    Examples
    --------
    >>> neutralized("two" + chr(10) + "lines" + chr(27) + "[2J", 20)
    'two lines�[2J'
    """
    words = " ".join(text[: 4 * max_chars].split())
    safe = "".join(_safe(c) for c in words[: max_chars + 1])
    return safe if len(safe) <= max_chars and len(text) <= 4 * max_chars else _cut(safe, max_chars)


def _cut(text: str, max_chars: int) -> str:
    return text[: max_chars - 1] + "…"


def _safe(character: str) -> str:
    is_unsafe = unicodedata.category(character) in _UNSAFE and character not in _JOINERS
    return "\N{REPLACEMENT CHARACTER}" if is_unsafe else character
