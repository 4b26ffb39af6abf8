"""Promises of one worker process: it answers, it says what it raised, and its death is told."""

from __future__ import annotations

import operator
import os
from functools import partial

import pytest

from ocguard.workflows.engine.engine import WorkerDiedError
from ocguard.workflows.engine.worker import Worker


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
