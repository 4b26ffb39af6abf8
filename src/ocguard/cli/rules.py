"""The rules that a verdict was reached by, for ``ocguard check --explain``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocguard.cli.terminal import say_indented
from ocguard.language.message import Message, translatable
from ocguard.wording import RULES

if TYPE_CHECKING:
    from ocguard.matching.decision.trace import AskedRule
    from ocguard.workflows.check.results import CheckResult

__all__ = ["say_rules"]


def say_rules(result: CheckResult, indent: int) -> None:
    """Print the rules that were asked about the first candidate, those that decided first."""
    from ocguard.matching.decision.bounds import load_bounds
    from ocguard.matching.decision.trace import trace
    from ocguard.matching.evidence.measures import Measures

    if result.verdict == "identical":
        say_indented(indent, "rules: none was asked, since both are the same")
        return
    if not result.candidates:
        say_indented(indent, "rules: none was asked, since no work resembles it")
        return
    best = result.candidates[0]
    say_indented(
        indent,
        "rules that were asked of work {work_id} ({bounds_id}):",
        work_id=best.work_id,
        bounds_id=result.bounds_id,
    )
    for asked in trace(best.log10_lr, Measures(**result.measures), load_bounds()):
        say_indented(indent, _rule_line(asked))


def _rule_line(asked: AskedRule) -> Message:
    """Say whether a rule holds, and how far what decided it is from its bound."""
    from ocguard.matching.decision.bound_words import asked_text

    answer = translatable("yes: {rule} ({name})"), translatable("no: {rule} ({name})")
    rule = Message(answer[not asked.is_met], rule=Message(RULES[asked.name]), name=asked.name)
    if asked.decisive is None:
        why = Message("where none of the others holds")
        return Message("{rule}; {why}", rule=rule, why=why)
    bound, measured = asked.decisive.bound, asked.decisive.measured
    to_spare, off = translatable("{apart:.3g} to spare"), translatable("{apart:.3g} off")
    how_far = to_spare if bound.holds(measured) else off
    return Message(
        "{rule}; {asks}: measured {measured:.3g}, {how_far}",
        rule=rule,
        measured=float(measured),
        asks=asked_text(bound),
        how_far=Message(how_far, apart=abs(bound.margin(measured))),
    )
