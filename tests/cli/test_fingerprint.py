"""Promises of ``ocguard fingerprint``."""

from __future__ import annotations

from ocguard.fingerprint.fingerprint import Fingerprint


def test_json_holds_the_whole_fingerprint(run, art, records) -> None:
    """Which another machine reads."""
    (record,) = records(run("fingerprint", art / "a.png", "--json"))
    read = Fingerprint.from_text(record["fingerprint"])
    assert (record["width"], record["height"]) == (1400, 900)
    assert read.hashes == record["hashes"]


def test_a_person_sees_the_hashes(run, art) -> None:
    """One a line, below the picture."""
    done = run("fingerprint", art / "a.png")
    assert "1400x900" in done.stdout
    assert "ocguard-code@1" in done.stdout


def test_a_picture_comes_through_standard_input(run, art, records) -> None:
    """So that it need not lie anywhere."""
    data = (art / "a.png").read_bytes()
    (piped,) = records(run("fingerprint", "-", "--json", stdin=data))
    (read,) = records(run("fingerprint", art / "a.png", "--json"))
    assert piped["fingerprint"] == read["fingerprint"]
