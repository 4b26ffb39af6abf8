"""Promises of ocguard.workflows.timestamp.stating."""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
from pathlib import Path

import pytest
from opentimestamps.core.serialize import BytesDeserializationContext
from opentimestamps.core.timestamp import DetachedTimestampFile

from blocks import CALENDAR, REAL_HEADER, anchored, mined, pending
from ocguard import Portfolio
from ocguard.errors import OutputExistsError, TimestampError
from ocguard.workflows.home.catalog import add_one
from ocguard.workflows.home.workspace import Workspace
from ocguard.workflows.timestamp.making import stamp
from ocguard.workflows.timestamp.proving import Anchors, states, verify_proof, write_proof
from ocguard.workflows.timestamp.stating import state, take_in
from timestamps import Authority


@pytest.fixture
def stated(workspace: Workspace, tmp_path: Path) -> bytes:
    """Write a statement about both works."""
    assert state(workspace, tmp_path / "statement.txt")
    return (tmp_path / "statement.txt").read_bytes()


def first_work(workspace: Workspace) -> str:
    with workspace.open_store() as store:
        return next(store.works()).work_id


def test_a_statement_is_about_everything_that_has_no_block(
    workspace: Workspace, drawings, tmp_path: Path
) -> None:
    """Until a proof leads to one; a statement that nobody stamped does no harm."""
    kinds = Counter(leaf.kind for leaf in state(workspace, tmp_path / "1"))
    assert kinds == {"work": 2, "key": 1, "journal": 1}
    assert (tmp_path / "1").stat().st_size == 81
    state(workspace, tmp_path / "2")
    assert (tmp_path / "1").read_bytes() == (tmp_path / "2").read_bytes()
    proof, root = anchored((tmp_path / "2").read_bytes())
    take_in(workspace, proof, mined(root))
    assert state(workspace, tmp_path / "3") == ()
    assert not (tmp_path / "3").exists()
    add_one(workspace, drawings.cel(200, 150, 3))
    assert {leaf.kind for leaf in state(workspace, tmp_path / "4")} == {"work", "journal"}


def test_a_statement_overwrites_nothing(workspace: Workspace, tmp_path: Path) -> None:
    """An existing file stays."""
    (tmp_path / "art.txt").write_text("mine")
    with pytest.raises(OutputExistsError):
        state(workspace, tmp_path / "art.txt")
    assert (tmp_path / "art.txt").read_text() == "mine"


def test_a_pending_proof_is_kept_until_a_complete_one_comes(
    workspace: Workspace, stated: bytes
) -> None:
    """It is no trusted time, and stands in no way."""
    taken = take_in(workspace, pending(stated))
    assert (taken.time.is_pending, taken.time.authority) == (True, CALENDAR)
    with workspace.open_store() as store:
        (waiting,) = states(store)
        assert waiting.time.is_pending
        assert store.stamps.first_time(first_work(workspace)) == ""
        assert list(store.damage()) == []
    proof, root = anchored(stated)
    assert take_in(workspace, proof).time.is_pending
    assert not take_in(workspace, proof, mined(root)).time.is_pending
    assert not take_in(workspace, pending(stated)).time.is_pending
    with workspace.open_store() as store:
        (one,) = states(store)
        assert (one.time.token, one.fault) == (proof, "")
        assert store.stamps.first_time(first_work(workspace)) == "2026-09-21T14:13:20.000000Z"
        assert list(store.damage()) == []
        events = [row.event for head in store.journal.chains()
                  for row in store.journal.rows(head.chain_id)]  # fmt: skip
    assert events.count("stamped") == 3


def test_the_older_of_two_kinds_of_time_counts(
    workspace: Workspace, authority: Authority, stated: bytes, tmp_path: Path
) -> None:
    """And each has a proof of its own."""
    stamp(workspace, authority.address, authority.root.read_text())
    proof, root = anchored(stated)
    take_in(workspace, proof, mined(root, seconds=1_600_000_000))
    work = first_work(workspace)
    with workspace.open_store() as store:
        assert store.stamps.first_time(work)[:4] == "2020"
        assert write_proof(store, work, tmp_path / "first").kind == "opentimestamps"
        assert write_proof(store, work, tmp_path / "signed", "rfc3161").kind == "rfc3161"
    assert verify_proof(tmp_path / "signed").time.authority == "CN=Test authority"


