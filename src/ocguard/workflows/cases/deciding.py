"""Decide about a find that was checked: whoever shows it may, or it is none of the creator's.

A decision is kept as a case that is closed, so that the same file is known when it is found again.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from ocguard.choices import CaseOutcome
from ocguard.language.message import Message
from ocguard.portfolio import Case, Permission, Place
from ocguard.report.evidence import Capture
from ocguard.workflows.cases.book import close
from ocguard.workflows.cases.opening import open_checked
from ocguard.workflows.check.results import CheckResult
from ocguard.workflows.home.permissions import permit, who_may
from ocguard.workflows.home.workspace import Workspace

__all__ = ["Find", "Known", "known_of", "note_find", "permit_find", "set_aside"]


@dataclass(frozen=True)
class Find:
    """A file that was checked.

    Attributes
    ----------
    name : str
        What to call it.
    data : bytes
        The file.
    result : CheckResult
        What the check said; it has a verdict.
    """

    name: str
    data: bytes
    result: CheckResult

    @property
    def works(self) -> list[str]:
        """Ids of the works that are in it, as far as they are known."""
        return sorted(self.result.works_found - {""})


@dataclass(frozen=True)
class Known:
    """What the portfolio knows of a find beside the verdict.

    Attributes
    ----------
    cases : tuple of Case
        About the same file, the oldest first.
    permissions : tuple of Permission
        Who may show a work that is in it, wherever it was found; also those that have ended.
    """

    cases: tuple[Case, ...]
    permissions: tuple[Permission, ...]


def known_of(workspace: Workspace, find: Find) -> Known:
    """Look up cases and permissions of a find."""
    with workspace.open_store() as store:
        cases = store.cases.of_suspect(hashlib.sha256(find.data).hexdigest())
        permissions = store.permissions.all() if find.works else []
    for_works = (one for one in permissions if any(map(one.is_for, find.works)))
    return Known(tuple(cases), tuple(for_works))


def note_find(workspace: Workspace, find: Find, capture: Capture) -> Case:
    """Open a case about a find, or add to the one that is open; the note is in `capture`."""
    return open_checked(workspace, find.name, find.data, find.result, capture).case


def set_aside(workspace: Workspace, find: Find, capture: Capture) -> Case:
    """Write down that a find is none of the creator's."""
    return _closed(workspace, find, capture, "not-mine")


def permit_find(workspace: Workspace, find: Find, capture: Capture) -> Case:
    """Write down that the account, or else the address, may show the works that were found.

    Parameters
    ----------
    workspace : Workspace
        Whose portfolio.
    find : Find
        Which.
    capture : Capture
        The account, as ``PLATFORM:NAME``, or the address.

    Raises
    ------
    ValueError
        No work is known to be in it, or the place is none.
    """
    if not find.works:
        raise ValueError(
            Message("no work of yours was found in this picture, so there is none to permit")
        )
    if not (capture.account or capture.url):
        raise ValueError(Message("say which account or which address may show your work"))
    place = Place(account=capture.account) if capture.account else Place(url=capture.url)
    with workspace.open_store() as store:
        there = who_may(store, find.works, place.url, place.account)
    for work_id in there.without if there else find.works:
        permit(workspace, work_id, place, note=capture.note)
    return _closed(workspace, find, capture, "permitted")


def _closed(workspace: Workspace, find: Find, capture: Capture, outcome: CaseOutcome) -> Case:
    case = note_find(workspace, find, capture)
    return close(workspace, case.case_id, outcome)
