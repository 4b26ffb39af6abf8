"""``ocguard timestamp``: trusted times, asked for at an authority that the person names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from ocguard.cli.options import NamedPath
from ocguard.cli.session import FINDING, Session
from ocguard.cli.terminal import note, printable, said, say, say_line
from ocguard.language.message import Message

if TYPE_CHECKING:
    from ocguard.portfolio import Leaf
    from ocguard.workflows.timestamp.proving import Anchors, TimeState

__all__ = ["command", "given_anchors"]

_FILE: Final = click.Path(path_type=Path, dir_okay=False, exists=True)
_FOLDER: Final = NamedPath(path_type=Path, file_okay=False)


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

    Without an authority: 'ocguard timestamp statement' and 'ocguard timestamp ots' work with the
    OpenTimestamps client that you have.
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
    _say_time(made.time.at_utc, authority, made.leaves)
    day = made.time.until_utc[:10]
    note("The certificates end {day}: run this again before, it renews.", day=day)


def _say_time(at_utc: str, authority: str, leaves: tuple[Leaf, ...]) -> None:
    """Say when, who says so, and for how many works."""
    say(
        Message.counted(
            "{time} UTC says {authority} for {number} work",
            "{time} UTC says {authority} for {number} works",
            sum(leaf.kind == "work" for leaf in leaves),
            time=at_utc[:19],
            authority=authority,
        )
    )


def given_anchors(root: Path | None, headers: Path | None) -> Anchors:
    """Read what the person trusts: roots of authorities, and headers of blocks."""
    from ocguard.workflows.timestamp.proving import Anchors

    return Anchors(*(_text(path) if path else "" for path in (root, headers)))


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


@command.command("statement", short_help="Write what your OpenTimestamps client stamps.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def statement(session: Session, file: Path) -> None:
    """Write a small FILE about all that no Bitcoin block is for yet, to be stamped with 'ots'.

    Its digest is all that your client sends out. Nothing uses the network here.
    """
    from ocguard.workflows.timestamp.stating import state

    leaves = state(session.workspace(), file)
    if not leaves:
        say("nothing is new since the last proof; nothing was written")
        return
    say(
        Message.counted(
            "{file} is for {number} work",
            "{file} is for {number} works",
            sum(leaf.kind == "work" for leaf in leaves),
            file=file,
        )
    )
    note("Stamp it: ots stamp {file}", file=file)
    note("Then 'ocguard timestamp ots {file}.ots' takes the proof in.", file=file)


@command.command("ots", short_help="Take the proof of a statement in.")
@click.argument("file", type=_FILE)
@click.option("--headers", type=_FILE, metavar="FILE", help="Headers of Bitcoin blocks.")
@click.pass_obj
def ots(session: Session, file: Path, headers: Path | None) -> None:
    """Take FILE in, the OpenTimestamps proof (.ots) of a statement, and verify it offline.

    It proves a time once it leads to a Bitcoin block whose header you give. Each line of --headers
    has the height of a block, a space, and the 160 hexadecimal digits of its header. A pending
    proof is kept until you bring the one that 'ots upgrade' made of it.
    """
    from ocguard.provenance.open_timestamps import OTS_LIMIT_BYTES
    from ocguard.workflows.timestamp.stating import take_in

    with file.open("rb") as stream:
        data = stream.read(OTS_LIMIT_BYTES + 1)
    taken = take_in(session.workspace(), data, _text(headers) if headers else "")
    authority = _authority(taken.time.authority)
    if not taken.time.is_pending:
        _say_time(taken.time.at_utc, authority, taken.leaves)
    elif taken.time.authority.isdecimal():
        say("kept: it leads to {authority}; give its header with --headers", authority=authority)
    else:
        say("kept, and pending at {authority}: nothing is proven yet", authority=authority)
        note("In a day: ots upgrade {file}, and the same command again.", file=file)


def _authority(name: str) -> str:
    """Name who says when; of a block its height is kept."""
    return Message("Bitcoin block {height}", height=name) if name.isdecimal() else name


def _state(one: TimeState) -> str:
    """Say whether a trusted time holds."""
    if one.time.is_pending:
        return Message("pending")
    if one.fault or one.caveat:
        return one.fault or one.caveat
    until = one.time.until_utc[:10]
    return Message("holds, until {day}", day=until) if until else Message("holds")


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
        at = f"{one.time.at_utc[:19]} UTC" if one.time.at_utc else Message("no time yet")
        say(
            Message.counted(
                "{at}  {number} thing at {authority}: {state}",
                "{at}  {number} things at {authority}: {state}",
                one.leaves,
                at=at,
                authority=_authority(one.time.authority),
                state=_state(one),
            )
        )
    if not found:
        note("There is none yet: 'ocguard timestamp --authority URL --root FILE' asks for one.")
    return FINDING if any(one.fault for one in found) else 0


@command.command("proof")
@click.argument("work")
@click.option("--out", type=_FOLDER, metavar="DIR", required=True, help="New folder for the proof.")
@click.option("--ots", is_flag=True, help="The one by OpenTimestamps, also if another is earlier.")
@click.pass_obj
def proof(session: Session, /, work: str, out: Path, *, ots: bool) -> None:
    """Write a proof of a work's earliest trusted time into a new folder.

    WORK is its id, or the beginning of it. The folder holds nothing of the picture.
    """
    from ocguard.workflows.timestamp.proving import write_proof

    found = session.open_portfolio().show(work)
    with session.workspace().open_store() as store:
        time = write_proof(store, found.work_id or "", out, "opentimestamps" if ots else None)
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
@click.option(
    "--headers", type=_FILE, metavar="FILE", help="Headers of Bitcoin blocks, from elsewhere."
)
def verify(folder: Path, original: Path | None, root: Path | None, headers: Path | None) -> None:
    """Verify a proof without any network; the exit code is 4 where it does not hold."""
    from ocguard.workflows.timestamp.proving import verify_proof

    proven = verify_proof(folder, original, given_anchors(root, headers))
    at, authority = proven.time.at_utc[:19], proven.time.authority
    say("{time} UTC by {authority}", time=at, authority=authority)
    for name, value in proven.facts.items():
        say_line(f"{printable(name):<13} {printable(str(value))}")
    if proven.time.caveat:
        note("note: {caveat}", caveat=proven.time.caveat)
    if proven.kind == "rfc3161" and not root:
        note(
            "The root of its certificates came with it: get it from the authority and give --root."
        )
    if proven.kind == "opentimestamps" and not headers:
        note("The header of its block came with it: look the block up, or give --headers.")
    if not original:
        note("Whether your file is the one was not verified: give it with --original.")
