"""What a work has in common with other works of its portfolio, in numbers.

A suspect that shows what several works share says nothing about any one of them. So before a work
is named, the portfolio is asked what else has the same parts, and whether the suspect shows more of
the work than these.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from ocguard.matching.decision.bounds import Bounds
from ocguard.matching.decision.rule import all_of, any_of, holds

__all__ = ["RELATED", "AskRelations", "OwnPart", "Relations", "is_own"]

OWN: Final = any_of(
    all_of("own_keypoints", "own_chance"),
    all_of("own_elsewhere", "own_to_common"),
)
"""The suspect shows something of the work that the work does not share with others."""

RELATED: Final = any_of("related_chance", "related_layout")
"""Two registered works have something in common: keypoints, or their layout."""


@dataclass(frozen=True)
class OwnPart:
    """How far a suspect agrees with what a work alone has, beside the parts that others have too.

    Attributes
    ----------
    own_keypoints_share : float
        Of all agreeing keypoints, those that lie on nothing common, 0 to 1.
    own_log10_false_alarms : float
        How often chance gives such an agreement of these keypoints, in powers of ten.
    agreeing_common_share, agreeing_elsewhere_share : float
        Of the compared tiles on common parts, and elsewhere, those that agree, 0 to 1.
    """

    own_keypoints_share: float
    own_log10_false_alarms: float
    agreeing_common_share: float
    agreeing_elsewhere_share: float

    @property
    def elsewhere_to_common_ratio(self) -> float:
        """Agreement elsewhere, for each agreement on common parts; infinite without such."""
        if self.agreeing_common_share <= 0:
            return float("inf")
        return self.agreeing_elsewhere_share / self.agreeing_common_share


@dataclass(frozen=True)
class Relations:
    """What the portfolio knows of a work that may be named.

    Attributes
    ----------
    work_ids : frozenset of str
        Works that have something in common with it.
    own_part : OwnPart or None
        Agreement beside the parts that others have too; None where it shares no such part, or
        where the suspect shows most of the work.
    """

    work_ids: frozenset[str] = field(default_factory=frozenset)
    own_part: OwnPart | None = None


class AskRelations(Protocol):
    """Asks the portfolio for the relations of a work."""

    def __call__(self, work_id: str, rivals: Sequence[str], *, is_searched: bool) -> Relations:
        """Return what a work shares with its rivals, and with works that a search brings up."""
        ...


def is_own(relations: Relations, bounds: Bounds) -> bool:
    """Tell whether the suspect shows more of the work than what the work shares with others."""
    return relations.own_part is None or holds(OWN, relations.own_part, bounds)
