"""``--resume FILE``: results go to a file, and what is in it already is not looked at again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ocguard.cli.terminal import note, said
from ocguard.language.message import Message

if TYPE_CHECKING:
    from ocguard.imaging.files import Found, Location
    from ocguard.workflows.engine.parcel import Travelling
    from ocguard.workflows.home.workspace import Workspace
    from ocguard.workflows.resume import Result

__all__ = ["require_files", "resume_option", "resumed"]

Command = TypeVar("Command", bound=Callable[..., Any])
Some = TypeVar("Some", bound="Result")


def resume_option(command: Command) -> Command:
    """Take the file of an interrupted run."""
    option = click.option(
        "--resume",
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE",
        help="Append JSON lines to FILE, and leave out what is in it: goes on after a break.",
    )
    return option(command)


def require_files(file: Path | None, paths: Sequence[Location]) -> None:
    """Refuse to remember what has no name."""
    if file is not None and (not paths or Path("-") in paths):
        raise click.UsageError(said("--resume goes with files and folders"))


def resumed(
    file: Path | None,
    job: Travelling,
    portfolios: Iterable[Workspace],
    found: Found,
    work: Callable[[Found], Iterator[Some]],
) -> tuple[Iterator[Some], Found]:
    """Begin the work on what has no result in the file yet; on everything where there is no file.

    Returns
    -------
    results : iterator
        Of what was left, each after it was written.
    left : Found
        What was left; nothing at all where no picture was.
    """
    if file is None:
        return work(found), found
    from ocguard.portfolio import has_portfolio
    from ocguard.workflows.resume import Ledger, settings_text

    states = [one.state() if has_portfolio(one.location) else "" for one in portfolios]
    ledger = Ledger(file, settings_text(job, *states))
    left = ledger.left(found)
    if before := len(found.pictures) - len(left.pictures):
        note(
            Message.counted(
                "{number} picture was done before: its result is in {path}",
                "{number} pictures were done before: their results are in {path}",
                before,
                path=file,
            )
        )
    if before and not left.pictures:
        return iter(()), replace(left, passed_over=())
    return ledger.written(left, work(left)), left
