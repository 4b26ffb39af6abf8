"""Promises of the program: help, light start, configuration, exit codes, errors in one place."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest
from PIL import Image

from ocguard import __version__
from ocguard.cli.app import COMMANDS, app

START_SECONDS = 0.3
"""Bar of the start in CPU seconds, which other work on the machine hardly changes."""


def test_help_names_every_command(run) -> None:
    """In the order of a person's work."""
    result = run("--help")
    assert result.exit_code == 0
    places = [result.stdout.index(f"\n  {name} ") for name in COMMANDS]
    assert places == sorted(places)


def test_help_names_every_exit_code_of_the_manual(run) -> None:
    """A script is written by what the program says, or by the page about pipelines."""
    page = (Path(__file__).parents[2] / "docs/how-to/pipelines.md").read_text("utf-8")
    codes = re.findall(r"^\| (\d+) \|", page, re.MULTILINE)
    epilog = " ".join(run("--help").stdout.partition("Exit codes:")[2].split())
    assert re.findall(r"\b\d+\b", epilog) == codes


def test_a_mistyped_command_is_answered_with_the_one_that_was_meant(run) -> None:
    """And one that is like none with where to look."""
    assert "did you mean 'protect'?" in run("protct", "a").stderr
    assert "see 'ocguard --help'" in run("zzz").stderr


@pytest.mark.parametrize(
    "group", [[], ["portfolio"], ["profile"], ["profile", "key"], ["preset"]], ids=" ".join
)
def test_no_sentence_in_the_help_is_cut(run, group, monkeypatch) -> None:
    """On a terminal of the usual 80 columns."""
    monkeypatch.setenv("COLUMNS", "80")
    table = run(*group, "--help").stdout.partition("Commands:")[2]
    assert table
    assert "..." not in table


def test_the_start_is_quick(spawn) -> None:
    """Help comes before one wonders."""
    seconds = []
    for _ in range(5):
        before = os.times()
        assert spawn("--help").returncode == 0
        after = os.times()
        used = after.children_user + after.children_system
        seconds.append(used - before.children_user - before.children_system)
    assert min(seconds) < START_SECONDS


def test_the_version_is_said(run) -> None:
    """For bug reports."""
    assert run("--version").stdout.split()[-1] == __version__


