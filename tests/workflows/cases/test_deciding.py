"""Promises of ocguard.workflows.cases.deciding."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest

from ocguard.report.evidence import Capture
from ocguard.workflows.cases.book import list_cases
from ocguard.workflows.cases.deciding import Find, known_of, note_find, permit_find, set_aside
from ocguard.workflows.check.results import CheckResult
from ocguard.workflows.home.permissions import list_permissions
from ocguard.workflows.home.workspace import Workspace

FRIEND = Capture(account="x:friend", note="art trade")


@pytest.fixture
def workspace(gallery, tmp_path) -> Workspace:
    """Copy the gallery's home."""
    return Workspace.at(shutil.copytree(gallery.home, tmp_path / "home"))


@pytest.fixture
def find(gallery) -> Find:
    """A find in which one work is."""
    work_id = gallery.protected("soft.jpg").work_id
    return Find("post.jpg", b"a file", CheckResult("post.jpg", "near-copy", work_id))


def test_a_permission_is_for_the_works_that_were_found(workspace, find) -> None:
    """And the find is a case that is over."""
    case = permit_find(workspace, find, FRIEND)
    (permission,) = list_permissions(workspace)
    assert (permission.place, permission.work_id) == ("x:friend", find.result.work_id)
    assert (case.outcome, case.account, case.suspect) == ("permitted", "x:friend", "post.jpg")
    assert known_of(workspace, find).permissions == (permission,)


def test_what_is_permitted_already_is_not_written_down_twice(workspace, find) -> None:
    """The second find of the same account is decided all the same."""
    permit_find(workspace, find, FRIEND)
    other = replace(find, name="other.jpg", data=b"another file")
    assert permit_find(workspace, other, FRIEND).outcome == "permitted"
    assert len(list_permissions(workspace)) == 1


def test_a_find_without_a_work_permits_nothing(workspace) -> None:
    """There is nothing that somebody could be permitted to show."""
    stranger = Find("other.jpg", b"other", CheckResult("other.jpg", "no-match"))
    with pytest.raises(ValueError, match="no work of yours"):
        permit_find(workspace, stranger, FRIEND)
    assert (list_permissions(workspace), list_cases(workspace)) == ([], [])


def test_a_place_that_is_none_permits_nothing(workspace, find) -> None:
    """Neither a permission nor a case is left."""
    for capture in (Capture(), Capture(account="friend")):
        with pytest.raises(ValueError):
            permit_find(workspace, find, capture)
    assert (list_permissions(workspace), list_cases(workspace)) == ([], [])


def test_a_find_that_was_set_aside_is_known_by_its_file(workspace, find) -> None:
    """Whatever it is called the next time."""
    case = set_aside(workspace, find, Capture(note="only the same pose"))
    assert (case.outcome, case.state) == ("not-mine", "closed")
    assert "only the same pose" in case.notes
    assert known_of(workspace, replace(find, name="again.jpg")).cases == (case,)
    assert known_of(workspace, replace(find, data=b"another file")).cases == ()


def test_notes_join_one_open_case(workspace, find) -> None:
    """As long as it is open."""
    first = note_find(workspace, find, Capture(note="seen"))
    second = note_find(workspace, find, Capture(note="seen again"))
    assert (first.case_id, second.state) == (second.case_id, "open")
    assert [line[11:] for line in second.told_notes] == ["seen", "seen again"]
