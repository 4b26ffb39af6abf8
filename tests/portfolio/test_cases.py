"""Promises of ocguard.portfolio.cases."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ocguard.portfolio.cases import Case

NOW, LATER = "2026-05-02T12:00:00.000000Z", "2026-05-20T12:00:00.000000Z"


def test_a_case_goes_its_way(case: Case) -> None:
    """What happened last is its state; all of it stays in the notes."""
    sent = case.sent("2026-05-02", "x", "2026-05-16", NOW)
    answered = sent.answered("2026-05-20", "removed", LATER)
    closed = answered.closed("removed", LATER)
    assert [one.state for one in (case, sent, answered, closed)] == [
        *("open", "sent", "answered", "closed")
    ]
    assert closed.changed_utc == LATER
    assert closed.to_dict()["notes"] == [
        "2026-05-02 notice sent to x on 2026-05-02, answer awaited until 2026-05-16",
        "2026-05-20 answered on 2026-05-20: removed",
        "2026-05-20 closed: removed",
    ]


def test_a_second_notice_leaves_the_first_in_the_notes(case: Case) -> None:
    """The record shows the last one; it opens a closed case again."""
    twice = case.sent("2026-05-02", "x", "", NOW).closed("refused", NOW)
    twice = twice.sent("2026-05-20", "generic", "", LATER)
    assert (twice.sent_on, twice.sent_to, twice.state) == ("2026-05-20", "generic", "sent")
    assert twice.outcome == ""
    assert "sent to x on 2026-05-02" in twice.told_notes[0]


def test_a_note_is_one_line_of_bounded_length(case: Case) -> None:
    """Whatever is pasted into it."""
    noted = case.noted("two\nlines\x1b[2J" + "a" * 5000, NOW)
    (line,) = noted.told_notes
    assert len(line) < 1100
    assert "\x1b" not in line


def test_an_answer_is_overdue_after_its_last_day(case: Case) -> None:
    """As long as none came."""
    sent = case.sent("2026-05-02", "x", "2026-05-16", NOW)
    assert [sent.is_overdue(day) for day in ("2026-05-16", "2026-05-17")] == [False, True]
    assert not sent.answered("2026-05-20", "no", LATER).is_overdue("2026-06-01")
    assert not case.is_overdue("2026-06-01")


def test_its_record_lists_the_notes(case: Case) -> None:
    """One string a line."""
    record = case.noted("one", NOW).noted("two", LATER).to_dict()
    assert record["schema"] == "ocguard.case/1"
    assert record["notes"] == ["2026-05-02 one", "2026-05-20 two"]


@pytest.mark.parametrize(
    "change",
    [
        {"case_id": "1"},
        {"work_id": "lin"},
        {"suspect_sha256": ""},
        {"verdict": "Stolen!"},
        {"state": "won"},
        {"outcome": "won"},
        {"sent_on": "soon"},
        {"sent_on": "2026-05-02", "deadline": "2026-05-01"},
        {"url": "u" * 9000},
        {"notes": "n" * 200_000},
        {"changed_utc": "now"},
    ],
)
def test_a_case_checks_itself(case: Case, change: dict[str, str]) -> None:
    """A damaged row is no case."""
    with pytest.raises(ValueError, match=r"\w"):
        replace(case, **change)
