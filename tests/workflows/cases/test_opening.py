"""Promises of ocguard.workflows.cases.opening."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest
from PIL import Image

from ocguard.errors import BundleError, ImageReadError
from ocguard.portfolio import Place
from ocguard.report.evidence import Capture
from ocguard.workflows.cases.book import close, list_cases
from ocguard.workflows.cases.opening import open_case
from ocguard.workflows.home.permissions import permit
from ocguard.workflows.home.workspace import Workspace
from ocguard.workflows.report.bundle import make_report

WHERE = Capture("https://x.com/thief/1", "x:thief")


@pytest.fixture
def workspace(gallery, tmp_path) -> Workspace:
    """Copy the gallery's home."""
    return Workspace.at(shutil.copytree(gallery.home, tmp_path / "home"))


@pytest.fixture(scope="module")
def suspect(gallery, tmp_path_factory) -> Path:
    """Crop and recompress a protected picture."""
    path = tmp_path_factory.mktemp("finds") / "found.jpg"
    with Image.open(gallery.out / "soft.jpg") as image:
        image.crop((30, 20, 580, 500)).save(path, quality=75)
    return path


@pytest.fixture(scope="module")
def report(gallery, suspect) -> Path:
    """Report on it."""
    folder = suspect.with_name("report")
    make_report(Workspace.at(gallery.home), suspect, folder, WHERE)
    return folder


def test_a_suspect_is_checked(workspace, gallery, suspect) -> None:
    """The case says what was found, where, and in which file."""
    opened = open_case(workspace, suspect, Capture(*(WHERE.url, WHERE.account), note="in a feed"))
    case = opened.case
    assert opened.is_new
    assert (case.verdict, case.work_id) == ("near-copy", gallery.protected("soft.jpg").work_id)
    assert case.suspect == str(suspect)
    assert case.suspect_sha256 == hashlib.sha256(suspect.read_bytes()).hexdigest()
    assert (case.url, case.account, case.state) == (WHERE.url, WHERE.account, "open")
    assert case.notes.endswith("in a feed")
    assert list_cases(workspace) == [case]


def test_a_report_brings_all_that_it_knows(workspace, gallery, suspect, report) -> None:
    """Nothing has to be said twice."""
    case = open_case(workspace, report, Capture()).case
    assert (case.verdict, case.work_id) == ("near-copy", gallery.protected("soft.jpg").work_id)
    assert (case.url, case.account, case.report) == (WHERE.url, WHERE.account, str(report))
    assert case.suspect_sha256 == hashlib.sha256(suspect.read_bytes()).hexdigest()
    assert case.suspect == str(report / "suspect.jpg")


def test_the_note_of_a_report_comes_along_once(workspace, suspect, tmp_path) -> None:
    """Before one that is new; opening the same report again adds nothing."""
    where = Capture(WHERE.url, WHERE.account, note="she sells prints of it")
    make_report(workspace, suspect, tmp_path / "noted", where)
    case = open_case(workspace, tmp_path / "noted", Capture(note="asked a friend")).case
    assert case.noted_texts == (where.note, "asked a friend")
    again = open_case(workspace, tmp_path / "noted", Capture(note=where.note))
    assert not again.is_new
    assert again.case.noted_texts == case.noted_texts


def test_the_same_find_is_one_case(workspace, suspect, report) -> None:
    """A later report and a later note belong to it; another place is another case."""
    first = open_case(workspace, suspect, WHERE)
    again = open_case(workspace, report, Capture(note="with a report"))
    assert not again.is_new
    assert again.case.case_id == first.case.case_id
    assert again.case.report == str(report)
    assert again.case.notes.endswith("with a report")
    assert open_case(workspace, suspect, Capture("https://x.com/thief/2")).is_new
    close(workspace, first.case.case_id, "removed")
    assert open_case(workspace, suspect, WHERE).is_new
    assert len(list_cases(workspace)) == 3


def test_a_permission_is_told(workspace, gallery, suspect, report) -> None:
    """The case is opened all the same: the person decides."""
    assert open_case(workspace, suspect, Capture()).permitted is None
    permit(workspace, gallery.protected("soft.jpg").work_id, Place(account="x:thief"))
    for found in (suspect, report):
        there = open_case(workspace, found, WHERE).permitted
        assert there is not None
        assert there.is_whole


def test_what_cannot_be_read_opens_no_case(workspace, report, tmp_path) -> None:
    """A broken picture, a report that was changed, a folder that is none."""
    (tmp_path / "broken.png").write_bytes(b"broken")
    with pytest.raises(ImageReadError, match="broken"):
        open_case(workspace, tmp_path / "broken.png", Capture())
    changed = shutil.copytree(report, tmp_path / "changed")
    (changed / "check.json").write_text("{}")
    with pytest.raises(BundleError, match="not as it was signed"):
        open_case(workspace, changed, Capture())
    (tmp_path / "empty").mkdir()
    with pytest.raises(BundleError):
        open_case(workspace, tmp_path / "empty", Capture())
    assert list_cases(workspace) == []
