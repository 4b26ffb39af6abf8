"""Promises of ocguard.portfolio.values."""

from __future__ import annotations

import pytest

from ocguard.portfolio.values import (
    ID,
    MAX_SIDE_PX,
    MAX_TEXT_CHARACTERS,
    UTC,
    UTC_OR_NONE,
    require,
    require_size,
    require_texts,
)


def test_a_value_looks_as_it_must() -> None:
    """All of it, and it is named where it does not."""
    require(ID, "work_id", "0" * 16)
    require(UTC, "created_utc", "2026-05-01T12:00:00.000000Z")
    require(UTC_OR_NONE, "imported_utc", "")
    for wrong in ("0" * 17, "0" * 15, "G" * 16, 16, None):
        with pytest.raises(ValueError, match="work_id"):
            require(ID, "work_id", wrong)
    with pytest.raises(ValueError, match="created_utc"):
        require(UTC, "created_utc", "")


@pytest.mark.parametrize("side", [0, -1, MAX_SIDE_PX + 1, 1.0, True])
def test_a_side_is_a_bounded_number_of_pixels(side: int) -> None:
    """On either axis."""
    require_size(1, MAX_SIDE_PX)
    with pytest.raises(ValueError, match="pixels"):
        require_size(1, side)


def test_texts_are_bounded() -> None:
    """Their names too."""
    require_texts({"a": "x" * MAX_TEXT_CHARACTERS})
    long = "x" * (MAX_TEXT_CHARACTERS + 1)
    for wrong in ({"a": long}, {long: "a"}, {"a": 1}, ["a"]):
        with pytest.raises(ValueError, match="text"):
            require_texts(wrong)  # type: ignore[arg-type]
