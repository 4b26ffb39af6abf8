"""Works that a suspect is a repaint of: the large shapes of both lie in the same places.

Asked only where lines and details name no work, and only of the works that look most alike to the
descriptor that comes with ocguard. Chance had few works to pick from among these. So what lines and
details say of a repaint weighs more than among all works, and may name it after all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ocguard.fingerprint.feature_maps import feature_maps
from ocguard.fingerprint.fingerprint import Fingerprint
from ocguard.fingerprint.view_id import work_of
from ocguard.matching.alignment.verify import prepare, verify
from ocguard.matching.decision.bounds import load_bounds
from ocguard.matching.decision.calibration import repaint_log10_lr
from ocguard.matching.decision.outcomes import SAME_LINES
from ocguard.matching.decision.rule import holds
from ocguard.matching.decision.verdict import is_confirmed
from ocguard.matching.evidence.agreement import compare_aligned
from ocguard.matching.evidence.feature_agreement import feature_agreement
from ocguard.matching.evidence.measures import measure
from ocguard.matching.identification.comparison import Comparison, weighed
from ocguard.matching.identification.lacking import lacks
from ocguard.matching.identification.relatives import Works

__all__ = ["MOST_ASKED", "repaints_of", "with_repaints"]

MOST_ASKED: Final = 2
"""Works that are asked about, most alike first: of 360 repaints, 359 had the right one first."""


def repaints_of(
    fingerprint: Fingerprint,
    rgb: NDArray[np.uint8],
    view_ids: Sequence[str],
    works: Works,
    portfolio_size: int,
) -> dict[str, Comparison]:
    """Return the works that a suspect is a repaint of, by their ids.

    Parameters
    ----------
    fingerprint : Fingerprint
        The suspect's.
    rgb : (H, W, 3) uint8 array
        Its rendition.
    view_ids : sequence of str
        Works and views of works, most alike first.
    works : Works
        Gives their fingerprints and renditions.
    portfolio_size : int
        Number of works and views that they were chosen from.

    Notes
    -----
    About 20 CPU-milliseconds, most of it to decode two renditions.
    """
    if not view_ids or lacks(fingerprint, "suspect"):
        return {}
    as_it_is = feature_maps(rgb), feature_maps(np.ascontiguousarray(rgb[:, ::-1]))
    repaints: dict[str, Comparison] = {}
    for view_id in view_ids[:MOST_ASKED]:
        work = works.fingerprint(view_id)
        if lacks(work, "work"):
            continue
        maps = feature_maps(works.reference(view_id))
        plain, mirrored = (feature_agreement(one, maps) for one in as_it_is)
        best = max(plain, mirrored)
        if load_bounds()["repaint"].holds(best):
            found = verify(prepare(fingerprint), work).onto_whole(
                fingerprint.size, work.size, is_mirrored=mirrored > plain
            )
            measures = replace(measure(found, None), feature_agreement=best)
            log10_lr = repaint_log10_lr(best, portfolio_size)
            one = Comparison(work_of(view_id), log10_lr, measures, view_id, found, None)
            repaints.setdefault(one.work_id, one)
    return repaints


def with_repaints(
    compared: Sequence[Comparison],
    repaints: Mapping[str, Comparison],
    rgb: NDArray[np.uint8],
    works: Works,
    asked: int,
) -> list[Comparison]:
    """Put what is known of repaints in place of what was found of the same works without it.

    Parameters
    ----------
    compared : sequence of Comparison
        Works as lines and details see them.
    repaints : mapping of str to Comparison
        From `repaints_of`.
    rgb : (H, W, 3) uint8 array
        The suspect's rendition.
    works : Works
        Gives their renditions.
    asked : int
        Works that the network was asked about.

    Returns
    -------
    list of Comparison
        In the same order. Lines and details are compared again, whole on whole; where they name a
        work among those that were asked about, they do, and otherwise the network alone speaks. It
        also does where all lines are the same: details would have found a copy, and two tables or
        forms of one make agree like that.

    Notes
    -----
    About 40 CPU-milliseconds for each repaint.
    """
    known = {
        work_id: _on_the_whole(repaint, rgb, works, asked) for work_id, repaint in repaints.items()
    }
    return [known.get(one.work_id, one) for one in compared]


def _on_the_whole(
    repaint: Comparison, rgb: NDArray[np.uint8], works: Works, asked: int
) -> Comparison:
    """Compare lines and details where the network says that the work lies."""
    reference = works.reference(repaint.view_id)
    alignment = compare_aligned(rgb, reference, repaint.transform)
    found = replace(repaint.found, method="layout")
    by_lines = weighed(repaint.view_id, found, alignment, asked)
    bounds = load_bounds()
    is_named = is_confirmed(by_lines, bounds) and not holds(SAME_LINES, by_lines.measures, bounds)
    return by_lines if is_named else repaint
