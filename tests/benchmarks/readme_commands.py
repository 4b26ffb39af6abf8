"""The README's table of commands, from the program itself."""

from __future__ import annotations

from collections.abc import Iterator

import click

from ocguard.cli.app import app
from readme_lines import line


def commands() -> list[str]:
    """Return every command with its arguments, purpose and options."""
    lines = [line("command", "what it does", "options"), line("---", "---", "---")]
    lines += [_command(path, command) for path, command in program_commands()]
    return lines


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


def _command(path: tuple[str, ...], command: click.Command) -> str:
    """Return the line of one command."""
    arguments = command.collect_usage_pieces(click.Context(command))[1:]
    options = [
        f"`{max(option.opts, key=len)}`"
        for option in command.params
        if isinstance(option, click.Option)
    ]
    return line(
        f"`{' '.join([*path, *arguments])}`", command.get_short_help_str(90), " ".join(options)
    )
