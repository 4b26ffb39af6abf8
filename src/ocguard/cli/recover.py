"""``ocguard recover``: the Content Credentials of a copy that lost them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from ocguard.cli.session import FINDING, Session
from ocguard.cli.terminal import note, say, status_word
from ocguard.language.message import Message

if TYPE_CHECKING:
    from ocguard.workflows.check.recover import Recovered

__all__ = ["command"]

_FILE: Final = click.Path(path_type=Path, dir_okay=False)


@click.command("recover", short_help="Find the Content Credentials of a copy that lost them.")
@click.argument("suspect", type=_FILE)
@click.option(
    "--out",
    type=_FILE,
    metavar="FILE",
    help="New file for them  [default: beside SUSPECT, with the suffix .c2pa].",
)
@click.pass_obj
def command(session: Session, /, suspect: Path, out: Path | None) -> int:
    """Find the Content Credentials of the protected file that SUSPECT was made from.

    'ocguard protect --c2pa' wrote them. Your invisible mark in SUSPECT leads to them, else the work
    that it shows, and the portfolio keeps them; they are written as a file of their own. The exit
    code is 1 where there are none.
    """
    from ocguard.workflows.check.recover import recover

    sidecar = out or suspect.with_suffix(".c2pa")
    found = recover(session.workspace(), suspect, sidecar)
    if found is None:
        say("nothing to recover for {suspect}", suspect=suspect)
        note("Neither a mark nor a work of yours was found in it, or no file of it was signed.")
        return FINDING
    _show(found, suspect, sidecar)
    return 0


def _show(found: Recovered, suspect: Path, sidecar: Path) -> None:
    """Say what was found, by what, and what it is bound to."""
    mark = found.mark
    work_id, mark_id = mark.work_id, mark.mark_id
    say(
        "recovered {path}: work {work_id}, mark {mark_id}",
        path=sidecar,
        work_id=work_id,
        mark_id=mark_id,
    )
    if found.by == "file":
        note("They are those of {suspect}, which is the protected file itself.", suspect=suspect)
        return
    note(
        "They are bound to the protected file of {day}, not to this copy: a validator says that the"
        " copy's data does not match.",
        day=mark.created_utc[:10],
    )
    if found.by == "mark":
        note("Your mark in the copy's pixels links the two.")
    else:
        note(
            "No mark of yours was read in the copy. What it shows of the work links the two"
            " ({verdict}): look at both pictures.",
            verdict=status_word(found.verdict),
        )
    if found.others:
        note(
            Message.counted(
                "There is {number} more signed file that it may have been made from.",
                "There are {number} more signed files that it may have been made from.",
                found.others,
            )
        )
