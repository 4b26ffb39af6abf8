"""Promises of ocguard.workflows.watch.journal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ocguard.workflows.watch.journal import Journal, append_line
from ocguard.workflows.watch.standing import FileState, state_of

STATE = FileState(5, 7, 9)


def test_what_is_done_is_known_after_a_restart(tmp_path) -> None:
    """As long as the file stays as it was."""
    Journal(tmp_path / "j").finish(Path("a.png"), STATE)
    again = Journal(tmp_path / "j")
    assert (Path("a.png"), STATE) in again
    assert (Path("a.png"), FileState(6, 7, 9)) not in again
    assert (Path("b.png"), STATE) not in again


def test_a_name_that_is_no_unicode_is_known_after_a_restart(tmp_path) -> None:
    """Files from old systems and archives have such names."""
    name = Path("\udcff\udce9 普通.png")
    Journal(tmp_path / "j").finish(name, STATE)
    assert (name, STATE) in Journal(tmp_path / "j")
    assert "普通" in (tmp_path / "j").read_text(encoding="utf-8")


def test_a_line_that_was_cut_short_is_no_line(tmp_path) -> None:
    """What comes after it counts all the same."""
    journal = Journal(tmp_path / "j")
    journal.finish(Path("a.png"), STATE)
    with (tmp_path / "j").open("ab") as file:
        file.write(b'{"path": "b.p')
    Journal(tmp_path / "j").finish(Path("c.png"), STATE)
    again = Journal(tmp_path / "j")
    known = [name for name in ("a.png", "b.png", "c.png") if (Path(name), STATE) in again]
    assert known == ["a.png", "c.png"]


def test_a_result_whose_line_is_missing_is_taken_over(tmp_path) -> None:
    """The watcher died in between: the file is not checked again."""
    find = tmp_path / "find.png"
    find.write_bytes(b"x")
    results = tmp_path / "results"
    Journal(tmp_path / "j", results).finish(Path("a.png"), STATE, {"input": "a.png"})
    append_line(results, {"input": str(find)})
    assert (find, state_of(find)) in Journal(tmp_path / "j", results)


def test_half_a_result_is_cut_off(tmp_path) -> None:
    """Every line of the results is one."""
    results = tmp_path / "results"
    Journal(tmp_path / "j", results).finish(Path("a.png"), STATE, {"input": "a.png"})
    with results.open("ab") as file:
        file.write(b'{"input": "b.p')
    Journal(tmp_path / "j", results)
    assert [json.loads(line)["input"] for line in results.read_bytes().splitlines()] == ["a.png"]


def test_results_that_were_taken_away_are_begun_anew(tmp_path) -> None:
    """What is done stays done."""
    results = tmp_path / "results"
    Journal(tmp_path / "j", results).finish(Path("a.png"), STATE, {"input": "a.png"})
    results.unlink()
    again = Journal(tmp_path / "j", results)
    again.finish(Path("b.png"), STATE, {"input": "b.png"})
    assert (Path("a.png"), STATE) in again
    assert len(results.read_bytes().splitlines()) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a file that is always full")
def test_a_full_disk_is_named() -> None:
    """The system does not say which file found no room."""
    with pytest.raises(OSError, match="/dev/full"):
        append_line(Path("/dev/full"), {"path": "a.png"})
