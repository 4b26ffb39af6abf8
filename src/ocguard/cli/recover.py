"""``ocguard recover``: the Content Credentials of a copy that lost them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from ocguard.cli.session import FINDING, Session
from ocguard.cli.terminal import note, printable, say

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
        say(f"nothing to recover for {printable(suspect)}")
        note("Neither a mark nor a work of yours was found in it, or no file of it was signed.")
        return FINDING
    _show(found, suspect, sidecar)
    return 0


def _show(found: Recovered, suspect: Path, sidecar: Path) -> None:
    """Say what was found, by what, and what it is bound to."""
    mark = found.mark
    say(f"recovered {printable(sidecar)}: work {mark.work_id}, mark {mark.mark_id}")
    if found.by == "file":
        note(f"They are those of {printable(suspect)}, which is the protected file itself.")
        return
    note(f"They are bound to the protected file of {mark.created_utc[:10]}, not to this copy:")
    note("a validator says that the copy's data does not match.")
    if found.by == "mark":
        note("Your mark in the copy's pixels links the two.")
    else:
        note("No mark of yours was read in the copy. What it shows of the work links the two")
        note(f"({found.verdict}): look at both pictures.")
    if found.others:
        which = "are {} more signed files" if found.others > 1 else "is {} more signed file"
        note(f"There {which.format(found.others)} that it may have been made from.")
