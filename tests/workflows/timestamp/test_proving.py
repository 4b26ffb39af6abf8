"""Promises of ocguard.workflows.timestamp.proving."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest

from ocguard.errors import OutputExistsError, TimestampError
from ocguard.workflows.home.workspace import Workspace
from ocguard.workflows.timestamp.making import stamp
from ocguard.workflows.timestamp.proving import Anchors, states, verify_proof, write_proof
from timestamps import Authority, running_authority


@pytest.fixture
def proof(workspace: Workspace, authority: Authority, tmp_path: Path) -> Path:
    """Prove the first work."""
    stamp(workspace, authority.address, authority.root.read_text())
    with workspace.open_store() as store:
        work = next(store.works())
        write_proof(store, work.work_id, tmp_path / "proof")
    return tmp_path / "proof"


def test_a_proof_verifies_with_its_original(
    proof: Path, original: Path, authority: Authority
) -> None:
    """In some hundred bytes beside the authority's own answer."""
    proven = verify_proof(proof, original, Anchors(authority.root.read_text()))
    assert proven.facts["kind"] == "work"
    assert (proof / "proof.json").stat().st_size < 900
    with pytest.raises(TimestampError, match="another file"):
        verify_proof(proof, proof / "stamped.txt")


def test_openssl_verifies_it_too(proof: Path) -> None:
    """Nobody needs ocguard for that."""
    files = {"-data": "stamped.txt", "-in": "token.tsr", "-CAfile": "certificates.pem"}
    words = [word for option, name in files.items() for word in (option, str(proof / name))]
    done = subprocess.run(["openssl", "ts", "-verify", *words], capture_output=True, check=False)
    assert done.returncode == 0
    assert b"Verification: OK" in done.stdout + done.stderr


def test_every_flipped_byte_of_a_proof_is_found(
    proof: Path, authority: Authority, tmp_path: Path
) -> None:
    """Leaf, path, root and answer; the certificates are the verifier's own."""
    place, pem = random.Random(2), Anchors(authority.root.read_text())
    before = verify_proof(proof, None, pem)
    names = ["proof.json", "stamped.txt", "token.tsr"]
    for number in range(200):
        name = names[number % 3]
        damaged = shutil.copytree(proof, tmp_path / f"{number}")
        raw = bytearray((proof / name).read_bytes())
        raw[place.randrange(len(raw) - 1)] ^= 1 << place.randrange(8)
        (damaged / name).write_bytes(raw)
        with pytest.raises(TimestampError):
            assert verify_proof(damaged, None, pem) != before


@pytest.mark.parametrize(
    "said",
    [
        b"", b"[]", b"{}", b'{"schema":"ocguard.proof/2"}', b"\xff",
        b'{"schema":"ocguard.proof/1","leaf":3,"path":[],"token_sha256":""}',
        b'{"schema":"ocguard.proof/1","leaf":"{}","path":[["up",""]],"token_sha256":""}',
    ],
)  # fmt: skip
def test_a_proof_that_is_none_is_our_error(proof: Path, said: bytes) -> None:
    """Whatever stands in the file."""
    (proof / "proof.json").write_bytes(said)
    with pytest.raises(TimestampError):
        verify_proof(proof)


def test_a_proof_of_another_authority_is_refused(proof: Path, tmp_path: Path) -> None:
    """Where the verifier brings the root; without, the one beside it counts."""
    (tmp_path / "other").mkdir()
    with (
        running_authority(tmp_path / "other") as other,
        pytest.raises(TimestampError, match="does not hold"),
    ):
        verify_proof(proof, None, Anchors(other.root.read_text()))
    assert verify_proof(proof).time.authority == "CN=Test authority"


def test_a_work_without_a_trusted_time_has_no_proof(workspace: Workspace, tmp_path: Path) -> None:
    """The message says how to get one."""
    with workspace.open_store() as store:
        work = next(store.works())
        with pytest.raises(TimestampError, match="--authority"):
            write_proof(store, work.work_id, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_proof_overwrites_nothing(proof: Path, workspace: Workspace) -> None:
    """An existing folder stays."""
    with workspace.open_store() as store, pytest.raises(OutputExistsError):
        write_proof(store, next(store.works()).work_id, proof)


def test_all_times_are_verified_offline(proof: Path, workspace: Workspace) -> None:
    """One that was changed is named."""
    with workspace.open_store() as store:
        (state,) = states(store)
    assert (state.fault, state.leaves) == ("", 4)
    db = sqlite3.connect(workspace.location)
    db.execute("UPDATE trusted_times SET certificates = 'PEM'")
    db.commit()
    db.close()
    with workspace.open_store() as store:
        (state,) = states(store)
    assert "no PEM file" in state.fault
    assert json.loads((proof / "proof.json").read_text())["schema"] == "ocguard.proof/1"
