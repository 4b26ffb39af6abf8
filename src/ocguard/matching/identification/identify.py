"""Suspect in, verdict out: search, verify, compare, judge.

A portfolio is seen through two functions (`Works`), so this room needs no database and no files.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from ocguard.fingerprint.describe import describe
from ocguard.fingerprint.fingerprint import Fingerprint
from ocguard.fingerprint.normalize import flatten_on
from ocguard.matching.alignment.verify import Verification, prepare, verify
from ocguard.matching.decision.calibration import features, load_calibration
from ocguard.matching.decision.verdict import Comparison, Verdict, judge
from ocguard.matching.evidence.agreement import Alignment, compare_aligned
from ocguard.matching.evidence.enough import too_little
from ocguard.matching.identification.relatives import Relative, Works, find_relatives
from ocguard.matching.search.index import Index

__all__ = ["Suspect", "compare", "compare_all", "decide", "identify"]

MAX_RELATIVES = 6
"""Works with something in common that a verdict considers; more of them would say the same."""

MAX_ALIGNED = 6
"""Works that are compared tile by tile, most promising first."""


@dataclass(frozen=True)
class Suspect:
    """A picture to be checked: its fingerprint, and its RGB rendition laid on white."""

    fingerprint: Fingerprint
    rgb: NDArray[np.uint8]

    @classmethod
    def of(cls, rgb: NDArray[np.uint8], alpha: NDArray[np.uint8] | None = None) -> Suspect:
        """Describe a rendition; see `describe` for what it takes and costs."""
        flat = rgb if alpha is None else flatten_on(rgb, alpha, 255)
        return cls(describe(rgb, alpha), flat)


def identify(
    suspect: Suspect,
    index: Index,
    works: Works,
    *,
    identical_to: str | None = None,
    also: Sequence[str] = (),
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
        Works to compare beside those that the search brings up.

    Returns
    -------
    Verdict

    Notes
    -----
    About 0.2 CPU-seconds beside description and search, twice that where a work is found; see
    ``bench_matching``.
    """
    ids = [candidate.work_id for candidate in index.search(suspect.fingerprint)]
    same = () if identical_to is None else (identical_to,)
    ids = list(dict.fromkeys((*ids, *same, *also)))
    compared = compare_all(suspect, ids, works, max(1, len(index)))
    return decide(suspect, compared, index, works, identical_to)


def decide(
    suspect: Suspect,
    compared: Sequence[Comparison],
    index: Index,
    works: Works,
    identical_to: str | None = None,
) -> Verdict:
    """Judge compared works, knowing what they have in common with the rest of the portfolio.

    Parameters
    ----------
    suspect : Suspect
    compared : sequence of Comparison
        From `compare_all`.
    index, works, identical_to
        As given to `identify`.
    """

    def relatives(work_id: str, rivals: Sequence[str], *, is_searched: bool) -> list[Relative]:
        searched = index if is_searched else None
        return list(islice(find_relatives(work_id, searched, works, rivals), MAX_RELATIVES))

    return judge(
        compared,
        relatives,
        calibration_id=load_calibration().calibration_id,
        empty_reason=_empty_reason(suspect, [c.work_id for c in compared], works),
        identical_to=identical_to,
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
    return judge(
        compare_all(suspect, ["original"], works, 1),
        lambda work_id, rivals, *, is_searched: (),
        calibration_id=load_calibration().calibration_id,
        empty_reason=_empty_reason(suspect, ["original"], works),
        identical_to="original" if is_same else None,
    )


@dataclass(frozen=True)
class _Single:
    """A portfolio of one picture."""

    original: Suspect

    def fingerprint(self, work_id: str) -> Fingerprint:
        return self.original.fingerprint

    def reference(self, work_id: str) -> NDArray[np.uint8]:
        return self.original.rgb


def _empty_reason(suspect: Suspect, work_ids: Sequence[str], works: Works) -> str | None:
    """Say why nothing can be said: the suspect holds too little, or every compared work does."""
    lacking = too_little(suspect.fingerprint)
    if lacking:
        return f"The suspect {lacking}."
    for work_id in work_ids:
        lacking = too_little(works.fingerprint(work_id))
        if lacking is None:
            return None
    return f"The work that it was compared with {lacking}." if lacking else None


def compare_all(
    suspect: Suspect, work_ids: Sequence[str], works: Works, portfolio_size: int
) -> list[Comparison]:
    """Verify candidates, then lay the most promising ones on the suspect.

    Parameters
    ----------
    suspect : Suspect
    work_ids : sequence of str
        Candidates, from `Index.search`.
    works : Works
        Gives their fingerprints and renditions.
    portfolio_size : int
        Number of works that the candidates were chosen from.

    Returns
    -------
    list of Comparison
        One for each candidate, in their order; `judge` makes a verdict of them.
    """
    query = prepare(suspect.fingerprint)
    found = {work_id: verify(query, works.fingerprint(work_id)) for work_id in work_ids}
    by_promise = sorted(found, key=lambda i: -_log10_lr(found[i], None, portfolio_size))
    aligned: dict[str, Alignment] = {
        i: compare_aligned(suspect.rgb, works.reference(i), found[i].transform, found[i].matched)
        for i in by_promise[:MAX_ALIGNED]
        if found[i].method != "none"
    }
    return [
        Comparison(i, _log10_lr(found[i], aligned.get(i), portfolio_size), found[i], aligned.get(i))
        for i in work_ids
    ]


def _log10_lr(found: Verification, aligned: Alignment | None, portfolio_size: int) -> float:
    return load_calibration().log10_lr(features(found, aligned), portfolio_size)
