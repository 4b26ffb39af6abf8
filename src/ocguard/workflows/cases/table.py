"""Cases as a table that spreadsheet programs open, and that runs nothing in them.

Addresses, accounts and answers are strangers' words. A cell that begins like a formula would be
computed by a spreadsheet program, and could fetch an address or start a program; such a cell gets
an apostrophe before it, which makes it text. Programs that were told to part cells at semicolons
do so inside of quotation marks too, so a formula behind a semicolon is treated alike.

References
----------
OWASP Foundation, "CSV Injection", https://owasp.org/www-community/attacks/CSV_Injection
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from ocguard.atomic import PRIVATE, whole_file
from ocguard.language.catalogs import phrase
from ocguard.language.message import in_context, translated
from ocguard.metadata.untrusted import neutralized
from ocguard.portfolio import Case
from ocguard.wording import platform_word

__all__ = ["case_table", "write_table"]

COLUMNS: Final = (
    in_context("table", "case_id"),
    in_context("table", "state"),
    in_context("table", "outcome"),
    in_context("table", "verdict"),
    in_context("table", "work_id"),
    in_context("table", "suspect"),
    in_context("table", "suspect_sha256"),
    in_context("table", "url"),
    in_context("table", "account"),
    in_context("table", "report"),
    in_context("table", "sent_to"),
    in_context("table", "sent_on"),
    in_context("table", "deadline"),
    in_context("table", "answered_on"),
    in_context("table", "answer"),
    in_context("table", "notes"),
    in_context("table", "created_utc"),
    in_context("table", "changed_utc"),
)
"""As records name them."""

_WORDS: Final = {"state": "case", "outcome": "case", "verdict": "status"}
"""Columns whose cells are words, and in which context the catalogs have these."""

MAX_CELL_CHARACTERS: Final = 32_000
"""Excel holds 32,767 in a cell."""

_FORMULA: Final = re.compile(r"(^|;)([\s\u200c\u200d'\"]*[=+\-@\uff1d\uff0b\uff0d\uff20])")
"""What begins like a formula: ``= + - @``, and their wide forms in East Asian fonts."""


def case_table(cases: Iterable[Case]) -> str:
    """Write cases as CSV (RFC 4180), with a row of names first, in the chosen language."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(phrase(name, "table") for name in COLUMNS)
    for case in cases:
        told = {
            "notes": " | ".join(map(translated, case.table_notes)),
            "sent_to": translated(platform_word(case.sent_to)),
        }
        record = case.to_dict() | told
        writer.writerow(_cell(_said(name, record[name])) for name in COLUMNS)
    return text.getvalue()


def write_table(cases: Iterable[Case], path: Path, *, overwrite: bool = False) -> None:
    """Write cases into a CSV file that only its owner reads, in UTF-8 with a mark that says so.

    Raises
    ------
    OutputExistsError
        The file exists and `overwrite` is false.
    """
    with whole_file(path, overwrite=overwrite, mode=PRIVATE) as stream:
        stream.write(case_table(cases).encode("utf-8-sig"))


def _said(name: str, text: str) -> str:
    """Say what is a word of ocguard's in the chosen language."""
    return phrase(text, _WORDS[name]) if text and name in _WORDS else text


def _cell(text: str) -> str:
    """Make a text one line that is no formula."""
    return _FORMULA.sub(r"\1'\2", neutralized(text, MAX_CELL_CHARACTERS))
