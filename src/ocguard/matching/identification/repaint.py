"""Works that a suspect is a repaint of: the large shapes of both lie in the same places.

Asked only where lines and details name no work, and only of the works that look most alike to the
descriptor that comes with ocguard.
"""

from __future__ import annotations

from collections.abc import Sequence
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
from ocguard.matching.decision.enough import too_little
from ocguard.matching.evidence.contents import measure_contents
from ocguard.matching.evidence.feature_agreement import feature_agreement
from ocguard.matching.evidence.measures import measure
from ocguard.matching.identification.comparison import Comparison
from ocguard.matching.identification.relatives import Works

__all__ = ["repaints_of"]

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
    if not view_ids or _holds_too_little(fingerprint, "suspect"):
        return {}
    as_it_is = feature_maps(rgb), feature_maps(np.ascontiguousarray(rgb[:, ::-1]))
    repaints: dict[str, Comparison] = {}
    for view_id in view_ids[:MOST_ASKED]:
        work = works.fingerprint(view_id)
        if _holds_too_little(work, "work"):
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


def _holds_too_little(fingerprint: Fingerprint, which: str) -> bool:
    """Tell whether a picture holds too little: all that are nearly empty look alike."""
    return too_little(measure_contents(fingerprint), load_bounds(), which) is not None
