"""``ocguard recover``: the Content Credentials of a copy that lost them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from ocguard.cli.session import FINDING, Session
from ocguard.cli.terminal import note, printable, say

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

    'ocguard protect --c2pa' wrote them. Your invisible mark in SUSPECT leads to them, and the
    portfolio keeps them; they are written as a file of their own. The exit code is 1 where there
    are none.
    """
    from ocguard.workflows.check.recover import recover

    sidecar = out or suspect.with_suffix(".c2pa")
    found = recover(session.workspace(), suspect, sidecar)
    if found is None:
        say(f"nothing to recover for {printable(suspect)}")
        note("No mark of yours was read that lies on its own work, or its file was not signed.")
        return FINDING
    mark = found.mark
    say(f"recovered {printable(sidecar)}: work {mark.work_id}, mark {mark.mark_id}")
    if found.is_same_file:
        note(f"They are those of {printable(suspect)}, which is the protected file itself.")
    else:
        note(f"They are bound to the protected file of {mark.created_utc[:10]}, not to this copy:")
        note("a validator says that the copy's data does not match. The mark links the two.")
    return 0
