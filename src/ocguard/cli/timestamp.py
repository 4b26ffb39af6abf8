"""``ocguard timestamp``: trusted times, asked for at an authority that the person names."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from ocguard.cli.session import FINDING, Session
from ocguard.cli.terminal import count, note, printable, say

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
        raise click.UsageError("name the authority and its root: --authority URL --root FILE")
    _make(ctx.obj, authority, root)


def _make(session: Session, authority: str, root: Path) -> None:
    from ocguard.workflows.timestamp.making import stamp

    made = stamp(session.workspace(), authority, root.read_text(encoding="utf-8", errors="replace"))
    if made is None:
        say("nothing is new since the last trusted time; nobody was asked")
        return
    works = sum(leaf.kind == "work" for leaf in made.leaves)
    say(f"{made.time.at_utc[:19]} UTC says {printable(authority)} for {count(works, 'work')}")
    note(f"The certificates end {made.time.until_utc[:10]}: run this again before, it renews.")


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
        what = printable(one.fault) or f"holds, until {one.time.until_utc[:10]}"
        place = printable(one.time.authority)
        say(f"{one.time.at_utc[:19]} UTC  {count(one.leaves, 'thing')} at {place}: {what}")
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
    from ocguard.workflows.home.catalog import Portfolio
    from ocguard.workflows.timestamp.proving import write_proof

    workspace = session.workspace()
    found = Portfolio(workspace.location, home=workspace.home.folder).show(work)
    with workspace.open_store() as store:
        time = write_proof(store, found.work_id or "", out)
    say(f"{time.at_utc[:19]} UTC for work {found.work_id}: proof in {printable(out)}")
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
    say(f"{proven.time.at_utc[:19]} UTC by {printable(proven.time.authority)}")
    for name, value in proven.facts.items():
        say(f"{printable(name):<13} {printable(str(value))}")
    if not root:
        note(
            "The root of its certificates came with it: get it from the authority and give --root."
        )
    if not original:
        note("Whether your file is the one was not verified: give it with --original.")
