"""Promises of ocguard.workflows.report.captures."""

from __future__ import annotations

import pytest

from ocguard.workflows.report.captures import capture_of


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("2026-11-29", "2026-11-29"),
        ("2026-11-29T18:00+08:00", "2026-11-29 10:00 UTC"),
        ("2026-11-29T18:00Z", "2026-11-29 18:00 UTC"),
        ("2026-11-29 18:00", "2026-11-29 18:00 UTC"),
    ],
)
def test_times_are_shown_in_utc(said: str, shown: str) -> None:
    """A date stays a date; without a zone a time is UTC."""
    assert capture_of(captured=said).captured == shown


@pytest.mark.parametrize(
    "said", ["yesterday", "29.11.2026", "2026-13-01", "0001-01-01T00:00+12:00"]
)
def test_what_is_no_time_is_refused(said: str) -> None:
    """With an example of one that is."""
    with pytest.raises(ValueError, match="is no time: write 2026-11-29"):
        capture_of(captured=said)


def test_bytes_that_are_no_text_are_shown_as_escapes() -> None:
    """A note must not stop a report, nor end up in a file that nobody can read."""
    assert capture_of(note="caf\udce9").note == "caf\\udce9"
