"""Compare two pictures, without a portfolio: is the second one made from the first."""

from __future__ import annotations

import time
from dataclasses import replace

from ocguard.imaging.picture import equal_digests
from ocguard.imaging.rendition import fitted_size
from ocguard.matching.decision.outcomes import FINDINGS, VerdictName
from ocguard.matching.decision.verdict import Reason
from ocguard.matching.identification.identify import Suspect, Verdict, compare
from ocguard.provenance.declared import declared
from ocguard.wording import reason_text
from ocguard.workflows.check.candidates import NamedWork, candidate_of
from ocguard.workflows.check.results import CheckResult, FoundWork, Searched
from ocguard.workflows.check.run import measures_shown
from ocguard.workflows.check.suspect_search import found_work, place_of
from ocguard.workflows.home.works import REFERENCE_PX, small_view
from ocguard.workflows.sources import Loaded, PictureSource, load
from ocguard.workflows.threads import one_thread

__all__ = ["compare_pictures"]


@one_thread()
def compare_pictures(original: PictureSource, suspect: PictureSource) -> CheckResult:
    """Compare a suspect with one original.

    Parameters
    ----------
    original : path, bytes, Pillow image, or array
        The artist's picture.
    suspect : path, bytes, Pillow image, or array
        The picture in question.

    Returns
    -------
    CheckResult
        As a check against a portfolio with this original alone would give, but without marks.

    Raises
    ------
    ImageReadError, MissingExtraError, OSError
        One of both cannot be read.
    """
    start = time.perf_counter()
    ours, theirs = load(original), load(suspect)
    judged = compare(_described(ours), _described(theirs))
    work_id = ours.pixel_sha256[:16]
    verdict, reason = _exactly(judged, ours, theirs)
    return CheckResult(
        input=theirs.name,
        verdict=verdict,
        work_id=None if judged.work_id is None else work_id,
        reason=reason_text(reason.code, reason.values),
        reason_code=reason.code,
        reason_values=reason.values,
        measures=measures_shown(judged),
        found=_found(judged, verdict, ours, theirs),
        candidates=tuple(
            candidate_of(one, judged.log10_lrs[one.work_id], NamedWork(work_id, ours.name), {})
            for one in judged.candidates
        ),
        searched=Searched(omitted=("marks",)),
        declared=declared(theirs.picture.carried, theirs.data),
        calibration_id=judged.calibration_id,
        bounds_id=judged.bounds_id,
        seconds=round(time.perf_counter() - start, 3),
    )


def _found(
    judged: Verdict, verdict: VerdictName, ours: Loaded, theirs: Loaded
) -> tuple[FoundWork, ...]:
    """Say where the original is in the suspect."""
    if verdict not in FINDINGS or not judged.candidates:
        return ()
    (best, *_), size = judged.candidates, theirs.picture.size
    scale = size[0] / fitted_size(size, REFERENCE_PX)[0]
    place = place_of(best, ours.picture.size, scale, (0, 0), size)
    named = replace(judged, verdict=verdict)
    return (found_work(named, best, NamedWork(ours.pixel_sha256[:16], ours.name), place),)


def _described(loaded: Loaded) -> Suspect:
    view = small_view(loaded.picture)
    return Suspect.of(view.rgb, view.alpha)


def _exactly(judged: Verdict, ours: Loaded, theirs: Loaded) -> tuple[VerdictName, Reason]:
    """Say identical of equal full-size pixels only, not of equal small views."""
    if judged.verdict == "identical" and ours.pixel_sha256 not in equal_digests(theirs.picture):
        return "near-copy", Reason("same-when-small", {"long_side_px": REFERENCE_PX})
    return judged.verdict, judged.reason
