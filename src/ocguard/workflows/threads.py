"""Keep ocguard's own work on one thread of the caller's process.

The matrices here are small: the threads of OpenBLAS mostly wait for each other, and on a busy
machine they burn many times the processor time of the work itself. Several pictures at a time have
a process each (:mod:`ocguard.workflows.engine.pool`).
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import cv2
from threadpoolctl import ThreadpoolController

__all__ = ["one_thread"]

_lock = threading.Lock()
_blocks = 0
_restore = ExitStack()


@contextmanager
def one_thread() -> Iterator[None]:
    """Limit OpenBLAS and OpenCV to one thread within a ``with`` block or a decorated function.

    The limits hold for the whole process, as these libraries have one setting for all threads. Of
    several blocks that overlap, nested or in other threads of the caller, the first to begin sets
    the limits, and the last to end puts back what the caller had. A caller who is inside a
    ``threadpool_limits`` of threadpoolctl has chosen otherwise: that stays in force.

    Notes
    -----
    Entering and leaving takes about 0.3 ms, and 10 ms more the first time in a process, to find
    the libraries. A generator must not yield inside: its caller's code would run under the limits.
    """
    global _blocks  # noqa: PLW0603  the libraries have one setting for the whole process
    with _lock:
        if _blocks == 0:
            _on_a_thread_of_its_own(_limit)
        _blocks += 1
    try:
        yield
    finally:
        with _lock:
            _blocks -= 1
            if _blocks == 0:
                _on_a_thread_of_its_own(_restore.close)


def _limit() -> None:
    """Set one thread everywhere, and note how to undo it."""
    _restore.callback(_libraries().limit(limits=1).restore_original_limits)
    _restore.callback(cv2.setNumThreads, cv2.getNumThreads())
    cv2.setNumThreads(1)


def _on_a_thread_of_its_own(change: Callable[[], None]) -> None:
    """Make a change in a thread that ends with it.

    threadpoolctl from 3.7 on lets only the thread that changed OpenBLAS first change it again, as
    long as that thread lives; the block that ends last may belong to another one.
    """
    thread = threading.Thread(target=change)
    thread.start()
    thread.join()


@functools.cache
def _libraries() -> ThreadpoolController:
    """Find the libraries that have threads, once: importing OpenCV has loaded NumPy's as well.

    SciPy, which ImageHash loads later, brings its own; only its cosine transform is used, which
    needs no matrices.
    """
    return ThreadpoolController()
