"""Promises of ocguard.web.workers."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import anyio
import pytest

from ocguard.web.problems import Refusal
from ocguard.web.workers import Workers


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    """Start one worker for all tests."""
    made = Workers(1, os.getpid)
    yield made
    made.close()


def called(workers: Workers, seconds: float, function, *given):
    """Call a function in a worker."""

    async def call():
        return await workers.run(seconds, function, *given)

    return anyio.run(call)


def test_a_worker_answers_from_its_own_process(workers) -> None:
    """The server stays free."""
    assert called(workers, 20, os.getpid) != os.getpid()


def test_a_mistake_in_a_worker_is_an_answer(workers) -> None:
    """The server must say something."""
    with pytest.raises(Refusal) as refused:
        called(workers, 20, int, "x")
    assert refused.value.code == "failed"


def test_work_that_takes_too_long_is_given_up(workers) -> None:
    """And the next request has a worker again."""
    with pytest.raises(Refusal) as refused:
        called(workers, 0.2, time.sleep, 60)
    assert refused.value.code == "took-too-long"
    assert called(workers, 20, len, "abc") == 3


def test_a_worker_that_dies_costs_its_own_request(workers) -> None:
    """A picture that is too much for the memory ends its process, no other."""
    with pytest.raises(Refusal) as refused:
        called(workers, 20, os._exit, 9)
    assert refused.value.code == "picture-failed"
    assert called(workers, 20, len, "abc") == 3


def test_more_requests_than_workers_wait_their_turn(workers) -> None:
    """None is lost."""
    answers = []

    async def one(text: str) -> None:
        answers.append(await workers.run(20, len, text))

    async def several() -> None:
        async with anyio.create_task_group() as group:
            for i in range(8):
                group.start_soon(one, "x" * i)

    anyio.run(several)
    assert sorted(answers) == list(range(8))


def test_closing_ends_workers_that_have_nothing_to_do() -> None:
    """No process is left behind."""
    made = Workers(1, os.getpid)
    number = called(made, 20, os.getpid)
    made.close()
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


def test_closing_ends_workers_at_work() -> None:
    """What they do is refused, and nobody waits for it."""
    made = Workers(1, os.getpid)
    number = called(made, 20, os.getpid)
    made.close_within(0.2)
    with pytest.raises(Refusal) as refused:
        called(made, 100, time.sleep, 60)
    assert refused.value.code == "picture-failed"
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)
