"""The interface of everything that works on many inputs, and what all engines promise.

Every input gives one result. Results come in the order of the inputs, or as they are done. A
process that dies costs no input: it is given to another one, and only one that ends its process
again is given up, with a result that says so. Inputs are taken no faster than results are fetched,
so that a stream of them without end needs no more memory than a short one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

from ocguard.language.message import Message

__all__ = ["Engine", "WorkerDiedError", "arranged", "in_order"]

Item = TypeVar("Item")
Result = TypeVar("Result")
Settings = TypeVar("Settings")


class WorkerDiedError(RuntimeError):
    """A worker process ended without an answer, most likely because memory ran out."""

    def __init__(self) -> None:
        super().__init__(Message("the process working on it died"))


class Engine(Protocol):
    """Does one thing to many inputs."""

    def map(
        self,
        make_task: Callable[[Settings], Callable[[Item], Result]],
        settings: Settings,
        items: Iterable[Item],
        *,
        on_death: Callable[[Item, WorkerDiedError], Result],
        is_ordered: bool = True,
    ) -> Iterator[Result]:
        """Apply a task to every item.

        Parameters
        ----------
        make_task : callable
            Makes the task from the settings, once in each process; a function of a module.
        settings : object
            Whatever the task needs; must be picklable.
        items : iterable
            Inputs, picklable; may block, and may have no end.
        on_death : callable
            Makes the result of an item that ended its process twice.
        is_ordered : bool
            Whether results come in the order of the items, or as they are done.

        Yields
        ------
        Result
            One for each item.
        """


def arranged(numbered: Iterable[tuple[int, Result]], *, is_ordered: bool) -> Iterator[Result]:
    """Give results in the order of their numbers, or as they are done."""
    return in_order(numbered) if is_ordered else (result for _, result in numbered)


def in_order(numbered: Iterable[tuple[int, Result]]) -> Iterator[Result]:
    """Give results in the order of their numbers, which begin with 0; the last ones as they are."""
    held: dict[int, Result] = {}
    following = 0
    for number, result in numbered:
        held[number] = result
        while following in held:
            yield held.pop(following)
            following += 1
    yield from (result for _, result in sorted(held.items(), key=lambda one: one[0]))
