#!/usr/bin/env python3
"""Protect into one portfolio on a server while clients and server processes are killed.

    python tests/soak/kill_server.py --pictures 200 --seconds 3

Four processes protect at once. Every few seconds one of them, or one of the server's processes (the
server then ends all others and recovers), gets SIGKILL. Who was killed or failed is started again,
until all is protected. What must hold in the end: every picture has one output, every output is
registered, every work has one mark id, no mark id belongs to two works, and the portfolio is whole.
Debian's PostgreSQL is started by this program.
"""

from __future__ import annotations

import argparse
import contextlib
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

import psycopg

from kill_loop import draw
from ocguard.portfolio import open_store

sys.path.insert(0, str(Path(__file__).parents[1] / "databases"))

from postgres_server import Server, running_server

PROCESSES = 4
PAUSE_SECONDS = 1.0
"""Between an end and the next start: the server recovers meanwhile."""

BACKEND_SECONDS = 5.0
"""Time in which a client should come to write something."""

CALMER = 1.05
"""By how much each pause is longer than the one before, so that a slow machine comes to an end."""

_BACKENDS = "SELECT pid FROM pg_stat_activity WHERE application_name = 'ocguard'"


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pictures", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=3.0, help="between two kills")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    place = random.Random(asked.seed)
    with tempfile.TemporaryDirectory() as folder, running_server() as server:
        root, url = Path(folder), server.new_url()
        for number in range(PROCESSES):
            draw(root / f"art-{number}", asked.pictures // PROCESSES, first=1000 * number)
        os.environ["OCGUARD_PORTFOLIO"] = url
        start(root, "profile", "set", "--creator", "Mo").wait()
        kills = protected(root, server, place, asked.seconds)
        faults = list(faults_of(root, url, asked.pictures))
    print(*faults, sep="\n")
    print(f"{asked.pictures} pictures, {kills}: {len(faults)} faults")
    return int(bool(faults))


def start(root: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """Start ocguard."""
    command = [sys.executable, "-m", "ocguard", "--home", str(root / "home"), *arguments]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def protected(root: Path, server: Server, place: random.Random, seconds: float) -> dict[str, int]:
    """Protect all pictures in spite of kills, and count those."""
    kills = {"clients": 0, "server processes": 0, "starts": 0}
    running: dict[int, subprocess.Popen[bytes]] = {}
    waiting = set(range(PROCESSES))
    due = time.monotonic() + seconds
    while waiting or running:
        for number in sorted(waiting):
            options = ("--visible", "none", "-j", "1", "--on-exists", "skip")
            out = ("--out", str(root / f"out-{number}"))
            running[number] = start(root, "protect", str(root / f"art-{number}"), *out, *options)
            kills["starts"] += 1
        waiting.clear()
        time.sleep(0.1)
        for number, process in list(running.items()):
            if (code := process.poll()) is not None:
                del running[number]
                if code:
                    waiting.add(number)
        if waiting:
            time.sleep(PAUSE_SECONDS)
        if running and time.monotonic() > due:
            kills[kill_one(list(running.values()), server, place)] += 1
            seconds *= CALMER
            due = time.monotonic() + seconds
    return kills


def kill_one(clients: list[subprocess.Popen[bytes]], server: Server, place: random.Random) -> str:
    """Kill a client, or the server's process of one, and say which."""
    if place.random() < 0.5 and backend_killed(server):
        return "server processes"
    place.choice(clients).kill()
    return "clients"


def backend_killed(server: Server) -> bool:
    """Wait for a server process that works for a client, and kill it, unless none comes."""
    deadline = time.monotonic() + BACKEND_SECONDS
    with contextlib.suppress(psycopg.Error), contextlib.closing(server.connect()) as db:
        while time.monotonic() < deadline:
            for (pid,) in db.execute(_BACKENDS):
                with contextlib.suppress(ProcessLookupError):  # it ended meanwhile
                    os.kill(pid, signal.SIGKILL)
                    return True
            time.sleep(0.005)
    return False


def faults_of(root: Path, url: str, pictures: int) -> Iterator[str]:
    """Name what is lost, half done or twice there."""
    files = [path for path in root.glob("out-*/*") if path.is_file()]
    if len(files) != pictures:
        yield f"{len(files)} outputs"
    with open_store(url) as store:
        yield from (f"portfolio: {damage}" for damage in store.damage())
        for path in files:
            if len(store.marks_of_file(hashlib.sha256(path.read_bytes()).hexdigest())) != 1:
                yield f"{path.name} is not registered once"
        works = {work.work_id: store.marks(work.work_id) for work in store.works()}
    if len(works) != pictures:
        yield f"{len(works)} works"
    ids = {work_id: {mark.mark_id for mark in marks} for work_id, marks in works.items()}
    if any(len(one) != 1 for one in ids.values()):
        yield "a work has several mark ids"
    if len(set.union(*ids.values())) != len(works):
        yield "a mark id belongs to several works"
    issues = [mark.issue_id for marks in works.values() for mark in marks]
    if len(issues) != len(set(issues)):
        yield "an issue id is there twice"


if __name__ == "__main__":
    sys.exit(main())
