"""Measure a server under many clients at once: what is lost, how long each waits, what it holds.

``python tests/benchmarks/bench_serve.py`` lets 50 clients ask for a minute each question;
``--quick`` 10 for ten seconds. One worker answers. Linux only: the figures come from ``/proc``.

Clients that share a core wait for each other: with 50 of them each has a fiftieth of what the
server has, so the time of one request, taken 50 times, is what a fair share costs. On a busy
machine the server has less than a core. What it had is counted, so that the ratio does not depend
on that.
"""

from __future__ import annotations

import argparse
import http.client
import os
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

import harness
import ocguard
from serving import Server, memory_bytes, process_ids, started

FULL = (50, 60.0)
QUICK = (10, 10.0)
"""Clients, and seconds that they ask."""

ALONE_REQUESTS = 15
WARM_REQUESTS = 5
SUSPECT_SIZE = (1200, 840)  # 1 megapixel
WORKS = 8
QUALITY = 75  # of suspects, JPEG
MIB = 2**20


@dataclass(frozen=True)
class Crowd:
    """What clients met that asked one question at the same time.

    Attributes
    ----------
    question : str
        The route.
    clients : int
        How many asked, each the next time when it had its answer.
    answered, lost : int
        Requests with status 200, and all others.
    alone_cpu_seconds : float
        Median CPU seconds of a request without others, of the server and its worker.
    median_seconds : float
        Median time from a request to its answer.
    cores : float
        How much of a core server and worker had meanwhile.
    times_share : float
        The median, in relation to the time of all clients' requests at that much of a core.
    memory_mib, grown_mib : float
        What server and worker held at the end, and how much more that was than after a quarter.
    """

    question: str
    clients: int
    answered: int
    lost: int
    alone_cpu_seconds: float
    median_seconds: float
    cores: float
    times_share: float
    memory_mib: float
    grown_mib: float


def cpu_seconds(process: subprocess.Popen[bytes]) -> float:
    """Return what server and worker have computed so far."""
    fields = [
        Path(f"/proc/{one}/stat").read_text().rpartition(")")[2] for one in process_ids(process)
    ]
    ticks = sum(int(one.split()[11]) + int(one.split()[12]) for one in fields)
    return ticks / os.sysconf("SC_CLK_TCK")


def ask(server: Server, question: str, body: bytes) -> bool:
    """Send one request; tell whether it was answered."""
    try:
        return server.call("POST", question, body).status == 200
    except (OSError, http.client.HTTPException):
        return False


def alone_cpu_seconds(
    process: subprocess.Popen[bytes], server: Server, question: str, body: bytes
) -> float:
    """Return the median CPU seconds of a request without others."""
    taken = []
    for number in range(WARM_REQUESTS + ALONE_REQUESTS):
        before = cpu_seconds(process)
        if not ask(server, question, body):
            raise RuntimeError(f"{question} is not answered: {server.log.read_text()[-500:]}")
        if number >= WARM_REQUESTS:
            taken.append(cpu_seconds(process) - before)
    return statistics.median(taken)


def crowd(
    process: subprocess.Popen[bytes],
    server: Server,
    question: str,
    body: bytes,
    clients: int,
    seconds: float,
) -> Crowd:
    """Let many clients ask for a while."""
    alone = alone_cpu_seconds(process, server, question, body)
    times: list[float] = []
    lost: list[float] = []
    begun, computed = time.monotonic(), cpu_seconds(process)

    def client() -> None:
        while (start := time.monotonic()) < begun + seconds:
            is_answered = ask(server, question, body)
            (times if is_answered else lost).append(time.monotonic() - start)

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    time.sleep(seconds / 4)
    early = memory_bytes(process)
    for thread in threads:
        thread.join()
    late = memory_bytes(process)
    cores = (cpu_seconds(process) - computed) / (time.monotonic() - begun)
    median = statistics.median(times)
    share = clients * alone / cores
    grown = (late - early) / MIB
    return Crowd(
        question,
        clients,
        len(times),
        len(lost),
        alone,
        median,
        cores,
        median / share,
        late / MIB,
        grown,
    )


@contextmanager
def served(scenes: list[Path]) -> Iterator[tuple[subprocess.Popen[bytes], Server, bytes]]:
    """Serve a home with some works; gives the server, and a suspect that was made of the first."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        made = ocguard.protect(
            scenes, out=Path(folder) / "out", home=home, creator="Benchmark", visible="none", jobs=1
        )
        suspect = Path(folder) / "suspect.jpg"
        with Image.open(str(made[0].output)) as marked:
            marked.convert("RGB").resize(SUSPECT_SIZE).save(suspect, quality=QUALITY)
        process, server = started(home, "-j", 1)
        try:
            yield process, server, suspect.read_bytes()
        finally:
            process.terminate()
            process.wait(60)


def main() -> None:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer clients, for a shorter time")
    is_quick = parser.parse_args().quick
    clients, seconds = QUICK if is_quick else FULL
    folder = harness.art_folder()
    scenes = harness.every(harness.pictures(folder, "illustrations"), WORKS)
    with served(scenes) as (process, server, suspect):
        rows = [
            crowd(process, server, question, suspect, clients, seconds)
            for question in ("/v1/fingerprint", "/v1/detect", "/v1/check")
        ]
    settings = {"clients": clients, "seconds": seconds, "works": len(scenes), "workers": 1}
    settings |= {"suspect_px": SUSPECT_SIZE, "jpeg_quality": QUALITY}
    path = harness.write_result(
        "serve-quick" if is_quick else "serve",
        seed=0,
        settings=settings,
        data=harness.data_facts(scenes, folder),
        tables={"crowds": rows},
    )
    print(path, *rows, sep="\n")


if __name__ == "__main__":
    main()
