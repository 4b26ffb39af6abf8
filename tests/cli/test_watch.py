"""Promises of ``ocguard watch``, as a process that is really killed."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

import watch_loop

needs_signals = pytest.mark.skipif(os.name != "posix", reason="Windows ends processes otherwise")


@pytest.fixture
def inbox(tmp_path, drawings) -> Path:
    """Make an inbox with one small picture."""
    (tmp_path / "in").mkdir()
    Image.fromarray(drawings.cel(256, 256, 200)).save(tmp_path / "in" / "a.png")
    return tmp_path / "in"


@pytest.fixture
def watcher(tmp_path, monkeypatch) -> Iterator[watch_loop.Watcher]:
    """Watch an empty inbox, with less patience than people need."""
    monkeypatch.setattr(watch_loop, "SETTLE_SECONDS", 0.4)
    monkeypatch.setattr(watch_loop, "PAUSE_SECONDS", 0.2)
    made = watch_loop.Watcher(tmp_path)
    yield made
    made.process.kill()
    made.process.wait()


@needs_signals
def test_each_file_is_protected_exactly_once_over_kills(watcher) -> None:
    """However it comes: while it runs, while it is dead, and while it is killed."""
    watch_loop.drop(watcher, 40, 3, random.Random(1))
    assert watcher.end() == 0
    assert list(watch_loop.faults(watcher)) == []


def test_once_works_off_what_is_there(run, tmp_path, inbox, records) -> None:
    """And ends; the exit code is that of a protection."""
    options = ("--out", tmp_path / "out", "--visible", "none", "--settle", 0, "--creator", "Mo")
    done = run("watch", inbox, *options, "--once", "--json")
    assert (done.exit_code, [one["status"] for one in records(done)]) == (0, ["protected"])
    assert records(run("watch", inbox, *options, "--once", "--json")) == []


def test_checks_end_with_their_findings(run, tmp_path, gallery) -> None:
    """Exit code 1, as for a check."""
    (tmp_path / "in").mkdir()
    shutil.copy(gallery.art / "cel.png", tmp_path / "in")
    home = shutil.copytree(gallery.home, tmp_path / "home")
    words = ("--home", home, "watch", tmp_path / "in", "--out", tmp_path / "out", "--check")
    done = run(*words, "--once", "--settle", 0)
    assert done.exit_code == 1
    assert len((tmp_path / "out" / "checks.jsonl").read_text().splitlines()) == 1


def test_a_wrong_choice_is_told_before_anything_is_watched(run, tmp_path) -> None:
    """Not when the first picture comes."""
    (tmp_path / "in").mkdir()
    done = run("watch", tmp_path / "in", "--out", tmp_path / "out", "--text", "{nobody}")
    assert done.exit_code == 2


@pytest.mark.parametrize("more", [(), ("--check",)])
def test_a_folder_is_not_its_own_output(run, tmp_path, inbox, gallery, more) -> None:
    """Nothing in it would be looked at, and nobody told."""
    here = inbox / ".." / "in"
    done = run("--home", gallery.home, "watch", inbox, "--out", here, "--once", *more)
    assert (done.exit_code, "is the input itself" in done.stderr) == (2, True)
