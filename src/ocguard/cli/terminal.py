"""Words on the terminal: results on standard output, everything else on standard error.

Text from file names, metadata and pictures is hostile: control and direction characters are shown
as escapes, never obeyed.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import sys
import textwrap
from typing import Any, Final

import click

__all__ = [
    "STANDARD_INPUT",
    "can_ask",
    "complain",
    "count",
    "draw_status",
    "emit",
    "erase_status",
    "input_name",
    "is_watched",
    "label",
    "note",
    "prepare_streams",
    "printable",
    "say",
    "say_indented",
]

STANDARD_INPUT: Final = "standard input"
"""What a picture that came through ``-`` is called."""

MAX_WIDTH: Final = 100
"""Longest line of running text, in characters."""

_COLORS: Final = {
    **dict.fromkeys(("protected", "simulated", "measured", "no-match", "found", "read"), "green"),
    **dict.fromkeys(
        ("skipped", "registered", "unchanged", "cannot-tell", "weak", "not-found"), "yellow"
    ),
    **dict.fromkeys(("identical", "near-copy", "shared-base", "likely-derivative"), "red"),
}

_UNSAFE: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufff9-\ufffb\ud800-\udfff]"
)
"""C0 and C1 controls, line separators, direction overrides, lone surrogates."""

_ERASE: Final = "\r\x1b[K"
"""Back to the first column, erase to the end of the line (ECMA-48, EL)."""


def prepare_streams() -> None:
    """Never fail on a character that the terminal's encoding lacks: show its escape."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def printable(text: object) -> str:
    """Make text safe for a terminal, on one line: whatever could steer it becomes an escape."""
    return _UNSAFE.sub(lambda match: ascii(match[0])[1:-1], str(text))


def input_name(name: str | None) -> str:
    """Make an input's name printable: ``-`` is standard input, as in messages about it."""
    return STANDARD_INPUT if name == "-" else printable(name)


def emit(record: dict[str, Any]) -> None:
    """Print one JSON object on one line of standard output, as UTF-8 whatever the locale."""
    line = json.dumps(record, ensure_ascii=False, allow_nan=False)
    safe = _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", line)
    click.echo(f"{safe}\n".encode(), nl=False)


def label(word: str, width: int) -> str:
    """Pad a status or verdict, colored where a person watches (and did not set NO_COLOR)."""
    color = None if os.environ.get("NO_COLOR") else _COLORS.get(word)
    return click.style(word, fg=color, bold=color is not None) + " " * (width - len(word))


def count(number: int, noun: str) -> str:
    """Say how many there are: ``1 work``, ``2 works``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def say(text: str) -> None:
    """Print a line that a person asked for on standard output."""
    click.echo(text)


def say_indented(text: str, indent: int) -> None:
    """Print more about the line above, set in and wrapped at spaces alone: paths stay whole."""
    space = " " * indent
    width = min(shutil.get_terminal_size().columns, MAX_WIDTH)
    lines = textwrap.wrap(
        text,
        width,
        initial_indent=space,
        subsequent_indent=space,
        break_on_hyphens=False,
        break_long_words=False,
    )
    click.echo("\n".join(lines))


def note(text: str) -> None:
    """Print a message on standard error, unless ``--quiet``."""
    session = click.get_current_context().obj
    if not session.quiet:
        click.echo(text, err=True)


def complain(text: str) -> None:
    """Print what went wrong on standard error."""
    click.echo(f"ocguard: {printable(text)}", err=True)


def is_watched() -> bool:
    """Tell whether somebody sees standard error on a terminal that can erase a line."""
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def can_ask() -> bool:
    """Tell whether a person can be asked: questions are shown on standard error."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def draw_status(text: str) -> None:
    """Show a line on the terminal that will be erased; it never reaches the right border."""
    width = shutil.get_terminal_size().columns - 1
    click.echo(text[:width], err=True, nl=False)


def erase_status() -> None:
    """Take the line of :func:`draw_status` away again."""
    click.echo(_ERASE, err=True, nl=False)
