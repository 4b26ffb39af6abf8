#!/usr/bin/env python3
"""Kill `ocguard protect` again and again, and see that nothing is lost and nothing is half done.

    python tests/soak/kill_loop.py 500 [--seed 1]

After each kill (SIGKILL of the program alone, of all its processes, or SIGTERM, at any moment):
every file in the output folder is a whole picture, is registered, and its work is; the portfolio is
whole; an export can be made of it; and no process is left after some seconds.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

import ocguard
from ocguard.portfolio import open_store

PICTURES = 12
LEAVE_SECONDS = 8.0
"""A worker may finish what it has in work: three seconds, and more on a busy machine."""


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kills", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    asked = parser.parse_args()
    place = random.Random(asked.seed)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        draw(root / "art", PICTURES)
        faults = 0
        for number in range(asked.kills):
            how = _killed(root, place, asked.jobs)
            for fault in faults_of(root):
                faults += 1
                print(f"kill {number} ({how}): {fault}", flush=True)
        published = len(list((root / "out").rglob("*.png")))
    print(f"{asked.kills} kills, seed {asked.seed}: {faults} faults, {published} files published")
    return int(bool(faults))


def draw(folder: Path, count: int, first: int = 0) -> None:
    """Draw pictures that take a moment each."""
    folder.mkdir()
    for seed in range(first, first + count):
        noise = np.random.default_rng(seed).integers(0, 255, (12, 12, 3), np.uint8)
        Image.fromarray(noise).resize((300, 300)).save(folder / f"{seed}.png")


def _killed(root: Path, place: random.Random, jobs: int) -> str:
    """Protect the pictures into a new folder, and kill that at any moment."""
    out = root / "out" / f"{place.getrandbits(40):x}"
    options = ("--out", str(out), "--creator", "Mo", "--visible", "none", "-j", str(jobs))
    command = [sys.executable, "-m", "ocguard", "--home", str(root / "home"), "protect"]
    process = subprocess.Popen(
        [*command, str(root / "art"), *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    time.sleep(place.uniform(0.2, 6.0))
    how = place.choice(("SIGKILL", "SIGKILL of all", "SIGTERM"))
    if how == "SIGKILL of all":
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.send_signal(getattr(signal, how))
    process.wait()
    deadline = time.monotonic() + LEAVE_SECONDS
    while _group_lives(process.pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    if _group_lives(process.pid):
        os.killpg(process.pid, signal.SIGKILL)
        return f"{how}, with workers left behind"
    return how


def _group_lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def faults_of(root: Path) -> Iterator[str]:
    """Name what is lost or half done."""
    location = root / "home" / "portfolio.sqlite3"
    files = [path for path in (root / "out").rglob("*") if path.is_file()]
    published = [path for path in files if not path.name.startswith(".")]
    if not location.exists():
        if published:
            yield "files without a portfolio"
        return
    if not location.stat().st_size and not published:
        return
    with open_store(location, create=True) as store:
        for damage in store.damage():
            yield f"portfolio: {damage}"
        for path in published:
            with Image.open(path) as image:
                image.load()
            marks = store.marks_of_file(hashlib.sha256(path.read_bytes()).hexdigest())
            if not marks:
                yield f"{path.name} is published, but not registered"
            for mark in marks:
                store.rendition(mark.reference_sha256)
    ocguard.Portfolio(location).export(root / "export.zip", overwrite=True)


if __name__ == "__main__":
    sys.exit(main())
