"""Promises of ``ocguard watch``, as a process that is really killed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from ocguard import Portfolio

needs_signals = pytest.mark.skipif(os.name != "posix", reason="Windows ends processes otherwise")


class Watcher:
    """An ``ocguard watch`` in the background."""

    def __init__(self, home: Path, inbox: Path, out: Path) -> None:
        self._words = [
            *(sys.executable, "-m", "ocguard", "--home", home, "watch", inbox, "--out", out),
            *("--visible", "none", "--settle", "0.1", "-j", "1"),
        ]
        self.out = out
        self.start()

    def start(self) -> None:
        """Start it."""
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
        self.process = subprocess.Popen(
            [str(one) for one in self._words],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def end(self, number: int) -> int:
        """Send it a signal and wait until it is gone."""
        self.process.send_signal(number)
        return self.process.wait(30)

    def wait_for(self, count: int) -> None:
        """Wait until so many outputs are there."""
        until = time.monotonic() + 60
        while len(list(self.out.glob("*.png"))) < count:
            assert time.monotonic() < until
            time.sleep(0.05)


@pytest.fixture
def pictures(tmp_path, drawings) -> list[Path]:
    """Draw ten small pictures."""
    (tmp_path / "pictures").mkdir()
    (tmp_path / "in").mkdir()
    paths = [tmp_path / "pictures" / f"{i}.png" for i in range(10)]
    for i, path in enumerate(paths):
        Image.fromarray(drawings.cel(256, 256, 200 + i)).save(path)
    return paths


@pytest.fixture
def watcher(run, tmp_path, pictures) -> Iterator[Watcher]:
    """Watch an empty inbox."""
    run("--home", tmp_path / "home", "profile", "set", "--creator", "Mo")
    made = Watcher(tmp_path / "home", tmp_path / "in", tmp_path / "out")
    yield made
    made.process.kill()
    made.process.wait()


@needs_signals
def test_each_file_is_protected_exactly_once_over_kills(watcher, pictures, tmp_path) -> None:
    """Dropped while it runs, while it is dead, and while it is killed."""
    for i, path in enumerate(pictures):
        shutil.copy(path, tmp_path / "in")
        if i in {2, 5, 8}:
            watcher.wait_for(i - 1)
            watcher.end(signal.SIGKILL)
            watcher.start()
    watcher.wait_for(10)
    assert watcher.end(signal.SIGTERM) == 0
    works = Portfolio(home=tmp_path / "home").works()
    assert sorted(Path(work.source).name for work in works) == sorted(p.name for p in pictures)
    assert [len(work.marks) for work in works] == [1] * 10


def test_once_works_off_what_is_there(run, tmp_path, pictures, records) -> None:
    """And ends; the exit code is that of a protection."""
    shutil.copy(pictures[0], tmp_path / "in")
    options = ("--out", tmp_path / "out", "--visible", "none", "--settle", 0, "--creator", "Mo")
    done = run("watch", tmp_path / "in", *options, "--once", "--json")
    assert (done.exit_code, [one["status"] for one in records(done)]) == (0, ["protected"])
    assert records(run("watch", tmp_path / "in", *options, "--once", "--json")) == []


def test_checks_end_with_their_findings(run, tmp_path, pictures, gallery) -> None:
    """Exit code 1, as for a check."""
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
