#!/usr/bin/env python3
"""Protect on a cluster of this machine while its workers are killed, and count what comes out.

    python tests/soak/kill_cluster.py --pictures 1000 --seconds 30

Two workers protect; every half minute one of them gets SIGKILL, and dask's nanny starts it again.
What must hold in the end: every picture has one output, every output is a whole picture and is
registered once, and the portfolio is whole. Writes tests/benchmarks/results/cluster-soak.json.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from kill_loop import draw, faults_of
from ocguard.portfolio import open_store

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))
sys.path.insert(0, str(Path(__file__).parents[1] / "clusters"))

import harness
from clusters import RunningCluster, running_cluster, workers_killed


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pictures", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=30.0, help="between two kills")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        draw(root / "art", asked.pictures)
        begun = time.monotonic()
        with running_cluster(root, root / "home") as cluster:
            kills = _protected(root, cluster, random.Random(asked.seed), asked.seconds)
        seconds = time.monotonic() - begun
        faults = [*faults_of(root), *_miscounted(root, asked.pictures)]
        outputs = len(_outputs(root))
    row = {"outputs": outputs, "kills": kills, "faults": len(faults), "wall_seconds": seconds}
    harness.write_result(
        "cluster-soak",
        seed=asked.seed,
        settings={"pictures": asked.pictures, "seconds": asked.seconds, "workers": 2},
        data={"pictures": asked.pictures, "sha256": "drawn"},
        tables={"soak": [row]},
    )
    print(*faults, sep="\n")
    print(f"{asked.pictures} pictures, seed {asked.seed}: {row}")
    return int(bool(faults))


def _protected(root: Path, cluster: RunningCluster, place: random.Random, seconds: float) -> int:
    """Protect the pictures while workers are killed; return how many were."""
    command = [sys.executable, "-m", "ocguard", "--home", root / "home", "protect", root / "art"]
    options = ["--out", root / "out", "--creator", "Mo", "--visible", "none"]
    with workers_killed(cluster.address, seconds, place) as killed:
        done = subprocess.run(
            list(map(str, [*command, *options, "--cluster", cluster.address])),
            stdout=subprocess.DEVNULL,
            check=False,
        )
    if done.returncode:
        raise RuntimeError(f"protect ended with {done.returncode}")
    return len(killed)


def _outputs(root: Path) -> list[Path]:
    """Find what was published."""
    return sorted((root / "out").glob("[!.]*"))


def _miscounted(root: Path, pictures: int) -> Iterator[str]:
    """Name what is there too often or too rarely."""
    outputs = _outputs(root)
    if len(outputs) != pictures:
        yield f"{len(outputs)} outputs for {pictures} pictures"
    with open_store(root / "home" / "portfolio.sqlite3") as store:
        for path in outputs:
            marks = store.marks_of_file(hashlib.sha256(path.read_bytes()).hexdigest())
            if len(marks) != 1:
                yield f"{path.name} is registered {len(marks)} times"


if __name__ == "__main__":
    sys.exit(main())
