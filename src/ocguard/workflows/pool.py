"""Do one thing to many inputs on several processor cores, in order.

Each worker process makes its own tools once (database connection, index, key) and then works
through inputs. An interruption lets the pictures in work be finished, so that nothing is half
done, gives their results, and starts no further ones. A worker that dies (the system ran out of
memory) costs the one input that killed it, not the rest. Workers whose parent dies leave with it,
even when it was killed; what they have in work gets a few seconds to be finished.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing.synchronize import Event
from typing import Any, Final, Literal, TypeVar

from ocguard.language.message import Message
from ocguard.workflows.threads import one_thread

__all__ = ["MAX_WORKERS", "Jobs", "WorkerDiedError", "map_ordered", "worker_count"]

Jobs = int | Literal["auto"]
Item = TypeVar("Item")
Result = TypeVar("Result")
Settings = TypeVar("Settings")

AHEAD_PER_WORKER: Final = 3
"""Inputs handed out beyond the one in work: workers never wait, interruptions stay quick."""

MAX_WORKERS: Final = 61
"""Windows waits for at most 61 processes at a time (``concurrent.futures``)."""


GRACE_SECONDS: Final = 3.0
"""For what is in work when the parent dies; what is cut off then leaves nothing half done, as every
output appears whole or not at all."""

WATCH_SECONDS: Final = 1.0
"""How often a worker looks for its parent, should the system's own notice fail."""


class WorkerDiedError(RuntimeError):
    """A worker process ended without an answer, most likely because memory ran out."""


def worker_count(jobs: Jobs, inputs: int) -> int:
    """Decide how many processes to use.

    Parameters
    ----------
    jobs : int or "auto"
        What was asked for; ``"auto"`` is one for each processor core that we may use.
    inputs : int
        Number of inputs; there are never more workers than inputs.

    Returns
    -------
    int
        At least 1.

    Raises
    ------
    ValueError
        `jobs` is a number below 1.
    """
    if jobs == "auto":
        has_affinity = hasattr(os, "sched_getaffinity")
        wanted = len(os.sched_getaffinity(0)) if has_affinity else os.cpu_count() or 1
    elif jobs >= 1:
        wanted = jobs
    else:
        raise ValueError(Message("jobs must be at least 1 or 'auto', got {jobs}", jobs=jobs))
    return max(1, min(wanted, inputs, MAX_WORKERS))


def map_ordered(
    make_task: Callable[[Settings], Callable[[Item], Result]],
    settings: Settings,
    items: Sequence[Item],
    *,
    jobs: Jobs,
    on_death: Callable[[Item, WorkerDiedError], Result],
) -> Iterator[Result]:
    """Apply a task to every item and give the results in the order of the items.

    Parameters
    ----------
    make_task : callable
        Makes the task from the settings, once in each process; a function of a module.
    settings : object
        Whatever the task needs; must be picklable.
    items : sequence
        Inputs; picklable.
    jobs : int or "auto"
        Number of processes; with 1, everything happens in this process.
    on_death : callable
        Makes the result of an item whose worker died.

    Yields
    ------
    Result
        One for each item.
    """
    workers = worker_count(jobs, len(items))
    if workers == 1:
        yield from map(make_task(settings), items)
        return
    waiting = deque(items)
    while waiting:
        yield from _through_pool(workers, make_task, settings, waiting)
        if waiting:  # the pool broke: the first item in line is the suspect and goes alone
            suspect = deque([waiting.popleft()])
            item = suspect[0]
            yield from _through_pool(1, make_task, settings, suspect)
            if suspect:
                yield on_death(item, WorkerDiedError(Message("the process working on it died")))


def _through_pool(
    workers: int,
    make_task: Callable[[Settings], Callable[[Item], Result]],
    settings: Settings,
    waiting: deque[Item],
) -> Iterator[Result]:
    """Take items from the left as their results come; stop early when a worker dies."""
    context = multiprocessing.get_context("spawn")
    stopping = context.Event()
    pool = ProcessPoolExecutor(workers, context, _start_worker, (make_task, settings, stopping))
    running: deque[Future[Result]] = deque()
    try:
        while waiting:
            for item in islice(waiting, len(running), workers * (1 + AHEAD_PER_WORKER)):
                running.append(pool.submit(_work, item))
            result = running[0].result()
            running.popleft()
            waiting.popleft()
            yield result
    except BrokenProcessPool:
        pass
    except KeyboardInterrupt:
        stopping.set()
        pool.shutdown(wait=True, cancel_futures=True)
        yield from _finished(running)
        raise
    finally:
        stopping.set()
        pool.shutdown(wait=True, cancel_futures=True)


def _finished(running: Iterable[Future[Result]]) -> Iterator[Result]:
    """Give the results of what was in work when the pool was stopped."""
    for future in running:
        if future.done() and not future.cancelled() and future.exception() is None:
            result = future.result()
            if not isinstance(result, _NotBegun):
                yield result


class _NotBegun:
    """The answer of a worker to an input that it was handed after the interruption."""


_task: Callable[[Any], Any]
_stopping: Event
_at_work = threading.Lock()


def _start_worker(
    make_task: Callable[[Any], Callable[[Any], Any]], settings: object, stopping: Event
) -> None:
    """Make this worker's tools. The parent reacts to Ctrl-C."""
    global _task, _stopping  # noqa: PLW0603  a worker process has exactly one task
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _stopping = stopping
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    _task = make_task(settings)


def _leave_with_parent() -> None:
    """End this process soon after its parent is gone.

    The executor's workers hold both ends of their own queue, so that they would wait for ever. No
    lock that is shared with other processes is taken here: whoever was killed may hold it.
    """
    parent, parent_id = multiprocessing.parent_process(), os.getppid()
    if parent is not None:
        while parent.is_alive() and os.getppid() == parent_id:
            parent.join(WATCH_SECONDS)
        _at_work.acquire(timeout=GRACE_SECONDS)
        os._exit(1)


def _work(item: Any) -> Any:
    with _at_work, one_thread():
        return _NotBegun() if _stopping.is_set() else _task(item)
