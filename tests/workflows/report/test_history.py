"""Promises of ocguard.workflows.report.history."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from blocks import anchored, mined, pending
from ocguard.creator import Profile
from ocguard.portfolio import Posted, Work
from ocguard.report.evidence import Event
from ocguard.workflows.home.catalog import Portfolio, add_one
from ocguard.workflows.home.drafts import add_draft
from ocguard.workflows.home.postings import posting_of
from ocguard.workflows.home.workspace import Workspace
from ocguard.workflows.report.history import (
    MAX_EVENTS,
    WORK_RECORD,
    history_events,
    history_files,
)
from ocguard.workflows.timestamp.making import stamp
from ocguard.workflows.timestamp.proving import Anchors, verify_proof
from ocguard.workflows.timestamp.stating import state, take_in
from timestamps import Authority


@pytest.fixture
def workspace(tmp_path: Path, drawings) -> Workspace:
    """Register a work with a draft."""
    made = Workspace.at(tmp_path / "home")
    made.home.create(Profile("Mo"))
    added = add_one(made, drawings.cel(200, 150, 1), place="/home/mo/secret/art.png")
    draft = add_draft(made, added.work_id or "", drawings.cel(200, 150, 2))
    assert (added.error, draft.error) == (None, None)
    return made


def told(workspace: Workspace) -> tuple[list[Event], dict[str, bytes]]:
    """Give the timeline of the only work, and the files beside it."""
    with workspace.open_store() as store:
        (work,) = store.works()
        return list(history_events(work, store)), history_files(work, store)


def stamped(workspace: Workspace, authority: Authority) -> None:
    """Ask for a trusted time."""
    assert stamp(workspace, authority.address, authority.root.read_text())


def test_registration_and_drafts_are_told(workspace: Workspace) -> None:
    """As the clock of this computer has them."""
    events, files = told(workspace)
    assert [(one.what.partition(":")[0], one.source) for one in events] == [
        ("The work was registered.", "recorded"),
        ("What led to the work was added", "recorded"),
    ]
    assert set(files) == {WORK_RECORD}


def test_a_trusted_time_is_told_and_proven(
    workspace: Workspace, authority: Authority, tmp_path: Path
) -> None:
    """Of the work and of the draft, by files that verify alone."""
    stamped(workspace, authority)
    events, files = told(workspace)
    assert [one.source for one in events] == ["recorded", "recorded", "signed", "signed"]
    assert all(authority.address in one.what for one in events[2:])
    for name, data in files.items():
        path = tmp_path / "bundle" / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_bytes(data)
    anchors = Anchors(authority.root.read_text())
    kinds = {"work": "time-work", "draft": "time-draft-1"}
    for kind, folder in kinds.items():
        proven = verify_proof(tmp_path / "bundle" / folder, None, anchors)
        assert proven.facts["kind"] == kind


def test_a_block_is_told_once_a_proof_leads_to_it(workspace: Workspace, tmp_path: Path) -> None:
    """Of the work and of the draft; one that anybody can make is a claim, a pending one nothing."""
    assert state(workspace, tmp_path / "statement.txt")
    stated = (tmp_path / "statement.txt").read_bytes()
    take_in(workspace, pending(stated))
    events, files = told(workspace)
    assert (len(events), set(files)) == (2, {WORK_RECORD})
    proof, root = anchored(stated)
    take_in(workspace, proof, mined(root))
    events, files = told(workspace)
    assert [one.source for one in events] == ["recorded", "recorded", "claimed", "claimed"]
    assert all("Bitcoin block 840000 (" in one.what for one in events[2:])
    assert files["block-work/stamped.txt.ots"] == files["block-draft-1/stamped.txt.ots"] == proof


def test_what_a_file_says_is_claimed(
    workspace: Workspace, authority: Authority, tmp_path: Path
) -> None:
    """Dates, drafts, and trusted times too: whose root of certificates came in that file."""
    stamped(workspace, authority)
    location = Portfolio(workspace.location, home=workspace.home.folder)
    location.export(tmp_path / "all.zip")
    other = Workspace.at(tmp_path / "other")
    Portfolio(other.location, home=other.home.folder).merge(tmp_path / "all.zip")
    events, _ = told(other)
    assert [one.source for one in events if one.source != "claimed"] == ["recorded"]
    assert "imported" in next(one.what for one in events if one.source == "recorded")


def test_folders_stay_at_home(workspace: Workspace) -> None:
    """Names of files are told, not where they lie."""
    events, files = told(workspace)
    assert "secret" not in str(events) + str(files)
    assert json.loads(files[WORK_RECORD])["source"] == "art.png"


def test_a_timeline_has_a_bound(workspace: Workspace, drawings) -> None:
    """However many drafts there are; the record lists them all."""
    with workspace.open_store() as store:
        work: Work = next(iter(store.works()))
    for seed in range(MAX_EVENTS + 1):
        assert add_draft(workspace, work.work_id, drawings.cel(40, 30, seed)).error is None
    events, files = told(workspace)
    assert len(events) == 1 + MAX_EVENTS
    assert len(json.loads(files[WORK_RECORD])["drafts"]) == MAX_EVENTS + 2


def test_where_a_work_was_shown_is_a_claim(workspace: Workspace, tmp_path: Path) -> None:
    """Its creator's, or that of a file; in the timeline and in the record."""
    with workspace.open_store() as store:
        (work,) = store.works()
        post = Posted("https://x.com/mo/1", "2026-05-01")
        store.postings.record([posting_of(work.work_id, post)])
    location = Portfolio(workspace.location, home=workspace.home.folder)
    location.export(tmp_path / "all.zip")
    other = Workspace.at(tmp_path / "other")
    Portfolio(other.location, home=other.home.folder).merge(tmp_path / "all.zip")
    for place, word in ((workspace, "its creator"), (other, "an imported file")):
        events, files = told(place)
        (event,) = [one for one in events if one.when == "2026-05-01"]
        assert event.what == f"The work was shown at https://x.com/mo/1, as {word} says."
        assert event.source == "claimed"
        (posting,) = json.loads(files[WORK_RECORD])["postings"]
        assert (posting["url"], posting["on_date"]) == ("https://x.com/mo/1", "2026-05-01")
