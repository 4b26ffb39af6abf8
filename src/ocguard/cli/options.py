"""Options and arguments that several commands share."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from ocguard.cli.terminal import note, said
from ocguard.errors import RemoteError
from ocguard.language.message import message_of

if TYPE_CHECKING:
    from ocguard.imaging.files import Found, Location

__all__ = [
    "NamedPath",
    "Number",
    "Places",
    "exit_zero_option",
    "explain_option",
    "found_pictures",
    "input_bytes",
    "jobs_option",
    "json_option",
    "optional_pictures_argument",
    "pictures_argument",
    "wrong_usage",
]

Command = TypeVar("Command", bound=Callable[..., Any])


@contextmanager
def wrong_usage() -> Iterator[None]:
    """Make wrong usage of the command of a value that cannot be, in the block."""
    try:
        yield
    except ValueError as error:
        raise click.UsageError(said(message_of(error))) from error


def _job_count(_: click.Context, option: click.Parameter, value: str) -> int | str:
    """Accept ``auto`` and whole numbers from 1."""
    if value == "auto":
        return value
    if not value.isdecimal() or int(value) < 1:
        raise click.BadParameter(
            said("{value!r} is neither a number from 1 nor 'auto'", value=value), param=option
        )
    return int(value)


class Number(click.FloatRange):
    """A number within limits; ``nan`` is none, though it is below no limit and above none."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read a number."""
        number = super().convert(value, param, ctx)
        if math.isnan(number):
            self.fail(said("{value!r} is no number", value=value), param, ctx)
        return number


class NamedPath(click.Path):
    """A path that says something: an empty one would be the folder in which the command runs."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read a path."""
        if value == "":
            self.fail(said("it is empty: give a path (is a variable not set?)"), param, ctx)
        return super().convert(value, param, ctx)


class Places(NamedPath):
    """A path of this machine, or the address of a file or of an object in a store."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Location:
        """Read what a person named; of a path, see whether it is what is wanted."""
        from ocguard.imaging.remote import Remote, location_of

        try:
            location = location_of(value) if value else value
        except RemoteError as error:
            self.fail(said(error.message), param, ctx)
        if isinstance(location, Remote):
            return location
        return Path(os.fsdecode(super().convert(os.fspath(location), param, ctx)))


_PATHS: Final = Places(path_type=Path, allow_dash=True, readable=False)
"""Not checked here: what cannot be read is one failed input, not wrong usage."""


def pictures_argument(command: Command) -> Command:
    """Take pictures and folders; missing and locked ones are reported and passed over."""
    return click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=_PATHS)(command)


def optional_pictures_argument(command: Command) -> Command:
    """Take pictures and folders, or none."""
    return click.argument("paths", nargs=-1, metavar="[PATH...]", type=_PATHS)(command)


def input_bytes(paths: Sequence[Location]) -> bytes | None:
    """Read standard input where ``-`` stands for it; None where there are paths."""
    if Path("-") not in paths:
        return None
    if len(paths) > 1:
        raise click.UsageError(said("'-', standard input, stands alone"))
    return sys.stdin.buffer.read()


def found_pictures(paths: Sequence[Location]) -> Found:
    """Search files and folders, each picture once, and say which links are passed over for that."""
    from ocguard.imaging.files import find_pictures
    from ocguard.workflows.sources import source_name

    found = find_pictures(paths)
    for one in found.pictures:
        for link in map(source_name, one.links):
            target = source_name(one.path)
            note("note: {link} is a link to {target} and is passed over", link=link, target=target)
    return found


def jobs_option(command: Command) -> Command:
    """Take the number of processes."""
    option = click.option(
        "-j",
        "--jobs",
        callback=_job_count,
        default="auto",
        show_default=True,
        metavar="N|auto",
        help="Pictures to work on at the same time.",
    )
    return option(command)


def json_option(command: Command) -> Command:
    """Switch to output for scripts."""
    option = click.option(
        "--json", "as_json", is_flag=True, help="Print one JSON object a line for each picture."
    )
    return option(command)


explain_option = click.option(
    "--explain",
    is_flag=True,
    help="Also show which rules were asked, and how far the measures are from their bounds.",
)


def exit_zero_option(command: Command) -> Command:
    """Turn the exit code of a finding into 0."""
    option = click.option("--exit-zero", is_flag=True, help="Exit with 0 also after a finding.")
    return option(command)
