"""Give options the defaults that a configuration file sets.

What counts, first to last: the command line, the environment, the file, the built-in default.
Valid names and types come from the commands themselves, so the file can never drift from them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from ocguard.config import GLOBAL, Config, find_config

__all__ = ["apply_config", "configurable"]


def configurable(group: click.Group) -> dict[str, dict[str, click.Parameter]]:
    """Gather the options that a file may set, by table and name."""
    tables = {"-".join(path): _options(command) for path, command in _commands(group)}
    return {GLOBAL: _options(group), **tables}


def apply_config(ctx: click.Context, group: click.Group, options: dict[str, Any]) -> None:
    """Read the configuration in force and use it for whatever was not said otherwise.

    Parameters
    ----------
    ctx : click.Context
        Context of the program; its ``default_map`` is set for the commands.
    group : click.Group
        The program.
    options : dict
        Global options as parsed; changed in place.

    Raises
    ------
    ConfigError
        The file holds an unknown name or a wrong value.
    """
    config = find_config(Path.cwd())
    if config is None:
        return
    known = configurable(group)
    tables = config.tables({table: set(names) for table, names in known.items()})
    values = {
        table: dict(_value(config, table, known[table][name], raw) for name, raw in said.items())
        for table, said in tables.items()
    }
    options |= {
        name: value
        for name, value in values.pop(GLOBAL).items()
        if ctx.get_parameter_source(name) == ParameterSource.DEFAULT
    }
    ctx.default_map = _nested(values)


def _options(command: click.Command) -> dict[str, click.Parameter]:
    """Name a command's options as a person writes them: ``--on-exists`` is ``on_exists``."""
    options = [option for option in command.params if isinstance(option, click.Option)]
    named = {max(one.opts, key=len).lstrip("-").replace("-", "_"): one for one in options}
    return {name: option for name, option in named.items() if name != "version"}


def _commands(group: click.Group) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Walk the tree of commands, giving the leaves with their paths."""
    ctx = click.Context(group)
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        if isinstance(command, click.Group):
            for path, leaf in _commands(command):
                yield (name, *path), leaf
        elif command is not None:
            yield (name,), command


def _value(config: Config, table: str, option: click.Parameter, raw: Any) -> tuple[str, Any]:
    """Convert one value as the command line would; paths are relative to the file's folder."""
    name = str(option.name)
    is_file = name == "descriptor" and str(raw).endswith(".toml")
    is_path = isinstance(option.type, click.Path) or name == "portfolio" or is_file
    is_relative = is_path and isinstance(raw, str) and "://" not in raw
    said = str(config.path.parent / raw) if is_relative else raw
    try:
        return name, option.type_cast_value(click.Context(click.Command(table)), said)
    except (click.BadParameter, TypeError) as error:
        text = error.format_message() if isinstance(error, click.BadParameter) else str(error)
        raise config.problem(table, name, text) from error


def _nested(values: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Turn tables like ``portfolio-add`` into click's nested default maps."""
    nested: dict[str, Any] = {}
    for table, options in values.items():
        first, _, rest = table.partition("-")
        place = nested.setdefault(first, {})
        (place.setdefault(rest, {}) if rest else place).update(options)
    return nested
