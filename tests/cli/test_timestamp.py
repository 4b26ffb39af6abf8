"""Promises of ``ocguard timestamp``."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from PIL import Image

from blocks import anchored, mined, pending
from timestamps import Authority


@pytest.fixture
def base(run, tmp_path: Path, drawings) -> tuple[object, ...]:
    """Register a work."""
    Image.fromarray(drawings.cel(200, 150, 1)).save(tmp_path / "art.png")
    base = ("--home", tmp_path / "h")
    assert run(*base, "portfolio", "add", tmp_path / "art.png").exit_code == 0
    return base


def test_a_whole_life_of_a_trusted_time(run, base, authority: Authority, tmp_path: Path) -> None:
    """Asked for, listed, proven, verified."""
    words = ("timestamp", "--authority", authority.address, "--root", authority.root)
    made = run(*base, *words)
    assert made.exit_code == 0
    assert "for 1 work" in made.stdout
    assert "nobody was asked" in run(*base, *words).stdout
    assert "holds, until" in run(*base, "timestamp", "list").stdout
    work = run(*base, "portfolio", "list").stdout.split()[0]
    assert run(*base, "timestamp", "proof", work[:8], "--out", tmp_path / "proof").exit_code == 0
    verify = ("timestamp", "verify", tmp_path / "proof")
    right = ("--original", tmp_path / "art.png", "--root", authority.root)
    verified = run(*verify, *right)
    assert verified.exit_code == 0
    assert work in verified.stdout
    assert verified.stderr == ""
    loose = run(*verify)
    assert loose.exit_code == 0
    assert "--root" in loose.stderr
    assert "--original" in loose.stderr
    assert run(*verify, "--original", authority.root).exit_code == 4


def test_a_time_that_does_not_hold_is_a_finding(run, base, authority: Authority, tmp_path) -> None:
    """The exit code is 1, and the reason is told."""
    run(*base, "timestamp", "--authority", authority.address, "--root", authority.root)
    db = sqlite3.connect(tmp_path / "h" / "portfolio.sqlite3")
    db.execute("UPDATE trusted_times SET certificates = 'PEM'")
    db.commit()
    db.close()
    listed = run(*base, "timestamp", "list")
    assert listed.exit_code == 1
    assert "no PEM file" in listed.stdout


def test_without_an_address_nobody_is_asked(run, base, authority: Authority) -> None:
    """There is no default, and an empty list says what to do."""
    assert run(*base, "timestamp").exit_code == 2
    assert run(*base, "timestamp", "--authority", authority.address).exit_code == 2
    assert "there is none yet" in run(*base, "timestamp", "list").stderr.lower()


def test_a_whole_life_of_a_proof_of_opentimestamps(run, base, tmp_path: Path) -> None:
    """Stated, stamped elsewhere, pending, complete, listed, proven, verified."""
    statement, proof = tmp_path / "statement.txt", tmp_path / "statement.txt.ots"
    assert "for 1 work" in run(*base, "timestamp", "statement", statement).stdout
    proof.write_bytes(pending(statement.read_bytes()))
    assert "nothing is proven yet" in run(*base, "timestamp", "ots", proof).stdout
    listed = run(*base, "timestamp", "list")
    assert (listed.exit_code, "pending" in listed.stdout) == (0, True)
    made, root = anchored(statement.read_bytes())
    proof.write_bytes(made)
    (tmp_path / "headers.txt").write_text(mined(root))
    assert "--headers" in run(*base, "timestamp", "ots", proof).stdout
    given = ("--headers", tmp_path / "headers.txt")
    taken = run(*base, "timestamp", "ots", proof, *given)
    assert "2026-09-21T14:13:20 UTC says Bitcoin block 840000 for 1 work" in taken.stdout
    assert "anybody can make" in run(*base, "timestamp", "list").stdout
    again = run(*base, "timestamp", "statement", tmp_path / "2.txt")
    assert "nothing is new" in again.stdout
    work = run(*base, "portfolio", "list").stdout.split()[0]
    words = ("timestamp", "proof", work[:8], "--out", tmp_path / "proof", "--ots")
    assert run(*base, *words).exit_code == 0
    verify = ("timestamp", "verify", tmp_path / "proof")
    verified = run(*verify, "--original", tmp_path / "art.png", *given)
    assert verified.exit_code == 0
    assert "by Bitcoin block 840000 (" in verified.stdout
    assert "anybody can make" in verified.stderr
    assert "look the block up" in run(*verify).stderr


def test_a_file_that_is_no_proof_is_refused(run, base, tmp_path: Path) -> None:
    """The message says what is wrong."""
    (tmp_path / "x.ots").write_bytes(b"no proof")
    refused = run(*base, "timestamp", "ots", tmp_path / "x.ots")
    assert refused.exit_code == 4
    assert "OpenTimestamps" in refused.stderr
