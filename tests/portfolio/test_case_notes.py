"""Promises of ocguard.portfolio.case_notes."""

from __future__ import annotations

import pytest

from ocguard.choices import CASE_OUTCOMES
from ocguard.language.choice import speaking
from ocguard.language.message import translated
from ocguard.portfolio.case_notes import noted_line, told, written_line

DAY = "2026-05-02"


@pytest.mark.parametrize("language", ["zh", "ja"])
def test_what_the_program_wrote_is_said_in_the_readers_language(language) -> None:
    """What a person noted stays theirs, even where it reads like one of its sentences."""
    written = told(written_line(DAY, "sent-to", on=DAY, to="x"))
    assert written == f"{DAY} notice sent to x on {DAY}"
    noted = told(noted_line(DAY, "closed: removed"))
    with speaking(language):
        assert "notice" not in translated(written)
        assert DAY in translated(written)
        assert translated(noted) == f"{DAY} closed: removed"


def test_every_outcome_has_its_sentence() -> None:
    """In the words of records."""
    for outcome in CASE_OUTCOMES:
        assert told(written_line(DAY, outcome)) == f"{DAY} closed: {outcome}"


def test_a_line_of_an_older_version_stays_readable() -> None:
    """As it was written."""
    assert told(f"{DAY} notice sent to x on {DAY}") == f"{DAY} notice sent to x on {DAY}"


def test_nobody_can_note_what_the_program_writes() -> None:
    """The character that tells them apart is taken out of notes."""
    stolen = written_line(DAY, "removed").partition(" ")[2]
    assert "closed: removed" not in told(noted_line(DAY, stolen))


@pytest.mark.parametrize(
    "text",
    ["", "x", "[]", '["later", {}]', '["sent", {}]', '["sent", 3]', "[" * 9999, '[["a"],{}]'],
)
def test_a_line_of_a_newer_version_or_a_damaged_one_is_shown_as_it_is(text: str) -> None:
    """Reading never fails."""
    assert told(f"{DAY} \x1f{text}").startswith(DAY)
