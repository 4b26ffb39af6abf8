"""Rules: bounds that are put together with "all of", "any of" and "not".

A rule is data. It can be asked whether it holds for some measures, which bounds it consists of, and
which of them decided: the one that would have to be crossed first for the answer to change.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import isnan
from typing import Any

from ocguard.matching.decision.bounds import Bound, Bounds

__all__ = [
    "AllOf",
    "AnyOf",
    "Decisive",
    "Not",
    "Rule",
    "all_of",
    "any_of",
    "bound_names",
    "decisive",
    "holds",
]


@dataclass(frozen=True)
class AllOf:
    """Holds where every part does."""

    parts: tuple[Rule, ...]


@dataclass(frozen=True)
class AnyOf:
    """Holds where one of the parts does."""

    parts: tuple[Rule, ...]


@dataclass(frozen=True)
class Not:
    """Holds where its part does not."""

    part: Rule


Rule = str | AllOf | AnyOf | Not
"""The name of a bound, or rules put together."""


@dataclass(frozen=True)
class Decisive:
    """The bound that decided whether a rule holds.

    Attributes
    ----------
    bound : Bound
        The bound, as the rule asks for it: turned over where the rule asks that it does not hold.
    measured : float
        What was measured.
    distance : float
        How far this is from the bound, in units of its value (`Bound.distance`): positive where
        the rule holds, negative where it does not.
    """

    bound: Bound
    measured: float
    distance: float


def all_of(*parts: Rule) -> AllOf:
    """Return a rule that holds where every part does."""
    return AllOf(parts)


def any_of(*parts: Rule) -> AnyOf:
    """Return a rule that holds where one of the parts does."""
    return AnyOf(parts)


def holds(rule: Rule, measures: Any, bounds: Bounds) -> bool:
    """Tell whether a rule holds.

    Parameters
    ----------
    rule : Rule
        The rule.
    measures : object
        Has every measure that the rule's bounds are about as an attribute.
    bounds : Bounds
        Knows every bound that the rule names.
    """
    match rule:
        case AllOf(parts):
            return all(holds(part, measures, bounds) for part in parts)
        case AnyOf(parts):
            return any(holds(part, measures, bounds) for part in parts)
        case Not(part):
            return not holds(part, measures, bounds)
    bound = bounds[rule]
    return bound.holds(getattr(measures, bound.measure))


def bound_names(rule: Rule) -> Iterator[str]:
    """Yield the names of all bounds of a rule, in its order."""
    match rule:
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from bound_names(part)
        case Not(part):
            yield from bound_names(part)
        case str(name):
            yield name


def decisive(rule: Rule, measures: Any, bounds: Bounds) -> Decisive:
    """Return the bound that decided whether a rule holds.

    Of parts that must all hold, it is the one with the least distance; of parts of which one is
    enough, the one with the largest.

    Parameters
    ----------
    rule, measures, bounds
        As for `holds`.
    """
    match rule:
        case AllOf(parts):
            return min((decisive(part, measures, bounds) for part in parts), key=_distance)
        case AnyOf(parts):
            return max((decisive(part, measures, bounds) for part in parts), key=_distance)
        case Not(part):
            of_part = decisive(part, measures, bounds)
            return Decisive(of_part.bound.opposite, of_part.measured, -of_part.distance)
    bound = bounds[rule]
    measured = float(getattr(measures, bound.measure))
    return Decisive(bound, measured, bound.distance(measured))


def _distance(one: Decisive) -> float:
    """Order by distance; what was not measured holds least of all."""
    return float("-inf") if isnan(one.distance) else one.distance
