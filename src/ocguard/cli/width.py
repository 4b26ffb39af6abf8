"""How wide text is on a terminal, where Chinese and Japanese characters take two columns.

References
----------
Unicode Standard Annex #11, "East Asian Width", https://www.unicode.org/reports/tr11/.
"""

from __future__ import annotations

import re
import textwrap
import unicodedata
from typing import Final

__all__ = ["columns", "cut", "padded", "wrapped"]

_WIDE: Final = re.compile(
    "[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]"
)
"""Characters of two columns between which a line may end."""

_FILLER: Final = "\ufdd0"
"""Stands behind a wide character while lines are measured: no text has this noncharacter."""

_CHUNKS: Final = re.compile(
    rf"\s+|(?:[（「『【《“‘]{_FILLER}?)*(?:.{_FILLER}|(?:[^\s{_FILLER}](?!{_FILLER}))+)"
    rf"(?:[，。、；：！？）」』】》”’…·]{_FILLER}?)*"
)
"""What stays on one line: spaces, a word, a wide character, each with its punctuation."""


def columns(text: str) -> int:
    """Return how many columns a line takes."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    joined = sum(unicodedata.combining(character) > 0 for character in text)
    return len(text) + wide - joined


def padded(text: str, width: int) -> str:
    """Return a text with spaces behind it, up to a width in columns."""
    return text + " " * (width - columns(text))


def cut(text: str, width: int) -> str:
    """Return as much of a line as fits into so many columns."""
    taken = 0
    for at, character in enumerate(text):
        taken += columns(character)
        if taken > width:
            return text[:at]
    return text


def wrapped(text: str, width: int, indent: str = "") -> str:
    """Return a paragraph in lines of at most so many columns, each behind the same indent.

    Words stay whole, however long; between wide characters a line may end, but not before a mark of
    punctuation.
    """
    wrapper = _Wrapper(
        width,
        initial_indent=indent,
        subsequent_indent=indent,
        break_on_hyphens=False,
        break_long_words=False,
    )
    return wrapper.fill(_WIDE.sub(rf"\g<0>{_FILLER}", text)).replace(_FILLER, "")


class _Wrapper(textwrap.TextWrapper):
    def _split(self, text: str) -> list[str]:
        return _CHUNKS.findall(text)
