"""Looks of the visible mark that are kept by name: three that come along, and the creator's own.

A preset is a flat TOML file with the options of the visible mark, so that it can be read, edited
and passed on. Paths of a logo or a font in it count from the file's folder. What a run says
itself goes before the preset.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from ocguard.atomic import whole_file
from ocguard.errors import ConfigError
from ocguard.home import Home
from ocguard.language.message import Message
from ocguard.toml import TomlError, nearest, read_toml, toml
from ocguard.watermark.visible.template import fields_of

__all__ = [
    "BUILT_IN",
    "OPTIONS",
    "list_presets",
    "load_preset",
    "preset_toml",
    "remove_preset",
    "save_preset",
]

BUILT_IN: Final[Mapping[str, Mapping[str, Any]]] = {
    "light": {"visible": "corner", "size": 2.2, "opacity": 76.0},
    "portfolio": {"visible": "frame", "text": "{title} · © {creator}"},
    "preview": {"visible": "tile", "text": "© {creator} · {short_id}", "opacity": 28.0},
}
"""A credit line that hardly shows; a caption for one's own page; a net over unpaid work."""

OPTIONS: Final[Mapping[str, tuple[type, ...]]] = {
    "visible": (str,),
    "text": (str,),
    "logo": (str,),
    "qr": (str,),
    "opacity": (float, int),
    "size": (float, int),
    "margin": (float, int),
    "font": (str,),
    "color": (str,),
    "edge": (str,),
    "vertical": (bool,),
}
"""Options that a preset may set, and what their values are."""

_FORMAT: Final = "ocguard.preset/1"
_NAME: Final = re.compile("[a-z0-9][a-z0-9_-]{0,39}")
_PATHS: Final = ("logo", "font")


def load_preset(home: Home, name: str | os.PathLike[str]) -> dict[str, Any]:
    """Read a preset.

    Parameters
    ----------
    home : Home
        Where the creator's own presets lie.
    name : str or Path
        Its name, or the path of a TOML file: what ends in ``.toml``.

    Returns
    -------
    dict
        Options of the visible mark; paths are absolute.

    Raises
    ------
    ConfigError
        There is no such preset, or it holds an unknown name or an impossible value.
    """
    if str(name).lower().endswith(".toml"):
        return _read(Path(name))
    path = _file(home, str(name))
    if path.exists():
        return _read(path)
    if str(name) in BUILT_IN:
        return dict(BUILT_IN[str(name)])
    known = ", ".join(sorted(list_presets(home)))
    raise ConfigError(
        "there is no preset {name!r}: there are {known}; 'ocguard preset save' makes "
        "one, and a file must end in .toml",
        name=str(name),
        known=known,
    )


def list_presets(home: Home) -> dict[str, dict[str, Any]]:
    """Give all presets by name, the creator's own before those that come along."""
    files = sorted(home.presets_folder.glob("*.toml")) if home.presets_folder.is_dir() else []
    own = {path.stem: _read(path) for path in files if _NAME.fullmatch(path.stem)}
    return own | {name: dict(preset) for name, preset in BUILT_IN.items() if name not in own}


def save_preset(home: Home, name: str, options: Mapping[str, Any]) -> Path:
    """Keep a preset under a name, exchanging an older one; whole or not at all.

    Raises
    ------
    ConfigError
        The name is none, or an option is unknown or impossible.
    """
    path = _file(home, name)
    checked = _checked(options, f"preset {name}")
    home.presets_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with whole_file(path, overwrite=True) as stream:
        stream.write(preset_toml(checked).encode("utf-8"))
    return path


def remove_preset(home: Home, name: str) -> None:
    """Forget one of the creator's own presets; one of that name that comes along is back then."""
    path = _file(home, name)
    if not path.exists():
        raise ConfigError(
            "there is no preset {name!r} of your own: see 'ocguard preset list'", name=name
        )
    path.unlink()


def preset_toml(options: Mapping[str, Any]) -> str:
    """Write a preset as TOML, to be kept or passed on."""
    return toml({"format": _FORMAT} | {name: options[name] for name in OPTIONS if name in options})


def _read(path: Path) -> dict[str, Any]:
    """Read a file, with paths counted from its folder."""
    try:
        table = read_toml(path)
    except TomlError as error:
        raise ConfigError("{path} is not valid TOML: {reason}", path=path, reason=error) from error
    found = table.pop("format", _FORMAT)
    if found != _FORMAT:
        raise ConfigError(
            "{path}: its format is {found!r}, this version reads {known}",
            path=path,
            found=found,
            known=_FORMAT,
        )
    options = _checked(table, str(path))
    folder = path.absolute().parent
    return options | {name: str(folder / options[name]) for name in _PATHS if name in options}


def _checked(options: Mapping[str, Any], place: str) -> dict[str, Any]:
    """Refuse unknown names and values of the wrong kind."""
    for name, value in options.items():
        if name not in OPTIONS:
            near = nearest(name, OPTIONS)
            raise ConfigError(
                "{place}: a preset has no {name!r}; the nearest is {near!r}",
                place=place,
                name=name,
                near=near,
            )
        if type(value) not in OPTIONS[name]:
            wanted = {str: Message("text in quotes"), bool: Message("true or false")}.get(
                OPTIONS[name][0], Message("a number")
            )
            raise ConfigError(
                "{place}: {name} must be {wanted}, got {value}",
                place=place,
                name=name,
                wanted=wanted,
                value=repr(value),
            )
    try:
        fields_of(options.get("text", ""))
    except ValueError as error:
        raise ConfigError("{place}: {reason}", place=place, reason=error) from error
    return dict(options)


def _file(home: Home, name: str) -> Path:
    if not _NAME.fullmatch(name):
        raise ConfigError(
            "a preset's name has up to 40 small letters, digits, - and _, not {name!r}; a "
            "file must end in .toml",
            name=name,
        )
    return home.presets_folder / f"{name}.toml"
