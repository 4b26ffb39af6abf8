"""What a worker process does, from its first moment on: leave with its parent, and answer.

The watch over the parent begins before anything is imported that takes long: on a starved machine
OpenCV and NumPy take many seconds, in which a parent may be killed. So this module imports the
standard library alone, and what the task needs comes packed.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, Final

__all__ = ["work"]

GRACE_SECONDS: Final = 3.0
"""For what is in work when the parent dies; what is cut off then leaves nothing half done, as every
output appears whole or not at all."""

WATCH_SECONDS: Final = 1.0
"""How often a worker looks for its parent, should the system's own notice fail."""

_at_work = threading.Lock()


def work(line: Connection, packed: bytes) -> None:
    """Answer until the line is closed. The parent reacts to Ctrl-C.

    Parameters
    ----------
    line : Connection
        Items with their bound on memory come here, and answers with errors go back.
    packed : bytes
        ``make_task`` and its settings, pickled.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    from ocguard.workflows.threads import one_thread  # takes long: OpenCV

    make_task, settings = pickle.loads(packed)
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
