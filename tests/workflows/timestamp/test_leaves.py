"""Promises of ocguard.workflows.timestamp.leaves."""

from __future__ import annotations

from ocguard.workflows.home.workspace import Workspace
from ocguard.workflows.timestamp.leaves import new_leaves
from ocguard.workflows.timestamp.making import stamp
from timestamps import Authority


def test_each_kind_of_time_is_for_everything_by_itself(
    workspace: Workspace, authority: Authority
) -> None:
    """What an authority signed is still to be anchored in a block."""
    stamp(workspace, authority.address, authority.root.read_text())
    with workspace.open_store() as store:
        assert new_leaves(workspace, store, "rfc3161") == ()
        kinds = [one.kind for one in new_leaves(workspace, store, "opentimestamps")]
    assert kinds == ["work", "work", "key", "journal"]
