"""A first stage for very many suspects: throw out what looks like no work at first sight.

The learned descriptor that comes with ocguard sees a picture as a whole, at a hundred pixels. It
knows most compressed, recolored, mirrored and redrawn copies at once. It does not know a small part
of a work, or a work that is a small part of something. So what is thrown out may hold a work all
the same, and is never said to match nothing.
"""

from __future__ import annotations

from typing import Final

from ocguard.imaging.ground import on_showing_ground
from ocguard.imaging.picture import Picture
from ocguard.imaging.rendition import rendition
from ocguard.matching.decision.verdict import Reason
from ocguard.provenance.declared import declared
from ocguard.wording import reason_text
from ocguard.workflows.check.look_alikes import LookAlikeSearch
from ocguard.workflows.check.results import CheckResult, Searched
from ocguard.workflows.sources import Loaded

__all__ = ["LEAST_SIMILARITY", "looks_like_a_work", "thrown_out"]

LEAST_SIMILARITY: Final = 0.6
"""Least cosine of the codes of a suspect and a work for a closer look; ``bench_first_sight`` tells
what other bounds lose and throw out."""

SIGHT_PX: Final = 384
"""Long side of the view; the descriptor shrinks it further."""


def looks_like_a_work(picture: Picture, proposing: LookAlikeSearch) -> bool:
    """Tell whether a picture, or its mirror image, looks like a work at first sight.

    Notes
    -----
    About 15 CPU-milliseconds, and 0.3 more for a thousand works.
    """
    view = rendition(picture, SIGHT_PX)
    nearest = proposing.nearest(on_showing_ground(view.rgb, view.alpha))
    return any(one.similarity >= LEAST_SIMILARITY for one in nearest)


def thrown_out(loaded: Loaded) -> CheckResult:
    """Report a suspect that was not looked at any closer."""
    reason = Reason("unlike-at-first-sight")
    return CheckResult(
        input=loaded.name,
        verdict="cannot-tell",
        reason=reason_text(reason.code, reason.values),
        reason_code=reason.code,
        reason_values=reason.values,
        searched=Searched(frames=0, omitted=("works", "marks")),
        declared=declared(loaded.picture.carried, loaded.data),
    )
