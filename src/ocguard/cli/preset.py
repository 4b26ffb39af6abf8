"""``ocguard preset``: looks of the visible mark, kept by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click

from ocguard.cli.protect_choices import look_choices
from ocguard.cli.session import Session
from ocguard.cli.terminal import printable, say, say_line

__all__ = ["command"]

_FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("preset")
def command() -> None:
    """Looks of the visible mark, kept by name, for protect --preset."""


@command.command("list")
@click.pass_obj
def list_(session: Session, /) -> None:
    """List all presets with what they set."""
    from ocguard.workflows.home.presets import list_presets

    for name, options in sorted(list_presets(session.workspace().home).items()):
        shown = ", ".join(f"{key} {value}" for key, value in options.items())
        say_line(f"{name:<12} {printable(shown)}")


@command.command("show")
@click.argument("name")
@click.pass_obj
def show(session: Session, /, name: str) -> None:
    """Print a preset as TOML, to pass it on; NAME may be a file."""
    from ocguard.workflows.home.presets import load_preset, preset_toml

    click.echo(preset_toml(load_preset(session.workspace().home, name)), nl=False)


@command.command("save")
@click.argument("name", default="custom")
@click.option("--from", "source", type=_FILE, metavar="FILE", help="Start from a TOML file.")
@look_choices
@click.pass_context
def save(ctx: click.Context, /, name: str, source: Path | None, **choices: Any) -> None:
    """Keep a look under NAME, exchanging an older one  [default: custom]."""
    from ocguard.workflows.home.presets import load_preset, save_preset

    home = ctx.obj.workspace().home
    said = {key: value for key, value in choices.items() if _is_said(ctx, key)}
    places = {key: str(Path(said[key]).absolute()) for key in ("logo", "font") if key in said}
    options = (load_preset(home, source) if source else {}) | said | places
    say("saved {name} in {path}", name=name, path=save_preset(home, name, options))


@command.command("remove")
@click.argument("name")
@click.pass_obj
def remove(session: Session, /, name: str) -> None:
    """Forget one of your own presets."""
    from ocguard.workflows.home.presets import remove_preset

    remove_preset(session.workspace().home, name)
    say("removed {name}", name=name)


def _is_said(ctx: click.Context, name: str) -> bool:
    """Tell whether an option was given, not merely its default."""
    return ctx.get_parameter_source(name) == click.core.ParameterSource.COMMANDLINE
