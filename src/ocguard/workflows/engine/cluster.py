"""Do one thing to many inputs on a cluster of dask.distributed.

No key leaves this machine: workers read it from their own home. Each task is named by a digest of
its input, its settings and its output, so that a cluster does it once however often it is asked;
and since outputs appear whole or not at all and are known to the portfolio, doing one twice does no
harm. The scheduler gives what a dead worker had to another one, and gives up what several workers
died with: that may have waited behind what killed them, so it is tried once more, alone. A
scheduler that dies is waited for, and given what had no answer yet.
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import hashlib
import ipaddress
import os
import pickle
import re
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Final, TypeVar

from ocguard.errors import ClusterError, MissingExtraError
from ocguard.imaging.files import Remote
from ocguard.workflows.engine.engine import WorkerDiedError, arranged
from ocguard.workflows.engine.parcel import Parcel
from ocguard.workflows.sources import content_id
from ocguard.workflows.threads import one_thread

__all__ = ["Cluster", "require_safe"]

Item = TypeVar("Item")
Result = TypeVar("Result")
Settings = TypeVar("Settings")

ADDRESS: Final = re.compile(r"(?P<scheme>tcp|tls)://(?P<host>\[[0-9A-Fa-f:.]+\]|[\w.-]+):\d+")

AHEAD_PER_THREAD: Final = 4
"""Tasks handed out for each thread of the cluster."""

CONNECT_SECONDS: Final = 10.0
"""How long one attempt to reach the scheduler may take."""

PATIENCE_SECONDS: Final = 300.0
"""How long a scheduler that was there is waited for."""

LOOK_SECONDS: Final = 1.0
"""How often it is looked whether the scheduler is still there."""


@dataclass(frozen=True)
class Cluster:
    """Workers of a dask cluster; an :class:`~ocguard.workflows.engine.engine.Engine`.

    Attributes
    ----------
    address : str
        Of the scheduler: ``tcp://127.0.0.1:8786`` on this machine, ``tls://HOST:8786`` elsewhere.

    Raises
    ------
    ClusterError
        The address leads to another machine without TLS.
    """

    address: str

    def __post_init__(self) -> None:
        require_safe(self.address)

    def map(
        self,
        make_task: Callable[[Settings], Callable[[Item], Result]],
        settings: Settings,
        items: Iterable[Item],
        *,
        on_death: Callable[[Item, WorkerDiedError], Result],
        is_ordered: bool = True,
    ) -> Iterator[Result]:
        """Apply a task to every item; see :meth:`ocguard.workflows.engine.engine.Engine.map`.

        Parameters
        ----------
        make_task, items, on_death, is_ordered
            As everywhere; items do not block.
        settings : Travelling
            What knows how to pack itself.

        Raises
        ------
        ClusterError
            The scheduler cannot be reached, has no workers, or a worker has another key.
        MissingExtraError
            dask.distributed is not installed.
        """
        parcel: Parcel = settings.parcel()  # type: ignore[attr-defined]
        numbered = _Run(self.address, parcel, make_task, on_death).results(items)
        yield from arranged(numbered, is_ordered=is_ordered)


def require_safe(address: str) -> None:
    """Refuse an address that leads to another machine without TLS: marks and pictures go there.

    Raises
    ------
    ClusterError
        It does, or it is no address.
    """
    parts = ADDRESS.fullmatch(address)
    if parts is None:
        raise ClusterError(
            "{address} is no address of a cluster: write tcp://127.0.0.1:PORT or tls://HOST:PORT",
            address=address,
        )
    if parts["scheme"] == "tcp" and not _is_here(parts["host"].strip("[]")):
        raise ClusterError(
            "{address} is another machine: workers there hold your key, so it takes TLS"
            " (tls://HOST:PORT)",
            address=address,
        )


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class _LostError(Exception):
    """The scheduler is gone."""


class _Run:
    """One job on a cluster: what is handed out, and what has come back."""

    def __init__(
        self,
        address: str,
        parcel: Parcel,
        make_task: Callable[[Any], Callable[[Any], Any]],
        on_death: Callable[[Any, WorkerDiedError], Any],
    ) -> None:
        self._address, self._on_death = address, on_death
        self._packed = pickle.dumps((make_task, parcel))
        self._run_id = os.urandom(8).hex()
        self._open: dict[int, Any] = {}
        self._suspected: list[int] = []
        self._alone: set[int] = set()

    def results(self, items: Iterable[Any]) -> Iterator[tuple[int, Any]]:
        """Give every result with its number as it comes, whatever becomes of the scheduler."""
        numbered = enumerate(items)
        client = _connected(self._address, CONNECT_SECONDS)
        try:
            while True:
                try:
                    yield from self._session(client, numbered)
                    return
                except _LostError:
                    _leave(client)
                    client = _connected(self._address, PATIENCE_SECONDS)
        finally:
            _leave(client)

    def _session(
        self, client: Any, numbered: Iterator[tuple[int, Any]]
    ) -> Iterator[tuple[int, Any]]:
        """Hand out what has no answer and what is new, as long as the scheduler is there."""
        done: SimpleQueue[tuple[int, Any]] = SimpleQueue()
        self._suspected.clear()
        handed = {number: self._submit(client, number, done) for number in list(self._open)}
        ahead = AHEAD_PER_THREAD * _threads(client)
        while True:
            while len(handed) < ahead and (one := next(numbered, None)) is not None:
                number, self._open[number] = one
                handed[number] = self._submit(client, number, done)
            if not handed and self._suspected:
                self._alone.add(number := self._suspected.pop())
                handed[number] = self._submit(client, number, done)
            if not handed:
                return
            number, future = _next_done(client, done)
            del handed[number]
            if _was_killed(future) and number not in self._alone:
                self._suspected.append(number)
                continue
            answer = self._answer(future, self._open[number])
            del self._open[number]
            future.release()
            yield number, answer

    def _submit(self, client: Any, number: int, done: SimpleQueue[tuple[int, Any]]) -> Any:
        """Hand out one item."""
        item = self._open[number]
        future = client.submit(
            *(_work, self._run_id, self._packed, item),
            key=_task_name(self._packed, item) + ("-alone" if number in self._alone else ""),
            pure=True,
        )
        future.add_done_callback(lambda one: done.put((number, one)))
        return future

    def _answer(self, future: Any, item: Any) -> Any:
        """Take a result, or what became of it."""
        if future.status in ("cancelled", "lost"):
            raise _LostError
        if _was_killed(future):
            return self._on_death(item, WorkerDiedError())
        error = future.exception() if future.status == "error" else None
        if error is not None:
            raise error
        return future.result()


def _was_killed(future: Any) -> bool:
    """Tell whether several workers died with a task."""
    from distributed import KilledWorker

    return future.status == "error" and isinstance(future.exception(), KilledWorker)


def _next_done(client: Any, done: SimpleQueue[tuple[int, Any]]) -> tuple[int, Any]:
    """Wait for a task to be done, and look whether the scheduler is still there."""
    while True:
        try:
            return done.get(timeout=LOOK_SECONDS)
        except Empty:
            if client.status != "running":
                raise _LostError from None


def _connected(address: str, seconds: float) -> Any:
    """Reach the scheduler, and its first worker.

    Raises
    ------
    ClusterError
        Nobody answered in time, or a worker can be reached from other machines without TLS.
    MissingExtraError
        dask.distributed is not installed.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise MissingExtraError("a cluster", "cluster") from error
    limit = time.monotonic() + seconds
    while (client := _reached(Client, address)) is None:
        if time.monotonic() >= limit:
            raise ClusterError(
                "no cluster answers at {address}, or it has no workers: start 'dask scheduler' and"
                " 'dask worker {address}'",
                address=address,
            )
        time.sleep(LOOK_SECONDS)
    for worker in client.scheduler_info(n_workers=-1)["workers"]:
        require_safe(worker)
    return client


