"""Suspect in, verdict out: search, align, compare, decide.

A portfolio is seen through two functions (`Works`), so this room needs no database and no files.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from ocguard.fingerprint.describe import describe
from ocguard.fingerprint.fingerprint import Fingerprint
from ocguard.fingerprint.normalize import flatten_on
from ocguard.fingerprint.view_id import work_of
from ocguard.imaging.ground import showing_ground
from ocguard.matching.alignment.verify import prepare, verify
from ocguard.matching.decision.bounds import load_bounds
from ocguard.matching.decision.bounds_id import shipped_bounds_id
from ocguard.matching.decision.calibration import load_calibration
from ocguard.matching.decision.explanations import explain
from ocguard.matching.decision.relations import OwnPart, Relations
from ocguard.matching.decision.verdict import (
    Decision,
    Reason,
    decision_by_mark,
    is_confirmed,
    is_doubtful,
    judge,
    shortlist,
    shows_most,
)
from ocguard.matching.evidence.agreement import Alignment, compare_aligned
from ocguard.matching.evidence.measures import examine
from ocguard.matching.identification.comparison import Comparison, refined, weighed
from ocguard.matching.identification.lacking import lacking, thin_works
from ocguard.matching.identification.relatives import Relative, Works, find_relatives
from ocguard.matching.identification.repaint import MOST_ASKED, repaints_of, with_repaints
from ocguard.matching.search.index import Index

__all__ = [
    "ByFingerprint",
    "Suspect",
    "Verdict",
    "compare",
    "compare_all",
    "compare_fingerprints",
    "decide",
    "identify",
    "is_worth_reading",
    "prefer_marked",
]

MAX_RELATIVES = 6
"""Works with something in common that a verdict considers; more of them would say the same."""

MAX_ALIGNED = 6
"""Works that are compared tile by tile, most promising first."""


@dataclass(frozen=True)
class Suspect:
    """A picture to be checked: its fingerprint, and its RGB rendition on a ground that shows it."""

    fingerprint: Fingerprint
    rgb: NDArray[np.uint8]

    @classmethod
    def of(cls, rgb: NDArray[np.uint8], alpha: NDArray[np.uint8] | None = None) -> Suspect:
        """Describe a rendition; see `describe` for what it takes and costs."""
        flat = rgb if alpha is None else flatten_on(rgb, alpha, showing_ground(rgb, alpha))
        return cls(describe(rgb, alpha), flat)


@dataclass(frozen=True)
class Verdict(Decision):
    """A decision about a suspect, with the works that it rests on.

    Attributes
    ----------
    candidates : tuple of Comparison
        Those that are listed, in their order.
    calibration_id : str
        The calibration that gave the likelihood ratios.
    bounds_id : str
        The bounds that gave the verdict.
    """

    candidates: tuple[Comparison, ...]
    calibration_id: str
    bounds_id: str


def is_worth_reading(one: Comparison) -> bool:
    """Tell whether the work may be in the suspect, at a known place: its marks are worth a try."""
    return is_doubtful(one, load_bounds()) and one.found.method != "none"


def identify(
    suspect: Suspect,
    index: Index,
    works: Works,
    *,
    identical_to: str | None = None,
    also: Sequence[str] = (),
    looks: int = 1,
) -> Verdict:
    """Check a suspect against a portfolio.

    Parameters
    ----------
    suspect : Suspect
        From `Suspect.of`.
    index : Index
        Of the portfolio's works.
    works : Works
        Gives fingerprints and renditions of the few works that are compared.
    identical_to : str or None
        The work with the very same pixels, if the caller found one by its digest.
    also : sequence of str
        Works to compare beside those that the search brings up, most alike first; the suspect may
        be a repaint of the first of them.
    looks : int
        How many parts of one suspect are looked at; ratios are divided by it, since more looks find
        more coincidences.

    Returns
    -------
    Verdict

    Notes
    -----
    About 0.2 CPU-seconds beside description and search, twice that where a work is found; see
    ``bench_matching``.
    """
    ids = [candidate.view_id for candidate in index.search(suspect.fingerprint)]
    same = () if identical_to is None else (identical_to,)
    ids, size = list(dict.fromkeys((*ids, *same, *also))), looks * max(1, len(index))
    compared = _or_repaints(
        compare_all(suspect, ids, works, size), suspect, also, works, size, looks
    )
    return decide(suspect, compared, index, works, identical_to)


def decide(
    suspect: Suspect,
    compared: Sequence[Comparison],
    index: Index | None,
    works: Works,
    identical_to: str | None = None,
) -> Verdict:
    """Judge compared works, knowing what they have in common with the rest of the portfolio.

    Parameters
    ----------
    suspect : Suspect
    compared : sequence of Comparison
        From `compare_all`.
    index : Index or None
        Of the portfolio; None where there is none, and nothing is known of other works.
    works, identical_to
        As given to `identify`.
    """
    bounds = load_bounds()
    listed = shortlist(compared)
    if identical_to is None:
        listed = tuple(
            _looked_into(c, suspect, works) if is_confirmed(c, bounds) else c for c in listed
        )
    by_id = {c.work_id: c for c in listed}

    def ask_relations(work_id: str, rivals: Sequence[str], *, is_searched: bool) -> Relations:
        if index is None:
            return Relations()
        own, *others = (by_id[one].view_id for one in (work_id, *rivals))
        related = find_relatives(own, index if is_searched else None, works, others)
        return _relations(by_id[work_id], list(islice(related, MAX_RELATIVES)))

    decision = judge(
        listed,
        ask_relations,
        bounds,
        lacking=lacking(suspect.fingerprint, [c.view_id for c in compared], works),
        thin=thin_works([c for c in listed if is_confirmed(c, bounds)], works),
        identical_to=identical_to,
    )
    return _with_candidates(decision, by_id)


def prefer_marked(verdict: Verdict, marked: Collection[str]) -> Verdict:
    """Put the work whose mark was read first, among those that the picture itself supports.

    Parameters
    ----------
    verdict : Verdict
        From `identify`.
    marked : collection of str
        Works whose marks were read in the suspect. A mark alone names no work.
    """
    decision = decision_by_mark(verdict, verdict.candidates, marked, load_bounds())
    return _with_candidates(decision, {c.work_id: c for c in verdict.candidates})


def _with_candidates(decision: Decision, by_id: Mapping[str, Comparison]) -> Verdict:
    """Put the compared works, and what judged them, beside a decision."""
    return Verdict(
        decision.verdict,
        decision.work_id,
        decision.reason,
        decision.log10_lrs,
        tuple(by_id[work_id] for work_id in decision.listed),
        load_calibration().calibration_id,
        shipped_bounds_id(),
    )


def compare(original: Suspect, suspect: Suspect) -> Verdict:
    """Compare two pictures without a portfolio.

    Parameters
    ----------
    original : Suspect
        The artist's picture, described like a suspect; named "original" in the verdict.
    suspect : Suspect
        The picture in question.

    Returns
    -------
    Verdict
        "identical" means the same pixels in the renditions given.
    """
    is_same, works = np.array_equal(original.rgb, suspect.rgb), _Single(original)
    asked = ["original"]
    compared = _or_repaints(compare_all(suspect, asked, works, 1), suspect, asked, works, 1)
    return decide(suspect, compared, None, works, "original" if is_same else None)


@dataclass(frozen=True)
class ByFingerprint:
    """Works that a fingerprint without its picture resembles.

    Attributes
    ----------
    listed : tuple of Comparison
        Best first, none of them aligned.
    is_doubtful : bool
        Whether the first of them may be in the suspect.
    lacking : Reason or None
        What the suspect, or all works, hold too little of.
    """

    listed: tuple[Comparison, ...]
    is_doubtful: bool
    lacking: Reason | None


def compare_fingerprints(fingerprint: Fingerprint, index: Index, works: Works) -> ByFingerprint:
    """Compare a fingerprint with a portfolio as far as that goes without its picture.

    Notes
    -----
    About 0.1 CPU-seconds.
    """
    ids = [candidate.view_id for candidate in index.search(fingerprint)]
    query, size = prepare(fingerprint), max(1, len(index))
    compared = [weighed(i, verify(query, works.fingerprint(i)), None, size) for i in ids]
    best = {one.work_id: one for one in sorted(compared, key=lambda one: one.log10_lr)}
    listed = shortlist(list(best.values()))
    doubtful = bool(listed) and is_doubtful(listed[0], load_bounds())
    return ByFingerprint(listed, doubtful, lacking(fingerprint, ids, works))


@dataclass(frozen=True)
class _Single:
    """A portfolio of one picture."""

    original: Suspect

    def fingerprint(self, view_id: str) -> Fingerprint:
        return self.original.fingerprint

    def reference(self, view_id: str) -> NDArray[np.uint8]:
        return self.original.rgb


def _looked_into(one: Comparison, suspect: Suspect, works: Works) -> Comparison:
    """Examine a work that may be named, and lay it more exactly where a coarse map is its doubt."""
    examined = _examined(one)
    explained = explain(examined.measures, load_bounds())
    if explained is None or not explained.is_of_places:
        return examined
    finer = refined(one, suspect.rgb, works.reference(one.view_id))
    return examined if finer is one else _examined(finer)


def _examined(one: Comparison) -> Comparison:
    """Find out what the agreeing part of a work that may be named is made of."""
    if one.alignment is None:
        return one
    return replace(one, measures=examine(one.measures, one.alignment))


def _relations(one: Comparison, related: Sequence[Relative]) -> Relations:
    """Measure how far the suspect shows what the work does not share with its relatives.

    A picture that several works share (a variant, a base) is as much the artist's own as the rest,
    and does not count here.
    """
    ids = frozenset(relative.work_id for relative in related)
    parts = [relative.places for relative in related if not relative.shares_picture]
    if not parts or shows_most(one, load_bounds()):
        return Relations(ids)
    common = np.concatenate(parts)
    own = one.found.without(common)
    near, elsewhere = one.alignment.agreement_near(common) if one.alignment else (0.0, 0.0)
    return Relations(
        ids,
        OwnPart(
            own_keypoints_share=own.inliers / one.found.inliers if one.found.inliers else 1.0,
            own_log10_false_alarms=own.log10_false_alarms,
            agreeing_common_share=near,
            agreeing_elsewhere_share=elsewhere,
        ),
    )


def compare_all(
    suspect: Suspect, view_ids: Sequence[str], works: Works, portfolio_size: int
) -> list[Comparison]:
    """Verify candidates, then lay the most promising ones on the suspect.

    Parameters
    ----------
    suspect : Suspect
    view_ids : sequence of str
        Candidates, from `Index.search`: works, and views of works.
    works : Works
        Gives their fingerprints and renditions.
    portfolio_size : int
        Number of works and views that the candidates were chosen from.

    Returns
    -------
    list of Comparison
        One for each work, by its most promising view, in the order of the candidates; `decide`
        makes a verdict of them.
    """
    query = prepare(suspect.fingerprint)
    found = {view_id: verify(query, works.fingerprint(view_id)) for view_id in view_ids}
    by_promise = _one_a_work(
        sorted(found, key=lambda i: -weighed(i, found[i], None, portfolio_size).log10_lr)
    )
    aligned: dict[str, Alignment] = {
        i: compare_aligned(suspect.rgb, works.reference(i), found[i].transform, found[i].matched)
        for i in by_promise[:MAX_ALIGNED]
        if found[i].method != "none"
    }
    return [weighed(i, found[i], aligned.get(i), portfolio_size) for i in found if i in by_promise]


def _or_repaints(
    compared: list[Comparison],
    suspect: Suspect,
    view_ids: Sequence[str],
    works: Works,
    portfolio_size: int,
    looks: int = 1,
) -> list[Comparison]:
    """Where lines and details name no work, ask whether the suspect is a repaint of one."""
    if any(is_confirmed(one, load_bounds()) for one in compared):
        return compared
    repaints = repaints_of(suspect.fingerprint, suspect.rgb, view_ids, works, portfolio_size)
    asked = min(looks * MOST_ASKED, portfolio_size)
    return with_repaints(compared, repaints, suspect.rgb, works, asked)


def _one_a_work(view_ids: Iterable[str]) -> list[str]:
    """Keep the first view of every work."""
    first: dict[str, str] = {}
    for view_id in view_ids:
        first.setdefault(work_of(view_id), view_id)
    return list(first.values())
