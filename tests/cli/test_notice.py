"""Promises of ``ocguard notice``."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from PIL import Image


@pytest.fixture
def base(run, gallery, tmp_path):
    """Make a report on a copy of a work of the gallery; return the command without its options."""
    with Image.open(gallery.out / "soft.jpg") as picture:
        picture.resize((420, 364)).save(tmp_path / "found.jpg", quality=75)
    assert (
        run("--home", gallery.home, "report", tmp_path / "found.jpg", "--out", "r").exit_code == 0
    )
    return "--home", gallery.home, "notice", "r"


def test_a_draft_is_made_and_the_person_told_what_to_do(run, base, tmp_path) -> None:
    """What to read first, and how many places wait."""
    made = run(*base, "--platform", "weibo", "--as", "author", "--out", "n")
    assert made.exit_code == 0
    assert made.stdout == "draft for weibo in n\n"
    assert "read-first.txt before anything else" in made.stderr
    assert "places of notice.txt wait for you" in made.stderr
    assert "通知书" in (tmp_path / "here" / "n" / "notice.txt").read_text("utf-8")


def test_nobody_is_taken_for_the_author_unasked(run, base, tmp_path) -> None:
    """Where nobody can be asked, the question stands in the error."""
    made = run(*base, "--platform", "x", "--out", "n")
    assert made.exit_code == 2
    assert "a commission, an adoptable" in made.stderr
    assert "--as owner" in made.stderr
    assert not (tmp_path / "here" / "n").exists()


def test_what_cannot_be_drafted_is_said(run, base) -> None:
    """An unknown platform, a kind that it lacks, a folder that exists, no report."""
    known = ("--as", "author", "--out", "n")
    assert run(*base, "--platform", "weibbo", *known).exit_code == 2
    assert run(*base, "--platform", "x", "--kind", "article-14", *known).exit_code == 2
    assert run(*base, "--platform", "x", "--as", "author", "--out", "r").exit_code == 4
    assert run(*base[:3], "none", "--platform", "x", *known).exit_code == 4


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are POSIX")
def test_a_person_at_a_terminal_is_asked(base, tmp_path) -> None:
    """The answer stands in the draft."""
    import pty

    asked, answers = pty.openpty()
    command = [sys.executable, "-m", "ocguard", *map(str, base), "--platform", "x", "--out", "n"]
    with subprocess.Popen(
        command, cwd=tmp_path / "here", stdin=answers, stdout=answers, stderr=answers
    ) as program:
        os.write(asked, b"owner\n")
        assert program.wait(60) == 0
    os.close(answers)
    os.close(asked)
    assert "I did not make the work" in (tmp_path / "here" / "n" / "notice.txt").read_text("utf-8")


def test_a_platform_is_called_as_its_readers_call_it(run, base) -> None:
    """In the sentence; the command takes its name in Latin letters."""
    made = run("--lang", "zh", *base, "--platform", "weibo", "--as", "author", "--out", "n")
    assert "微博" in made.stdout