def written_proof(workspace: Workspace, stated: bytes, folder: Path) -> tuple[bytes, str]:
    """Take a whole proof in, write that of a work, and give the root and header of the block."""
    proof, root = anchored(stated)
    header = mined(root)
    take_in(workspace, proof, header)
    with workspace.open_store() as store:
        write_proof(store, first_work(workspace), folder)
    return root, header


def test_a_proof_of_a_work_is_what_the_library_reads(
    workspace: Workspace, stated: bytes, original: Path, tmp_path: Path
) -> None:
    """And verifies with headers from elsewhere, or with the one beside it."""
    root, header = written_proof(workspace, stated, tmp_path / "proof")
    beside = (tmp_path / "proof" / "stamped.txt.ots").read_bytes()
    read = DetachedTimestampFile.deserialize(BytesDeserializationContext(beside))
    (found,) = read.timestamp.all_attestations()
    assert found[0] == root
    for anchors in (None, Anchors(headers=header)):
        proven = verify_proof(tmp_path / "proof", original, anchors)
        assert (proven.kind, proven.facts["kind"]) == ("opentimestamps", "work")
    with pytest.raises(TimestampError, match="none of the blocks"):
        verify_proof(tmp_path / "proof", original, Anchors(headers=REAL_HEADER))


def test_every_flipped_byte_of_a_proof_folder_is_found(
    workspace: Workspace, stated: bytes, tmp_path: Path
) -> None:
    """Leaf, path, root and proof; the headers are the verifier's own."""
    _, header = written_proof(workspace, stated, tmp_path / "proof")
    before = verify_proof(tmp_path / "proof", None, Anchors(headers=header))
    for number in range(120):
        name = ("proof.json", "stamped.txt", "stamped.txt.ots")[number % 3]
        damaged = shutil.copytree(tmp_path / "proof", tmp_path / f"{number}")
        raw = bytearray((damaged / name).read_bytes())
        raw[(number * 37) % (len(raw) - 1)] ^= 1 << number % 8
        (damaged / name).write_bytes(raw)
        with pytest.raises(TimestampError):
            assert verify_proof(damaged, None, Anchors(headers=header)) != before


def test_a_proof_of_no_statement_is_refused(workspace: Workspace, stated: bytes) -> None:
    """Nothing is stored of it, nor of one whose header does not fit."""
    proof, _ = anchored(stated)
    for data, header in ((pending(b"else"), ""), (proof, mined(b"r" * 32)), (b"no proof", "")):
        with pytest.raises(TimestampError):
            take_in(workspace, data, header)
    with workspace.open_store() as store:
        assert store.stamps.stamps() == []


def test_a_changed_tree_that_waits_is_damage(workspace: Workspace, stated: bytes) -> None:
    """It could never be proven again."""
    db = sqlite3.connect(workspace.location)
    db.execute("UPDATE stamped SET leaf = replace(leaf, 'pixel', 'pixels')")
    db.commit()
    db.close()
    with workspace.open_store() as store:
        assert any("trusted time" in one.what for one in store.damage())


def test_a_proof_moves_with_an_export_as_what_a_file_says(
    workspace: Workspace, stated: bytes, tmp_path: Path
) -> None:
    """The new machine holds it whole, and makes nothing older by it."""
    proof, root = anchored(stated)
    take_in(workspace, proof, mined(root))
    Portfolio(home=workspace.home.folder).export(tmp_path / "all.zip")
    other = Workspace.at(tmp_path / "other")
    Portfolio(home=other.home.folder).merge(tmp_path / "all.zip")
    with other.open_store() as store:
        (one,) = states(store)
        assert (one.time.token, one.fault) == (proof, "")
        assert one.time.imported_utc
        assert store.stamps.first_time(first_work(other)) == ""
