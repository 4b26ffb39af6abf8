"""Processes that work on pictures for a server, one picture each at a time.

A picture that takes too long, or that ends its process, costs its own request and nothing else:
that process is replaced. A worker ignores the signals that stop a server, so that what it has in
work is finished, and leaves when its server is gone.
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
from typing import Any, Final, ParamSpec, TypeVar

from anyio import CapacityLimiter, to_thread

from ocguard.web.problems import Refusal

__all__ = ["Workers"]

Given = ParamSpec("Given")
Result = TypeVar("Result")

_STOP_SECONDS: Final = 5.0
"""How long a worker that has nothing to do may take to leave."""


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
        self._closed = threading.Event()
        for _ in range(count):
            self._idle.put(_Worker(warm_up))

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
            if worker.is_spent and not self._closed.is_set():
                worker = _Worker(self._warm_up)
            self._idle.put(worker)

    def close(self) -> None:
        """Let every worker leave; those at work are ended."""
        self._closed.set()
        while not self._idle.empty():
            self._idle.get().close()


class _Worker:
    """One process and the line to it."""

    def __init__(self, warm_up: Callable[[], object]) -> None:
        context = multiprocessing.get_context("spawn")
        self._line, theirs = context.Pipe()
        self._process: BaseProcess = context.Process(target=_work, args=(theirs, warm_up))
        self._process.daemon = True
        self._process.start()
        theirs.close()
        self.is_spent = False

    def answer(self, call: partial[Result], seconds: float) -> Result:
        """Let the process call a function, and give what that returns or raises."""
        try:
            self._line.send(call)
            if not self._line.poll(seconds):
                self._end()
                raise Refusal(
                    "took-too-long",
                    "it was given up after {seconds:g} seconds; send a smaller picture",
                    seconds=seconds,
                )
            is_result, value = self._line.recv()
        except (EOFError, OSError) as error:
            self._end()
            raise Refusal(
                "picture-failed",
                "the process that worked on it ended, most likely for want of memory; send a"
                " smaller picture",
            ) from error
        if is_result:
            result: Result = value
            return result
        raise value

    def _end(self) -> None:
        self.is_spent = True
        self._process.kill()
        self._process.join()
        self._line.close()

    def close(self) -> None:
        """Let the process leave."""
        if self.is_spent:
            return
        self._line.close()
        self._process.join(_STOP_SECONDS)
        if self._process.is_alive():
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
