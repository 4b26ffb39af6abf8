"""Promises of ``ocguard cases``."""

from __future__ import annotations

import shutil

import pytest
from PIL import Image


@pytest.fixture
def opened(run, gallery, tmp_path):
    """Open a case about a copy; give the words before commands, and its id."""
    home = shutil.copytree(gallery.home, tmp_path / "home")
    with Image.open(gallery.out / "soft.jpg") as picture:
        picture.resize((420, 364)).save(tmp_path / "found.jpg", quality=75)
    base = ("--home", home, "cases")
    said = ("--url", "https://x.com/thief/1", "--note", "=in a feed")
    made = run(*base, "open", tmp_path / "found.jpg", *said)
    assert made.exit_code == 0
    word, case_id = made.stdout.split()[:2]
    assert word == "opened"
    return base, case_id


def test_a_case_is_followed_to_its_end(run, records, opened) -> None:
    """By the beginning of its id."""
    base, case_id = opened
    case = case_id[:6]
    for words in (
        ("sent", case, "--on", "2026-05-02", "--to", "x", "--deadline", "2026-05-16"),
        ("note", case, "reminded them"),
    ):
        assert run(*base, *words).exit_code == 0
    assert "overdue" in run(*base, "list").stdout
    assert "Deadline    2026-05-16, overdue" in run(*base, "show", case).stdout
    assert run(*base, "answered", case, "it is gone", "--on", "2026-05-20").exit_code == 0
    assert run(*base, "close", case, "--as", "removed").exit_code == 0
    (record,) = records(run(*base, "list", "--json"))
    assert records(run(*base, "show", case, "--json")) == [record]
    assert (record["state"], record["outcome"], record["verdict"]) == (
        *("closed", "removed"),
        "near-copy",
    )
    assert (record["sent_on"], record["answered_on"]) == ("2026-05-02", "2026-05-20")
    assert len(record["notes"]) == 5
    assert "State       closed: removed" in run(*base, "show", case).stdout


def test_today_is_the_day_that_is_not_said(run, records, opened) -> None:
    """Of a notice and of an answer."""
    base, case_id = opened
    run(*base, "sent", case_id)
    run(*base, "answered", case_id, "no")
    (record,) = records(run(*base, "show", case_id, "--json"))
    assert record["sent_on"] == record["answered_on"] >= "2026-01-01"


def test_the_same_find_goes_on(run, opened, tmp_path) -> None:
    """It is no second case."""
    base, case_id = opened
    again = run(*base, "open", tmp_path / "found.jpg", "--url", "https://x.com/thief/1")
    assert again.stdout.startswith(f"goes on  {case_id}")
    assert len(run(*base, "list").stdout.splitlines()) == 1


def test_cases_are_listed_by_state(run, opened) -> None:
    """Those that wait, for example."""
    base, _ = opened
    assert run(*base, "list", "--state", "sent").stdout == ""
    assert len(run(*base, "list", "--state", "open").stdout.splitlines()) == 1


def test_cases_are_written_as_a_table_that_runs_nothing(run, opened, tmp_path) -> None:
    """And nothing is overwritten unasked."""
    base, case_id = opened
    done = run(*base, "export", tmp_path / "cases.csv")
    assert done.stdout == f"1 case written to {tmp_path / 'cases.csv'}\n"
    assert case_id in (tmp_path / "cases.csv").read_text("utf-8-sig")
    assert run(*base, "export", tmp_path / "cases.csv").exit_code == 4
    assert run(*base, "export", tmp_path / "cases.csv", "--overwrite").exit_code == 0


def test_a_permission_is_told_when_a_case_is_opened(run, opened, tmp_path) -> None:
    """Before somebody is written to."""
    base, _ = opened
    run(*base[:2], "portfolio", "permit", "--all", "--url", "https://x.com/friend")
    found = run(*base, "open", tmp_path / "found.jpg", "--url", "https://x.com/friend/2")
    assert "permitted: " in found.stderr


def test_wrong_words_are_wrong_usage(run, opened, tmp_path) -> None:
    """An unknown case is none of these."""
    base, case_id = opened
    assert run(*base, "sent", case_id, "--on", "soon").exit_code == 2
    assert run(*base, "close", case_id, "--as", "won").exit_code == 2
    assert run(*base, "open", tmp_path / "found.jpg", "--url", "nowhere").exit_code == 2
    assert run(*base, "open", tmp_path / "none.jpg").exit_code == 2
    assert run(*base, "note", "ffff", "text").exit_code == 4


def test_a_case_about_a_stranger_is_opened_with_a_warning(run, opened, drawings, tmp_path) -> None:
    """A person may see more than the check did; but nobody writes to a stranger by mistake."""
    base, _ = opened
    Image.fromarray(drawings.line_art(500, 400, 77)).save(tmp_path / "other.png")
    made = run(*base, "open", tmp_path / "other.png", "--url", "https://x.com/other/1")
    assert made.exit_code == 0
    assert "no-match" in made.stdout
    assert "None of your works was found in it." in made.stderr
