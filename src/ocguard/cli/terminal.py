"""Words on the terminal: results on standard output, everything else on standard error.

Sentences are said in the chosen language: a template in English, with named values. Text from file
names, metadata and pictures is hostile: control and direction characters are shown as escapes,
never obeyed.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import sys
from typing import Any, Final

import click

from ocguard.atomic import names_place
from ocguard.cli.width import columns, cut, wrapped
from ocguard.language.catalogs import phrase
from ocguard.language.message import Message, in_context, translated

__all__ = [
    "STANDARD_INPUT",
    "can_ask",
    "complain",
    "confidence_word",
    "draw_status",
    "emit",
    "erase_status",
    "input_name",
    "is_watched",
    "label",
    "let_go_of_output",
    "note",
    "note_line",
    "prepare_streams",
    "printable",
    "put",
    "said",
    "say",
    "say_indented",
    "say_line",
    "status_word",
]

STANDARD_INPUT: Final = Message("standard input")
"""What a picture that came through ``-`` is called."""

STANDARD_OUTPUT: Final = Message("standard output")
"""What results are written to."""

MAX_WIDTH: Final = 100
"""Longest line of running text, in characters."""

_COLORS: Final = {
    **dict.fromkeys(("protected", "simulated", "measured", "no-match", "found", "read"), "green"),
    **dict.fromkeys(
        ("skipped", "registered", "unchanged", "cannot-tell", "weak", "not-found"), "yellow"
    ),
    **dict.fromkeys(("identical", "near-copy", "shared-base", "likely-derivative"), "red"),
}

_WORDS: Final = {
    "cannot-tell": in_context("status", "cannot-tell"),
    "copied": in_context("status", "copied"),
    "dry run": in_context("status", "dry run"),
    "failed": in_context("status", "failed"),
    "found": in_context("status", "found"),
    "identical": in_context("status", "identical"),
    "likely-derivative": in_context("status", "likely-derivative"),
    "measured": in_context("status", "measured"),
    "near-copy": in_context("status", "near-copy"),
    "no-match": in_context("status", "no-match"),
    "not-found": in_context("status", "not-found"),
    "preview": in_context("status", "preview"),
    "protected": in_context("status", "protected"),
    "read": in_context("status", "read"),
    "registered": in_context("status", "registered"),
    "shared-base": in_context("status", "shared-base"),
    "simulated": in_context("status", "simulated"),
    "skipped": in_context("status", "skipped"),
    "unchanged": in_context("status", "unchanged"),
    "weak": in_context("status", "weak"),
}
"""Statuses and verdicts, as records name them."""

_CONFIDENCE: Final = {
    "high": in_context("confidence", "high"),
    "medium": in_context("confidence", "medium"),
    "low": in_context("confidence", "low"),
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
    """Make text safe for a terminal, on one line: whatever could steer it becomes an escape.

    A message is said in the chosen language.
    """
    said = translated(text) if isinstance(text, str) else str(text)
    return _UNSAFE.sub(lambda match: ascii(match[0])[1:-1], said)


def input_name(name: str | None) -> str:
    """Make an input's name printable: ``-`` is standard input, as in messages about it."""
    return printable(STANDARD_INPUT if name == "-" else name)


def emit(record: dict[str, Any]) -> None:
    """Print one JSON object on one line of standard output, as UTF-8 whatever the locale."""
    line = json.dumps(record, ensure_ascii=False, allow_nan=False)
    safe = _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", line)
    put(f"{safe}\n".encode())


def put(data: str | bytes) -> None:
    """Write to standard output as it is, without the end of a line."""
    with names_place(STANDARD_OUTPUT):
        click.echo(data, nl=False)


def let_go_of_output() -> None:
    """Drop what standard output could not write: Python tries it once more when it ends.

    It would then end with an exit code of its own.
    """
    if sys.stdout is None:  # it was closed before the start
        return
    try:
        sys.stdout.flush()
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def label(word: str, width: int) -> str:
    """Pad a status or verdict, colored where a person watches (and did not set NO_COLOR)."""
    color = None if os.environ.get("NO_COLOR") else _COLORS.get(word)
    said = status_word(word)
    space = " " * (width - columns(said))
    return click.style(said, fg=color, bold=color is not None) + space


def status_word(word: str) -> str:
    """Say a status or verdict in the chosen language."""
    return phrase(_WORDS[word], "status") if word else ""


def confidence_word(word: str) -> str:
    """Say how sure a profile of a platform is, in the chosen language."""
    return phrase(_CONFIDENCE[word], "confidence")


def said(template: str, /, **values: object) -> str:
    """Return a sentence in the chosen language, such as a question."""
    return printable(Message(template, **values))


def say(template: str, /, **values: object) -> None:
    """Print a sentence that a person asked for on standard output."""
    say_line(said(template, **values))


def say_line(text: str) -> None:
    """Print a line that is no sentence, such as a row of a table, on standard output."""
    put(f"{text}\n")


def say_indented(indent: int, template: str, /, **values: object) -> None:
    """Print more about the line above, set in and wrapped at spaces alone: paths stay whole."""
    width = min(shutil.get_terminal_size().columns, MAX_WIDTH)
    say_line(wrapped(said(template, **values), width, " " * indent))


def note(template: str, /, **values: object) -> None:
    """Print a message on standard error, unless ``--quiet``."""
    note_line(said(template, **values))


def note_line(text: str) -> None:
    """Print a line that is no sentence on standard error, unless ``--quiet``."""
    session = click.get_current_context().obj
    if not session.quiet:
        click.echo(text, err=True)


def complain(template: str, /, **values: object) -> None:
    """Print what went wrong on standard error."""
    click.echo(f"ocguard: {said(template, **values)}", err=True)


def is_watched() -> bool:
    """Tell whether somebody sees standard error on a terminal that can erase a line."""
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def can_ask() -> bool:
    """Tell whether a person can be asked: questions are shown on standard error."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def draw_status(text: str) -> None:
    """Show a line on the terminal that will be erased; it never reaches the right border."""
    width = shutil.get_terminal_size().columns - 1
    click.echo(cut(text, width), err=True, nl=False)


def erase_status() -> None:
    """Take the line of :func:`draw_status` away again."""
    click.echo(_ERASE, err=True, nl=False)
