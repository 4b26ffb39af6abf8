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
from ocguard.matching.alignment.verify import Verification, prepare, verify
from ocguard.matching.evidence.agreement import Alignment, compare_aligned
from ocguard.matching.search.index import Index

__all__ = ["Relative", "Works", "find_relatives"]

RELATED_FALSE_ALARMS = -4.0
"""Powers of ten of chance agreements from which on two works have keypoints in common."""

RELATED_LAYOUT = 4.0
"""Layout correlation times prominence from which on two works share their layout."""

VARIANT_AREA = 0.65
"""Share of the area that agrees in variants of one picture; less is a common part."""


class Works(Protocol):
    """What the matcher needs to know of a portfolio."""

    def fingerprint(self, work_id: str) -> Fingerprint:
        """Return the fingerprint of a work."""
        ...

    def reference(self, work_id: str) -> NDArray[np.uint8]:
        """Return the RGB rendition that the fingerprint was taken of, transparency on white."""
        ...


@dataclass(frozen=True)
class Relative:
    """A work that has something in common with another one.

    Attributes
    ----------
    work_id : str
        The other work.
    aligned : Alignment
        What agrees of both.
    places : (n, 2) float32 array
        Common keypoints, in pixels of the first work's rendition; none where only the layout is
        alike.
    """

    work_id: str
    aligned: Alignment
    places: NDArray[np.float32]

    @property
    def common_area(self) -> float:
        """Share of the area of both that agrees, 0 to 1."""
        return self.aligned.common_area

    @property
    def is_variant(self) -> bool:
        """Whether both are one picture in the main, rather than two with a part in common."""
        return self.common_area >= VARIANT_AREA

    @property
    def shares_picture(self) -> bool:
        """Whether both share a picture, as variants or by a base, not only what lies over both."""
        return self.is_variant or self.aligned.shares_picture


def find_relatives(
    work_id: str, index: Index | None, works: Works, first: Sequence[str] = ()
) -> Iterator[Relative]:
    """Find the works that have something in common with a work.

    Parameters
    ----------
    work_id : str
        A work of the portfolio.
    index : Index or None
        Of the portfolio; the works that a search for the work brings up are compared. None compares
        those of ``first`` only.
    works : Works
        Gives fingerprints and renditions.
    first : sequence of str
        Works to compare before those that the search brings up, listed by it or not.

    Yields
    ------
    Relative
        In that order; none for a work like no other.

    Notes
    -----
    A search, about 8 CPU-milliseconds for each of its candidates, and 80 to 150 for each relative.
    """
    fingerprint = works.fingerprint(work_id)
    query, own = prepare(fingerprint), cache(partial(works.reference, work_id))
    searched = index.search(fingerprint) if index else []
    listed = dict.fromkeys([*first, *(one.work_id for one in searched)])
    for other in listed:
        if other == work_id:
            continue
        found = verify(query, works.fingerprint(other))
        if _is_related(found):
            theirs = works.reference(other)
            aligned = compare_aligned(own(), theirs, found.transform, found.matched)
            places = found.places if found.method == "keypoints" else found.places[:0]
            yield Relative(other, aligned, places)


def _is_related(found: Verification) -> bool:
    layout = found.layout_correlation * found.layout_prominence
    return found.log10_false_alarms <= RELATED_FALSE_ALARMS or layout >= RELATED_LAYOUT
