#!/usr/bin/env python3
"""Fill the disk under `ocguard protect`, and see that it says so and leaves nothing half done.

    sudo python tests/soak/full_disk.py 50 [--seed 1]

The folder of the outputs, the home, and the folder for temporary files take turns on a small disk
in memory (which needs the right to mount one). What must hold is what holds after a kill, and the
program ends with a sentence and an exit code, never with a traceback.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from kill_loop import draw, faults_of

SIZES_KB = (16, 64, 200, 400, 1000, 2000)
PLACES = ("out", "home", "temporary")


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("runs", type=int)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    place = random.Random(asked.seed)
    faults = full = 0
    for number in range(asked.runs):
        name, size = PLACES[number % len(PLACES)], place.choice(SIZES_KB)
        with (
            tempfile.TemporaryDirectory() as elsewhere,
            tempfile.TemporaryDirectory() as folder,
            _small_disk(Path(folder) / name, size),
        ):
            root = Path(folder)
            draw(root / "art", 6)
            done = _protected(root)
            full += done.returncode in {3, 4}
            told = [] if done.returncode in {0, 3, 4} else [f"exit code {done.returncode}"]
            told += ["a traceback"] if "Traceback" in done.stderr else []
            roomy = Path(elsewhere) / "copy"  # as after the user made room
            shutil.copytree(root, roomy)
            for fault in (*told, *faults_of(roomy)):
                faults += 1
                print(f"run {number}, {name} of {size} kB: {fault}\n{done.stderr}", flush=True)
    print(f"{asked.runs} runs, {full} with a full disk, seed {asked.seed}: {faults} faults")
    return int(bool(faults))


@contextlib.contextmanager
def _small_disk(folder: Path, size_kb: int) -> Iterator[None]:
    folder.mkdir()
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size_kb}k", "tmpfs", str(folder)], check=True
    )
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def _protected(root: Path) -> subprocess.CompletedProcess[str]:
    (root / "temporary").mkdir(exist_ok=True)
    command = [sys.executable, "-m", "ocguard", "--home", str(root / "home"), "protect"]
    options = ["--out", str(root / "out"), "--creator", "Mo", "--visible", "none", "-j", "1"]
    return subprocess.run(
        [*command, str(root / "art"), *options],
        env={**os.environ, "TMPDIR": str(root / "temporary")},
        capture_output=True,
        text=True,
        check=False,
    )


if __name__ == "__main__":
    sys.exit(main())
