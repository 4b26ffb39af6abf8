"""What a suspect, or works, hold too little of, from their fingerprints."""

from __future__ import annotations

from collections.abc import Sequence

from ocguard.fingerprint.fingerprint import Fingerprint
from ocguard.matching.decision.bounds import load_bounds
from ocguard.matching.decision.enough import too_little
from ocguard.matching.decision.verdict import Reason
from ocguard.matching.evidence.contents import measure_contents
from ocguard.matching.identification.comparison import Comparison
from ocguard.matching.identification.relatives import Works

__all__ = ["lacking", "lacks", "thin_works"]


def lacks(fingerprint: Fingerprint, who: str) -> Reason | None:
    """Return what a picture lacks to be compared, or None; `who` as of `too_little`."""
    return too_little(measure_contents(fingerprint), load_bounds(), who)


def lacking(suspect: Fingerprint, view_ids: Sequence[str], works: Works) -> Reason | None:
    """Say why nothing can be said: the suspect holds too little, or every compared work does.

    Parameters
    ----------
    suspect : Fingerprint
        Of the suspect.
    view_ids : sequence of str
        What it was compared with: works, and views of works.
    works : Works
        Gives their fingerprints.

    Returns
    -------
    Reason or None
        None where the suspect and one work at least hold enough.
    """
    reason = lacks(suspect, "suspect")
    if reason:
        return reason
    for view_id in view_ids:
        reason = lacks(works.fingerprint(view_id), "work")
        if reason is None:
            return None
    return reason


def thin_works(compared: Sequence[Comparison], works: Works) -> dict[str, Reason]:
    """Say what single works hold too little of, by their ids; those with enough are left out."""
    reasons = {one.work_id: lacks(works.fingerprint(one.view_id), "work") for one in compared}
    return {work_id: reason for work_id, reason in reasons.items() if reason}
