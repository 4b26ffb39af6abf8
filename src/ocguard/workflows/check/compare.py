"""Compare two pictures, without a portfolio: is the second one made from the first."""

from __future__ import annotations

import time

from ocguard.matching.decision.verdict import VerdictName
from ocguard.matching.identification.identify import Suspect, compare
from ocguard.provenance.declared import declared
from ocguard.workflows.check.run import Candidate, CheckResult
from ocguard.workflows.home.works import small_view
from ocguard.workflows.sources import Loaded, PictureSource, load

__all__ = ["compare_pictures"]


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
    verdict, reason = _exactly(judged.verdict, judged.reason, ours, theirs)
    candidates = tuple(
        Candidate(work_id, ours.name, round(one.log10_lr, 2), one.evidence)
        for one in judged.candidates
    )
    return CheckResult(
        theirs.name,
        verdict,
        None if judged.work_id is None else work_id,
        reason,
        candidates,
        (),
        declared(theirs.picture.carried, theirs.data),
        judged.calibration_id,
        seconds=round(time.perf_counter() - start, 3),
    )


def _described(loaded: Loaded) -> Suspect:
    view = small_view(loaded.picture)
    return Suspect.of(view.rgb, view.alpha)


def _exactly(
    verdict: VerdictName, reason: str, ours: Loaded, theirs: Loaded
) -> tuple[VerdictName, str]:
    """Say identical of equal full-size pixels only, not of equal small views."""
    if verdict == "identical" and ours.pixel_sha256 != theirs.pixel_sha256:
        return "near-copy", "At a long side of 1024 pixels both are the same."
    return verdict, reason
