"""Promises of ocguard.cli.journal."""

from __future__ import annotations

import re

import pytest
from PIL import Image


@pytest.fixture
def art(tmp_path, drawings):
    """Draw a picture."""
    (tmp_path / "art").mkdir()
    Image.fromarray(drawings.cel(300, 220, 1)).save(tmp_path / "art" / "1.png")
    return tmp_path / "art"


def test_the_journal_says_what_happened(run, art, tmp_path, records) -> None:
    """One line for each entry, and the record of each."""
    base = ("--home", tmp_path / "h", "portfolio")
    work_id = run(*base, "add", art / "1.png").stdout.split()[0]
    run(*base, "remove", work_id)
    lines = run(*base, "journal").stdout.splitlines()
    assert [line.split()[3] for line in lines[1:]] == ["began", "registered", "removed"]
    assert work_id in lines[-1]
    found = records(run(*base, "journal", "--json"))
    assert [one["event"] for one in found] == ["began", "registered", "removed"]
    assert {one["schema"] for one in found} == {"ocguard.journal/1"}


@pytest.mark.parametrize("language", ["zh", "ja"])
def test_events_and_facts_are_said_in_the_readers_language(run, art, tmp_path, language) -> None:
    """Whole words of verdicts too; records keep their English."""
    base = ("--home", tmp_path / "h", "--lang", language)
    work_id = run(*base, "portfolio", "add", art / "1.png").stdout.split()[0]
    run(*base, "check", art / "1.png")
    run(*base, "portfolio", "remove", work_id)
    lines = run(*base, "portfolio", "journal").stdout.splitlines()[1:]
    assert len(lines) == 4
    for line in lines:
        assert not re.search("[a-z_]{4}", re.sub("[0-9a-f]{16}", "", line)), line
