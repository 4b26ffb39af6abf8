"""Promises of ocguard.workflows.watch.run."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import threading
import time
from functools import partial
from pathlib import Path

import pytest
from PIL import Image

from ocguard.imaging.folders import DANGLING
from ocguard.portfolio import open_store
from ocguard.workflows.home.workspace import Workspace
from ocguard.workflows.protect.options import prepare_protect
from ocguard.workflows.watch import run
from ocguard.workflows.watch.run import Watch, check_round, journal_of, protect_round, rounds


@pytest.fixture
def workspace(gallery, tmp_path) -> Workspace:
    """Give a copy of the gallery's home."""
    return Workspace.at(shutil.copytree(gallery.home, tmp_path / "home"))


@pytest.fixture
def inbox(tmp_path, drawings) -> Path:
    """Draw two pictures, one of them in a subfolder."""
    (tmp_path / "in" / "sub").mkdir(parents=True)
    Image.fromarray(drawings.cel(260, 260, 101)).save(tmp_path / "in" / "a.png")
    Image.fromarray(drawings.cel(260, 260, 102)).save(tmp_path / "in" / "sub" / "b.png")
    return tmp_path / "in"


def watched(workspace: Workspace, inbox: Path, results: Path | None = None) -> Watch:
    """Watch an inbox, taking files as soon as they are there."""
    out = inbox.parent / "out"
    return Watch(inbox, out, journal_of(workspace.home, inbox, out, results), 0.0)


def protected(workspace: Workspace, watch: Watch):
    """Do one round of protections."""

    def prepare():
        return prepare_protect(workspace, {"visible": "none"}, lambda: "Mo")[0]

    return list(protect_round(watch, prepare, 1))


def outputs(watch: Watch) -> list[str]:
    """Name the protected files."""
    return sorted(str(path.relative_to(watch.out)) for path in watch.out.rglob("*.png"))


def marks(workspace: Workspace) -> int:
    """Count the issued marks."""
    with open_store(workspace.location) as store:
        return store.stats().marks


def test_what_lies_there_is_protected_once(workspace, inbox) -> None:
    """The tree is mirrored; a second round has nothing to do."""
    watch = watched(workspace, inbox)
    assert [one.status for one in protected(workspace, watch)] == ["protected"] * 2
    assert outputs(watch) == ["a.png", "sub/b.png"]
    assert (protected(workspace, watch), watch.pending) == ([], 0)


def test_another_watcher_goes_on_where_the_first_ended(workspace, inbox) -> None:
    """Also when outputs were taken away meanwhile."""
    first = watched(workspace, inbox)
    protected(workspace, first)
    shutil.rmtree(first.out)
    assert protected(workspace, watched(workspace, inbox)) == []


def test_a_watcher_that_died_before_its_line_marks_no_second_time(workspace, inbox) -> None:
    """The output lies there; the line is written now."""
    watch = watched(workspace, inbox)
    protected(workspace, watch)
    before = marks(workspace)
    watch.journal.path.unlink()
    again = protected(workspace, watched(workspace, inbox))
    assert [one.status for one in again] == ["unchanged"] * 2
    assert marks(workspace) == before


def test_a_file_that_is_still_written_is_left_alone(workspace, inbox) -> None:
    """It stands still for less than was asked."""
    os.utime(inbox / "a.png")
    watch = Watch(inbox, inbox.parent / "out", journal_of(workspace.home, inbox, inbox), 60.0)
    assert protected(workspace, watch) == []
    assert watch.pending == 2


def test_a_copy_that_pauses_is_no_failure(workspace, inbox) -> None:
    """Half a file waits, and is protected once it is whole."""
    data = (inbox / "a.png").read_bytes()
    (inbox / "a.png").write_bytes(data[:500])
    watch = watched(workspace, inbox)
    watch.settle_seconds = 60.0  # after that a file is whole; here everything is at once
    for _ in range(3):
        protected(workspace, watch)
    assert (outputs(watch), watch.pending) == (["sub/b.png"], 1)
    (inbox / "a.png").write_bytes(data)
    protected(workspace, watch)
    assert (outputs(watch), watch.pending) == (["a.png", "sub/b.png"], 0)


def test_a_failure_is_moved_aside_when_it_stands_still(workspace, inbox) -> None:
    """After a second try, with its reason beside it; the others are protected."""
    (inbox / "a.png").write_bytes(b"broken")
    watch = watched(workspace, inbox)
    assert [one.status for one in protected(workspace, watch)] == ["protected"]
    (failed,) = protected(workspace, watch)
    assert "moved to" in failed.error
    assert (inbox / "failed" / "a.png").read_bytes() == b"broken"
    assert "is not a picture" in (inbox / "failed" / "a.png.txt").read_text()
    assert (protected(workspace, watch), watch.pending) == ([], 0)


