"""What a work that is in a suspect was made into: a near copy, or a derivative of which kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from ocguard.matching.decision.bounds import Bounds
from ocguard.matching.decision.explanations import OTHER_PICTURE
from ocguard.matching.decision.rule import Not, Rule, all_of, any_of, holds

if TYPE_CHECKING:
    from ocguard.matching.evidence.measures import Measures

__all__ = ["FINDINGS", "OUTCOMES", "SAME_LINES", "Outcome", "VerdictName", "outcome_of"]

VerdictName = Literal[
    "identical", "near-copy", "shared-base", "likely-derivative", "no-match", "cannot-tell"
]

FINDINGS: Final = frozenset({"identical", "near-copy", "shared-base", "likely-derivative"})
"""Verdicts that say that a registered work is in the suspect."""

SAME_LINES: Final = all_of("copy_structure", "copy_agreeing")
"""The lines of the work are in the suspect, one by one."""


@dataclass(frozen=True)
class Outcome:
    """One verdict about a work that is in the suspect.

    Attributes
    ----------
    reason_code : str
        What it is called in reasons.
    verdict : str
        One of `VerdictName`.
    rule : Rule
        When it holds, unless one before it does.
    """

    reason_code: str
    verdict: VerdictName
    rule: Rule


OUTCOMES: Final = (
    Outcome("repaint", "cannot-tell", "repaint"),
    Outcome(
        "copy",
        "near-copy",
        all_of(
            SAME_LINES,
            "copy_tone",
            any_of("copy_of_work", "copy_of_suspect"),
            Not(OTHER_PICTURE),
            Not("copy_own"),
            Not("copy_unlike"),
        ),
    ),
    Outcome("joined", "likely-derivative", all_of(SAME_LINES, "copy_tone")),
    Outcome("same-lines", "likely-derivative", SAME_LINES),
    Outcome("parts", "likely-derivative", "copy_tone"),
    Outcome("composition", "likely-derivative", all_of()),
)
"""In this order: the first that holds is the verdict; the last one always does."""


def outcome_of(measures: Measures, bounds: Bounds) -> Outcome:
    """Return the verdict about a work that is in the suspect."""
    return next(one for one in OUTCOMES if holds(one.rule, measures, bounds))
