"""The documentation's tables of commands and their options, from the program itself."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import click

from docs_lines import line
from ocguard.cli.app import app

__all__ = ["command_details", "commands", "program_commands"]


def commands() -> list[str]:
    """Return every command with its arguments and its purpose."""
    lines = [line("command", "what it does"), line("---", "---")]
    return lines + [
        line(f"`{_usage(path, command)}`", command.get_short_help_str(90))
        for path, command in program_commands()
    ]


def command_details() -> list[str]:
    """Return a section for the program and every command: call, purpose, and each option."""
    lines: list[str] = []
    for path, command in ((("ocguard",), app), *program_commands()):
        lines += ["", f"## {' '.join(path)}", "", "```text", _usage(path, command), "```", ""]
        lines += _paragraphs(command.help or "")
        lines += [line("option", "meaning"), line("---", "---")]
        lines += [line(*cells) for cells in _options(command)]
    return [*lines, ""]


def program_commands(
    group: click.Group = app, path: tuple[str, ...] = ("ocguard",)
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield every command of the program with its full name; groups are left out."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from program_commands(command, (*path, name))
        elif command is not None:
            yield (*path, name), command


def _usage(path: tuple[str, ...], command: click.Command) -> str:
    """Return the name of a command with its arguments."""
    return " ".join([*path, *command.collect_usage_pieces(click.Context(command))[1:]])


def _options(command: click.Command) -> Iterator[tuple[str, str]]:
    """Yield the options of a command as its help shows them; ``--help`` is not repeated."""
    context = click.Context(command)
    for option in command.get_params(context):
        shown = option.get_help_record(context) if isinstance(option, click.Option) else None
        if shown and "--help" not in option.opts:
            name, meaning = (" ".join(text.split()).replace("|", r"\|") for text in shown)
            yield f"`{name}`", meaning.replace("<", r"\<")


def _paragraphs(text: str) -> Iterator[str]:
    """Yield the lines of a help text; what click leaves unwrapped becomes a block."""
    for paragraph in inspect.cleandoc(text).split("\n\n"):
        _, is_block, block = paragraph.partition("\b\n")
        shown = ("```text", inspect.cleandoc(block), "```") if is_block else (paragraph,)
        yield from (*shown, "")
