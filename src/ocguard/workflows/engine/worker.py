"""One worker process and the line to it: an item goes there, an answer comes back.

The process makes its tools once (database connection, index, key). It leaves when its parent is
gone, even when that was killed; what it has in work gets a few seconds to be finished. What it does
is :mod:`.child`.
"""

from __future__ import annotations

import multiprocessing
import pickle
import signal
import sys
from collections.abc import Callable
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, Final

from ocguard.workflows.engine import child
from ocguard.workflows.engine.engine import WorkerDiedError

__all__ = ["Worker", "start_shielded"]

LEAVE_SECONDS: Final = 10.0
"""How long a worker that has nothing to do may take to leave."""


class Worker:
    """A process that works on one item after the other; it starts with the first one.

    Parameters
    ----------
    make_task, settings
        As for :meth:`ocguard.workflows.engine.engine.Engine.map`.
    """

    def __init__(self, make_task: Callable[[Any], Callable[[Any], Any]], settings: object) -> None:
        self._packed = pickle.dumps((make_task, settings))
        self._process: BaseProcess | None = None
        self._line: Connection

    def ask(self, item: object, max_bytes: int | None) -> Any:
        """Let the process work on an item.

        Parameters
        ----------
        item : object
            Picklable.
        max_bytes : int or None
            How much memory the process may hold meanwhile.

        Raises
        ------
        WorkerDiedError
            The process ended; the next item starts another one.
        Exception
            Whatever the task raised.
        """
        if self._process is None:
            self._start()
        try:
            self._line.send((item, max_bytes))
            answer, error = self._line.recv()
        except (EOFError, OSError) as died:
            self.end()
            raise WorkerDiedError from died
        if error is not None:
            raise error
        return answer

    def end(self) -> None:
        """Let the process leave; a no-op where there is none."""
        if self._process is None:
            return
        self._line.close()
        self._process.join(LEAVE_SECONDS)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._process = None

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._line, theirs = context.Pipe()
        self._process = context.Process(target=child.work, args=(theirs, self._packed))
        self._process.daemon = True
        start_shielded(self._process)
        theirs.close()


def start_shielded(process: BaseProcess) -> None:
    """Start a process that ignores Ctrl-C once it has begun, and does not hear it before.

    A terminal sends that to all processes; one that still loads would print a traceback.
    """
    if sys.platform == "win32":
        process.start()
        return
    resource_tracker.ensure_running()  # its start lets the signal through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        process.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
