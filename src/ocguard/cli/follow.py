"""``ocguard check --follow``: lines on standard input are answered until they end."""

from __future__ import annotations

import os
import select
import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from ocguard.cli.session import Tally
from ocguard.cli.terminal import emit

if TYPE_CHECKING:
    from ocguard.workflows.check.results import CheckResult
    from ocguard.workflows.check.run import CheckJob
    from ocguard.workflows.engine.engine import Engine

__all__ = ["answer_lines", "input_lines", "print_answers"]

_CHUNK: Final = 1 << 16

LONGEST_LINE: Final = 1 << 20
"""Bytes; what is longer is cut there, and answered as what it is then."""


def answer_lines(job: CheckJob, engine: Engine, *, is_ordered: bool) -> Tally:
    """Answer the lines of standard input."""
    from ocguard.workflows.check.follow import Following, follow

    following = Following(job.workspace, job.options)
    with input_lines() as lines:
        return print_answers(follow(following, lines, engine, is_ordered=is_ordered))


def print_answers(answers: Iterable[CheckResult]) -> Tally:
    """Print every answer at once as a line of JSON, and count them."""
    tally = Tally()
    for result in answers:
        tally.add(
            is_failed=result.status == "failed",
            is_finding=result.is_finding,
            is_copied=result.is_copied,
        )
        emit(result.to_dict())
    return tally


@contextmanager
def input_lines() -> Iterator[Iterator[bytes]]:
    """Give the lines of standard input; SIGTERM ends them as the end of the input does."""
    if os.name != "posix":
        yield iter(sys.stdin.buffer)
        return
    woken, wake = os.pipe()

    def end(*_: Any) -> None:
        os.write(wake, b".")

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield _lines(sys.stdin.fileno(), woken)
    finally:
        signal.signal(signal.SIGTERM, before)
        os.close(wake)
        os.close(woken)


def _lines(source: int, woken: int) -> Iterator[bytes]:
    """Give whole lines as they come, until there are no more or somebody writes to the other end.

    Nothing is read through Python's buffer: a thread that waits in it would keep the program from
    ending.
    """
    rest = b""
    while woken not in select.select([source, woken], [], [])[0]:
        chunk = os.read(source, _CHUNK)
        if not chunk:
            break
        *lines, rest = (rest + chunk).split(b"\n")
        yield from lines
        if len(rest) > LONGEST_LINE:
            rest = rest[:LONGEST_LINE]
    if rest:
        yield rest
