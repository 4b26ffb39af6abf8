"""Promises of ocguard.cli.work_lines."""

from __future__ import annotations

import pytest
from PIL import Image

from ocguard.cli.work_lines import issued_times, say_row, show_line
from ocguard.workflows.home.work_result import WorkResult

POST, DAY = "https://x.com/aki/status/1", "2026-05-01"


@pytest.fixture
def shown(run, tmp_path, drawings):
    """Register a work that was shown, and give the words that come before commands."""
    Image.fromarray(drawings.cel(300, 220, 1)).save(tmp_path / "a.png")
    base = ("--home", tmp_path / "home", "portfolio")
    added = run(*base, "add", tmp_path / "a.png", "--posted", POST, "--on", DAY)
    assert added.exit_code == 0
    return base


def test_where_a_work_was_shown_is_told_as_somebodys_word(run, records, shown, tmp_path) -> None:
    """In the list, whole, and after an import as that file's word."""
    (work,) = records(run(*shown, "list", "--json"))
    assert f"shown {DAY} as said" in run(*shown, "list").stdout
    assert (
        f"Shown       {DAY} {POST}\n            you say so"
        in run(*shown, "show", work["work_id"]).stdout
    )
    run(*shown, "export", tmp_path / "all.zip")
    other = ("--home", tmp_path / "other", "portfolio")
    run(*other, "import", tmp_path / "all.zip")
    assert "says a file that was imported" in run(*other, "show", work["work_id"]).stdout


def test_a_registered_work_can_be_shown_again(run, records, shown, tmp_path) -> None:
    """By its file; the later word on an address counts."""
    for url, day in (("https://weibo.com/1", "2026-04-01"), (POST, "2026-05-02")):
        run(*shown, "add", tmp_path / "a.png", "--posted", url, "--on", day)
    (work,) = records(run(*shown, "list", "--json"))
    places = [(one["on_date"], one["url"]) for one in work["postings"]]
    assert places == [("2026-04-01", "https://weibo.com/1"), ("2026-05-02", POST)]


def test_a_wrong_word_is_taken_back(run, records, shown) -> None:
    """By the beginning of the work's id and the address; twice is an error."""
    (work,) = records(run(*shown, "list", "--json"))
    words = ("take-back", work["work_id"][:8], POST)
    assert f"taken back: shown {DAY} at {POST}" in run(*shown, *words).stdout
    assert records(run(*shown, "list", "--json"))[0]["postings"] == []
    assert "taken-back" in run(*shown, "journal").stdout
    refused = run(*shown, *words)
    assert refused.exit_code == 4
    assert "nobody says" in refused.stderr


def test_taking_back_shows_the_work_to_programs(run, records, shown) -> None:
    """As it is now."""
    (work,) = records(run(*shown, "list", "--json"))
    (left,) = records(run(*shown, "take-back", work["work_id"], POST, "--json"))
    assert (left["schema"], left["postings"]) == ("ocguard.work/2", [])


def test_a_protected_copy_stands_for_its_work(run, records, tmp_path, drawings) -> None:
    """It is what was posted."""
    Image.fromarray(drawings.painterly(400, 300, 1)).save(tmp_path / "a.png")
    base = ("--home", tmp_path / "home")
    run(*base, "protect", tmp_path / "a.png", "--out", "out", "--creator", "Aki")
    run(*base, "portfolio", "add", "out/a.png", "--posted", POST, "--on", DAY)
    (work,) = records(run(*base, "portfolio", "list", "--json"))
    assert [one["url"] for one in work["postings"]] == [POST]


@pytest.mark.parametrize(
    "words",
    [
        ("--posted", POST),
        ("--on", DAY),
        ("--posted", "x.com", "--on", DAY),
        ("--posted", POST, "--on", "yesterday"),
        ("--posted", POST, "--on", "2999-01-01"),
        ("--posted", POST, "--on", DAY, "--draft-of", "abcd"),
    ],
)
def test_wrong_words_are_wrong_usage(run, tmp_path, words) -> None:
    """Nothing is registered."""
    (tmp_path / "a.png").write_bytes(b"not read")
    assert run("--home", tmp_path, "portfolio", "add", tmp_path / "a.png", *words).exit_code == 2
    assert not (tmp_path / "portfolio.sqlite3").exists()


def test_marks_and_recipients_are_counted_in_words() -> None:
    """One is not many."""
    assert issued_times(1, 1) == "issued 1 time, to 1 recipient beside the public"
    assert issued_times(0, 3) == "issued 0 times, to 3 recipients beside the public"


@pytest.mark.parametrize("name", ["Work", "作品"])
def test_what_is_known_stands_in_one_column(capsys, name) -> None:
    """However wide the characters of its name are."""
    say_row(name, "x")
    assert capsys.readouterr().out.encode("gb18030").index(b"x") == 12


def test_a_work_is_named_by_the_file_that_was_added(capsys) -> None:
    """And says how many marks it has."""
    show_line(WorkResult("a.png", work_id="0123456789abcdef", width=8, height=9))
    assert capsys.readouterr().out == f"0123456789abcdef  {'8x9':<11} {'0 marks':<9} a.png\n"


def test_a_note_names_the_file_that_was_added(run, tmp_path) -> None:
    """Of two equal pictures each, though they are one work."""
    for name in ("one.png", "two.png"):
        Image.new("RGB", (300, 300), (9, 9, 9)).save(tmp_path / name)
        added = run("--home", tmp_path / "home", "portfolio", "add", tmp_path / name)
        assert f"{name}: is nearly flat" in " ".join(added.stderr.split())
    both = (tmp_path / "one.png", tmp_path / "two.png")
    noted = " ".join(run("--home", tmp_path / "home", "portfolio", "add", *both).stderr.split())
    assert "one.png: is nearly flat" in noted
    assert "two.png: is nearly flat" in noted
