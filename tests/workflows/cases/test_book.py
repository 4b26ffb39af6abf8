"""Promises of ocguard.workflows.cases.book."""

from __future__ import annotations

import pytest

from ocguard.errors import PortfolioError
from ocguard.portfolio import Case
from ocguard.workflows.cases import book
from ocguard.workflows.home.workspace import Workspace

UTC = "2026-05-01T12:00:00.000000Z"


@pytest.fixture
def workspace(tmp_path) -> Workspace:
    """Give a portfolio with two cases, whose ids begin alike."""
    made = Workspace.at(tmp_path)
    with made.open_store(create=True) as store:
        for number in (1, 2):
            about = ("a" * 16, f"{number}.jpg", f"{number}" * 64, "near-copy", "", "", "")
            store.cases.open(Case(f"ab{number}" + "0" * 13, *about, UTC, UTC))
    return made


def test_a_case_is_followed_to_its_end(workspace: Workspace) -> None:
    """Each step is kept."""
    assert book.note(workspace, "ab1", "asked a friend").state == "open"
    assert book.sent(workspace, "AB1", "2026-05-02", "x", "2026-05-16").state == "sent"
    assert book.answered(workspace, "ab1", "2026-05-10", "removed").state == "answered"
    done = book.close(workspace, "ab1", "removed", "thanked them")
    assert (done.state, done.outcome, len(done.notes.splitlines())) == ("closed", "removed", 5)
    assert book.find_case(workspace, "ab1") == done


def test_cases_are_listed_by_state(workspace: Workspace) -> None:
    """All of them without one."""
    book.close(workspace, "ab2", "dropped")
    assert [case.case_id[:3] for case in book.list_cases(workspace)] == ["ab1", "ab2"]
    assert [case.case_id[:3] for case in book.list_cases(workspace, "open")] == ["ab1"]


@pytest.mark.parametrize(
    ("prefix", "message"), [("ab", "2 cases begin"), ("ff", "cases list"), ("", "cases list")]
)
def test_a_case_is_named_by_the_beginning_of_its_id(
    workspace: Workspace, prefix: str, message: str
) -> None:
    """As long as it is the only one."""
    with pytest.raises(PortfolioError, match=message):
        book.find_case(workspace, prefix)


def test_a_wrong_day_changes_nothing(workspace: Workspace) -> None:
    """A deadline before the notice is one too."""
    for days in (("soon", "x", ""), ("2026-05-02", "x", "2026-05-01")):
        with pytest.raises(ValueError, match="2026-05-0"):
            book.sent(workspace, "ab1", *days)
    assert book.find_case(workspace, "ab1").notes == ""
