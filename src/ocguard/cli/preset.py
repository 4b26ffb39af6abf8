"""``ocguard preset``: looks of the visible mark, kept by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click

from ocguard.cli.protect_choices import look_choices
from ocguard.cli.session import Session
from ocguard.cli.terminal import printable, put, said, say, say_line
from ocguard.language.catalogs import phrase
from ocguard.language.message import in_context

__all__ = ["command"]

_FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)

_CHOICES: Final = ("visible", "edge")
"""Options whose values are words."""

_WORDS: Final = {
    "visible": in_context("look", "visible"),
    "text": in_context("look", "text"),
    "logo": in_context("look", "logo"),
    "qr": in_context("look", "qr"),
    "opacity": in_context("look", "opacity"),
    "size": in_context("look", "size"),
    "margin": in_context("look", "margin"),
    "font": in_context("look", "font"),
    "color": in_context("look", "color"),
    "edge": in_context("look", "edge"),
    "vertical": in_context("look", "vertical"),
    "corner": in_context("look", "corner"),
    "band": in_context("look", "band"),
    "tile": in_context("look", "tile"),
    "frame": in_context("look", "frame"),
    "none": in_context("look", "none"),
    "auto": in_context("look", "auto"),
    "outline": in_context("look", "outline"),
    "shadow": in_context("look", "shadow"),
}
"""Options of a look and their choices, as files name them."""


@click.group("preset")
def command() -> None:
    """Looks of the visible mark, kept by name, for protect --preset."""


@command.command("list")
@click.pass_obj
def list_(session: Session, /) -> None:
    """List all presets with what they set."""
    from ocguard.workflows.home.presets import list_presets

    for name, options in sorted(list_presets(session.workspace().home).items()):
        shown = said(", ").join(
            f"{_word(key)} {_value(key, value)}" for key, value in options.items()
        )
        say_line(f"{name:<12} {printable(shown)}")


@command.command("show")
@click.argument("name")
@click.pass_obj
def show(session: Session, /, name: str) -> None:
    """Print a preset as TOML, to pass it on; NAME may be a file."""
    from ocguard.workflows.home.presets import load_preset, preset_toml

    put(preset_toml(load_preset(session.workspace().home, name)))


@command.command("save")
@click.argument("name", default="custom")
@click.option("--from", "source", type=_FILE, metavar="FILE", help="Start from a TOML file.")
@look_choices
@click.pass_context
def save(ctx: click.Context, /, name: str, source: Path | None, **choices: Any) -> None:
    """Keep a look under NAME, exchanging an older one  [default: custom]."""
    from ocguard.workflows.home.presets import load_preset, save_preset

    home = ctx.obj.workspace().home
    chosen = {key: value for key, value in choices.items() if _is_said(ctx, key)}
    places = {key: str(Path(chosen[key]).absolute()) for key in ("logo", "font") if key in chosen}
    options = (load_preset(home, source) if source else {}) | chosen | places
    say("saved {name} in {path}", name=name, path=save_preset(home, name, options))


@command.command("remove")
@click.argument("name")
@click.pass_obj
def remove(session: Session, /, name: str) -> None:
    """Forget one of your own presets."""
    from ocguard.workflows.home.presets import remove_preset

    remove_preset(session.workspace().home, name)
    say("removed {name}", name=name)


def _word(word: str) -> str:
    """Say what an option sets, or one of its choices, in the chosen language."""
    return phrase(_WORDS.get(word, word), "look")


def _value(key: str, value: object) -> str:
    """Say what an option is set to; texts, names of files and numbers stay as they are."""
    if isinstance(value, bool):
        return said("yes") if value else said("no")
    return _word(str(value)) if key in _CHOICES else str(value)


def _is_said(ctx: click.Context, name: str) -> bool:
    """Tell whether an option was given, not merely its default."""
    return ctx.get_parameter_source(name) == click.core.ParameterSource.COMMANDLINE
