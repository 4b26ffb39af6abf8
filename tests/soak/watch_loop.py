#!/usr/bin/env python3
"""Drop files while `ocguard watch` runs and is killed, and see that each is protected exactly once.

    python tests/soak/watch_loop.py 2000 [--kills 3] [--seed 1]

They are dropped as people and programs do: whole, in two halves with a pause, under another name
first, into subfolders, under one name in several folders, as links, and some are taken away again.
At the end every file that is there has one output, one work and one mark; nothing is half done.
"""

from __future__ import annotations

import argparse
import collections
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import numpy as np
from PIL import Image

import ocguard
from kill_loop import faults_of

SIDE_PX = 160
PAUSE_SECONDS = 1.5
"""A pause in the middle of a file: shorter than a file has to stand still."""

SETTLE_SECONDS = 2.0
STALLED_SECONDS = 300.0
"""Without a new output for so long, the watcher is taken for stuck."""


class Watcher:
    """An ``ocguard watch`` in the background."""

    def __init__(self, root: Path) -> None:
        self.inbox, self.out, self.home = root / "in", root / "out", root / "home"
        self.inbox.mkdir()
        self._log = root / "log"
        self._ocguard = [sys.executable, "-m", "ocguard", "--home", str(self.home)]
        subprocess.run([*self._ocguard, "profile", "set", "--creator", "Mo"], check=True)
        self.start()

    def start(self) -> None:
        """Start it."""
        options = ("--visible", "none", "--settle", str(SETTLE_SECONDS), "-j", "1")
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [*self._ocguard, "watch", str(self.inbox), "--out", str(self.out), *options],
                env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
                stdout=log,
                stderr=log,
            )

    def kill(self) -> None:
        """Kill it with no time to tidy up, and start it again."""
        self.process.kill()
        self.process.wait()
        self.start()

    def end(self) -> int:
        """Let it finish what it has, and return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)

    def outputs(self) -> set[str]:
        """Name the protected files by their places."""
        found = (path for path in self.out.rglob("*.png") if not path.name.startswith("."))
        return {path.relative_to(self.out).as_posix() for path in found}

    def log(self) -> str:
        """Return what it said."""
        return self._log.read_text()


def picture(seed: int) -> bytes:
    """Draw a picture like no other."""
    noise = np.random.default_rng(seed).integers(0, 255, (10, 10, 3), np.uint8)
    file = BytesIO()
    Image.fromarray(noise).resize((SIDE_PX, SIDE_PX)).save(file, "PNG")
    return file.getvalue()


def _whole(inbox: Path, number: int) -> None:
    (inbox / f"{number}.png").write_bytes(picture(number))


def _in_halves(inbox: Path, number: int) -> None:
    data = picture(number)
    with (inbox / f"{number}.png").open("wb", buffering=0) as file:
        file.write(data[: len(data) // 2])
        time.sleep(PAUSE_SECONDS)
        file.write(data[len(data) // 2 :])


def _renamed(inbox: Path, number: int) -> None:
    draft = inbox / f"{number}.png.part"
    draft.write_bytes(picture(number))
    draft.rename(inbox / f"{number}.png")


def _below(inbox: Path, number: int) -> None:
    folder = inbox / f"folder {number // 50}" / "林"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{number % 50}.png").write_bytes(picture(number))


def _linked(inbox: Path, number: int) -> None:
    original = inbox.parent / f"original {number}.png"
    original.write_bytes(picture(number))
    (inbox / f"{number}.png").symlink_to(original)


def _taken_away(inbox: Path, number: int) -> None:
    path = inbox / f"{number}.png"
    path.write_bytes(picture(number))
    time.sleep(PAUSE_SECONDS)
    path.unlink()


WAYS: tuple[Callable[[Path, int], None], ...] = (
    *[_whole] * 12,
    *(_in_halves, _renamed, _renamed, _below, _below, _linked, _taken_away),
)
"""How a file may come: each equally often."""


def drop(watcher: Watcher, count: int, kills: int, place: random.Random) -> None:
    """Drop files, and kill the watcher some times meanwhile, once it has begun."""
    when = {round(count * (number + 1) / (kills + 1)) for number in range(kills)}
    for number in range(count):
        place.choice(WAYS)(watcher.inbox, number)
        if number in when:
            _wait_for_more(watcher)
            time.sleep(place.uniform(0, 0.5))
            watcher.kill()
    _wait(lambda: wanted(watcher.inbox) <= watcher.outputs(), watcher)


def wanted(inbox: Path) -> set[str]:
    """Name what must be protected: all that is there, and did not fail."""
    found = (path.relative_to(inbox) for path in inbox.rglob("*.png"))
    return {path.as_posix() for path in found if path.parts[0] != "failed"}


def _wait_for_more(watcher: Watcher) -> None:
    """Wait until something was protected, so that a kill finds the watcher at work."""
    before = watcher.outputs()
    _wait(lambda: bool(watcher.outputs() - before), watcher)


def _wait(is_done: Callable[[], bool], watcher: Watcher) -> None:
    """Wait as long as there are new outputs now and then."""
    seen, since = watcher.outputs(), time.monotonic()
    while not is_done():
        time.sleep(0.2)
        now = watcher.outputs()
        if now != seen:
            seen, since = now, time.monotonic()
        if time.monotonic() - since > STALLED_SECONDS:
            raise TimeoutError(f"{len(seen)} outputs, and no more: {watcher.log()[-2000:]}")


def faults(watcher: Watcher) -> Iterator[str]:
    """Name what is lost, was done twice, or is half done."""
    yield from faults_of(watcher.inbox.parent)
    if (watcher.inbox / "failed").exists():
        names = [path.name for path in (watcher.inbox / "failed").rglob("*")]
        yield f"moved aside: {', '.join(names)}"
    works = ocguard.Portfolio(home=watcher.home).works()
    sources = collections.Counter(str(work.source) for work in works)
    yield from (f"{name} is {number} works" for name, number in sources.items() if number > 1)
    for work in works:
        if len(work.marks) > 1:
            yield f"{work.source} has {len(work.marks)} marks"
    known = {str(watcher.inbox / name) for name in wanted(watcher.inbox)}
    lost = known - set(sources)
    if lost:
        yield f"no works: {sorted(lost)}"
    if "Traceback" in watcher.log():
        yield f"a traceback: {watcher.log()[-2000:]}"


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", type=int)
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        watcher = Watcher(Path(folder))
        begun = time.monotonic()
        drop(watcher, asked.files, asked.kills, random.Random(asked.seed))
        code = watcher.end()
        seen = [*faults(watcher), *([f"exit code {code}"] if code else [])]
        there = len(wanted(watcher.inbox))
    print(*seen, sep="\n")
    print(
        f"{asked.files} files dropped, {there} left there, {asked.kills} kills, seed {asked.seed}:"
        f" {len(seen)} faults after {time.monotonic() - begun:.0f} seconds"
    )
    return int(bool(seen))


if __name__ == "__main__":
    sys.exit(main())
