"""Promises of ocguard.portfolio.case_notes."""

from __future__ import annotations

import os
import time

import pytest

from ocguard.choices import CASE_OUTCOMES
from ocguard.language.choice import speaking
from ocguard.language.message import translated
from ocguard.portfolio import utc_now
from ocguard.portfolio.case_notes import local_day, noted_line, today, told, written_line

DAY = "2026-05-02"
NOW = f"{DAY}T18:00:00.000000Z"


@pytest.mark.parametrize("language", ["zh", "ja"])
def test_what_the_program_wrote_is_said_in_the_readers_language(language) -> None:
    """What a person noted stays theirs, even where it reads like one of its sentences."""
    written = told(written_line(NOW, "sent-to", on=DAY, to="x"))
    assert written == f"{DAY} notice sent to x on {DAY}"
    noted = told(noted_line(NOW, "closed: removed"))
    with speaking(language):
        assert "notice" not in translated(written)
        assert DAY in translated(written)
        assert translated(noted) == f"{DAY} closed: removed"


def test_a_reader_is_told_the_day_once() -> None:
    """Where both are the same; another day is told."""
    line = written_line(NOW, "answered", on=DAY, answer="no")
    assert told(line, is_for_screen=True) == f"{DAY} answered: no"
    assert told(line) == f"{DAY} answered on {DAY}: no"
    late = written_line(NOW, "sent-to", on="2026-05-01", to="x", deadline="")
    assert told(late, is_for_screen=True) == f"{DAY} notice sent to x on 2026-05-01"


def test_a_reader_knows_platforms_by_their_own_names() -> None:
    """Records keep what was written."""
    line = written_line(NOW, "sent-to", on=DAY, to="xiaohongshu", deadline="")
    with speaking("zh"):
        assert "已向小红书发通知" in translated(told(line, is_for_screen=True))
        assert "xiaohongshu" in translated(told(line))
    assert told(line, is_for_screen=True) == f"{DAY} notice sent to xiaohongshu"


def test_every_outcome_has_its_sentence() -> None:
    """In the words of records."""
    for outcome in CASE_OUTCOMES:
        assert told(written_line(NOW, outcome)) == f"{DAY} closed: {outcome}"


def test_a_line_of_an_older_version_stays_readable() -> None:
    """As it was written."""
    assert told(f"{DAY} notice sent to x on {DAY}") == f"{DAY} notice sent to x on {DAY}"
    written = written_line(NOW, "removed").replace(NOW, DAY)
    assert told(written, local_day) == f"{DAY} closed: removed"


@pytest.mark.skipif(os.name != "posix", reason="Windows has no TZ")
def test_a_reader_is_told_the_day_of_the_clock_on_the_wall(monkeypatch) -> None:
    """In Tokyo it is tomorrow already; records keep UTC."""
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        for line in (noted_line(NOW, "x"), written_line(NOW, "removed")):
            assert told(line, local_day).startswith("2026-05-03 ")
            assert told(line).startswith(f"{DAY} ")
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_time_that_cannot_be_is_shown_as_it_is() -> None:
    """A damaged line can still be read."""
    line = "2026-99-99T99:99:99.000000Z x"
    assert told(line, local_day) == line


def test_nobody_can_note_what_the_program_writes() -> None:
    """The character that tells them apart is taken out of notes."""
    stolen = written_line(NOW, "removed").partition(" ")[2]
    assert "closed: removed" not in told(noted_line(NOW, stolen))


@pytest.mark.parametrize(
    "text",
    ["", "x", "[]", '["later", {}]', '["sent", {}]', '["sent", 3]', "[" * 9999, '[["a"],{}]'],
)
def test_a_line_of_a_newer_version_or_a_damaged_one_is_shown_as_it_is(text: str) -> None:
    """Reading never fails."""
    assert told(f"{DAY} \x1f{text}").startswith(DAY)


def test_today_is_the_day_of_this_computer_s_clock() -> None:
    """As a time of now is told on a screen."""
    before, day, after = local_day(utc_now()), today(), local_day(utc_now())
    assert before <= day <= after
