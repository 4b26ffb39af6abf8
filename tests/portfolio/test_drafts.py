"""Promises of ocguard.portfolio.drafts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ocguard.portfolio import Draft, draft_id


def test_a_draft_is_named_by_what_it_is_of() -> None:
    """A frame of a file, for a work."""
    names = {
        draft_id(work, file, frame)
        for work in ("0" * 16, "1" * 16)
        for file in ("a" * 64, "b" * 64)
        for frame in (0, 1)
    }
    assert len(names) == 8
    assert draft_id("0" * 16, "a" * 64, 0) in names


@pytest.mark.parametrize(
    "wrong",
    [
        {"work_id": "x"},
        {"file_sha256": "x"},
        {"frame": -1},
        {"frame": True},
        {"verdict": "a word"},
        {"width": 0},
        {"created_utc": "yesterday"},
        {"imported_utc": "yesterday"},
        {"source": 7},
        {"draft_id": "0" * 32},
    ],
)
def test_a_draft_checks_itself(draft: tuple[Draft, bytes], wrong: dict) -> None:
    """It may come out of a file that somebody else wrote."""
    with pytest.raises(ValueError):
        replace(draft[0], **wrong)
