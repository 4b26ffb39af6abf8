"""Promises of ``ocguard report``."""

from __future__ import annotations

import pytest
from PIL import Image


@pytest.fixture
def made(run, gallery, tmp_path):
    """Make a report on a copy of a work of the gallery."""
    with Image.open(gallery.out / "soft.jpg") as picture:
        picture.resize((420, 364)).save(tmp_path / "found.jpg", quality=75)
    base = ("--home", gallery.home, "report")
    result = run(*base, tmp_path / "found.jpg", "--out", "r", "--url", "https://example.org/1")
    return base, result


def test_a_report_is_made_and_verified(run, made, tmp_path) -> None:
    """It is said what to do with it; every change is found."""
    base, result = made
    assert result.exit_code == 0
    assert result.stdout.startswith("near-copy: report of ")
    assert "A match is no infringement" in result.stderr
    assert "--url" not in result.stderr
    good = run(*base, "verify", "r")
    assert good.exit_code == 0
    assert "yours\nintact: r\n" in good.stdout
    (tmp_path / "here" / "r" / "check.json").write_text("{}")
    bad = run(*base, "verify", "r")
    assert bad.exit_code == 1
    assert "changed: check.json was changed." in bad.stdout
    assert "intact" not in bad.stdout


def test_whose_report_it_is_is_said(run, made, tmp_path) -> None:
    """By the maker's identity from a file; without any only that nothing was changed."""
    base, _ = made
    assert run(*base[:2], "profile", "identity", "mo.pem").exit_code == 0
    nobody = ("--home", tmp_path / "nobody", "report", "verify", "r")
    known = run(*nobody, "--identity", "mo.pem")
    assert known.exit_code == 0
    assert "as expected" in known.stdout
    unknown = run(*nobody)
    assert unknown.exit_code == 0
    assert "whose that is was not verified" in unknown.stdout
    run("--home", tmp_path / "other", "profile", "set", "--creator", "Lin")
    another = run("--home", tmp_path / "other", "report", "verify", "r")
    assert another.exit_code == 1
    assert "NOT by the expected" in another.stdout


def test_what_is_missing_is_said(run, gallery, made, tmp_path) -> None:
    """The address; and a folder that exists is refused, as is a time that is none."""
    base, _ = made
    suspect = tmp_path / "found.jpg"
    assert "make it again with --url" in run(*base, "make", suspect, "--out", "r2").stderr
    early = run(*base, suspect, "--out", "r4", "--captured", "2020-01-01")
    assert "before the mark in it was made" in early.stderr
    assert run(*base, suspect, "--out", "r").exit_code == 4
    assert run(*base, suspect, "--out", "r3", "--captured", "today").exit_code == 2
    assert run(*base, suspect).exit_code == 2
    assert run(*base, tmp_path / "none.jpg", "--out", "r3").exit_code == 4


def test_the_help_names_both_commands(run) -> None:
    """Though the first need not be named."""
    shown = run("report", "--help").stdout
    assert "make" in shown
    assert "verify" in shown


def test_a_report_without_a_work_does_not_claim_to_hold_one(run, made, tmp_path) -> None:
    """A blank suspect is nobody's; who hands it in must know what is in the folder."""
    base, _ = made
    Image.new("RGB", (200, 200)).save(tmp_path / "blank.png")
    told = run(*base, "make", tmp_path / "blank.png", "--out", "r4").stderr
    assert "no work of yours" in told
    assert "small form" not in told
