"""Processes that work on pictures for a server, one picture each at a time.

A picture that takes too long, or that ends its process, costs its own request and nothing else:
that process is replaced. A worker ignores the signals that stop a server, so that the server
decides what is finished, and leaves when its server is gone. Ending a worker in the middle of its
work is safe: files of ours appear whole or not at all.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from queue import SimpleQueue
from typing import Any, ParamSpec, TypeVar

from anyio import CapacityLimiter, to_thread

from ocguard.web.problems import Refusal
from ocguard.workflows.engine.worker import start_shielded

__all__ = ["Workers"]

Given = ParamSpec("Given")
Result = TypeVar("Result")


class Workers:
    """Worker processes that are ready before they are needed.

    Parameters
    ----------
    count : int
        How many, at least 1.
    warm_up : callable
        A function of a module, called once in every process before its first task.
    """

    def __init__(self, count: int, warm_up: Callable[[], object]) -> None:
        self._warm_up = warm_up
        self._turns = CapacityLimiter(count)
        self._idle: SimpleQueue[_Worker] = SimpleQueue()
        self._known: list[_Worker] = []
        self._is_closed = False
        self._change = threading.Lock()
        for _ in range(count):
            self._add_worker()

    async def run(
        self,
        seconds: float,
        function: Callable[Given, Result],
        *given: Given.args,
        **named: Given.kwargs,
    ) -> Result:
        """Call a function of a module in a worker, in turn.

        Parameters
        ----------
        seconds : float
            Longest time of work; waiting for a turn does not count.
        function : callable
            What to call.
        *given, **named
            Its arguments; like its result they must be picklable.

        Raises
        ------
        Refusal
            It took too long, its process died, or the function refused.
        """
        call = partial(function, *given, **named)
        return await to_thread.run_sync(self._run, seconds, call, limiter=self._turns)

    def _run(self, seconds: float, call: partial[Result]) -> Result:
        worker = self._idle.get()
        try:
            return worker.answer(call, seconds)
        finally:
            if worker.is_spent:
                self._replace(worker)
            else:
                self._idle.put(worker)

    def _replace(self, spent: _Worker) -> None:
        """Put another worker in the place of one that ended."""
        with self._change:
            self._known.remove(spent)
            if self._is_closed:
                self._idle.put(spent)
            else:
                self._add_worker()

    def _add_worker(self) -> None:
        self._known.append(_Worker(self._warm_up))
        self._idle.put(self._known[-1])

    def close_within(self, seconds: float) -> None:
        """Close some time from now: until then, what is at work may be finished."""
        timer = threading.Timer(seconds, self.close)
        timer.daemon = True
        timer.start()

    def close(self) -> None:
        """End every worker at once; what one has in work is left undone."""
        with self._change:
            self._is_closed = True
            for worker in self._known:
                worker.end()


class _Worker:
    """One process and the line to it."""

    def __init__(self, warm_up: Callable[[], object]) -> None:
        context = multiprocessing.get_context("spawn")
        self._line, theirs = context.Pipe()
        self._process: BaseProcess = context.Process(target=_work, args=(theirs, warm_up))
        self._process.daemon = True
        start_shielded(self._process)
        theirs.close()
        self.is_spent = False

    def answer(self, call: partial[Result], seconds: float) -> Result:
        """Let the process call a function, and give what that returns or raises."""
        try:
            self._line.send(call)
            if not self._line.poll(seconds):
                self._give_up()
                raise Refusal(
                    "took-too-long",
                    "it was given up after {seconds:g} seconds; send a smaller picture",
                    seconds=seconds,
                )
            is_result, value = self._line.recv()
        except (EOFError, OSError) as error:
            self._give_up()
            raise Refusal(
                "picture-failed",
                "the process that worked on it ended, most likely for want of memory; send a"
                " smaller picture",
            ) from error
        if is_result:
            result: Result = value
            return result
        raise value

    def _give_up(self) -> None:
        self.is_spent = True
        self.end()
        self._line.close()

    def end(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()
        self._process.join()


def _work(line: Connection, warm_up: Callable[[], object]) -> None:
    """Answer calls until the server is gone."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    _be_quiet()
    warm_up()
    with contextlib.suppress(EOFError, OSError, KeyboardInterrupt):
        while True:
            line.send(_result(line.recv()))


def _be_quiet() -> None:
    """Say nothing on the server's streams: decoders print what they find in damaged files."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)


def _result(call: Callable[[], Any]) -> tuple[bool, Any]:
    """Call a function; what it raises becomes an answer that crosses to the server."""
    try:
        return True, call()
    except Refusal as refusal:
        return False, refusal
    except Exception as error:  # the server must answer whatever happens here
        from ocguard.workflows.failures import explain

        return False, Refusal("failed", explain(error))
