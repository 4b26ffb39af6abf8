"""Work through many inputs: print each result as it comes, show progress, know the exit code."""

from __future__ import annotations

import datetime
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

import click

from ocguard.cli.session import Tally
from ocguard.cli.terminal import (
    STANDARD_INPUT,
    complain,
    draw_status,
    emit,
    erase_status,
    input_name,
    is_watched,
    note,
    printable,
    said,
)
from ocguard.language.message import Message

if TYPE_CHECKING:
    from ocguard.imaging.files import Location, PassedOver

__all__ = ["report"]

BAR_CHARACTERS: Final = 24
"""Length of the bar; with its figures it fits a terminal of 80 columns."""


MAX_LISTED: Final = 10
"""Failed inputs that are named once more at the end; more would push the summary away."""


class Result(Protocol):
    """What every workflow says about one input."""

    @property
    def input(self) -> str | None:
        """Which one."""

    @property
    def status(self) -> str:
        """What became of it; ``passed-over`` is not counted."""

    @property
    def error(self) -> str | None:
        """Why it failed."""

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON record."""


Some = TypeVar("Some", bound=Result)


def report(
    results: Iterable[Some],
    total: int,
    show: Callable[[Some], None],
    *,
    places: Sequence[Location] = (),
    passed_over: Sequence[PassedOver] = (),
    as_json: bool,
    is_finding: Callable[[Some], bool] = lambda _: False,
    is_copied: Callable[[Some], bool] = lambda _: False,
) -> Tally:
    """Print results and count them; ``--quiet`` leaves failures and findings.

    Failures that others may have pushed out of sight are named once more at the end.

    Parameters
    ----------
    results : iterable
        May compute each result when it is asked for.
    total : int
        Number of pictures to come.
    show : callable
        Prints one result that did not fail, for a person.
    places : sequence of Path or Remote
        Where the inputs were looked for, to say so when there are none.
    passed_over : sequence of PassedOver
        What was found beside pictures, to be named at the end.
    as_json : bool
        Print JSON records instead, of failed inputs too.
    is_finding : callable
        Whether a result is what the person looks for.
    is_copied : callable
        Whether it is a mark on a picture that is not its work.
    """
    session = click.get_current_context().obj
    if not total:
        note("There are no pictures in {places}.", places=list(places))
    tally = Tally(passed_over=len(passed_over))
    failed: list[str] = []
    for result in _with_progress(results, total):
        if result.status == "passed-over":
            if as_json:
                emit(result.to_dict())
            continue
        finding = result.error is None and is_finding(result)
        copied = result.error is None and is_copied(result)
        tally.add(is_failed=result.error is not None, is_finding=finding, is_copied=copied)
        if as_json:
            emit(result.to_dict())
        elif result.error is not None:
            complain(_named(result.error, result.input))
            failed.append(result.input or "")
        elif finding or copied or not session.quiet:
            show(result)
    if tally.done:
        for name in failed[:MAX_LISTED]:
            note("failed: {name}", name=input_name(name))
        if len(failed) > MAX_LISTED:
            note("failed: {number} more, see above", number=len(failed) - MAX_LISTED)
    _note_passed_over(passed_over)
    return tally


def _note_passed_over(passed_over: Sequence[PassedOver]) -> None:
    """Name what may be a picture but is not read, and count the rest by suffix."""
    if not passed_over:
        return
    from ocguard.workflows.sources import source_name

    named = [one for one in passed_over if one.is_art]
    for one in named[:MAX_LISTED]:
        note("passed over: {name}: it is {kind}", name=source_name(one.path), kind=one.kind)
    for kind, times in Counter(one.kind for one in named[MAX_LISTED:]).most_common():
        note("passed over: {number} more: {kind}", number=times, kind=kind)
    others = [one.path for one in passed_over if not one.is_art]
    if others:
        suffixes = Counter(printable(path.suffix.lower() or path.name) for path in others)
        shown = [f"{suffix} {times}" for suffix, times in suffixes.most_common(MAX_LISTED)]
        note(
            Message.counted(
                "passed over, no pictures: {number} file ({suffixes})",
                "passed over, no pictures: {number} files ({suffixes})",
                len(others),
                suffixes=shown,
            )
        )


def _named(error: str, name: str | None) -> str:
    """Say which input failed, unless the error says so itself."""
    if name is None or name in error or (name == "-" and STANDARD_INPUT in error):
        return error
    return Message("{name}: {reason}", name=input_name(name), reason=error)


def _with_progress(results: Iterable[Some], total: int) -> Iterator[Some]:
    """Show a bar with rate and time left, when a person watches a terminal.

    The bar is gone whenever the caller prints, whatever the two streams are: a bar that redraws
    itself meanwhile would end up in the middle of a line.
    """
    session = click.get_current_context().obj
    if total < 2 or session.quiet or not is_watched():
        yield from results
        return
    start = time.monotonic()
    draw_status(_bar(0, total, 0.0))
    try:
        for done, result in enumerate(results, 1):
            erase_status()
            yield result
            draw_status(_bar(min(done, total), total, time.monotonic() - start))
    finally:
        erase_status()


def _bar(done: int, total: int, seconds: float) -> str:
    """Say in one line how far the work is, how fast, and how long it will take."""
    filled = BAR_CHARACTERS * done // total
    line = f"{'#' * filled}{'-' * (BAR_CHARACTERS - filled)} {done}/{total}"
    if not done:
        return line
    left = datetime.timedelta(seconds=round(seconds * (total - done) / done))
    pace = said("{rate:.0f} a minute, {left} left", rate=60 * done / max(seconds, 0.001), left=left)
    return f"{line}  {pace}"
