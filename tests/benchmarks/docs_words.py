"""Say the generated tables in the language of their page: English cells, and words for them.

A translated page lies in ``docs/LANGUAGE``, or is ``docs/README.LANGUAGE.md``. The words of its
tables stand in ``docs/LANGUAGE/tables.toml``: a whole cell as it is in English, and what it is in
that language. Numbers and dates stand as ``{0}``, ``{1}`` and so on, since they are measured.
"""

from __future__ import annotations

import itertools
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

import harness

__all__ = ["language_of", "said", "templates", "unsaid", "words_of"]

DOCS = harness.REPOSITORY / "docs"
ENGLISH = "en"
_LANGUAGE = re.compile(r"README\.(?P<readme>\w+)\.md|(?P<folder>[a-z]{2})/.*")
_CELL = re.compile(r"(?<=\| )(?:[^|\\]|\\.)+?(?= \|)|^[^|\s].*$")
_NUMBER = re.compile(r"(?<![\w@.-])\d+(?:[.,:-]\d+)*")
_NAME = re.compile(r"`[^`]*`(?: \([^)]*\))?")
_ENGLISH_WORD = re.compile(r"[A-Za-z]{2}")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def language_of(page: Path) -> str:
    """Return the language of a page of the project, such as ``zh``."""
    if DOCS not in page.parents:
        return ENGLISH
    match = _LANGUAGE.fullmatch(page.relative_to(DOCS).as_posix())
    return ENGLISH if match is None else match["readme"] or match["folder"]


def words_of(language: str) -> dict[str, str]:
    """Read the words of a language for the cells of tables; English needs none."""
    path = DOCS / language / "tables.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def said(lines: Sequence[str], words: Mapping[str, str]) -> list[str]:
    """Return the lines of a table with every cell that has words said in them."""
    return [_CELL.sub(lambda cell: _say(cell[0], words), line) for line in lines]


def templates(lines: Sequence[str]) -> list[str]:
    """List the cells of a table, with the numbers left out."""
    return [_template(cell) for line in lines for cell in _CELL.findall(line)]


def unsaid(lines: Sequence[str], words: Mapping[str, str]) -> list[str]:
    """List the cells of a table that would stay English: no names, and nothing in Chinese."""
    return [one for one in templates(lines) if one not in words and _is_english(one)]


def _template(cell: str) -> str:
    """Return a cell with ``{0}``, ``{1}`` for its numbers."""
    places = itertools.count()
    return _NUMBER.sub(lambda _: f"{{{next(places)}}}", cell)


def _say(cell: str, words: Mapping[str, str]) -> str:
    """Return a cell in other words, with its own numbers."""
    numbers = _NUMBER.findall(cell)
    other = words.get(_template(cell))
    if other is None:
        return cell
    return re.sub(r"\{(\d+)\}", lambda place: numbers[int(place[1])], other)


def _is_english(template: str) -> bool:
    """Tell whether a cell holds English words beside names."""
    rest = _NAME.sub("", template)
    return bool(_ENGLISH_WORD.search(rest)) and not _CHINESE.search(rest)
