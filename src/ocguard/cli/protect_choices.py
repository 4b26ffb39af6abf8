"""The options of ``ocguard protect``, by what they decide."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click

from ocguard.choices import (
    DIGITAL_SOURCES,
    EDGES,
    FILE_FORMATS,
    ON_EXISTS,
    STRENGTHS,
    VISIBLE_LAYOUTS,
)
from ocguard.cli.options import Number, Places
from ocguard.provenance.optout import DATA_MINING_CODES

__all__ = ["look_choices", "protect_choices", "watch_choices"]

_FILE: Final = click.Path(dir_okay=False)
_FOLDER: Final = Places(file_okay=False, path_type=Path)


def _text(name: str, help_text: str, metavar: str = "TEXT") -> Any:
    return click.option(name, metavar=metavar, help=help_text)


def _percent(name: str, help_text: str, *, is_0_open: bool = True) -> Any:
    kind = Number(0, 100, min_open=is_0_open)
    return click.option(name, type=kind, metavar="PERCENT", help=help_text)


def _choice(names: tuple[str, ...], default: str, help_text: str, *declared: str) -> Any:
    kind = click.Choice(names)
    return click.option(*declared, type=kind, default=default, show_default=True, help=help_text)


def _code(name: str, codes: tuple[str, ...], help_text: str) -> Any:
    return click.option(name, type=click.Choice(codes), metavar="CODE", help=help_text)


_OUT: Final = click.option(
    "--out",
    type=_FOLDER,
    metavar="DIR",
    help="Folder or s3://BUCKET/KEY for the outputs; mirrors the tree.",
)

_FORM: Final = (
    _choice(FILE_FORMATS, "keep", "File format to write.", "--format", "file_format"),
    click.option(
        "--quality",
        type=click.IntRange(1, 100),
        metavar="1-100",
        help="Of JPEG, WebP and AVIF  [default: the source's own, or 95].",
    ),
    _choice(ON_EXISTS, "error", "What to do when an output exists.", "--on-exists"),
)

_DRY_RUN: Final = click.option(
    "-n", "--dry-run", is_flag=True, help="Do everything but write files and records."
)

_POSTED: Final = (
    click.option(
        "--for",
        "platforms",
        multiple=True,
        metavar="PLATFORM",
        help="Where it will be posted: makes the file that suits it, simulates the platform and"
        " proves what survives, raising the mark where needed, at most to strong. Can be repeated.",
    ),
    click.option(
        "--private",
        is_flag=True,
        help="Leave out of the file what gives away places, serial numbers and names of owners and"
        " devices; --for does so by itself.",
    ),
)

_CREATOR: Final = (
    _text("--creator", "Your name or your studio's, for this run.", "NAME"),
    _text("--notice", "Copyright notice, for this run."),
    _text("--contact", "Where to ask for a license: mail address or page."),
    _text("--recipient", "Who gets these copies: gives them a mark id of their own.", "NAME"),
)

_LOOK: Final = (
    _choice(VISIBLE_LAYOUTS, "corner", "Where the visible mark lies.", "--visible"),
    _text(
        "--text",
        "What it says; {creator} {title} {platform} {date} {recipient} {short_id} are filled in"
        "  [default: the notice].",
    ),
    click.option("--logo", type=_FILE, metavar="FILE", help="Picture or SVG to show instead."),
    _text("--qr", "Page whose QR code to show instead, in a corner or a frame.", "URL"),
    _percent("--opacity", "How opaque it is."),
    _percent("--size", "Height of its letters, of the picture's shorter side."),
    _percent("--margin", "Its distance from the border, or between repetitions.", is_0_open=False),
    click.option("--font", type=_FILE, metavar="FILE", help="Font file for its text."),
    _text("--color", "Color of its letters, such as '#ff6699'  [default: to suit the art].", "HEX"),
    _choice(EDGES, "auto", "What surrounds its letters.", "--edge"),
    click.option("--vertical", is_flag=True, help="Set a corner text in columns, one a line."),
)

_PRESET: Final = _text("--preset", "Look that is kept by this name, or in this TOML file.", "NAME")

_VISIBLE: Final = (
    _PRESET,
    *_LOOK,
    _text(
        "--title",
        "The work's title, kept in the portfolio and for {title}  [default: the file's name].",
    ),
    _text("--platform", "Where you will post it, for {platform}.", "NAME"),
    click.option(
        "--removability", is_flag=True, help="Try to remove it again, and say what is left (slow)."
    ),
    click.option(
        "--preview",
        type=click.IntRange(1, 60),
        metavar="N",
        help="Protect nothing: put N pictures before and after on one sheet in --out.",
    ),
)

_INVISIBLE: Final = (_choice(STRENGTHS, "normal", "Of the invisible mark.", "--strength"),)

_DECLARED: Final = (
    _text("--terms-url", "Page with your terms, to declare.", "URL"),
    _text("--usage-terms", "Your terms in one sentence, to declare."),
    _text("--constraints", "What else is not allowed, in your words."),
    _code(
        "--data-mining",
        DATA_MINING_CODES,
        "PLUS code to declare  [default: DMI-PROHIBITED-AIMLTRAINING].",
    ),
    _code(
        "--digital-source",
        DIGITAL_SOURCES,
        "IPTC code of how it was made, to declare  [default: the profile's, else nothing].",
    ),
    click.option(
        "--c2pa",
        is_flag=True,
        help="Sign the file with Content Credentials: how it was made, which training is not"
        " allowed, which mark is in it. Needs an answer to --digital-source.",
    ),
    click.option(
        "--c2pa-certificates",
        type=_FILE,
        metavar="FILE",
        help="Sign them by this chain of certificates (PEM), not by your own.",
    ),
    click.option("--c2pa-key", type=_FILE, metavar="FILE", help="Private key of that chain (PEM)."),
)


def look_choices(command: Any) -> Any:
    """Give a command the options of the visible mark's look."""
    for option in reversed(_LOOK):
        command = option(command)
    return command


def protect_choices(command: Any) -> Any:
    """Give a command all options of a protection."""
    output = (_OUT, *_FORM, _DRY_RUN)
    for option in reversed((*output, *_POSTED, *_CREATOR, *_VISIBLE, *_INVISIBLE, *_DECLARED)):
        command = option(command)
    return command


def watch_choices(command: Any) -> Any:
    """Give a command the options of a protection that hold for every picture that comes."""
    look = (_PRESET, *_LOOK)
    for option in reversed((*_FORM, *_POSTED, *_CREATOR, *look, *_INVISIBLE, *_DECLARED)):
        command = option(command)
    return command
