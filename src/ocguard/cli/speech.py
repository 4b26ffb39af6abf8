"""Help texts and what click says itself, in the chosen language."""

from __future__ import annotations

import copy
import gettext
import inspect
import os
from collections.abc import Iterable
from typing import Final, TypeVar

import click

from ocguard.cli.width import columns, padded, wrapped
from ocguard.language.catalogs import FOLDER, phrase
from ocguard.language.choice import LANGUAGES, Language, choose_language, chosen_language
from ocguard.language.message import translatable

__all__ = [
    "HELP_FIELDS",
    "lang_option",
    "one_line_a_paragraph",
    "speak",
    "spoken",
]

HELP_FIELDS: Final = ("help", "short_help", "epilog")
"""What a command says of itself."""

_OPTIONS: Final = translatable("[OPTIONS]")
_SUBCOMMAND: Final = translatable("COMMAND [ARGS]...")
"""What click writes into the line of usage, and takes out of no catalog."""

AS_IT_STANDS: Final = "\b\n"
"""Before a paragraph of a help text that is not wrapped, for click."""

Spoken = TypeVar("Spoken", bound=click.Command)


def speak(language: Language) -> None:
    """Speak a language from now on, in this process and those that it starts.

    click asks the standard library for its own words, which looks for the language in the
    environment.
    """
    choose_language(language)
    os.environ["LANGUAGE"] = language
    gettext.bindtextdomain("click", str(FOLDER))
    gettext.textdomain("click")


def _chosen(ctx: click.Context, option: click.Parameter, value: Language | None) -> Language | None:
    """Speak the language that was asked for, before anything else is said."""
    if value is not None:
        speak(value)
    return value


lang_option: Final = click.option(
    "--lang",
    envvar="OCGUARD_LANG",
    type=click.Choice(LANGUAGES),
    is_eager=True,
    callback=_chosen,
    help="Language of messages  [env OCGUARD_LANG; default: that of your system].",
)


def one_line_a_paragraph(text: str) -> str:
    """Return a help text with each paragraph on one line, but for those that stand as they are."""
    paragraphs = inspect.cleandoc(text).split("\n\n")
    return "\n\n".join(
        one if one.startswith(AS_IT_STANDS) else " ".join(one.splitlines()) for one in paragraphs
    )


def spoken(command: Spoken) -> Spoken:
    """Return a command whose help is in the chosen language; the command itself in English."""
    if chosen_language() == "en":
        return command
    told = copy.copy(command)
    told.context_class = SpokenContext
    for field in HELP_FIELDS:
        if text := getattr(command, field):
            setattr(told, field, phrase(one_line_a_paragraph(text)))
    told.options_metavar = phrase(_OPTIONS)
    told.params = [_spoken_option(one) for one in command.params]
    if isinstance(told, click.Group) and isinstance(command, click.Group):
        told.subcommand_metavar = phrase(_SUBCOMMAND)
        told.commands = {name: spoken(one) for name, one in command.commands.items()}
    return told


def _spoken_option(option: click.Parameter) -> click.Parameter:
    if not isinstance(option, click.Option) or not option.help:
        return option
    told = copy.copy(option)
    told.help = phrase(one_line_a_paragraph(option.help))
    return told


class SpokenFormatter(click.HelpFormatter):
    """Writes help whose characters may be two columns wide; click counts characters."""

    def write_text(self, text: str) -> None:
        """Write paragraphs."""
        self.write(_paragraphs(text, self.width, " " * self.current_indent) + "\n")

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Write terms with what they mean beside them, or below those that are long."""
        rows = list(rows)
        first = min(max(columns(term) for term, _ in rows), col_max) + col_spacing
        indent = " " * self.current_indent
        for term, meaning in rows:
            said = _paragraphs(meaning, max(self.width - first - col_spacing, 10), "")
            lines = [f"{indent}{' ' * first}{line}" for line in said.splitlines()]
            if columns(term) > first - col_spacing or not lines:
                lines = [f"{indent}{term}", *lines]
            else:
                lines[0] = f"{indent}{padded(term, first)}{said.splitlines()[0]}"
            self.write("".join(f"{line}\n" for line in lines))


class SpokenContext(click.Context):
    """The context of a command whose help is not in English."""

    formatter_class = SpokenFormatter


def _paragraphs(text: str, width: int, indent: str) -> str:
    """Wrap paragraphs, but for those that stand as they are."""
    shown = []
    for one in text.split("\n\n"):
        if one.startswith(AS_IT_STANDS):
            lines = one.removeprefix(AS_IT_STANDS).splitlines()
            shown.append("\n".join(indent + line for line in lines))
        else:
            shown.append(wrapped(one, width, indent))
    return "\n\n".join(shown)
