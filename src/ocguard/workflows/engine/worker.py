"""One worker process and the line to it: an item goes there, an answer comes back.

The process makes its tools once (database connection, index, key). It leaves when its parent is
gone, even when that was killed; what it has in work gets a few seconds to be finished.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, Final

from ocguard.workflows.engine.engine import WorkerDiedError
from ocguard.workflows.threads import one_thread

__all__ = ["Worker"]

GRACE_SECONDS: Final = 3.0
"""For what is in work when the parent dies; what is cut off then leaves nothing half done, as every
output appears whole or not at all."""

WATCH_SECONDS: Final = 1.0
"""How often a worker looks for its parent, should the system's own notice fail."""

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
        self._tools = (make_task, settings)
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
        self._process = context.Process(target=_work, args=(theirs, *self._tools))
        self._process.daemon = True
        self._process.start()
        theirs.close()


_at_work = threading.Lock()


def _work(
    line: Connection, make_task: Callable[[Any], Callable[[Any], Any]], settings: object
) -> None:
    """Answer until the line is closed. The parent reacts to Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    task: Callable[[Any], Any] | None = None
    answer: tuple[Any, Exception | None]
    while True:
        try:
            item, max_bytes = line.recv()
        except (EOFError, OSError):
            return
        with _at_work, one_thread():
            try:
                if max_bytes is not None:
                    _limit_memory(max_bytes)
                task = task or make_task(settings)
                answer = task(item), None
            except Exception as error:  # it crosses to the parent, which raises it
                answer = None, error
        line.send(answer)


def _limit_memory(max_bytes: int) -> None:
    """Let the system refuse more memory than that (Linux: RLIMIT_DATA, private and writable)."""
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (max_bytes, hard))


def _leave_with_parent() -> None:
    """End this process soon after its parent is gone.

    No lock that is shared with other processes is taken here: whoever was killed may hold it.
    """
    parent, parent_id = multiprocessing.parent_process(), os.getppid()
    if parent is not None:
        while parent.is_alive() and os.getppid() == parent_id:
            parent.join(WATCH_SECONDS)
        _at_work.acquire(timeout=GRACE_SECONDS)
        os._exit(1)