def _reached(connect: Any, address: str) -> Any:
    """Reach a scheduler that has a worker; None where it does not answer in time."""
    client = None
    try:
        client = connect(address, timeout=CONNECT_SECONDS, set_as_default=False)
        client.wait_for_workers(1, timeout=CONNECT_SECONDS)
    except (OSError, TimeoutError):
        if client is not None:
            _leave(client)
        return None
    return client


def _leave(client: Any) -> None:
    """Close a client, whether or not the scheduler is still there to be told."""
    with contextlib.suppress(OSError, TimeoutError):
        client.close(timeout=CONNECT_SECONDS)


def _threads(client: Any) -> int:
    """Count the threads of all workers."""
    counts: dict[str, int] = client.nthreads()
    return max(1, sum(counts.values()))


def _task_name(packed: bytes, item: Any) -> str:
    """Name a task by what goes into it: the input's bytes, settings, recipient and output."""
    digest = hashlib.sha256(packed + pickle.dumps(item))
    source = getattr(item, "source", item)
    if isinstance(source, Path | Remote):
        digest.update(content_id(source).encode())
    return f"ocguard-{digest.hexdigest()}"


_at_work = threading.Lock()


def _work(run_id: str, packed: bytes, item: Any) -> Any:
    """Do one task in a worker, which takes one at a time: this process has one working folder."""
    with _at_work, one_thread():
        return _task(run_id, packed)(item)


@functools.lru_cache(maxsize=1)
def _task(_: str, packed: bytes) -> Callable[[Any], Any]:
    """Make the task of a run once."""
    _keep_freed_memory()
    make_task, parcel = pickle.loads(packed)
    task: Callable[[Any], Any] = make_task(parcel.unpacked())
    return task


M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
"""Of ``malloc.h``."""

KEPT_BYTES: Final = 32 << 20
"""Largest block that glibc keeps for later on 64-bit machines, by its own choice too."""


def _keep_freed_memory() -> None:
    """Let the C library keep some of the memory that is freed, as it does in any other process.

    dask's nanny sets ``MALLOC_TRIM_THRESHOLD_``, which hands every array back to the system at
    once. The next array of that size begins with hundreds of page faults: protecting a picture
    took 1.6 times the processor time. What is set here is what glibc sets by itself without that
    variable, once a process has freed a block of 32 MiB (mallopt(3), M_MMAP_THRESHOLD).
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:  # musl has none
        mallopt(M_MMAP_THRESHOLD, KEPT_BYTES)
        mallopt(M_TRIM_THRESHOLD, 2 * KEPT_BYTES)
