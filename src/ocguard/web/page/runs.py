"""Work on several pictures in the background: how far it is, and how it is cancelled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal
from uuid import uuid4

import anyio

from ocguard.web.page.life import Life
from ocguard.web.page.tray import Dropped
from ocguard.web.problems import Refusal

__all__ = ["Run", "Step", "run_of"]

State = Literal["waiting", "working", "done", "failed", "cancelled"]

_OPEN: Final = ("waiting", "working")


@dataclass
class Step:
    """One picture of a run.

    Attributes
    ----------
    picture : Dropped
        Which.
    state : {"waiting", "working", "done", "failed", "cancelled"}
        How far.
    result : object
        What the work gave; None before.
    error : str
        Why it failed.
    """

    picture: Dropped
    state: State = "waiting"
    result: Any = None
    error: str = ""

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.state in _OPEN

    @property
    def is_left(self) -> bool:
        """Whether it gave nothing, and nobody is at work on it: it can be tried again."""
        return self.state in {"failed", "cancelled"}


@dataclass(eq=False)
class Run:
    """Pictures that are worked on.

    Attributes
    ----------
    steps : list of Step
        One for each picture.
    id : str
        Random.
    """

    steps: list[Step]
    id: str = field(default_factory=lambda: uuid4().hex)

    @property
    def is_active(self) -> bool:
        """Whether something is still to be done."""
        return any(step.is_open for step in self.steps)

    def count(self, *states: State) -> int:
        """Count the steps in some states."""
        counted = Counter(step.state for step in self.steps)
        return sum(counted[state] for state in states)

    def cancel(self) -> None:
        """Begin nothing more; what is at work is finished, what is done stays."""
        for step in self.steps:
            if step.state == "waiting":
                step.state = "cancelled"

    async def work(self, life: Life, width: int, do: Callable[[Step], Awaitable[Any]]) -> None:
        """Work on the pictures, some at a time, to the end.

        Parameters
        ----------
        life : Life
            Kept alive meanwhile.
        width : int
            How many at a time.
        do : callable
            Gives the result of one picture, which may have an ``error``, or raises a `Refusal`.
        """
        steps = iter(self.steps)
        with life.work():
            async with anyio.create_task_group() as group:
                for _ in range(width):
                    group.start_soon(_each, steps, do)


async def _each(steps: Iterator[Step], do: Callable[[Step], Awaitable[Any]]) -> None:
    """Take one step after the other, beside others who take from the same ones."""
    for step in steps:
        if step.state != "waiting":
            continue
        step.state = "working"
        try:
            step.result = await do(step)
            step.error = getattr(step.result, "error", None) or ""
        except Refusal as refusal:
            step.error = refusal.detail
        step.state = "failed" if step.error else "done"


def run_of(pictures: Sequence[Dropped]) -> Run:
    """Make a run of pictures, which waits to be started."""
    return Run([Step(one) for one in pictures])