def test_a_full_disk_is_no_file_s_fault(workspace, inbox, monkeypatch) -> None:
    """Nothing is moved; the trouble is told instead."""
    monkeypatch.setattr(run, "LEAST_FREE_BYTES", 1 << 62)
    (inbox / "a.png").write_bytes(b"broken")
    watch = watched(workspace, inbox)
    protected(workspace, watch)
    with pytest.raises(OSError, match="No space left"):
        protected(workspace, watch)
    assert (inbox / "a.png").exists()


def test_art_that_is_not_read_is_named_once_and_stays(workspace, inbox) -> None:
    """A working file may lie beside what is exported from it."""
    (inbox / "a.clip").write_bytes(b"CSFCHUNK")
    watch = watched(workspace, inbox)
    statuses = [one.status for one in protected(workspace, watch)]
    assert statuses == ["protected", "protected", "passed-over"]
    assert (protected(workspace, watch), (inbox / "a.clip").exists()) == ([], True)


def test_outputs_in_the_inbox_are_no_inputs(workspace, inbox) -> None:
    """A folder may hold its own outputs."""
    watch = Watch(inbox, inbox / "out", journal_of(workspace.home, inbox, inbox / "out"), 0.0)
    protected(workspace, watch)
    assert (protected(workspace, watch), outputs(watch)) == ([], ["a.png", "sub/b.png"])


def test_finds_are_checked_as_they_come(workspace, inbox, gallery) -> None:
    """Results are appended, once for each find; finds stay."""
    results = inbox.parent / "out" / "checks.jsonl"
    watch = watched(workspace, inbox, results)
    list(check_round(watch, workspace, 1))
    shutil.copy(gallery.art / "cel.png", inbox / "find.png")
    list(check_round(watch, workspace, 1))
    list(check_round(watched(workspace, inbox, results), workspace, 1))
    lines = [json.loads(line) for line in results.read_text().splitlines()]
    assert [Path(one["input"]).name for one in lines] == ["a.png", "b.png", "find.png"]
    assert lines[2]["verdict"] == "identical"


def test_one_run_ends_when_everything_is_done(workspace, inbox, monkeypatch) -> None:
    """It waits for files that are not whole yet."""
    monkeypatch.setattr(run, "TICK_SECONDS", 0.01)
    watch = watched(workspace, inbox)
    watch.settle_seconds = 0.0
    work = partial(check_round, watch, workspace, 1)
    assert len(list(rounds(watch, work, pytest.fail, is_once=True))) == 2


def test_a_folder_that_is_taken_away_is_told_of(workspace, inbox) -> None:
    """At the start it ends the watcher; later it may come back."""
    watch = watched(workspace, inbox)
    told: list[str] = []
    for _ in rounds(watch, partial(protected, workspace, watch), told.append):
        shutil.rmtree(inbox)
        break
    with pytest.raises(FileNotFoundError, match=re.escape(str(inbox))):
        list(rounds(watch, partial(protected, workspace, watch), told.append, is_once=True))


def test_trouble_is_told_and_tried_again(workspace, inbox, monkeypatch) -> None:
    """A locked portfolio ends no watcher."""
    monkeypatch.setattr(run, "LOOK_SECONDS", 0.0)
    told, tries = [], []

    def work():
        tries.append(time.monotonic())
        if len(tries) == 1:
            raise OSError(28, "No space left on device")
        yield "done"

    results = rounds(watched(workspace, inbox), work, told.append)
    assert next(results) == "done"
    results.close()
    assert told == ["No space left on device"]


def test_a_link_whose_file_was_moved_aside_is_told_once(workspace, inbox, monkeypatch) -> None:
    """It is not passed over for ever without a word."""
    monkeypatch.setattr(run, "PATIENCE", 0)
    (inbox / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (inbox / "ln.png").symlink_to("a.png")
    watch = watched(workspace, inbox)
    told = [one for _ in range(4) for one in protected(workspace, watch) if "ln" in one.input]
    assert (inbox / "failed" / "a.png").exists()
    assert [(one.status, one.passed_over) for one in told] == [("passed-over", DANGLING)]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_a_name_that_is_no_unicode_ends_no_watch(workspace, inbox) -> None:
    """Events cannot tell of it; what comes afterwards is seen as before."""
    names = iter((b"\xff.png", b"later.png"))

    def drop() -> None:
        (inbox / os.fsdecode(next(names))).touch()

    looks = rounds(watched(workspace, inbox), lambda: iter([len(list(inbox.iterdir()))]), print)
    seen = next(looks)
    for _ in range(2):
        threading.Timer(1, drop).start()
        while (there := next(looks)) == seen:
            pass
        assert there == seen + 1
        seen = there
