"""Promises of ocguard.workflows.cases.table."""

from __future__ import annotations

import csv
import io
import os
import re
import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocguard.errors import OutputExistsError
from ocguard.language.choice import speaking
from ocguard.portfolio import Case
from ocguard.workflows.cases.table import COLUMNS, case_table, write_table

UTC = "2026-05-01T12:00:00.000000Z"
CASE = Case("c" * 16, "a" * 16, "a.jpg", "0" * 64, "near-copy", "", "", "", UTC, UTC)


def read(text: str, delimiter: str = ",") -> list[list[str]]:
    """Read a table as programs do."""
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def test_every_field_has_its_column() -> None:
    """Notes stand in one cell, with a bar between them."""
    case = replace(CASE, url="https://x.com/1", answer='they said "no", then yes')
    names, row = read(case_table([case.noted("one", UTC).noted("two", UTC)]))
    found = dict(zip(names, row, strict=True))
    assert names == list(COLUMNS)
    assert set(COLUMNS) == set(CASE.to_dict()) - {"schema", "note_details"}
    assert (found["url"], found["answer"]) == (case.url, case.answer)
    assert found["notes"] == "2026-05-01 one | 2026-05-01 two"


@pytest.mark.skipif(os.name != "posix", reason="Windows has no TZ")
def test_days_of_the_table_are_utc(monkeypatch) -> None:
    """As its times are, whatever the clock on the wall says."""
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    time.tzset()
    try:
        names, row = read(case_table([CASE.noted("one", UTC)]))
    finally:
        monkeypatch.undo()
        time.tzset()
    assert row[names.index("notes")] == "2026-05-01 one"


def test_a_person_reads_the_table_in_their_language() -> None:
    """Headings, states, verdicts and what ocguard noted; what they wrote stays."""
    case = CASE.sent("2026-05-01", "xiaohongshu", "", UTC).noted("my words", UTC)
    with speaking("zh"):
        names, row = read(case_table([case]))
    assert not set(names) & set(COLUMNS)
    told = "|".join(row)
    assert "my words" in told
    assert "小红书" in told
    for english in ("near-copy", "sent", "notice", "xiaohongshu"):
        assert english not in told


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        " =1+1",
        "\t=1+1",
        "\r=1+1",
        "\n=1+1",
        '"=1+1',
        "'=1+1",
        "＝1+1",
        "＠SUM(A1)",
        "\u200d=1+1",
        "\ufeff=1+1",
        "=cmd|'/C calc'!A0",
        "a;=1+1",
        'a";"=1+1',
        "a; @SUM(A1)",
    ],
)
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_no_cell_is_a_formula(text: str, delimiter: str) -> None:
    """In whichever of both ways a program parts the cells."""
    rows = read(case_table([replace(CASE, account=text, answer=text)]), delimiter)
    cells = [cell.strip(' "\u200d') for row in rows for cell in row]
    assert not [cell for cell in cells if cell.startswith(tuple("=+-@＝＋－＠"))]


@given(st.text(max_size=40))
def test_whatever_strangers_write_is_one_row_and_no_formula(text: str) -> None:
    """Line breaks, quotation marks and controls too."""
    rows = read(case_table([replace(CASE, account=text)]))
    assert len(rows) == 2
    assert not re.match(r"[\s\"]*[=+\-@＝＋－＠]", rows[1][COLUMNS.index("account")])


def test_the_file_is_private_and_its_encoding_is_known(tmp_path) -> None:
    """Spreadsheet programs take UTF-8 without a mark for something else."""
    path = tmp_path / "cases.csv"
    write_table([replace(CASE, account="小红书:画师")], path)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert "小红书:画师" in path.read_text("utf-8-sig")
    assert path.stat().st_mode & 0o077 == 0
    with pytest.raises(OutputExistsError):
        write_table([], path)
    write_table([], path, overwrite=True)
    assert len(read(path.read_text("utf-8-sig"))) == 1
