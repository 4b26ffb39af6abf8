"""What a work has in common with other works of its portfolio.

Two works may be variants of one picture, or share a part: a frame, a logo, the artist's visible
mark, the window of an app, a hand that was painted once and used twice. A suspect that shows what
many works share says nothing about any one of them, so before a work is named it is looked for in
its own portfolio.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ocguard.fingerprint.fingerprint import Fingerprint
from ocguard.fingerprint.view_id import work_of
from ocguard.matching.alignment.verify import prepare, verify
from ocguard.matching.decision.bounds import load_bounds
from ocguard.matching.decision.explanations import share_picture
from ocguard.matching.decision.relations import RELATED
from ocguard.matching.decision.rule import holds
from ocguard.matching.evidence.agreement import Alignment, compare_aligned
from ocguard.matching.evidence.measures import Measures, examine, measure
from ocguard.matching.search.index import Index

__all__ = ["Relative", "Works", "find_relatives"]


class Works(Protocol):
    """What the matcher needs to know of a portfolio; ids are those of works and of views."""

    def fingerprint(self, view_id: str) -> Fingerprint:
        """Return the fingerprint of a work or of a view."""
        ...

    def reference(self, view_id: str) -> NDArray[np.uint8]:
        """Return the RGB rendition that the fingerprint was taken of, on its ground."""
        ...


@dataclass(frozen=True)
class Relative:
    """A work that has something in common with another one.

    Attributes
    ----------
    work_id : str
        The other work.
    common_area_share : float
        Share of the area of both that agrees, 0 to 1.
    is_variant : bool
        Whether both are one picture in the main, rather than two with a part in common.
    shares_picture : bool
        Whether both share a picture, as variants or by a base, not only what lies over both.
    places : (n, 2) float32 array
        Common keypoints, in pixels of the first work's rendition; none where only the layout is
        alike.
    """

    work_id: str
    common_area_share: float
    is_variant: bool
    shares_picture: bool
    places: NDArray[np.float32]


def find_relatives(
    view_id: str, index: Index | None, works: Works, first: Sequence[str] = ()
) -> Iterator[Relative]:
    """Find the works that have something in common with a work.

    Parameters
    ----------
    view_id : str
        A work of the portfolio, or a view of one.
    index : Index or None
        Of the portfolio; the works that a search for the work brings up are compared. None compares
        those of ``first`` only.
    works : Works
        Gives fingerprints and renditions.
    first : sequence of str
        Works, or views of works, to compare before those that the search brings up, listed by it
        or not.

    Yields
    ------
    Relative
        In that order, each work once; none for a work like no other.

    Notes
    -----
    A search, about 8 CPU-milliseconds for each of its candidates, and 80 to 150 for each relative.
    """
    fingerprint = works.fingerprint(view_id)
    query, own = prepare(fingerprint), cache(partial(works.reference, view_id))
    bounds = load_bounds()
    searched = index.search(fingerprint) if index else []
    known = {work_of(view_id)}
    for other in dict.fromkeys([*first, *(one.view_id for one in searched)]):
        if work_of(other) in known:
            continue
        found = verify(query, works.fingerprint(other))
        measures = measure(found, None)
        if holds(RELATED, measures, bounds):
            alignment = compare_aligned(
                own(), works.reference(other), found.transform, found.matched
            )
            places = found.places if found.method == "keypoints" else found.places[:0]
            known.add(work_of(other))
            yield _relative(work_of(other), measure(found, alignment), alignment, places)


def _relative(
    work_id: str, measures: Measures, alignment: Alignment, places: NDArray[np.float32]
) -> Relative:
    """Tell a variant from a picture and from an overlay that both works share."""
    bounds = load_bounds()
    is_variant = bounds["variant_area"].holds(measures.common_area_share)
    shares_picture = is_variant or share_picture(examine(measures, alignment), bounds)
    return Relative(work_id, measures.common_area_share, is_variant, shares_picture, places)
