"""Promises of ocguard.cli.compare."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PIL import Image


@pytest.fixture
def pictures(tmp_path, drawings):
    """Draw a work, a crop of it and another picture."""
    art = drawings.painterly(400, 300, 1)
    made = {"work": art, "crop": art[20:, 30:], "other": drawings.cel(400, 300, 2)}
    for name, pixels in made.items():
        Image.fromarray(pixels).save(tmp_path / f"{name}.png")
    return {name: tmp_path / f"{name}.png" for name in made}


def test_a_copy_is_a_finding(run, pictures, tmp_path) -> None:
    """The exit code is 1, or 0 where that is asked for; no home is made."""
    pair = (pictures["work"], pictures["crop"])
    assert run("--home", tmp_path / "home", "compare", *pair).exit_code == 1
    assert run("--home", tmp_path / "home", "compare", *pair, "--exit-zero").exit_code == 0
    assert not (tmp_path / "home").exists()


def test_a_stranger_is_none(run, pictures) -> None:
    """Quiet says nothing then."""
    result = run("-q", "compare", pictures["work"], pictures["other"])
    assert (result.exit_code, result.stdout) == (0, "")


def test_scripts_read_one_record(run, pictures, records) -> None:
    """With the suspect and the verdict."""
    (record,) = records(run("compare", pictures["work"], pictures["crop"], "--json"))
    assert record["input"] == str(pictures["crop"])
    assert record["verdict"] == "near-copy"


def test_a_file_that_is_no_picture_fails_by_name(run, pictures, tmp_path) -> None:
    """Whichever of the two it is."""
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    for pair in ((pictures["work"], broken), (broken, pictures["work"])):
        result = run("compare", *pair)
        assert result.exit_code == 4
        assert "broken.png" in result.stderr


def test_two_files_are_needed(run, pictures, tmp_path) -> None:
    """One, three, or a folder are wrong usage."""
    work = pictures["work"]
    for arguments in ((work,), (work, work, work), (work, tmp_path)):
        assert run("compare", *arguments).exit_code == 2


@pytest.fixture
def zipped(run, gallery, tmp_path) -> Path:
    """Zip a report about a protected picture."""
    posted = gallery.out / "cel.png"
    result = run("--home", gallery.home, "report", posted, "--out", tmp_path / "a")
    assert result.exit_code in {0, 1}
    return Path(shutil.make_archive(str(tmp_path / "a"), "zip", tmp_path / "a"))


def test_two_zipped_reports_become_a_table(run, zipped, records) -> None:
    """With the limit of each fact."""
    table = run("compare", "--claims", zipped, zipped)
    assert table.exit_code == 0
    assert "  a.zip: 640 x 480" in table.stdout
    assert "Any picture can be" in table.stdout
    assert "A person decides" in table.stderr
    (record,) = records(run("compare", "--claims", zipped, zipped, "--json"))
    assert record["schema"] == "ocguard.claims/1"


def test_a_report_that_was_changed_is_a_finding(run, zipped, tmp_path) -> None:
    """The exit code is 1, or 0 where that is asked for."""
    (tmp_path / "a" / "more.txt").write_text("added")
    other = shutil.make_archive(str(tmp_path / "b"), "zip", tmp_path / "a")
    changed = run("compare", "--claims", zipped, other)
    assert changed.exit_code == 1
    assert "  b.zip: CHANGED: more.txt was added." in changed.stdout
    assert run("compare", "--claims", zipped, other, "--exit-zero").exit_code == 0


def test_a_picture_is_no_zipped_report(run, zipped, pictures) -> None:
    """The file is named; a root alone is wrong usage."""
    wrong = run("compare", "--claims", zipped, pictures["work"])
    assert wrong.exit_code == 4
    assert "work.png" in wrong.stderr
    alone = run("compare", pictures["work"], pictures["crop"], "--root", zipped)
    assert alone.exit_code == 2
