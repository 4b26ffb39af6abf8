"""Defaults of options from a file: ``ocguard.toml``, or ``[tool.ocguard]`` in pyproject.toml.

The nearest folder upwards that has such a file decides; files further up are not read. Global
options stand at the top level, those of a command in a table of its name
(``[protect]``, ``[portfolio-add]``). A misspelled name is an error, not ignored: a default that
silently does nothing would publish art unprotected.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ocguard.errors import ConfigError
from ocguard.language.message import Message, translatable
from ocguard.toml import TomlError, bounded_bytes, nearest, parse_toml

__all__ = ["GLOBAL", "Config", "find_config"]

GLOBAL: Final = ""
"""Table name of the global options."""

CONFIG_LIMIT_BYTES: Final = 2**20
"""A configuration has some kilobytes; whatever is far larger is another file."""


@dataclass(frozen=True)
class Config:
    """What one configuration file says.

    Attributes
    ----------
    path : Path
        The file, to name it in messages and to resolve relative paths.
    content : dict
        Its TOML as it stands.
    """

    path: Path
    content: Mapping[str, Any]

    def tables(self, known: Mapping[str, Collection[str]]) -> dict[str, dict[str, Any]]:
        """Sort what the file says into tables.

        Parameters
        ----------
        known : Mapping[str, Collection[str]]
            Valid option names, with ``_``, by table.

        Returns
        -------
        dict
            Values by table and option name; global options under :data:`GLOBAL`.

        Raises
        ------
        ConfigError
            A table or a name is unknown; says which one is nearest.
        """
        tables: dict[str, dict[str, Any]] = {GLOBAL: {}}
        for name, value in self.content.items():
            if isinstance(value, dict):
                self._require_known(_NO_TABLE, name, [table for table in known if table])
                tables[name] = self._options(value, name, known)
            else:
                tables[GLOBAL] |= self._options({name: value}, GLOBAL, known)
        return tables

    def problem(self, table: str, name: str, text: str) -> ConfigError:
        """Make the error for one value, naming the file and the place."""
        place = f"[{table}] {name}" if table else name
        return ConfigError(
            "{path}: {place}: {text}", path=self.path, place=place.replace("_", "-"), text=text
        )

    def _options(
        self, said: Mapping[str, Any], table: str, known: Mapping[str, Collection[str]]
    ) -> dict[str, Any]:
        """Take the options of one table, refusing unknown names as they were written."""
        for written in said:
            name = written.replace("-", "_")
            homes = [f"[{other}]" for other in known if other and name in known[other]]
            if name not in known[table] and homes:
                raise ConfigError(
                    "{path}: {place} has no option {written!r}; it belongs under {homes}",
                    path=self.path,
                    place=f"[{table}]" if table else Message("the top level"),
                    written=written,
                    homes=homes,
                )
            self._require_known(
                _NO_OPTION, written, [one.replace("_", "-") for one in known[table]]
            )
        return {written.replace("-", "_"): value for written, value in said.items()}

    def _require_known(self, refusal: str, written: str, known: Collection[str]) -> None:
        """Refuse an unknown name, and offer the nearest one."""
        if (name := written.replace("_", "-")) in known:
            return
        near = nearest(name, known)
        raise ConfigError(refusal, path=self.path, written=written, near=near)


def find_config(start: Path) -> Config | None:
    """Find and read the configuration that is in force in a folder.

    Parameters
    ----------
    start : Path
        Absolute path of the folder to begin in.

    Returns
    -------
    Config or None
        None when no folder upwards has a configuration.

    Raises
    ------
    ConfigError
        The file is not TOML.
    """
    for folder in (start, *start.parents):
        for path, place in ((folder / "ocguard.toml", ()), (folder / "pyproject.toml", _TOOL)):
            if path.is_file() and (content := _section(path, place)) is not None:
                return Config(path, content)
    return None


_TOOL: Final = ("tool", "ocguard")

_NO_TABLE: Final = translatable("{path}: there is no table {written!r}; the nearest is {near!r}")
_NO_OPTION: Final = translatable("{path}: there is no option {written!r}; the nearest is {near!r}")


def _section(path: Path, place: tuple[str, ...]) -> dict[str, Any] | None:
    """Read one section of a TOML file, or None when the file has none."""
    raw = bounded_bytes(path, CONFIG_LIMIT_BYTES)
    if place and b"ocguard" not in raw:
        return None
    try:
        content: Any = parse_toml(raw, CONFIG_LIMIT_BYTES)
    except TomlError as error:
        raise ConfigError("{path} is not valid TOML: {reason}", path=path, reason=error) from error
    for name in place:
        content = content.get(name) if isinstance(content, dict) else None
    return content if isinstance(content, dict) else None
