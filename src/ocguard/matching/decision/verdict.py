"""From measures of compared works to one verdict that a person can act on.

The rules, in their order:

1. The very same pixels are *identical*.
2. A work whose likelihood ratio is confirmed is sought out, the likeliest three one after the
   other. If something that other pictures have too explains all that agrees (`explanations`), or if
   the suspect shows nothing but what the work shares with other works (`relations`), the next one
   is asked; where none is left, the answer is *cannot tell*.
3. The work that is left is named. If related works explain the suspect equally well, they have a
   *shared base*. Otherwise `outcomes` says what it is: a *near copy* or a *likely derivative*.
4. A suspect, or works, that hold too little give *cannot tell*, and so does a ratio in doubt.
5. Anything else is *no match*.

Nothing is decided from anything but measures, bounds, and the relations of the portfolio's works.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Self, TypeVar

from ocguard.matching.decision.bounds import Bounds
from ocguard.matching.decision.explanations import OTHER_PICTURE, Explanation, explain
from ocguard.matching.decision.outcomes import FINDINGS, VerdictName, outcome_of
from ocguard.matching.decision.ratio import told_log10_lr
from ocguard.matching.decision.relations import AskRelations, is_own
from ocguard.matching.decision.rule import holds

if TYPE_CHECKING:
    from ocguard.matching.evidence.measures import Measures

__all__ = [
    "Compared",
    "Decision",
    "Reason",
    "decision_by_mark",
    "explains_as_well",
    "is_confirmed",
    "is_doubtful",
    "judge",
    "shortlist",
    "shows_most",
]

MAX_CANDIDATES: Final = 5
"""Works listed in a verdict."""

MAX_NAMED: Final = 3
"""Confirmed works, likeliest first, of which one is sought that can be named."""

Value = int | float | bool | str

C = TypeVar("C", bound="Compared")


@dataclass(frozen=True)
class Reason:
    """Why a verdict was given, free of any language; `ocguard.wording` makes a sentence of it.

    Attributes
    ----------
    code : str
        Which reason.
    values : Mapping of str to number, text or bool
        What its sentence names.
    """

    code: str
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Compared:
    """One work that was compared with the suspect, in numbers.

    Attributes
    ----------
    work_id : str
        The work.
    log10_lr : float
        log10 likelihood ratio, corrected for the size of the portfolio and clipped.
    measures : Measures
        What was measured; examined (`Measures.is_examined`) where the ratio is confirmed and the
        work was aligned.
    """

    work_id: str
    log10_lr: float
    measures: Measures


@dataclass(frozen=True)
class Decision:
    """What ocguard says about a suspect.

    Attributes
    ----------
    verdict : str
        One of `VerdictName`.
    work_id : str or None
        The work that the verdict is about; None for "no-match" and where the suspect itself holds
        too little.
    reason : Reason
        Why.
    log10_lrs : Mapping of str to float
        What a reader is told of each work that resembles the suspect, at most five, by its id: the
        log10 likelihood ratio (`told_log10_lr`). The verdict's own comes first, then the likeliest.
    """

    verdict: VerdictName
    work_id: str | None
    reason: Reason
    log10_lrs: Mapping[str, float]

    @property
    def listed(self) -> tuple[str, ...]:
        """Ids of the works that resemble the suspect, in their order."""
        return tuple(self.log10_lrs)


def is_confirmed(one: Compared, bounds: Bounds) -> bool:
    """Tell whether the work may be named."""
    return bounds["confirmed"].holds(one.log10_lr)


def is_doubtful(one: Compared, bounds: Bounds) -> bool:
    """Tell whether "no match" would be too sure."""
    return bounds["doubtful"].holds(one.log10_lr)


def shortlist(compared: Sequence[C]) -> tuple[C, ...]:
    """Return the works that a verdict lists, best first.

    Parameters
    ----------
    compared : sequence of Compared
        In any order.

    Returns
    -------
    tuple of Compared
        At most five; empty when nothing resembles the suspect at all.
    """
    ranked = sorted(compared, key=lambda c: (-c.log10_lr, -c.measures.likeness, c.work_id))
    return tuple(c for c in ranked if c.log10_lr > 0)[:MAX_CANDIDATES]


def judge(
    listed: Sequence[Compared],
    ask_relations: AskRelations,
    bounds: Bounds,
    *,
    lacking: Reason | None = None,
    thin: Mapping[str, Reason] = MappingProxyType({}),
    identical_to: str | None = None,
) -> Decision:
    """Decide.

    Parameters
    ----------
    listed : sequence of Compared
        From `shortlist`; those that are confirmed were examined.
    ask_relations : AskRelations
        Asked only of works that may be named; with a search, which costs as much as the first one,
        only where the suspect does not show most of the work.
    bounds : Bounds
        Where the rules begin and end.
    lacking : Reason or None
        What the suspect, or all works, hold too little of; None if they hold enough.
    thin : Mapping of str to Reason
        What single works hold too little of, by their ids. Of these, parts that nothing but the
        layout of edges has found accuse nobody: a few plain areas are in many pictures.
    identical_to : str or None
        The work with the very same pixels, if there is one.
    """
    works = _Explained.of(listed, bounds)
    if identical_to is not None:
        return works.decided("identical", identical_to, Reason("same-pixels"))
    if works.confirmed:
        return _seek(works, ask_relations, thin)
    if lacking is not None:
        return works.decided("cannot-tell", None, lacking)
    if listed and is_doubtful(listed[0], bounds):
        return works.decided("cannot-tell", listed[0].work_id, Reason("weak"))
    return works.decided("no-match", None, Reason("nothing-alike"))


@dataclass(frozen=True)
class _Explained:
    """The works that a verdict lists, and what else explains each of them, asked once."""

    listed: Sequence[Compared]
    bounds: Bounds
    explanations: Mapping[str, Explanation | None]

    @classmethod
    def of(cls, listed: Sequence[Compared], bounds: Bounds) -> Self:
        return cls(listed, bounds, {c.work_id: explain(c.measures, bounds) for c in listed})

    @property
    def confirmed(self) -> list[Compared]:
        """Those that may be named."""
        return [c for c in self.listed if is_confirmed(c, self.bounds)]

    def decided(self, verdict: VerdictName, work_id: str | None, reason: Reason) -> Decision:
        """Say what is told of every work, and put the one that a verdict is about first."""
        told = {
            one.work_id: told_log10_lr(
                *(one.log10_lr, one.measures, self.bounds),
                is_explained=self.explanations[one.work_id] is not None,
                is_finding=verdict in FINDINGS,
            )
            for one in self.listed
        }
        ordered = sorted(told, key=lambda work: (work != work_id, -told[work]))
        return Decision(verdict, work_id, reason, {work: told[work] for work in ordered})


def _seek(works: _Explained, ask_relations: AskRelations, thin: Mapping[str, Reason]) -> Decision:
    """Find the likeliest work that nothing else explains, or say what explains the likeliest."""
    confirmed, bounds = works.confirmed, works.bounds
    doubts: list[tuple[bool, Compared, Reason]] = []
    for one in sorted(confirmed, key=lambda c: (-c.measures.likeness, -c.log10_lr))[:MAX_NAMED]:
        explained = works.explanations[one.work_id]
        if explained:
            doubts.append((True, one, Reason(explained.name)))
            continue
        if one.work_id in thin and _is_loosely_laid(one, bounds):
            doubts.append((True, one, thin[one.work_id]))
            continue
        rivals = [c.work_id for c in confirmed]
        relations = ask_relations(one.work_id, rivals, is_searched=not shows_most(one, bounds))
        if is_own(relations, bounds):
            return _name(one, works, relations.work_ids)
        doubts.append((False, one, Reason("common-part")))
    _, doubted, reason = min(doubts, key=lambda doubt: doubt[0])
    return works.decided("cannot-tell", doubted.work_id, reason)


def _is_loosely_laid(one: Compared, bounds: Bounds) -> bool:
    """Tell whether only parts agree, and no details say where they lie."""
    is_of_parts = outcome_of(one.measures, bounds).reason_code == "parts"
    return is_of_parts and one.measures.method == "layout"


def shows_most(one: Compared, bounds: Bounds) -> bool:
    """Tell whether most of what both show is the same: more than a part that works may share."""
    measures = one.measures
    is_whole = bounds["repaint"].holds(measures.feature_agreement)
    return is_whole or bounds["variant_area"].holds(measures.common_area_share)


def _name(best: Compared, works: _Explained, related: frozenset[str]) -> Decision:
    """Say what became of the work that explains the suspect best."""
    confirmed, bounds = works.confirmed, works.bounds
    if outcome_of(best.measures, bounds).verdict == "cannot-tell":
        verdict, reason = _outcome(best, bounds, {})
        return works.decided(verdict, best.work_id, reason)
    rivals = sum(c.work_id in related and explains_as_well(c, best, bounds) for c in confirmed)
    if rivals:
        reason = Reason("shared-base", {"works": rivals + 1})
        return works.decided("shared-base", best.work_id, reason)
    others = sum(
        c is not best and c.work_id not in related and works.explanations[c.work_id] is None
        for c in confirmed
    )
    verdict, reason = _outcome(best, bounds, {"other_works": others})
    return works.decided(verdict, best.work_id, reason)


def explains_as_well(one: Compared, best: Compared, bounds: Bounds) -> bool:
    """Tell whether a work explains a suspect about as well as the one that explains it best."""
    lead = best.measures.likeness - one.measures.likeness
    return is_confirmed(one, bounds) and not bounds["clearly_better"].holds(lead)


def _outcome(
    best: Compared, bounds: Bounds, added: Mapping[str, Value]
) -> tuple[VerdictName, Reason]:
    """Say what became of a work, and name what a person can look at."""
    outcome = outcome_of(best.measures, bounds)
    values = {**_support(best.measures), **added}
    if outcome.verdict == "likely-derivative":
        values["other_picture"] = holds(OTHER_PICTURE, best.measures, bounds)
    is_mirrored_copy = outcome.reason_code == "copy" and best.measures.is_mirrored
    code = "mirrored-copy" if is_mirrored_copy else outcome.reason_code
    return outcome.verdict, Reason(code, values)


def decision_by_mark(
    decision: Decision, listed: Sequence[Compared], marked: Collection[str], bounds: Bounds
) -> Decision:
    """Name the work whose mark was read, among those that the picture itself supports.

    Several works of an artist may explain a suspect: a picture in color and in grey, variants, a
    first and a second version. The mark tells which of them was copied.

    Parameters
    ----------
    decision : Decision
        What the picture alone says. It stays unless it names a work that is not the same pixels.
    listed : sequence of Compared
        The works that it lists.
    marked : collection of str
        Works whose marks were read.
    bounds : Bounds
        Where the rules begin and end.
    """
    if decision.verdict not in FINDINGS - {"identical"}:
        return decision
    works = _Explained.of(listed, bounds)
    supported = [c for c in works.confirmed if works.explanations[c.work_id] is None]
    own = [c for c in supported if c.work_id in marked]
    if not own or (decision.work_id in marked and decision.verdict != "shared-base"):
        return decision
    best = max(own, key=lambda c: (c.measures.likeness, c.log10_lr))
    others = decision.reason.values.get("other_works", 0)
    verdict, reason = _outcome(best, bounds, {"other_works": others, "named_by_mark": True})
    return works.decided(verdict, best.work_id, reason)


def _support(measures: Measures) -> dict[str, Value]:
    """Name what a person can look at."""
    covered = measures.work_covered_share if measures.is_aligned else 0.0
    values: dict[str, Value] = {
        "method": measures.method,
        "work_covered_percent": round(100 * covered),
    }
    if measures.method == "whole":
        return values | {"feature_agreement": round(measures.feature_agreement, 2)}
    if measures.method == "keypoints":
        return values | {"inliers": measures.inliers}
    return values | {"layout_correlation": round(measures.layout_correlation, 2)}
