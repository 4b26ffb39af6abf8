"""Promises of the entry in the desktop's menu."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ocguard.cli.menu import desktop_entry

ON_LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a Linux desktop")


def test_a_path_with_special_characters_is_one_argument() -> None:
    """Quotes, dollars and backslashes are escaped twice, percent signs are doubled."""
    entry = desktop_entry([r'/opt/my "tools"/a$b\c/100%', "app"], Path("/i.svg"))
    assert r'Exec="/opt/my \\"tools\\"/a\\$b\\\\c/100%%" "app"' in entry.splitlines()


def test_a_line_break_in_a_path_begins_no_line() -> None:
    """A folder's name cannot add a key to the entry."""
    entry = desktop_entry(["/a\nHidden=true"], Path("/i\nTerminal=true"))
    assert "Hidden=true" not in entry.splitlines()
    assert "Terminal=true" not in entry.splitlines()


@ON_LINUX
def test_the_entry_starts_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The entry lies where the desktop looks, is valid, and names a program that starts."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    words = [sys.executable, "-m", "ocguard", "--home", str(tmp_path / "home"), "app"]
    subprocess.run([*words, "--add-to-menu"], check=True, capture_output=True)
    entry = tmp_path / "applications" / "ocguard.desktop"
    lines = dict(line.split("=", 1) for line in entry.read_text("utf-8").splitlines()[1:])
    assert Path(lines["Icon"]).is_file()
    program = lines["Exec"].replace('"', "").split()
    assert program[-1] == "app"
    subprocess.run([*program[:-1], "--version"], check=True, capture_output=True)
    if validator := shutil.which("desktop-file-validate"):
        subprocess.run([validator, str(entry)], check=True)
