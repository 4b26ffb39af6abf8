"""Promises of ocguard.workflows.protect.again: the same command again does nothing twice."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

import ocguard
from ocguard.portfolio import open_store

PLAIN = {"visible": "none", "creator": "Mo"}


@pytest.fixture
def protected(tmp_path, drawings):
    """Protect a picture, and give what runs the same command again."""
    Image.fromarray(drawings.cel(300, 240)).save(tmp_path / "a.png")

    def run(**options) -> str:
        out, home = tmp_path / "out", tmp_path / "home"
        (one,) = ocguard.protect([tmp_path], out=out, home=home, **PLAIN | options)
        return one.status

    assert run() == "protected"
    return run


def test_the_same_input_and_options_are_left_as_they_are(protected, tmp_path) -> None:
    """No failure, no second mark, not a byte written."""
    output = tmp_path / "out" / "a.png"
    before = output.stat().st_mtime_ns
    assert protected() == "unchanged"
    assert output.stat().st_mtime_ns == before
    with open_store(str(tmp_path / "home" / "portfolio.sqlite3")) as store:
        assert store.stats().marks == 1


@pytest.mark.parametrize("options", [{"strength": "strong"}, {"recipient": "Ina"}, {"quality": 80}])
def test_other_options_are_another_request(protected, options) -> None:
    """What lies there would not be what was asked for."""
    assert protected(**options) == "failed"


def test_a_changed_input_or_output_is_no_longer_the_same(protected, tmp_path, drawings) -> None:
    """Nothing is overwritten unasked, and nothing broken is called intact."""
    output = tmp_path / "out" / "a.png"
    whole = output.read_bytes()
    output.write_bytes(whole[:-1])
    assert protected() == "failed"
    output.write_bytes(whole)
    assert protected() == "unchanged"
    Image.fromarray(drawings.cel(300, 240, 2)).save(tmp_path / "a.png")
    assert protected() == "failed"


def test_a_missing_output_is_made_again(protected, tmp_path) -> None:
    """The record alone protects nothing."""
    Path(tmp_path / "out" / "a.png").unlink()
    assert protected() == "protected"


def test_overwriting_makes_it_again(protected) -> None:
    """Who says so wants a new file."""
    assert protected(on_exists="overwrite") == "protected"


def test_what_died_before_its_file_appeared_leaves_no_second_mark(protected, tmp_path) -> None:
    """Its record is taken back once the same file lies there."""
    (tmp_path / "out" / "a.png").unlink()  # as if it had never appeared
    assert protected() == "protected"
    with open_store(str(tmp_path / "home" / "portfolio.sqlite3")) as store:
        assert store.stats().marks == 1
