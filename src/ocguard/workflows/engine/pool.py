"""Do one thing to many inputs on several processor cores of this machine.

An interruption lets the pictures in work be finished, so that nothing is half done, gives their
results, and starts no further ones. An item whose worker died (the system ran out of memory, or
somebody killed it), or that found too little memory, is tried once more with the machine to itself:
the others finish what they have, and their processes end meanwhile.
"""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from operator import length_hint
from queue import Queue, SimpleQueue
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar

from ocguard.choices import LEAST_MEGABYTES
from ocguard.language.message import Message, code_of
from ocguard.workflows.engine.engine import WorkerDiedError, arranged

if TYPE_CHECKING:
    from ocguard.workflows.engine.worker import Worker

__all__ = ["LEAST_BYTES", "MAX_WORKERS", "Jobs", "LocalPool", "worker_count"]

Jobs = int | Literal["auto"]
Item = TypeVar("Item")
Result = TypeVar("Result")
Settings = TypeVar("Settings")

AHEAD_PER_WORKER: Final = 3
"""Inputs taken beyond the one in work, and results that wait for an earlier one."""

MAX_WORKERS: Final = 61
"""Windows waits for at most 61 processes at a time."""

LEAST_BYTES: Final = LEAST_MEGABYTES * 1_000_000
"""Memory of a worker that protects a picture of a megapixel, rounded up; see the tests."""


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


@dataclass(frozen=True)
class LocalPool:
    """Processes of this machine; an :class:`~ocguard.workflows.engine.engine.Engine`.

    Attributes
    ----------
    jobs : int or "auto"
        Number of processes; with 1 and no `max_bytes`, everything happens in this process.
    max_bytes : int or None
        Memory that all of them may hold together, of which each gets an equal share; an input that
        needs more than a share gets all of it. Linux alone keeps to it.
    """

    jobs: Jobs = 1
    max_bytes: int | None = None

    def map(
        self,
        make_task: Callable[[Settings], Callable[[Item], Result]],
        settings: Settings,
        items: Iterable[Item],
        *,
        on_death: Callable[[Item, WorkerDiedError], Result],
        is_ordered: bool = True,
    ) -> Iterator[Result]:
        """Apply a task to every item; see :meth:`ocguard.workflows.engine.engine.Engine.map`."""
        count = worker_count(self.jobs, length_hint(items, MAX_WORKERS))
        if self.max_bytes is not None:
            count = max(1, min(count, self.max_bytes // LEAST_BYTES))
        elif count == 1:
            yield from map(make_task(settings), items)
            return
        from ocguard.workflows.engine.worker import Worker  # not needed to do it all here

        workers = [Worker(make_task, settings) for _ in range(count)]
        crew = _Crew(workers, self.max_bytes, on_death)
        yield from crew.results(items, is_ordered=is_ordered)


class _Crew:
    """Workers, and one thread for each that hands it items."""

    def __init__(
        self,
        workers: list[Worker],
        max_bytes: int | None,
        on_death: Callable[[Any, WorkerDiedError], Any],
    ) -> None:
        self._workers, self._on_death = workers, on_death
        self._all = max_bytes
        self._share = None if max_bytes is None else max_bytes // len(workers)
        self._turns = _Turns()
        self._stopping = threading.Event()
        self._is_interrupted = False
        self._todo: SimpleQueue[tuple[int, Any] | None] = SimpleQueue()
        self._done: Queue[tuple[int, Any] | BaseException | int] = Queue()
        self._places = threading.Semaphore(len(workers) * (1 + AHEAD_PER_WORKER))

    def results(self, items: Iterable[Any], *, is_ordered: bool) -> Iterator[Any]:
        """Give every result; there is a place for another item once one is given."""
        threads = [_thread(self._hand_over, one) for one in self._workers]
        _thread(self._read, items)
        stop = partial(self._stop, threads)
        atexit.register(stop)  # for an interruption that reaches the caller and not this generator
        try:
            for result in arranged(self._finished(stop), is_ordered=is_ordered):
                yield result
                self._places.release()
            if self._is_interrupted:
                raise KeyboardInterrupt
        finally:
            stop()
            atexit.unregister(stop)

    def _finished(self, stop: Callable[[], None]) -> Iterator[tuple[int, Any]]:
        """Give results until there is one for every item, or an interruption stops the crew.

        That must not pass through here: results that wait for an earlier one would be lost.
        """
        total, given = None, 0
        try:
            while given != total:
                one = self._done.get()
                if isinstance(one, BaseException):
                    raise one
                if isinstance(one, int):
                    total = one
                    continue
                given += 1
                yield one
        except KeyboardInterrupt:
            self._is_interrupted = True
            stop()
            yield from self._left()

    def _left(self) -> Iterator[tuple[int, Any]]:
        """Give the results of what was in work when the crew was stopped."""
        while not self._done.empty():
            one = self._done.get()
            if isinstance(one, tuple):
                yield one

    def _stop(self, threads: list[threading.Thread]) -> None:
        """Let everybody finish what they have and leave."""
        self._stopping.set()
        self._places.release()  # the reader may wait for a place
        for _ in threads:
            self._todo.put(None)
        for thread in threads:
            thread.join()

    def _read(self, items: Iterable[Any]) -> None:
        """Take items as there are places for them, and say how many there were."""
        number = 0
        try:
            rest = iter(items)
            while self._places.acquire() and not self._stopping.is_set():
                item = next(rest)
                self._todo.put((number, item))
                number += 1
        except StopIteration:
            self._done.put(number)
        except BaseException as error:  # raised where the results are fetched
            self._done.put(error)

    def _hand_over(self, worker: Worker) -> None:
        """Let one worker do item after item."""
        try:
            while (one := self._todo.get()) is not None and not self._stopping.is_set():
                number, item = one
                self._done.put((number, self._answer(worker, item)))
        except BaseException as error:  # raised where the results are fetched
            self._done.put(error)
        finally:
            with self._turns.together():
                worker.end()

    def _answer(self, worker: Worker, item: Any) -> Any:
        """Let a worker do an item, and once more alone where it died or memory was short."""
        try:
            with self._turns.together():
                answer = worker.ask(item, self._share)
            if self._share == self._all or not _was_short(answer):
                return answer
        except (WorkerDiedError, MemoryError):
            pass
        with self._turns.alone():
            for other in self._workers:
                other.end()
            try:
                return worker.ask(item, self._all)
            except WorkerDiedError as error:
                return self._on_death(item, error)


def _thread(work: Callable[[Any], None], given: object) -> threading.Thread:
    thread = threading.Thread(target=work, args=(given,), daemon=True)
    thread.start()
    return thread


def _was_short(answer: Any) -> bool:
    """Tell whether a result says that there was not enough memory."""
    return code_of(getattr(answer, "error", None) or "") == "memory"


class _Turns:
    """Lets many work at the same time, or one alone."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._at_work = self._wanting = 0

    @contextmanager
    def together(self) -> Iterator[None]:
        """Work beside others, once nobody wants to be alone."""
        with self._changed:
            self._changed.wait_for(lambda: not self._wanting)
            self._at_work += 1
        yield from self._until_done()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Work once everybody else is done."""
        with self._changed:
            self._wanting += 1
            self._changed.wait_for(lambda: not self._at_work)
            self._at_work += 1
        yield from self._until_done(wanted=1)

    def _until_done(self, wanted: int = 0) -> Iterator[None]:
        try:
            yield
        finally:
            with self._changed:
                self._at_work -= 1
                self._wanting -= wanted
                self._changed.notify_all()
