"""Measure what a cluster on this machine gets done, beside the local pool, each with two processes.

    PYTHONPATH=tests/clusters python tests/benchmarks/bench_cluster.py [--pictures 800]

The same small pictures are protected by both, and by a cluster that has one of its workers killed
every half minute. They take turns in halves, so that a machine that is busy with other things
meanwhile is unfair to none. The cluster is warm: it has protected a few
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
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from PIL import Image

import harness
from clusters import RunningCluster, running_cluster, workers_killed

PROCESSES = 2
HALVES = 2
WARMING = 4
"""Pictures that the cluster protects before anything is measured."""

IDLE_SECONDS = 20.0
KILL_SECONDS = 30.0
LONG_SIDE_PX = 512


@dataclass(frozen=True)
class Throughput:
    """What one engine did.

    Attributes
    ----------
    engine : str
        Who worked: the pool, the cluster, or the cluster whose workers are killed.
    pictures : int
        How many were protected.
    wall_seconds, cpu_seconds : float
        What that took; the processor time of workers that were killed is not known, so none is
        given where some were.
    idle_cpu_seconds : float
        What of it is used in that time by an engine that has nothing to do.
    killed : int
        How many workers were killed meanwhile.
    """

    engine: str
    pictures: int
    wall_seconds: float
    cpu_seconds: float | None
    idle_cpu_seconds: float = 0.0
    killed: int = 0


def small_pictures(folder: Path, into: Path, count: int) -> list[Path]:
    """Make small pictures of the art, and return what they were made of.

    Where more are asked for than there are, they come again, turned.
    """
    chosen = harness.every(harness.pictures(folder), count)
    into.mkdir()
    for number in range(count):
        turns, place = divmod(number, len(chosen))
        with Image.open(chosen[place]) as image:
            small = image.convert("RGBA").convert("RGB")
        small.thumbnail((LONG_SIDE_PX, LONG_SIDE_PX))
        small.rotate(90 * turns, expand=True).save(into / f"{number:04}.png")
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


@contextmanager
def timed(
    engine: str, pictures: int, cluster: RunningCluster | None, rows: list[Throughput]
) -> Iterator[None]:
    """Add a row of what is done meanwhile, with the processor time of a cluster."""
    idle = idle_share(cluster) if cluster else 0.0
    begun, computed = time.monotonic(), _cpu_seconds(cluster)
    yield
    wall, cpu = time.monotonic() - begun, _cpu_seconds(cluster) - computed
    rows.append(Throughput(engine, pictures, wall, cpu, idle * wall))


def _cpu_seconds(cluster: RunningCluster | None) -> float:
    return own_cpu_seconds() + (cluster_cpu_seconds(cluster) if cluster else 0.0)


@contextmanager
def warm_cluster(folder: Path, pictures: list[Path]) -> Iterator[RunningCluster]:
    """Start a cluster that has a home of its own and has protected a few pictures."""
    folder.mkdir()
    protect(folder / "home", folder / "first", pictures[:1], "-j", 1)  # makes key and portfolio
    with running_cluster(folder, folder / "home") as cluster:
        protect(folder / "home", folder / "warm", pictures[:WARMING], "--cluster", cluster.address)
        yield cluster


def measure(work: Path, pictures: list[Path], seconds: float) -> list[Throughput]:
    """Let the pool, a cluster, and one whose workers are killed take turns."""
    rows: list[Throughput] = []
    with (
        warm_cluster(work / "whole", pictures) as whole,
        warm_cluster(work / "hurt", pictures) as hurt,
    ):
        for number in range(HALVES):
            half, out = pictures[number::HALVES], f"out-{number}"
            with timed("pool", len(half), None, rows):
                protect(work / "pool", work / out, half, "-j", PROCESSES)
            with timed("cluster", len(half), whole, rows):
                protect(whole.home, whole.home / out, half, "--cluster", whole.address)
            with (
                timed("cluster, workers killed", len(half), None, rows),
                workers_killed(hurt.address, seconds, Random(number)) as killed,
            ):
                protect(hurt.home, hurt.home / out, half, "--cluster", hurt.address)
            rows[-1] = replace(rows[-1], cpu_seconds=None, killed=len(killed))
    return rows


def main() -> None:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pictures", type=int, default=800)
    parser.add_argument("--seconds", type=float, default=30.0, help="between two kills")
    asked = parser.parse_args()
    folder = harness.art_folder()
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        chosen = small_pictures(folder, work / "art", asked.pictures)
        rows = measure(work, sorted((work / "art").iterdir()), asked.seconds)
    settings = {
        "pictures": asked.pictures,
        "seconds": asked.seconds,
        "long_side_px": LONG_SIDE_PX,
        "processes": PROCESSES,
    }
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
