"""Promises of ocguard.cli.survival."""

from __future__ import annotations

from pathlib import Path

PLAIN = ("--visible", "none", "--jobs", "1", "--creator", "L")


def test_a_person_reads_what_survives_as_a_table(run, art, tmp_path) -> None:
    """A row for each platform under each picture, and a summary on standard error."""
    result = run(
        "--home", tmp_path / "h", "protect", art, "--out", "o", "--for", "x-small", "--for",
        "pixiv-original", *PLAIN,
    )  # fmt: skip
    assert result.exit_code == 0
    rows = result.stdout.splitlines()
    assert rows[0].startswith("protected")
    assert rows[0].endswith(str(Path("o", "a.jpg")))
    assert rows[1].split() == ["simulated", "mark", "match", "metadata", "left"]
    assert rows[2].split() == ["x-small", "read", "p", "<", rows[2].split()[4], "near-copy", "none"]
    assert len(rows) == 8
    assert "marks read in 2 of 2, works matched in 2 of 2" in result.stderr


def test_scripts_read_what_survives_by_platform(run, art, tmp_path, records) -> None:
    """An object for each; empty when no platform was named."""
    base = ("--home", tmp_path / "h", "protect", art / "sub", "--json", *PLAIN, "--out")
    (proven,) = records(run(*base, "o", "--for", "x-small"))
    assert proven["survives"]["x-small"]["mark"] == "found"
    assert proven["survives"]["x-small"]["is_right_work"] is True
    (plain,) = records(run(*base, "o2"))
    assert plain["survives"] == {}
