"""Promises of ocguard.workflows.home.checks."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ocguard.workflows.home.checks import checks_of
from ocguard.workflows.home.workspace import Workspace


@pytest.fixture
def workspace(gallery, tmp_path: Path) -> Workspace:
    """A home that may be changed."""
    return Workspace.at(shutil.copytree(gallery.home, tmp_path / "home"))


def test_checks_of_a_work_are_told_the_newest_first(workspace) -> None:
    """A file that was checked again counts once; other works and other events do not count."""
    with workspace.open_store() as store:
        work, other, *_ = (one.work_id for one in store.works())

        def note(suspect: str, found: str, event: str = "checked") -> None:
            facts = {"suspect_sha256": suspect * 64, "work": found, "verdict": "near-copy"}
            store.journal.note(event, facts)

        assert checks_of(store, work) == []
        for suspect in "aba":
            note(suspect, work)
        note("c", other)
        note("d", work, "seen")
        note(work[:1], other)
        told = [(one.suspect_sha256[:1], one.verdict, one.times) for one in checks_of(store, work)]
        assert told == [("a", "near-copy", 2), ("b", "near-copy", 1)]
        assert checks_of(store, "0" * 16) == []


def test_a_check_that_finds_a_work_is_told(workspace, gallery) -> None:
    """As it was noted by the check itself."""
    from ocguard import check

    found = check(next(iter(sorted(gallery.out.rglob("*.png")))), home=workspace.home.folder)
    with workspace.open_store() as store:
        (told,) = checks_of(store, found.work_id)
    assert told.verdict == found.verdict
    assert told.at.endswith("Z")
