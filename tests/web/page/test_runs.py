"""Promises of ocguard.web.page.runs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import anyio

from ocguard.web.page.life import Life
from ocguard.web.page.runs import Run, Step, run_of
from ocguard.web.page.tray import Dropped
from ocguard.web.problems import Refusal


@dataclass
class Result:
    """What a workflow gives."""

    error: str | None = None


def run_with(names: str) -> Run:
    """Make a run of pictures with names of one letter."""
    return run_of([Dropped(name, name, Path(name)) for name in names])


def done(run: Run, life: Life, work, width: int = 2) -> None:
    """Work on a run to its end."""
    assert run.is_active
    anyio.run(run.work, life, width, work)
    assert not run.is_active


def test_one_bad_picture_does_not_stop_the_others() -> None:
    """Whether the workflow says so or a worker refuses."""
    life = Life(0)

    async def work(step: Step) -> Result:
        if step.picture.name == "b":
            raise Refusal("picture-failed", "it is torn")
        return Result("it is black" if step.picture.name == "c" else None)

    run = run_with("abcd")
    done(run, life, work)
    assert [step.state for step in run.steps] == ["done", "failed", "failed", "done"]
    assert [step.error for step in run.steps] == ["", "it is torn", "it is black", ""]
    assert run.count("done", "failed") == 4
    assert [step.is_left for step in run.steps] == [False, True, True, False]


def test_only_some_are_worked_on_at_a_time() -> None:
    """And the server lives as long as one is."""
    life, most = Life(0), []
    run = run_with("abcdef")

    async def work(step: Step) -> Result:
        most.append(run.count("working"))
        assert life.is_at_work
        await anyio.sleep(0)
        return Result()

    done(run, life, work)
    assert max(most) == 2
    assert not life.is_at_work


def test_a_cancelled_run_finishes_what_it_has() -> None:
    """And begins nothing more."""
    run = run_with("abc")

    async def work(step: Step) -> Result:
        run.cancel()
        return Result()

    done(run, Life(0), work, width=1)
    assert [step.state for step in run.steps] == ["done", "cancelled", "cancelled"]
    assert [step.is_left for step in run.steps] == [False, True, True]
