"""Look through cases, and write down what became of one."""

from __future__ import annotations

from collections.abc import Callable

from ocguard.choices import CaseOutcome, CaseState
from ocguard.errors import PortfolioError
from ocguard.portfolio import Case, Store, utc_now
from ocguard.workflows.home.workspace import Workspace

__all__ = ["answered", "close", "find_case", "list_cases", "note", "sent"]


def list_cases(workspace: Workspace, state: CaseState | None = None) -> list[Case]:
    """List all cases, or those in one state, the oldest first."""
    with workspace.open_store() as store:
        return [case for case in store.cases.all() if state in (None, case.state)]


def find_case(workspace: Workspace, prefix: str) -> Case:
    """Find the one case whose id begins with some characters.

    Raises
    ------
    PortfolioError
        There is none, or more than one.
    """
    with workspace.open_store() as store:
        return _find(store, prefix)


def note(workspace: Workspace, prefix: str, text: str) -> Case:
    """Add a note to a case; its id may be cut short, here and below."""
    return _change(workspace, prefix, lambda case: case.noted(text, utc_now()))


def sent(workspace: Workspace, prefix: str, on: str, to: str = "", deadline: str = "") -> Case:
    """Write down that a notice was sent.

    Parameters
    ----------
    workspace : Workspace
        Whose portfolio.
    prefix : str
        The case.
    on, to, deadline : str
        The day, ``2026-05-01``; to whom; and until when an answer is awaited. The last two may be
        empty.

    Raises
    ------
    ValueError
        A day is none, or the deadline lies before the notice.
    """
    return _change(workspace, prefix, lambda case: case.sent(on, to, deadline, utc_now()))


def answered(workspace: Workspace, prefix: str, on: str, answer: str) -> Case:
    """Write down what was answered, and on which day; `ValueError` where that is none."""
    return _change(workspace, prefix, lambda case: case.answered(on, answer, utc_now()))


def close(workspace: Workspace, prefix: str, outcome: CaseOutcome, text: str = "") -> Case:
    """Write down how a case ended, and maybe a note."""

    def closed(case: Case) -> Case:
        case = case.noted(text, utc_now()) if text else case
        return case.closed(outcome, utc_now())

    return _change(workspace, prefix, closed)


def _change(workspace: Workspace, prefix: str, change: Callable[[Case], Case]) -> Case:
    with workspace.open_store() as store:
        return store.cases.change(_find(store, prefix).case_id, change)


def _find(store: Store, prefix: str) -> Case:
    known = store.cases.all() if prefix else []
    found = [case for case in known if case.case_id.startswith(prefix.lower())]
    if len(found) == 1:
        return found[0]
    if not found:
        raise PortfolioError("no case {prefix!r}: see 'ocguard cases list'", prefix=prefix)
    raise PortfolioError(
        "{count} cases begin with {prefix!r}: give more characters", count=len(found), prefix=prefix
    )
