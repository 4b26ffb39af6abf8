"""A real cluster of dask.distributed on loopback for the tests, and a task that calls anything."""

from __future__ import annotations

import operator
import os
import random
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from ocguard.workflows.engine.parcel import Parcel
from ocguard.workflows.home.workspace import Workspace

__all__ = [
    "Calling",
    "RunningCluster",
    "call",
    "faults_of_arrays",
    "running_cluster",
    "workers_killed",
]

STARTED_SECONDS = 120
"""How long a busy machine may take to start a scheduler and two workers."""

SOONER = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1"}
"""A task is given up after two workers died with it, and not after four: it takes half as long."""

CALMER = {
    "DASK_DISTRIBUTED__ADMIN__TICK__INTERVAL": "1s",
    "DASK_DISTRIBUTED__ADMIN__SYSTEM_MONITOR__INTERVAL": "5s",
    "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False",
}
"""As the page of many pictures advises: what looks after itself a hundred times a second costs."""

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Calling:
    """Settings of a task that calls whatever comes; they travel as those of ocguard do."""

    folder: str

    def parcel(self) -> Parcel:
        """Pack it; no key is needed."""
        return Parcel(f"{self.folder}/p.sqlite3", self.folder, None, partial(_again, self.folder))


def _again(folder: str, _: Workspace) -> Calling:
    return Calling(folder)


def faults_of_arrays(count: int, megabytes: int) -> int:
    """Make and forget arrays, one after the other; return how many pages the system had to give."""
    import resource

    import numpy as np

    np.ones(megabytes << 20, np.uint8)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(count):
        np.ones(megabytes << 20, np.uint8)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def call(_: Calling) -> Callable[[Any], Any]:
    """Make the task."""
    return operator.methodcaller("__call__")


@dataclass
class RunningCluster:
    """A scheduler with worker processes, which can be killed and started again."""

    folder: Path
    home: Path
    port: int
    processes: list[subprocess.Popen[bytes]]

    @property
    def address(self) -> str:
        """Where the scheduler listens."""
        return f"tcp://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start the scheduler and two workers, each with one thread and a nanny."""
        self._run("scheduler", "--host", "127.0.0.1", "--port", self.port, "--no-dashboard")
        self._run(
            *("worker", self.address, "--nworkers", 2, "--nthreads", 1, "--no-dashboard"),
            *("--memory-limit", 0, "--local-directory", self.folder),
        )

    def wait(self) -> None:
        """Wait until both workers are there."""
        from distributed import Client

        with Client(self.address, timeout=STARTED_SECONDS, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=STARTED_SECONDS)

    def kill(self) -> None:
        """Kill everything, as a power cut does."""
        for process in self.processes:
            os.killpg(process.pid, 9)
            process.wait()
        self.processes.clear()

    def _run(self, name: str, *words: object) -> None:
        command = [sys.executable, "-m", f"distributed.cli.dask_{name}", *map(str, words)]
        paths = os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")])
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                command,
                env={
                    **os.environ,
                    **SOONER,
                    **CALMER,
                    "PYTHONPATH": paths,
                    "OCGUARD_HOME": str(self.home),
                },
                stdout=log,
                stderr=log,
                cwd=self.folder,
                start_new_session=True,
            )
        self.processes.append(process)


@contextmanager
def running_cluster(folder: Path, home: Path) -> Iterator[RunningCluster]:
    """Start a cluster whose workers have a home, and kill it at the end."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    cluster = RunningCluster(folder, home, port, [])
    cluster.start()
    try:
        cluster.wait()
        yield cluster
    finally:
        cluster.kill()


@contextmanager
def workers_killed(address: str, seconds: float, place: random.Random) -> Iterator[list[int]]:
    """Kill one worker again and again; dask's nanny starts it anew.

    Parameters
    ----------
    address : str
        Of the scheduler.
    seconds : float
        Between two kills.
    place : random.Random
        Chooses who is killed.

    Yields
    ------
    list of int
        The process ids of those that were killed so far.
    """
    from distributed import Client

    ended, killed = threading.Event(), list[int]()

    def kill(client: Client) -> None:
        while not ended.wait(seconds):
            pids = sorted(client.run(os.getpid, on_error="ignore").values())
            if pids and not ended.is_set():
                killed.append(place.choice(pids))
                os.kill(killed[-1], signal.SIGKILL)

    with Client(address, set_as_default=False) as client:
        killer = threading.Thread(target=kill, args=(client,))
        killer.start()
        try:
            yield killed
        finally:
            ended.set()
            killer.join()
