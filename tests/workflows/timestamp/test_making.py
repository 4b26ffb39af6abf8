"""Promises of ocguard.workflows.timestamp.making."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from ocguard.errors import TimestampError
from ocguard.workflows.home.catalog import Portfolio, add_one
from ocguard.workflows.home.drafts import add_draft
from ocguard.workflows.home.workspace import Workspace
from ocguard.workflows.timestamp.making import Stamped, stamp
from timestamps import Authority, running_authority


def asked(workspace: Workspace, authority: Authority) -> Stamped | None:
    """Ask for a trusted time."""
    return stamp(workspace, authority.address, authority.root.read_text())


def kinds(made: Stamped | None) -> dict[str, int]:
    """Count what was stamped."""
    return dict(Counter(leaf.kind for leaf in made.leaves)) if made else {}


def test_one_stamp_is_for_everything_that_is_new(
    workspace: Workspace, authority: Authority, drawings
) -> None:
    """Works, the commitment to the key and the journal; later only what came since."""
    assert kinds(asked(workspace, authority)) == {"work": 2, "key": 1, "journal": 1}
    before = len(authority.questions)
    assert asked(workspace, authority) is None
    assert len(authority.questions) == before
    add_one(workspace, drawings.cel(200, 150, 3))
    assert kinds(asked(workspace, authority)) == {"work": 1, "journal": 1}


def test_a_draft_is_stamped_once(workspace: Workspace, authority: Authority, drawings) -> None:
    """As a leaf of its own."""
    with workspace.open_store() as store:
        work_id = next(iter(store.works())).work_id
    assert add_draft(workspace, work_id, drawings.cel(200, 150, 9)).error is None
    assert kinds(asked(workspace, authority)) == {"work": 2, "draft": 1, "key": 1, "journal": 1}
    assert asked(workspace, authority) is None


def test_a_work_has_its_first_trusted_time(workspace: Workspace, authority: Authority) -> None:
    """Which the portfolio holds, whole."""
    made = asked(workspace, authority)
    assert made is not None
    with workspace.open_store() as store:
        times = {store.stamps.first_time(work.work_id) for work in store.works()}
        assert times == {made.time.at_utc}
        assert list(store.damage()) == []
        (head,) = store.journal.chains()
        assert head.event == "stamped"
        assert head.facts["root"] == made.time.root_sha256
    shown = Portfolio(workspace.location, home=workspace.home.folder).works()
    assert {work.trusted_time for work in shown} == {made.time.at_utc}


@pytest.mark.parametrize("path", ["page", "gone"])
def test_nothing_is_stored_of_a_wrong_answer(
    workspace: Workspace, authority: Authority, path: str
) -> None:
    """The next run asks again."""
    with pytest.raises(TimestampError):
        stamp(workspace, authority.address + path, authority.root.read_text())
    with workspace.open_store() as store:
        assert store.stamps.stamps() == []


def test_another_root_is_refused(
    workspace: Workspace, authority: Authority, tmp_path: Path
) -> None:
    """What could not be verified later is not kept."""
    with running_authority(tmp_path) as other, pytest.raises(TimestampError, match="was stored"):
        stamp(workspace, authority.address, other.root.read_text())


def test_a_time_is_renewed_before_its_certificates_end(
    workspace: Workspace, authority: Authority, tmp_path: Path
) -> None:
    """The older answer is stamped by the newer one, so it proves what it did."""
    with running_authority(tmp_path, days=30) as short:
        assert "token" not in kinds(asked(workspace, short))
    renewed = asked(workspace, authority)
    assert kinds(renewed) == {"token": 1}
    assert asked(workspace, authority) is None


def test_works_of_files_are_not_stamped(
    workspace: Workspace, authority: Authority, tmp_path: Path
) -> None:
    """Whoever registered them does that."""
    from ocguard import Portfolio

    Portfolio(home=workspace.home.folder).export(tmp_path / "all.zip")
    other = Workspace.at(tmp_path / "other")
    Portfolio(home=other.home.folder).merge(tmp_path / "all.zip")
    assert kinds(asked(other, authority)) == {"journal": 2}
