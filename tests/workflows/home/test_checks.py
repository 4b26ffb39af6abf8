"""Promises of ocguard.workflows.home.checks."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from ocguard import check, protect
from ocguard.workflows.home.checks import checks_of
from ocguard.workflows.home.workspace import Workspace


@pytest.fixture
def workspace(drawings, tmp_path: Path) -> Workspace:
    """A home with two works, of which none was found yet."""
    art, home = tmp_path / "art", tmp_path / "home"
    art.mkdir()
    for seed in (1, 2):
        Image.fromarray(drawings.cel(240, 200, seed)).save(art / f"{seed}.png")
    protect([art], out=tmp_path / "out", home=home, creator="Mo", visible="none")
    return Workspace.at(home)


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


def test_a_check_that_finds_a_work_is_told(workspace, tmp_path: Path) -> None:
    """As it was noted by the check itself."""
    found = check(tmp_path / "out" / "1.png", home=workspace.home.folder)
    with workspace.open_store() as store:
        (told,) = checks_of(store, found.work_id)
    assert told.verdict == found.verdict
    assert told.at.endswith("Z")
