"""An entry in the desktop's menu of programs that opens the page without a terminal."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

import click

from ocguard.atomic import whole_file
from ocguard.cli.terminal import said

__all__ = ["add_to_menu", "desktop_entry"]

_SPECIAL: Final = re.compile(r'(["`$\\])')
"""Characters that stand behind a backslash inside a quoted argument."""


def desktop_entry(command: Sequence[str], icon: Path) -> str:
    """Return the text of a desktop entry.

    Parameters
    ----------
    command : sequence of str
        Program and arguments, as the system starts them.
    icon : pathlib.Path
        A picture, absolute.

    Returns
    -------
    str
        A file of the Desktop Entry Specification, version 1.5 (freedesktop.org, 2020).
    """
    arguments = " ".join(_argument(word) for word in command)
    return (
        "[Desktop Entry]\n"
        "Type=Application\n"
        "Name=ocguard\n"
        "Comment=Protect original characters, and check suspects for copies\n"
        "Comment[zh]=保护原创角色，检查可疑图片是不是搬运\n"
        "Comment[ja]=創作キャラを守り、無断転載の疑いがある画像を調べる\n"
        f"Exec={arguments}\n"
        f"Icon={_text(str(icon))}\n"
        "Terminal=false\n"
        "Categories=Graphics;\n"
    )


def add_to_menu() -> Path:
    """Write the entry where desktops look for those of one user.

    Returns
    -------
    pathlib.Path
        The entry.

    Raises
    ------
    click.UsageError
        This system has no desktop entries.
    OSError
        The file cannot be written.
    """
    if not sys.platform.startswith("linux"):
        raise click.UsageError(
            said(
                "Desktop entries are made on Linux only. Here, make a link to the program ocguard"
                " with the argument 'app'."
            )
        )
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    entry = Path(data) / "applications" / "ocguard.desktop"
    entry.parent.mkdir(parents=True, exist_ok=True)
    with as_file(files("ocguard.web.page") / "static" / "icon.svg") as icon:
        text = desktop_entry([*_program(), "app"], icon)
    with whole_file(entry, overwrite=True) as file:
        file.write(text.encode())
    return entry


def _program() -> list[str]:
    """Return how this program is started; in the program folder it is its own interpreter."""
    if getattr(sys, "frozen", False):
        return [sys.executable]
    return [sys.executable, "-P", "-m", "ocguard"]


def _argument(word: str) -> str:
    """Quote one argument; a percent sign would begin a field code."""
    quoted = _SPECIAL.sub(r"\\\1", word).replace("%", "%%")
    return _text(f'"{quoted}"')


def _text(value: str) -> str:
    """Escape a value: within any value a backslash begins an escape, and a line is a line."""
    return value.replace("\\", "\\\\").replace("\n", "\\n")
