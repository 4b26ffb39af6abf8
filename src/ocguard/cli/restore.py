"""``ocguard portfolio restore``: the portfolio as a copy of it holds it."""

from __future__ import annotations

from pathlib import Path

import click

from ocguard.cli.session import Session
from ocguard.cli.terminal import note, say
from ocguard.language.message import Message, translatable

__all__ = ["restore"]

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("restore", short_help="Make the portfolio what a backup holds.")
@click.argument("file", type=_FILE, required=False)
@click.option("--overwrite", is_flag=True, help="Also exchange a portfolio that holds works.")
@click.pass_obj
def restore(session: Session, /, file: Path | None, *, overwrite: bool) -> None:
    """Make the portfolio what the backup FILE holds; without FILE, list the backups there are.

    Works and marks that are younger than the backup are no longer in it, and are not recognized
    then. A portfolio that holds works is exchanged with --overwrite alone; as it was, it lies in
    the folder 'backups' beside it afterwards, and restoring that file undoes it.
    """
    from ocguard.workflows.home.restore import restore as bring_back

    if file is None:
        _list_copies(session)
        return
    done = bring_back(session.workspace(), file, overwrite=overwrite)
    works = done.stats.works
    say(
        Message.counted(
            "the portfolio holds {number} work, as {path} does",
            "the portfolio holds {number} works, as {path} does",
            works,
            path=file,
        )
    )
    if done.kept is not None:
        note("As it was before, it lies in {path}.", path=done.kept)


def _list_copies(session: Session) -> None:
    """Print where copies lie and what they hold, the youngest first."""
    from ocguard.workflows.home.places import copies_folder
    from ocguard.workflows.home.restore import copies_of

    copies = copies_of(session.workspace(), [copies_folder()])
    for one in copies:
        say(
            translatable("{path}: works {works}, marks {marks}, the newest of {day}"),
            path=one.path,
            works=one.held.works,
            marks=one.held.marks,
            day=one.held.newest_utc[:10] or "-",
        )
    if not copies:
        note("There is no backup yet: 'ocguard portfolio backup' makes one.")
