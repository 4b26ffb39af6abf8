"""Promises of one worker process: it answers, it says what it raised, and its death is told."""

from __future__ import annotations

import multiprocessing
import operator
import os
import signal
from functools import partial

import pytest

from ocguard.workflows.engine.engine import WorkerDiedError
from ocguard.workflows.engine.worker import Worker, start_shielded


@pytest.fixture
def worker():
    """A worker that calls what it is given; ended at the end of the test."""
    one = Worker(operator.methodcaller, "__call__")
    yield one
    one.end()


def test_one_process_answers_until_it_is_ended(worker) -> None:
    """The next item starts another one."""
    first = worker.ask(partial(os.getpid), None)
    assert worker.ask(partial(os.getpid), None) == first != os.getpid()
    worker.end()
    assert worker.ask(partial(os.getpid), None) != first


def test_what_a_task_raises_and_a_death_are_told_apart(worker) -> None:
    """After either it goes on."""
    with pytest.raises(ValueError, match="invalid literal"):
        worker.ask(partial(int, "x"), None)
    with pytest.raises(WorkerDiedError):
        worker.ask(partial(os._exit, 9), None)
    assert worker.ask(partial(int, "3"), None) == 3


@pytest.mark.skipif(os.name != "posix", reason="Windows has no masks of signals")
def test_a_process_that_still_loads_does_not_hear_ctrl_c() -> None:
    """It would print a traceback; who started it hears it as before."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=tell_blocked, args=(theirs,))
    start_shielded(process)
    assert signal.SIGINT in ours.recv()
    process.join()
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())


def tell_blocked(line) -> None:
    """Send which signals this process does not hear."""
    line.send(signal.pthread_sigmask(signal.SIG_BLOCK, ()))
