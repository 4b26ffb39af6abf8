"""Promises of ocguard.portfolio.sql.rows."""

from __future__ import annotations

from dataclasses import replace

from ocguard.portfolio.sql.rows import (
    MARK_COLUMNS,
    WORK_COLUMNS,
    credentials_row,
    mark_row,
    work_row,
)


def test_every_value_of_a_row_counts_in_its_digest(make_entry) -> None:
    """Also what introduced a work, and when a record was imported."""
    entry = make_entry(1, marks=1)
    work, (mark,) = entry.work, entry.marks
    rows = [work_row(work, None), work_row(work, "import")]
    rows += [work_row(replace(work, imported_utc=work.created_utc), None), mark_row(mark)]
    rows += [mark_row(replace(mark, recipient="Kim")), mark_row(replace(mark, origin_x_px=1))]
    assert len({row[-1] for row in rows}) == len(rows)
    assert len(rows[0]) == len(WORK_COLUMNS.split(",")) + 2
    assert len(mark_row(mark)) == len(MARK_COLUMNS.split(",")) + 1


def test_credentials_have_the_digest_of_their_bytes() -> None:
    """In the order of the table."""
    digest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert credentials_row("a" * 32, b"") == ("a" * 32, digest, b"")
