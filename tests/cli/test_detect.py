"""Promises of ocguard.cli.detect."""

from __future__ import annotations

from pathlib import Path


def test_detect_can_look_for_missing_marks(run, gallery) -> None:
    """Before a commit: every picture must carry the mark."""
    marked, unmarked = gallery.out / "cel.png", gallery.art / "cel.png"
    assert run("--home", gallery.home, "detect", "--missing", marked).exit_code == 0
    result = run("--home", gallery.home, "-q", "detect", "--missing", marked, unmarked, "-j1")
    assert result.exit_code == 1
    assert str(unmarked) in result.stdout
    assert str(marked) not in result.stdout


def test_detect_says_that_check_reads_more(run, gallery, tmp_path) -> None:
    """Where nothing was found and there are originals to help; not to scripts."""
    base = ("--home", gallery.home, "detect")
    assert "'ocguard check' reads weaker marks" in run(*base, gallery.art / "cel.png").stderr
    assert "check" not in run(*base, gallery.out / "cel.png").stderr
    assert run(*base, gallery.art / "cel.png", "--json").stderr == ""
    alone = ("--portfolio", tmp_path / "none.sqlite3")
    assert "check" not in run(*base[:2], *alone, "detect", gallery.art / "cel.png").stderr


def test_detect_without_a_key_gives_scripts_a_record_for_each_input(
    run, gallery, tmp_path, records
) -> None:
    """As with every other failure; the reason is in it."""
    for source, names in (([gallery.out / "sub"], ["林.webp"]), (["-"], ["-"])):
        result = run("--home", tmp_path / "h", "detect", "--json", *source, stdin=b"x")
        assert result.exit_code == 4
        found = records(result)
        assert [Path(one["input"]).name for one in found] == names
        assert all("no secret key" in one["error"] for one in found)
