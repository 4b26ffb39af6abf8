"""Which rules were asked about a work, and which bound decided each of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import isnan
from typing import Any

from ocguard.matching.decision.bounds import Bounds
from ocguard.matching.decision.explanations import EXPLANATIONS, explain
from ocguard.matching.decision.outcomes import OUTCOMES
from ocguard.matching.decision.rule import Decisive, Rule, bound_names, decisive, holds

__all__ = ["AskedRule", "trace"]


@dataclass(frozen=True)
class AskedRule:
    """One rule that was asked about a work.

    Attributes
    ----------
    name : str
        "confirmed", or the reason code of an explanation or an outcome.
    is_met : bool
        Whether it holds.
    decisive : Decisive or None
        The bound that would have to be crossed first for the answer to change; None for what holds
        where nothing else does.
    """

    name: str
    is_met: bool
    decisive: Decisive | None


def trace(log10_lr: float, measures: Any, bounds: Bounds) -> tuple[AskedRule, ...]:
    """List the rules that were asked about a work, the one that gave the verdict first.

    Parameters
    ----------
    log10_lr : float
        Its likelihood ratio, as a reader is told it.
    measures : object
        Its measures as attributes, examined or not.
    bounds : Bounds
        Where the rules begin and end.

    Returns
    -------
    tuple of AskedRule
        The rule that gave the verdict, then the others, those that came nearest to another answer
        first. What the portfolio's works have in common is not among them.
    """
    ratio = bounds["confirmed"]
    is_confirmed = ratio.holds(log10_lr)
    first = Decisive(ratio, log10_lr, ratio.distance(log10_lr))
    asked = [AskedRule("confirmed", is_confirmed, first)]
    is_repaint = not isnan(measures.feature_agreement)
    if measures.is_examined:
        asked += _until_met(((one.name, one.rule) for one in EXPLANATIONS), measures, bounds)
    may_be_named = is_confirmed or measures.is_examined or is_repaint
    if may_be_named and explain(measures, bounds) is None:
        outcomes = ((one.reason_code, one.rule) for one in OUTCOMES)
        asked += _until_met(outcomes, measures, bounds)
    *others, last = asked
    return (last, *sorted(others, key=_nearness))


def _until_met(
    rules: Iterator[tuple[str, Rule]], measures: Any, bounds: Bounds
) -> Iterator[AskedRule]:
    """Ask one rule after the other, up to the first that holds; pass over what nobody measured."""
    for name, rule in rules:
        is_met = holds(rule, measures, bounds)
        decided = decisive(rule, measures, bounds) if any(bound_names(rule)) else None
        if is_met or decided is None or not isnan(decided.measured):
            yield AskedRule(name, is_met, decided)
        if is_met:
            return


def _nearness(one: AskedRule) -> float:
    """Order by how near a rule came to another answer."""
    return abs(one.decisive.distance) if one.decisive else 0.0
