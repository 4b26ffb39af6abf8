"""``ocguard timestamp``: trusted times, asked for at an authority that the person names."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from ocguard.cli.session import FINDING, Session
from ocguard.cli.terminal import note, printable, said, say, say_line
from ocguard.language.message import Message

__all__ = ["command"]

_FILE: Final = click.Path(path_type=Path, dir_okay=False, exists=True)
_FOLDER: Final = click.Path(path_type=Path, file_okay=False)


@click.group(
    "timestamp", invoke_without_command=True, short_help="Prove since when you have a work."
)
@click.option("--authority", metavar="URL", help="Time stamp authority to ask (RFC 3161).")
@click.option(
    "--root", type=_FILE, metavar="FILE", help="Root of its certificates, PEM, from its own site."
)
@click.pass_context
def command(ctx: click.Context, authority: str | None, root: Path | None) -> None:
    """Ask an authority for a trusted time of all that is new in the portfolio.

    One stamp is for all works and drafts that have none, the commitment to your key, and the
    journal. The authority gets a digest, and nothing of your pictures. No other command uses the
    network, and this one only reaches the address that you name.
    """
    if ctx.invoked_subcommand is not None:
        return
    if authority is None or root is None:
        raise click.UsageError(said("name the authority and its root: --authority URL --root FILE"))
    _make(ctx.obj, authority, root)


def _make(session: Session, authority: str, root: Path) -> None:
    from ocguard.workflows.timestamp.making import stamp

    made = stamp(session.workspace(), authority, root.read_text(encoding="utf-8", errors="replace"))
    if made is None:
        say("nothing is new since the last trusted time; nobody was asked")
        return
    works = sum(leaf.kind == "work" for leaf in made.leaves)
    say(
        Message.counted(
            "{time} UTC says {authority} for {number} work",
            "{time} UTC says {authority} for {number} works",
            works,
            time=made.time.at_utc[:19],
            authority=authority,
        )
    )
    day = made.time.until_utc[:10]
    note("The certificates end {day}: run this again before, it renews.", day=day)


@command.command("list")
@click.pass_obj
def list_(session: Session) -> int:
    """List all trusted times, and verify each without any network.

    The exit code is 1 where one does not hold.
    """
    from ocguard.workflows.timestamp.proving import states

    with session.workspace().open_store() as store:
        found = states(store)
    for one in found:
        until = Message("holds, until {day}", day=one.time.until_utc[:10])
        say(
            Message.counted(
                "{time} UTC  {number} thing at {authority}: {state}",
                "{time} UTC  {number} things at {authority}: {state}",
                one.leaves,
                time=one.time.at_utc[:19],
                authority=one.time.authority,
                state=one.fault or until,
            )
        )
    if not found:
        note("There is none yet: 'ocguard timestamp --authority URL --root FILE' asks for one.")
    return FINDING if any(one.fault for one in found) else 0


@command.command("proof")
@click.argument("work")
@click.option("--out", type=_FOLDER, metavar="DIR", required=True, help="New folder for the proof.")
@click.pass_obj
def proof(session: Session, /, work: str, out: Path) -> None:
    """Write a proof of a work's earliest trusted time into a new folder.

    WORK is its id, or the beginning of it. The folder holds nothing of the picture.
    """
    from ocguard.workflows.timestamp.proving import write_proof

    found = session.open_portfolio().show(work)
    with session.workspace().open_store() as store:
        time = write_proof(store, found.work_id or "", out)
    at, work_id = time.at_utc[:19], found.work_id
    say("{time} UTC for work {work_id}: proof in {folder}", time=at, work_id=work_id, folder=out)
    note("Whoever verifies it needs the original file too; see 'ocguard timestamp verify --help'.")


@command.command("verify")
@click.argument(
    "folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False, exists=True)
)
@click.option("--original", type=_FILE, metavar="FILE", help="The file that it should be of.")
@click.option(
    "--root", type=_FILE, metavar="FILE", help="Root of the certificates, from elsewhere."
)
def verify(folder: Path, original: Path | None, root: Path | None) -> None:
    """Verify a proof without any network; the exit code is 4 where it does not hold."""
    from ocguard.workflows.timestamp.proving import verify_proof

    pem = root.read_text(encoding="utf-8", errors="replace") if root else ""
    proven = verify_proof(folder, original, pem)
    at, authority = proven.time.at_utc[:19], proven.time.authority
    say("{time} UTC by {authority}", time=at, authority=authority)
    for name, value in proven.facts.items():
        say_line(f"{printable(name):<13} {printable(str(value))}")
    if not root:
        note(
            "The root of its certificates came with it: get it from the authority and give --root."
        )
    if not original:
        note("Whether your file is the one was not verified: give it with --original.")
