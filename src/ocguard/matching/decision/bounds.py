"""Bounds: where the rules of the verdict begin and end, as data.

Every bound stands in ``bounds.toml``: the measure that it is about, its direction, value and unit,
why it lies there, and what was seen on either side of it.
"""

from __future__ import annotations

import operator
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Final, Literal

__all__ = ["Bound", "Bounds", "Direction", "Seen", "load_bounds"]

Direction = Literal["at least", "above", "at most", "below"]

_HOLDS: Final[Mapping[Direction, Callable[[float, float], bool]]] = {
    "at least": operator.ge,
    "above": operator.gt,
    "at most": operator.le,
    "below": operator.lt,
}

_OPPOSITE: Final[Mapping[Direction, Direction]] = {
    "at least": "below",
    "below": "at least",
    "above": "at most",
    "at most": "above",
}

LEAST_SCALE = 0.1
"""Distances are in units of a bound's value, but never of less than this."""

Seen = tuple[float, float, float]
"""Least, middle and largest value that was seen."""


@dataclass(frozen=True)
class Bound:
    """One cut-off on one measure.

    Attributes
    ----------
    name : str
        What rules call it.
    measure : str
        The number that it is about, a field of `Measures` as a rule.
    direction : {"at least", "above", "at most", "below"}
        On which side of the value the bound holds.
    value : float
        Where it lies.
    unit : str
        What the value counts.
    note : str
        Why it lies there; empty where the name says it.
    seen_copies, seen_strangers : (float, float, float) or None
        Values of the measure in copies and in strangers that the bounds were chosen on; None where
        nothing was recorded.
    """

    name: str
    measure: str
    direction: Direction
    value: float
    unit: str
    note: str = ""
    seen_copies: Seen | None = None
    seen_strangers: Seen | None = None

    def holds(self, measured: float) -> bool:
        """Tell whether a measured value lies on the bound's side; not a number never does."""
        return _HOLDS[self.direction](measured, self.value)

    @property
    def opposite(self) -> Bound:
        """The bound that holds where this one does not."""
        return replace(self, direction=_OPPOSITE[self.direction])

    def margin(self, measured: float) -> float:
        """Return how far a value lies on the bound's side, negative beyond it, in its own unit."""
        beyond = measured - self.value
        return beyond if self.direction in {"at least", "above"} else -beyond

    def distance(self, measured: float) -> float:
        """Return the margin in units of the value, to compare bounds of different units."""
        return self.margin(measured) / max(abs(self.value), LEAST_SCALE)


@dataclass(frozen=True)
class Bounds:
    """All bounds, by name.

    Attributes
    ----------
    by_name : Mapping of str to Bound
        In the order of the file.
    art : str
        Digest of the pictures in which the seen values were measured; empty without such.
    """

    by_name: Mapping[str, Bound]
    art: str = ""

    def __getitem__(self, name: str) -> Bound:
        """Return a bound by its name."""
        return self.by_name[name]


@cache
def load_bounds() -> Bounds:
    """Return the bounds that this version ships."""
    place = resources.files("ocguard.matching.decision").joinpath("bounds.toml")
    return read_bounds(place.read_text("utf-8"))


def read_bounds(text: str) -> Bounds:
    """Read bounds from the text of such a file.

    Parameters
    ----------
    text : str
        TOML, one table for each bound, and maybe the digest ``art``.

    Raises
    ------
    ValueError
        A bound has a direction that does not exist.
    """
    tables = tomllib.loads(text)
    art = tables.pop("art", "")
    return Bounds({name: _bound(name, table) for name, table in tables.items()}, art)


def _bound(name: str, table: Mapping[str, object]) -> Bound:
    values = dict(table)
    for side in ("seen_copies", "seen_strangers"):
        if side in values:
            values[side] = tuple(values[side])  # type: ignore[arg-type]
    bound = Bound(name, **values)  # type: ignore[arg-type]
    if bound.direction not in _HOLDS:
        raise ValueError(f"{name}: {bound.direction!r} is none of {', '.join(_HOLDS)}")
    return bound
