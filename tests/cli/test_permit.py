"""Promises of ``ocguard portfolio permit``, ``permitted`` and ``withdraw``."""

from __future__ import annotations

import shutil

import pytest
from PIL import Image


@pytest.fixture
def home(gallery, tmp_path):
    """Copy the gallery's home, to write permissions down."""
    return shutil.copytree(gallery.home, tmp_path / "home")


@pytest.fixture
def suspect(gallery, tmp_path):
    """Crop and recompress a protected picture."""
    with Image.open(gallery.out / "soft.jpg") as image:
        image.crop((30, 20, 580, 500)).save(tmp_path / "suspect.jpg", quality=75)
    return tmp_path / "suspect.jpg"


def test_a_permitted_place_is_no_finding(run, records, home, gallery, suspect) -> None:
    """The verdict stays, the exit code is 0, and the record says by which permission."""
    base = ("--home", home)
    work_id = gallery.protected("soft.jpg").work_id
    made = run(*base, "portfolio", "permit", work_id, "--account", "x:friend", "--note", "a gift")
    assert made.exit_code == 0
    found = run(*base, "check", suspect, "--account", "X:@Friend")
    assert found.exit_code == 0
    assert "near-copy" in found.stdout
    assert "permitted: " in found.stdout
    assert "no finding, if the picture is there" in " ".join(found.stdout.split())
    (record,) = records(run(*base, "check", suspect, "--account", "x:friend", "--json"))
    assert record["verdict"] == "near-copy"
    (by,) = record["permitted"]["by"]
    assert (by["work_id"], by["place"], by["note"]) == (work_id, "x:friend", "a gift")
    assert record["permitted"]["without"] == []


def test_another_place_is_a_finding(run, records, home, gallery, suspect) -> None:
    """Also one that only looks like it, and one whose permission has ended."""
    base, work_id = ("--home", home), gallery.protected("soft.jpg").work_id
    run(*base, "portfolio", "permit", work_id, "--url", "https://x.com/friend")
    ended = ("--account", "x:friend", "--until", "2020-01-01")
    run(*base, "portfolio", "permit", work_id, *ended)
    place = ("--url", "https://x.com/friends/1", "--account", "x:friend")
    found = run(*base, "check", suspect, *place)
    assert found.exit_code == 1
    assert "no longer permitted: " in found.stdout
    (record,) = records(run(*base, "check", suspect, *place, "--json"))
    assert record["permitted"]["without"] == [work_id]
    assert len(record["permitted"]["ended"]) == 1


def test_without_a_place_nobody_is_asked(run, records, home, suspect) -> None:
    """The record says that no place was named."""
    run("--home", home, "portfolio", "permit", "--all", "--account", "x:friend")
    (record,) = records(run("--home", home, "check", suspect, "--json"))
    assert record["permitted"] is None


def test_permissions_are_listed_and_taken_back(run, records, home, gallery) -> None:
    """For a person, and as records."""
    base, work_id = ("--home", home, "portfolio"), gallery.protected("soft.jpg").work_id
    run(*base, "permit", work_id, "--account", "x:friend", "--until", "2030-01-01")
    site = run(*base, "permit", "--all", "--url", "https://me.example")
    assert "every page of the site" in site.stderr
    shown = run(*base, "permitted").stdout.splitlines()
    assert [line.split("  ")[1] for line in shown] == [
        f"work {work_id} for x:friend until 2030-01-01",
        "all works for https://me.example",
    ]
    first, second = records(run(*base, "permitted", work_id, "--json"))
    assert first["schema"] == "ocguard.permission/1"
    assert (first["work_id"], second["work_id"]) == (work_id, None)
    assert run(*base, "withdraw", first["permission_id"][:8]).exit_code == 0
    assert len(run(*base, "permitted").stdout.splitlines()) == 1
    assert run(*base, "withdraw", first["permission_id"]).exit_code == 4


@pytest.mark.parametrize(
    "words",
    [
        ("--account", "x:friend"),
        ("WORK", "--all", "--account", "x:friend"),
        ("WORK",),
        ("WORK", "--account", "friend"),
        ("WORK", "--account", "x:friend", "--url", "https://x.com/friend"),
        ("WORK", "--url", "https://me@x.com/friend"),
        ("WORK", "--url", "https://site.example/#/friend"),
        ("WORK", "--account", "x:friend", "--until", "soon"),
    ],
)
def test_wrong_words_are_wrong_usage(run, home, gallery, words) -> None:
    """Nothing is written down."""
    work_id = gallery.protected("soft.jpg").work_id
    said = (work_id if word == "WORK" else word for word in words)
    assert run("--home", home, "portfolio", "permit", *said).exit_code == 2
    assert run("--home", home, "portfolio", "permitted").stdout == ""


def test_a_place_that_is_none_is_wrong_usage(run, home, suspect) -> None:
    """Before anything is checked."""
    for place in (("--url", "x.com/friend"), ("--account", "friend")):
        assert run("--home", home, "check", suspect, *place).exit_code == 2


def test_a_report_says_that_the_place_is_permitted(run, home, gallery, suspect, tmp_path) -> None:
    """To its maker; nothing about a permission is in the report's folder."""
    run(
        "--home",
        home,
        "portfolio",
        "permit",
        "--all",
        "--account",
        "x:friend",
        "--note",
        "art trade",
    )
    made = run("--home", home, "report", suspect, "--out", tmp_path / "r", "--account", "x:friend")
    assert "permitted: " in made.stderr
    assert all(b"art trade" not in path.read_bytes() for path in (tmp_path / "r").glob("*.*"))
