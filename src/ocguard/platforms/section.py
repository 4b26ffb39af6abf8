"""Take values out of a TOML table by name and type; every mistake names its place.

A profile is often written by hand, from another one. A misspelled name must not be a fact that
silently does nothing, so what was not asked for is an error too.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from ocguard.errors import PlatformError
from ocguard.language.message import Message
from ocguard.toml import did_you_mean

__all__ = ["Range", "Section"]

Range = tuple[int, int]
"""Lowest and highest, both possible; equal where the number is known."""

MAX_TEXT_CHARACTERS: Final = 1000


class Section:
    """One table of a profile, from which values are taken.

    Parameters
    ----------
    place : str
        File and table, for messages.
    table : Mapping[str, object]
        As `ocguard.toml` gives it, untrusted.
    """

    def __init__(self, place: str, table: Mapping[str, Any]) -> None:
        self._place = place
        self._table = table
        self._asked: list[str] = []

    def text(self, name: str, default: str | None = None) -> str:
        """Take a text; without a default it must be there."""
        value = self._take(name, default)
        if not isinstance(value, str) or len(value) > MAX_TEXT_CHARACTERS:
            raise self.problem(
                name,
                Message(
                    "must be text of at most {limit} characters",
                    limit=MAX_TEXT_CHARACTERS,
                ),
            )
        return value

    def choice(self, name: str, known: Collection[str], default: str | None = None) -> str:
        """Take one of some words."""
        value = self._take(name, default)
        if value not in known:
            raise self.problem(
                name,
                Message("must be one of {known}, not {value}", known=known, value=repr(value)),
            )
        return str(value)

    def choices(self, name: str, known: Collection[str]) -> tuple[str, ...]:
        """Take a list of some words; empty where it is missing."""
        value = self._take(name, [])
        if not isinstance(value, list) or not all(one in known for one in value):
            raise self.problem(
                name,
                Message("must be a list of {known}, not {value}", known=known, value=repr(value)),
            )
        return tuple(value)

    def texts(self, name: str, most: int) -> tuple[str, ...]:
        """Take a list of texts; empty where it is missing."""
        value = self._take(name, [])
        is_list = isinstance(value, list) and len(value) <= most
        if not is_list or not all(isinstance(one, str) for one in value):
            raise self.problem(
                name,
                Message(
                    "must be a list of at most {most} texts, not {value}",
                    most=most,
                    value=repr(value),
                ),
            )
        return tuple(value)

    def flag(self, name: str) -> bool:
        """Take true or false; false where it is missing."""
        value = self._take(name, False)
        if not isinstance(value, bool):
            raise self.problem(
                name, Message("must be true or false, not {value}", value=repr(value))
            )
        return value

    def day(self, name: str) -> datetime.date:
        """Take a date."""
        value = self._take(name, None)
        if not isinstance(value, datetime.date) or isinstance(value, datetime.datetime):
            raise self.problem(
                name,
                Message(
                    "must be a date like 2026-01-31 without quotes, not {value}", value=repr(value)
                ),
            )
        return value

    def number(
        self, name: str, low: float, high: float, default: float | None = None
    ) -> float | None:
        """Take a number within limits; the default where it is missing."""
        value = self._table.get(name)
        self._asked.append(name)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.problem(name, Message("must be a number, not {value}", value=repr(value)))
        if not low <= value <= high:
            raise self.problem(
                name,
                Message(
                    "must be {low} to {high}, not {value}", low=low, high=high, value=repr(value)
                ),
            )
        return float(value)

    def whole(self, name: str, low: int, high: int) -> int | None:
        """Take a whole number within limits; None where it is missing."""
        found = self.range(name, low, high)
        if found is not None and found[0] != found[1]:
            raise self.problem(name, Message("must be one number"))
        return None if found is None else found[0]

    def range(self, name: str, low: int, high: int) -> Range | None:
        """Take a whole number, or [lowest, highest]; None where it is missing."""
        value = self._table.get(name)
        self._asked.append(name)
        if value is None:
            return None
        ends = value if isinstance(value, list) else [value, value]
        is_whole = all(isinstance(end, int) and not isinstance(end, bool) for end in ends)
        if len(ends) != 2 or not is_whole or not low <= ends[0] <= ends[1] <= high:
            raise self.problem(
                name,
                Message(
                    "must be a whole number from {low} to {high}, or [lowest, highest], not"
                    " {value}",
                    low=low,
                    high=high,
                    value=repr(value),
                ),
            )
        return ends[0], ends[1]

    def section(self, name: str) -> Section | None:
        """Take a table inside this one; None where it is missing."""
        value = self._take(name, {})
        if not isinstance(value, dict):
            raise self.problem(name, Message("must be a table, not {value}", value=repr(value)))
        return Section(f"{self._place}: {name}", value) if value else None

    def sections(self, name: str, most: int) -> Iterator[Section]:
        """Take a list of tables; none where it is missing."""
        value = self._take(name, [])
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise self.problem(name, Message("must be tables written as [[{name}]]", name=name))
        if len(value) > most:
            raise self.problem(
                name,
                Message("{count} tables; at most {most} make sense", count=len(value), most=most),
            )
        for place, table in enumerate(value, 1):
            yield Section(f"{self._place}: {name} {place}", table)

    def close(self) -> None:
        """Refuse names that nobody asked for."""
        for name in self._table:
            if name not in self._asked:
                hint = did_you_mean(name, self._asked, Message("known: {known}", known=self._asked))
                raise self.problem(name, Message("unknown here; {hint}", hint=hint))

    def problem(self, name: str, text: str) -> PlatformError:
        """Make the error for one value; the text stands behind its name and a colon."""
        return PlatformError(
            "{place}: {name!r}: {problem}", place=self._place, name=name, problem=text
        )

    def _take(self, name: str, default: Any) -> Any:
        self._asked.append(name)
        value = self._table.get(name, default)
        if value is None:
            raise PlatformError("{place}: {name!r} is missing", place=self._place, name=name)
        return value
