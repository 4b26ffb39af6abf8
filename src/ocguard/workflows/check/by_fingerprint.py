"""Check a suspect of which only the fingerprint came: it names candidates, and decides nothing.

A fingerprint holds no pixels. What needs them is not done: laying the suspect on a work, comparing
lines and colors, telling templates from art, reading marks, and what the file says of itself. So
the verdict is at most *cannot tell*.
"""

from __future__ import annotations

import time
from typing import Final

from ocguard.fingerprint.fingerprint import Fingerprint
from ocguard.matching.decision.bounds import load_bounds
from ocguard.matching.decision.bounds_id import shipped_bounds_id
from ocguard.matching.decision.calibration import load_calibration
from ocguard.matching.decision.outcomes import VerdictName
from ocguard.matching.decision.ratio import told_log10_lr
from ocguard.matching.decision.verdict import Reason
from ocguard.matching.identification.comparison import Comparison
from ocguard.matching.identification.identify import compare_fingerprints
from ocguard.matching.search.index import Index
from ocguard.wording import reason_text
from ocguard.workflows.check.candidates import candidate_of
from ocguard.workflows.check.results import CheckResult, Searched
from ocguard.workflows.check.run import CheckJob
from ocguard.workflows.check.suspect_search import named_work
from ocguard.workflows.home.works import StoredWorks
from ocguard.workflows.threads import one_thread

__all__ = ["NOT_COMPARED", "check_fingerprint"]

NOT_COMPARED: Final = "pixels lines colors parts frames marks metadata"
"""What a fingerprint says nothing of, in the words of ``reason_values``."""


@one_thread()
def check_fingerprint(job: CheckJob, text: str, name: str = "fingerprint") -> CheckResult:
    """Look for works that a fingerprint resembles.

    Parameters
    ----------
    job : CheckJob
        From :func:`ocguard.workflows.check.run.prepare_check`.
    text : str
        Text form of a fingerprint; untrusted.
    name : str
        What to call the suspect.

    Returns
    -------
    CheckResult
        The verdict is "cannot-tell" where a work may be in the suspect, or where the suspect holds
        too little, else "no-match".

    Raises
    ------
    PortfolioError
        The text is no fingerprint, is of another version, or the portfolio cannot be read.
    """
    start = time.perf_counter()
    fingerprint = Fingerprint.from_text(text)
    index = job.works.open_index() if job.works else Index()
    with job.workspace.open_store() as store:
        found = compare_fingerprints(fingerprint, index, StoredWorks(store))
        candidates = tuple(
            candidate_of(one, _told(one), named_work(one.work_id, store), {})
            for one in found.listed
        )
    verdict: VerdictName = "no-match"
    reason = Reason("nothing-alike-by-fingerprint", {"not_compared": NOT_COMPARED})
    if found.lacking is not None:
        verdict, reason = "cannot-tell", found.lacking
    elif found.is_doubtful:
        verdict = "cannot-tell"
        reason = Reason("fingerprint-alone", {"not_compared": NOT_COMPARED})
    return CheckResult(
        input=name,
        verdict=verdict,
        work_id=candidates[0].work_id if found.is_doubtful and not found.lacking else None,
        reason=reason_text(reason.code, reason.values),
        reason_code=reason.code,
        reason_values=reason.values,
        measures=found.listed[0].measures.taken() if found.listed else {},
        candidates=candidates,
        searched=Searched(frames=0, omitted=("marks",)),
        calibration_id=load_calibration().calibration_id,
        bounds_id=shipped_bounds_id(),
        seconds=round(time.perf_counter() - start, 3),
    )


def _told(one: Comparison) -> float:
    """Return the ratio of a work that is told: nobody has asked what else explains it."""
    return told_log10_lr(
        *(one.log10_lr, one.measures, load_bounds()), is_explained=False, is_finding=False
    )
