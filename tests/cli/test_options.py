"""Promises of ocguard.cli.options."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from ocguard.cli.options import (
    exit_zero_option,
    found_pictures,
    input_bytes,
    jobs_option,
    json_option,
    pictures_argument,
)
from ocguard.cli.session import Session


@click.command()
@pictures_argument
@jobs_option
@json_option
@exit_zero_option
def echo(**given: object) -> None:
    """Print what was given."""
    click.echo(repr(given))


def said(*arguments: str) -> dict[str, object]:
    """Run the command and read what it was given."""
    result = CliRunner().invoke(echo, arguments, catch_exceptions=False)
    assert result.exit_code == 0
    return dict(eval(result.stdout, {"PosixPath": Path, "WindowsPath": Path}))


def test_defaults_leave_the_decision_to_the_machine() -> None:
    """Automatic jobs, output for a person, findings told by the exit code."""
    given = said("a.png")
    assert given == {
        "paths": (Path("a.png"),),
        "jobs": "auto",
        "as_json": False,
        "exit_zero": False,
    }


@pytest.mark.parametrize(("text", "jobs"), [("auto", "auto"), ("1", 1), ("12", 12)])
def test_jobs_are_a_number_or_auto(text, jobs) -> None:
    """Short and long."""
    assert said("a", "-j", text)["jobs"] == said("a", "--jobs", text)["jobs"] == jobs


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "many", "", "²"])
def test_other_jobs_are_wrong_usage_by_name(text) -> None:
    """The value is in the message."""
    result = CliRunner().invoke(echo, ["a", f"--jobs={text}"])
    assert result.exit_code == 2
    assert "neither a number from 1 nor 'auto'" in result.stderr


def test_missing_files_are_no_wrong_usage() -> None:
    """Each is one failed input, found out later; none at all is wrong usage."""
    assert said("no such file", "-")["paths"] == (Path("no such file"), Path("-"))
    assert CliRunner().invoke(echo, []).exit_code == 2


def test_standard_input_stands_alone(monkeypatch) -> None:
    """Its bytes; None where there are paths; nothing is mixed."""
    stream = io.TextIOWrapper(io.BytesIO(b"\x89PNG\r\n"))
    monkeypatch.setattr(sys, "stdin", stream)
    assert input_bytes([Path("a.png")]) is None
    with pytest.raises(click.UsageError, match="stands alone"):
        input_bytes([Path("-"), Path("a.png")])
    assert input_bytes([Path("-")]) == b"\x89PNG\r\n"


def test_links_to_a_picture_are_passed_over_by_name(tmp_path, saved_picture, capsys) -> None:
    """The picture itself is taken once."""
    link = tmp_path / "link.png"
    try:
        link.symlink_to(saved_picture)
    except OSError:
        pytest.skip("this system makes no links")
    with click.Context(click.Command("x"), obj=Session(None, None, False, False)):
        assert found_pictures([tmp_path]).paths == [saved_picture]
    assert "link.png is a link to" in capsys.readouterr().err


@pytest.fixture
def saved_picture(tmp_path, drawings) -> Path:
    """Save a picture."""
    from PIL import Image

    path = tmp_path / "real.png"
    Image.fromarray(drawings.cel(30, 20)).save(path)
    return path
