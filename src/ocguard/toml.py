"""TOML files that a person may edit: read with a bound, written in one way, misspellings explained.

Who reads one decides what it may say and which error names its file; see `TomlError`.

References
----------
TOML v1.0.0, 2021, https://toml.io/en/v1.0.0.
"""

from __future__ import annotations

import datetime
import difflib
import json
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from ocguard.language.message import Message

__all__ = [
    "LIMIT_BYTES",
    "TomlError",
    "bounded_bytes",
    "did_you_mean",
    "nearest",
    "parse_toml",
    "read_toml",
    "toml",
]

LIMIT_BYTES: Final = 65_536
"""What ocguard keeps in TOML is under 4 kB; whatever is far larger is another file."""


class TomlError(ValueError):
    """The bytes are not TOML, or too many; says why, and not in which file."""


def read_toml(path: Path) -> dict[str, Any]:
    """Read a file of at most `LIMIT_BYTES`.

    Raises
    ------
    TomlError
        As for `parse_toml`.
    OSError
        It cannot be read.
    """
    return parse_toml(bounded_bytes(path))


def bounded_bytes(path: Path, limit_bytes: int = LIMIT_BYTES) -> bytes:
    """Read a file, but no more of it than shows `parse_toml` that it is too long."""
    with path.open("rb") as stream:
        return stream.read(limit_bytes + 1)


def parse_toml(data: bytes | str, limit_bytes: int = LIMIT_BYTES) -> dict[str, Any]:
    """Parse TOML, in UTF-8 if it comes as bytes.

    Raises
    ------
    TomlError
        It is longer, not UTF-8 or not TOML.

    Examples
    --------
    >>> parse_toml(b'creator = "Mira Vale"')
    {'creator': 'Mira Vale'}
    """
    if len(data) > limit_bytes:
        raise TomlError(Message("it has over {limit} bytes", limit=limit_bytes))
    try:
        return tomllib.loads(data if isinstance(data, str) else data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise TomlError(str(error)) from error


def toml(table: Mapping[str, Any]) -> str:
    """Write a table of text, numbers, dates, lists and tables; `parse_toml` reads the same.

    Tables are written inline, lists of tables as ``[[name]]`` behind everything else.

    Examples
    --------
    >>> print(toml({"name": "fox", "sizes": [1, 2], "stages": [{"what": "upload"}]}), end="")
    name = "fox"
    sizes = [1, 2]
    <BLANKLINE>
    [[stages]]
    what = "upload"
    """
    tables = {name: value for name, value in table.items() if _is_tables(value)}
    lines = [_line(name, value) for name, value in table.items() if name not in tables]
    for name, parts in tables.items():
        for part in parts:
            lines += ["", f"[[{name}]]", *(_line(*entry) for entry in part.items())]
    return "\n".join(lines) + "\n"


def did_you_mean(name: str, known: Iterable[str], otherwise: str) -> Message:
    """Ask whether the known name that is alike was meant; say something else where none is.

    Examples
    --------
    >>> did_you_mean("creater", ["creator", "notice"], "see the manual")
    "did you mean 'creator'?"
    """
    near = difflib.get_close_matches(name, known, 1)
    return Message("did you mean {near!r}?", near=near[0]) if near else Message(otherwise)


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the known name that is most alike, however little; empty where none is known."""
    return "".join(difflib.get_close_matches(name, known, 1, cutoff=0.0))


def _is_tables(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)


def _line(name: str, value: object) -> str:
    return f"{name} = {_value(value)}"


def _value(value: object) -> str:
    """Write one value; tables inline."""
    if isinstance(value, dict):
        return f"{{ {', '.join(_line(*entry) for entry in value.items())} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, datetime.date):
        return value.isoformat()
    # JSON's escapes are TOML's, but for DEL, which JSON leaves as it is.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
