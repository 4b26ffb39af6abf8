"""Open a case: from a suspect, which is checked, or from a report that was made about one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Set
from dataclasses import dataclass, replace
from pathlib import Path

from ocguard.errors import BundleError, ImageReadError
from ocguard.imaging.files import read_bytes
from ocguard.portfolio import Case, PermittedThere, new_id, utc_now
from ocguard.report.evidence import Capture
from ocguard.report.manifest import MANIFEST
from ocguard.workflows.check.results import CheckResult
from ocguard.workflows.check.run import Checker, prepare_check
from ocguard.workflows.home.permissions import who_may
from ocguard.workflows.home.workspace import Workspace
from ocguard.workflows.report.bundle import read_intact
from ocguard.workflows.sources import source_name, source_place

__all__ = ["Opened", "open_case", "open_checked"]


_Found = tuple[Case, frozenset[str]]
"""A case, and the works that are in the suspect."""


@dataclass(frozen=True)
class Opened:
    """A case that was opened, or the one that is open already.

    Attributes
    ----------
    case : Case
        The case.
    is_new : bool
        Whether it was opened just now.
    permitted : PermittedThere or None
        Who may show the work where it was found; None where no place is known.
    """

    case: Case
    is_new: bool
    permitted: PermittedThere | None


def open_case(workspace: Workspace, found: Path, capture: Capture) -> Opened:
    """Open a case, unless one about the same file at the same place is open.

    Parameters
    ----------
    workspace : Workspace
        Whose portfolio.
    found : Path
        A suspect's file, which is checked; or the folder of a report, which must be as it was
        signed. A report about the file of a case that is open is noted there.
    capture : Capture
        Where it was found, and a note; what is not said is taken from the report.

    Raises
    ------
    ImageReadError, PortfolioError, OSError
        The suspect cannot be checked.
    BundleError
        The folder is no report, or was changed.
    """
    is_report = found.is_dir()
    case, works = _reported(found, capture) if is_report else _checked(workspace, found, capture)
    return _opened(workspace, case, works, capture)


def open_checked(
    workspace: Workspace, suspect: str, data: bytes, result: CheckResult, capture: Capture
) -> Opened:
    """Open a case about a suspect that was checked already, as :func:`open_case` does.

    Parameters
    ----------
    workspace : Workspace
        Whose portfolio.
    suspect : str
        What to call the file.
    data : bytes
        The file.
    result : CheckResult
        What the check said; it has a verdict.
    capture : Capture
        Where it was found, and a note.
    """
    return _opened(workspace, *_found_in(suspect, data, result, capture), capture)


def _opened(workspace: Workspace, case: Case, works: Set[str], capture: Capture) -> Opened:
    """Open a case, or add to the one that is open."""
    if capture.note:
        case = case.noted(capture.note, case.created_utc)
    with workspace.open_store() as store:
        known = [one for one in store.cases.of_suspect(case.suspect_sha256) if _is_same(one, case)]
        there = who_may(store, works, case.url, case.account)
        if not known:
            store.cases.open(case)
            return Opened(case, is_new=True, permitted=there)
        kept = store.cases.change(known[-1].case_id, lambda one: _joined(one, case))
    return Opened(kept, is_new=False, permitted=there)


def _is_same(known: Case, case: Case) -> bool:
    """Tell whether a case about the same file is open and about the same place."""
    is_open = known.state != "closed"
    return is_open and (known.url, known.account) == (case.url, case.account)


def _joined(known: Case, case: Case) -> Case:
    """Add to an open case what a later look at the same file says; no note a second time."""
    joined = replace(known, report=case.report or known.report, changed_utc=case.changed_utc)
    for text in case.noted_texts:
        if text not in known.noted_texts:
            joined = joined.noted(text, case.changed_utc)
    return joined


def _checked(workspace: Workspace, suspect: Path, capture: Capture) -> _Found:
    """Check a suspect's file."""
    data = read_bytes(suspect)
    result = Checker(prepare_check(workspace)).check(data, source_name(suspect))
    if result.error is not None or result.verdict is None:
        raise ImageReadError(result.error or f"{suspect} was not checked")
    return _found_in(source_place(suspect), data, result, capture)


def _found_in(suspect: str, data: bytes, result: CheckResult, capture: Capture) -> _Found:
    """Make the case about what a check found."""
    digest = hashlib.sha256(data).hexdigest()
    about = (result.work_id or "", suspect, digest, str(result.verdict))
    now = utc_now()
    case = Case(new_id(), *about, capture.url, capture.account, "", now, now)
    return case, result.works_found


def _reported(folder: Path, capture: Capture) -> _Found:
    """Take from a report what it says."""
    files = read_intact(folder)
    try:
        manifest = json.loads(files[MANIFEST])
        stated = Capture(**{name: str(text) for name, text in manifest["capture"].items()})
        name = str(manifest["suspect"])
        about = (
            str(manifest["work_id"] or ""),
            source_place(folder / name),
            str(manifest["files"][name]["sha256"]),
            str(manifest["verdict"]),
        )
        where = (capture.url or stated.url, capture.account or stated.account)
        now = utc_now()
        case = Case(new_id(), *about, *where, source_place(folder), now, now)
        if stated.note and stated.note != capture.note:
            case = case.noted(stated.note, now)
        return case, frozenset({case.work_id} - {""})
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BundleError(
            "{folder} is no report that this version reads: {reason!r}", folder=folder, reason=error
        ) from error
