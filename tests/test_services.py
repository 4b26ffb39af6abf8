"""The files that start ocguard with the computer are read by their systems, and say what is."""

from __future__ import annotations

import configparser
import plistlib
import shlex
from pathlib import Path
from xml.etree import ElementTree

import pytest

from ocguard.cli.watch import command

FOLDER = Path(__file__).parents[1] / "examples" / "service"
SPACE = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"


def systemd() -> list[str]:
    """Read what the unit starts."""
    unit = configparser.RawConfigParser(strict=True)
    unit.optionxform = str
    unit.read(FOLDER / "ocguard-watch.service", encoding="utf-8")
    return shlex.split(unit["Service"]["ExecStart"])


def launchd() -> list[str]:
    """Read what the agent starts."""
    return list(
        plistlib.loads((FOLDER / "org.ocguard.watch.plist").read_bytes())["ProgramArguments"]
    )


def windows() -> list[str]:
    """Read what the task starts."""
    root = ElementTree.parse(FOLDER / "ocguard-watch.xml").getroot()
    program = root.findtext(f"{SPACE}Actions/{SPACE}Exec/{SPACE}Command") or ""
    words = root.findtext(f"{SPACE}Actions/{SPACE}Exec/{SPACE}Arguments") or ""
    return [program, *shlex.split(words.replace("\\", "/"))]


@pytest.mark.parametrize("read", [systemd, launchd, windows])
def test_a_service_starts_a_watcher_as_the_program_understands_it(read, tmp_path) -> None:
    """An option that is renamed is noticed here."""
    program, name, inbox, *words = read()
    assert (Path(program.replace("\\", "/")).stem, name) == ("ocguard", "watch")
    assert Path(inbox).name == "inbox"
    context = command.make_context("watch", [str(tmp_path), *words])
    assert context.params["out"].name == "ocguard"
