"""Measure what a cluster on this machine gets done, beside the local pool, each with two processes.

    PYTHONPATH=tests/clusters python tests/benchmarks/bench_cluster.py [--pictures 200]

The same small pictures are protected by both. They take turns in halves, so that a machine that is
busy with other things meanwhile is unfair to neither. The cluster is warm: it has protected a few
pictures before. The pool's processes start with each command, as they do for a user. Processor time
is that of everything that takes part: the command, its processes, scheduler, nanny, workers. What
scheduler and workers use for looking after each other goes by the clock, not by the work: it is
measured apart, while there is nothing to do. Linux only: it comes from ``/proc``.

Writes results/cluster.json.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

import harness
from clusters import RunningCluster, running_cluster

PROCESSES = 2
HALVES = 2
WARMING = 4
"""Pictures that the cluster protects before anything is measured."""

IDLE_SECONDS = 20.0
LONG_SIDE_PX = 512


@dataclass(frozen=True)
class Throughput:
    """What one engine did.

    Attributes
    ----------
    engine : {"pool", "cluster"}
        Who worked.
    pictures : int
        How many were protected.
    wall_seconds, cpu_seconds : float
        What that took.
    idle_cpu_seconds : float
        What of it is used in that time by an engine that has nothing to do.
    """

    engine: str
    pictures: int
    wall_seconds: float
    cpu_seconds: float
    idle_cpu_seconds: float = 0.0


def small_pictures(folder: Path, into: Path, count: int) -> list[Path]:
    """Make small pictures of the art, and return what they were made of."""
    chosen = harness.every(harness.pictures(folder), count)
    into.mkdir()
    for number, path in enumerate(chosen):
        with Image.open(path) as image:
            small = image.convert("RGBA").convert("RGB")
        small.thumbnail((LONG_SIDE_PX, LONG_SIDE_PX))
        small.save(into / f"{number:04}.png")
    return chosen


def protect(home: Path, out: Path, paths: list[Path], *engine: object) -> None:
    """Protect pictures by the command.

    Raises
    ------
    RuntimeError
        Not all of them were protected.
    """
    command = [sys.executable, "-m", "ocguard", "--quiet", "--home", home, "protect", *paths]
    options = ["--out", out, "--creator", "Benchmark", "--visible", "none", *engine]
    done = subprocess.run(
        list(map(str, [*command, *options])), capture_output=True, text=True, check=False
    )
    if done.returncode or len(list(out.iterdir())) != len(paths):
        raise RuntimeError(f"not all were protected: {done.stderr[-500:]}")


def own_cpu_seconds() -> float:
    """Return the processor time of commands that have ended, with their processes."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def cluster_cpu_seconds(cluster: RunningCluster) -> float:
    """Return the processor time of scheduler, nanny and workers so far."""
    sessions = {str(process.pid) for process in cluster.processes}
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        if fields[3] in sessions:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def idle_share(cluster: RunningCluster) -> float:
    """Return the CPU seconds that a cluster uses in a second without work."""
    before = cluster_cpu_seconds(cluster)
    time.sleep(IDLE_SECONDS)
    return (cluster_cpu_seconds(cluster) - before) / IDLE_SECONDS


def measure(work: Path, pictures: list[Path]) -> list[Throughput]:
    """Let pool and cluster take turns; each has a home of its own."""
    halves = [pictures[start::HALVES] for start in range(HALVES)]
    home = work / "cluster-home"
    protect(home, work / "first", pictures[:1], "-j", 1)  # makes key and portfolio
    rows = []
    with running_cluster(work, home) as cluster:
        elsewhere = ("--cluster", cluster.address)
        protect(home, work / "warm", pictures[:WARMING], *elsewhere)
        idle = idle_share(cluster)
        for number, half in enumerate(halves):
            begun, computed = time.monotonic(), own_cpu_seconds()
            protect(work / "pool-home", work / f"pool-{number}", half, "-j", PROCESSES)
            wall, cpu = time.monotonic() - begun, own_cpu_seconds() - computed
            rows.append(Throughput("pool", len(half), wall, cpu))
            begun, computed = time.monotonic(), own_cpu_seconds() + cluster_cpu_seconds(cluster)
            protect(home, work / f"cluster-{number}", half, *elsewhere)
            cpu = own_cpu_seconds() + cluster_cpu_seconds(cluster) - computed
            wall = time.monotonic() - begun
            rows.append(Throughput("cluster", len(half), wall, cpu, idle * wall))
    return rows


def main() -> None:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pictures", type=int, default=200)
    asked = parser.parse_args()
    folder = harness.art_folder()
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        chosen = small_pictures(folder, work / "art", asked.pictures)
        rows = measure(work, sorted((work / "art").iterdir()))
    settings = {"pictures": len(chosen), "long_side_px": LONG_SIDE_PX, "processes": PROCESSES}
    path = harness.write_result(
        "cluster",
        seed=0,
        settings={**settings, "halves": HALVES},
        data=harness.data_facts(chosen, folder),
        tables={"throughput": rows},
    )
    print(path, *rows, sep="\n")


if __name__ == "__main__":
    main()