@pytest.mark.parametrize(
    "arguments",
    [
        ["--nonsense"],
        ["nonsense"],
        ["protect"],
        ["check"],
        ["detect"],
        ["compare", "one"],
        ["portfolio", "show"],
        ["profile", "set"],
        ["check", "a", "--jobs", "0"],
        ["check", "a", "--jobs", "many"],
        ["protect", "a"],
        ["protect", "-", "b"],
        ["protect", "-", "--out", "o"],
        ["protect", "-", "--json"],
        ["protect", "a", "--out", "o", "--visible", "everywhere"],
        ["protect", "a", "--out", "o", "--quality", "0"],
        ["protect", "a", "--out", "o", "--contact", "nobody"],
        ["check", "-", "b"],
        ["portfolio", "export", "-"],
        ["protect", ".", "--out", "."],
        ["protect", "a", "--out", "o", "--opacity", "0"],
        ["protect", "a", "--out", "o", "--size", "0"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_2(run, gallery, arguments) -> None:
    """And says what is wrong, on standard error."""
    result = run("--home", gallery.home, *arguments)
    assert result.exit_code == 2
    assert "Error" in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize("option", ["-q", "--verbose"])
def test_a_global_option_at_the_wrong_place_is_told_where_it_goes(run, gallery, option) -> None:
    """Many programs take it anywhere."""
    result = run("--home", gallery.home, "detect", "a.png", option)
    assert result.exit_code == 2
    assert f"ocguard {option} COMMAND" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["compare", "no.png", "no.png"],
        ["portfolio", "import", "no.png"],
        ["portfolio", "export", "no.png/x"],
        ["profile", "key", "export", "no.png/k"],
    ],
    ids=" ".join,
)
def test_the_systems_errors_speak_to_a_person(run, gallery, arguments) -> None:
    """The file as it was named, and what is wrong with it; no number, no quotes, no draft."""
    result = run("--home", gallery.home, *arguments)
    assert result.exit_code == 4
    assert result.stderr == f"ocguard: {arguments[-1]}: No such file or directory\n"


def test_our_errors_are_one_line_without_traceback(run) -> None:
    """What happened, to which file, what to do next."""
    result = run("check", "suspect.png")
    assert result.exit_code == 4
    (line,) = result.stderr.splitlines()
    assert line.startswith("ocguard: there is no portfolio at ")
    assert "ocguard protect" in line


def test_the_systems_errors_are_printed_alike(run, gallery, tmp_path) -> None:
    """A missing folder, for example."""
    result = run("--home", gallery.home, "portfolio", "export", tmp_path / "no" / "x.zip")
    assert result.exit_code == 4
    assert "No such file" in result.stderr
    assert "Traceback" not in result.stderr


def test_control_characters_in_errors_are_escaped(run, gallery) -> None:
    """A file name cannot steer the terminal."""
    result = run("--home", gallery.home, "check", "evil\x1b[2J\u202ename.png")
    assert result.exit_code == 4
    assert "evil\\x1b[2J\\u202ename.png" in result.stderr
    assert "\x1b" not in result.stderr


def test_an_interruption_is_130(spawn, gallery, tmp_path) -> None:
    """Ctrl-C ends the program after the pictures in work; nothing is half done."""
    art = tmp_path / "art"
    art.mkdir()
    with Image.open(gallery.art / "cel.png") as image:
        for number in range(30):
            image.rotate(number).save(art / f"{number:02d}.png")
    command = [
        sys.executable, "-m", "ocguard", "--home", str(tmp_path / "home"), "protect", str(art),
        "--out", str(tmp_path / "out"), "--visible", "none", "--jobs", "2", "--creator", "Mo",
    ]  # fmt: skip
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stdout is not None
    assert process.stdout.readline().startswith("protected")
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert "nothing is half done" in errors
    assert "Traceback" not in errors
    outputs = list((tmp_path / "out").iterdir())
    assert 1 <= len(outputs) < 30
    assert {path.suffix for path in outputs} == {".png"}


@pytest.mark.parametrize(
    "words",
    [("--help",), ("portfolio", "list"), ("portfolio", "list", "--json"), ("platforms",)],
    ids=" ".join,
)
def test_a_closed_pipe_ends_quietly(gallery, words: tuple[str, ...]) -> None:
    """``ocguard ... | head -1`` says nothing, and ends as programs do that a pipe ends."""
    command = [sys.executable, "-m", "ocguard", "--home", gallery.home, *words]
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, "")


def commands(group: click.Group = app) -> list[click.Command]:
    """Gather all commands."""
    context = click.Context(group)
    found = [group.get_command(context, name) for name in group.list_commands(context)]
    return [
        leaf
        for command in found
        if command is not None
        for leaf in (commands(command) if isinstance(command, click.Group) else [command])
    ]


@pytest.mark.parametrize("command", commands(), ids=lambda command: command.callback.__module__)
def test_every_command_explains_itself(command) -> None:
    """One sentence that ends with a full stop, and help for every option."""
    assert re.search(r"[.?]$", command.get_short_help_str(200))
    for option in command.params:
        assert not isinstance(option, click.Option) or option.help


def test_a_crash_is_no_finding(run, monkeypatch) -> None:
    """The exit code 1 says that something was found; a mistake of ours says so and ends with 4."""

    def fails(self: click.Group, *args: object, **more: object) -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr(click.Group, "main", fails)
    result = run("profile", "show")
    assert result.exit_code == 4
    assert "please report this" in result.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="a shell of Unix closes the output")
def test_an_output_that_was_closed_before_the_start_ends_nothing() -> None:
    """As `>&-` does; there is nobody to print for."""
    script = f'"{sys.executable}" -m ocguard preset list >&-'
    done = subprocess.run(["/bin/sh", "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a file that is always full")
@pytest.mark.parametrize("arguments", [["preset", "list"], ["preset", "show", "light"]])
def test_results_without_room_are_an_error_that_says_so(arguments: list[str]) -> None:
    """Whoever sends them into a file reads which one is full."""
    command = [sys.executable, "-m", "ocguard", "--lang", "en", *arguments]
    buffered = {k: v for k, v in os.environ.items() if k != "PYTHONUNBUFFERED"}
    with open("/dev/full", "w") as full:  # noqa: PTH123 - as a shell does
        done = subprocess.run(
            command, stdout=full, stderr=subprocess.PIPE, text=True, check=False, env=buffered
        )
    assert done.returncode == 4
    assert done.stderr == "ocguard: standard output: No space left on device\n"
