"""Promises of ocguard.portfolio.titles."""

from __future__ import annotations

import pytest

from ocguard.portfolio.titles import MAX_TITLE_CHARACTERS, Title

NOW = "2026-05-01T12:00:00.000000Z"


@pytest.mark.parametrize(
    "text",
    [
        "林，春",
        "春の狐\u3000その二",
        "\U0001f469\u200d\U0001f3a8",
        "Lin's “spring” (2)",
        "x" * MAX_TITLE_CHARACTERS,
    ],
)
def test_a_title_is_what_a_person_writes_on_one_line(text: str) -> None:
    """In any script."""
    assert Title("0" * 16, text, NOW).title == text


@pytest.mark.parametrize(
    "text", ["", " Lin", "Lin\n", "Lin\x1b[2J", "a\u202eb", "x" * (MAX_TITLE_CHARACTERS + 1), 7]
)
def test_what_is_no_title_is_refused(text: str) -> None:
    """Nothing that moves a terminal's cursor, turns text around, or is too long for a line."""
    with pytest.raises(ValueError, match="a title is one line of 1 to 200 characters"):
        Title("0" * 16, text, NOW)
