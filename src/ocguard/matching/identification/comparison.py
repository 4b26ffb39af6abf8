"""One work that was compared with a suspect: what was measured, what it weighs, where it lies."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ocguard.fingerprint.view_id import work_of
from ocguard.matching.alignment.refining import refined_map
from ocguard.matching.alignment.verify import Verification
from ocguard.matching.decision.calibration import features, load_calibration
from ocguard.matching.decision.verdict import Compared
from ocguard.matching.evidence.agreement import Alignment, compare_aligned
from ocguard.matching.evidence.measures import measure

__all__ = ["Comparison", "refined", "weighed"]


@dataclass(frozen=True)
class Comparison(Compared):
    """One work compared with the suspect: the numbers that decide, and where the work lies.

    Attributes
    ----------
    view_id : str
        What of the work was compared: the whole has the work's own id, a view another.
    found : Verification
        The map, and the keypoints that it rests on.
    alignment : Alignment or None
        The suspect laid on the work; None where there is no map, where others were likelier, or
        where it is a repaint, whose lines and details do not agree.
    """

    view_id: str
    found: Verification
    alignment: Alignment | None

    @property
    def transform(self) -> NDArray[np.float64]:
        """Suspect pixels to reference pixels, (3, 3)."""
        return self.found.transform


def weighed(
    view_id: str, found: Verification, alignment: Alignment | None, portfolio_size: int
) -> Comparison:
    """Measure one compared work, and weigh what was measured.

    Parameters
    ----------
    view_id : str
        The work, or a view of it.
    found : Verification
        From `verify`.
    alignment : Alignment or None
        From `compare_aligned`; None where nobody laid the suspect on the work.
    portfolio_size : int
        Number of works and views that it was chosen from.
    """
    measures = measure(found, alignment)
    log10_lr = load_calibration().log10_lr(features(measures), portfolio_size)
    return Comparison(work_of(view_id), log10_lr, measures, view_id, found, alignment)


def refined(one: Comparison, suspect: NDArray[np.uint8], work: NDArray[np.uint8]) -> Comparison:
    """Lay a suspect on a work more exactly where only the layout of edges tells its place.

    Parameters
    ----------
    one : Comparison
        The work, as it was compared.
    suspect, work : (H, W, 3) uint8 arrays
        The renditions that it was compared by.

    Returns
    -------
    Comparison
        The same where the edges do not agree better afterwards, and where keypoints tell the place.
        The ratio stays: no map that was sought for a better agreement makes a work likelier.

    Notes
    -----
    About 60 CPU-milliseconds.
    """
    if one.alignment is None or one.found.method != "layout":
        return one
    finer = refined_map(one.alignment.laid, one.alignment.work_size, one.transform)
    if finer is None:
        return one
    found = replace(one.found, transform=finer)
    alignment = compare_aligned(suspect, work, finer, found.matched)
    better = replace(one, measures=measure(found, alignment), found=found, alignment=alignment)
    return max(one, better, key=lambda each: each.measures.structure_correlation)
