"""``ocguard notice``: the draft of a notice to a platform, from a report."""

from __future__ import annotations

from pathlib import Path

import click

from ocguard.choices import NOTICE_KINDS, SENDERS, NoticeKind, Sender
from ocguard.cli.options import NamedPath
from ocguard.cli.session import Session
from ocguard.cli.terminal import can_ask, note, said, say
from ocguard.language.message import Message
from ocguard.wording import platform_word

__all__ = ["command"]


@click.command("notice", short_help="Draft a notice to a platform, from a report.")
@click.argument("report", metavar="REPORT", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--platform",
    metavar="NAME",
    required=True,
    help="Where it goes: douyin, instagram, reddit, tiktok, weibo, x, xiaohongshu, or generic.",
)
@click.option(
    "--as",
    "sender",
    type=click.Choice(SENDERS),
    help="Who sends it: the author of the work, the owner of its copyright by contract, or their"
    " agent. Asked, if not given.",
)
@click.option(
    "--kind",
    type=click.Choice(NOTICE_KINDS),
    help="17 U.S.C. 512, article 14 of China's regulation, or a complaint about an AI feature that"
    " used the work  [default: the platform's usual one].",
)
@click.option(
    "--out",
    type=NamedPath(path_type=Path, file_okay=False),
    metavar="DIR",
    required=True,
    help="New folder for the draft.",
)
@click.pass_obj
def command(
    session: Session,
    /,
    report: Path,
    platform: str,
    sender: Sender | None,
    kind: NoticeKind | None,
    out: Path,
) -> int:
    """Draft a notice from REPORT, the folder that 'ocguard report' made.

    The new folder holds read-first.txt, for you alone, and notice.txt, the draft. It is filled with
    what the report says. Places that only you can fill or confirm are marked. Nothing is sent,
    nothing is signed, and a report that was changed is refused.
    """
    from ocguard.workflows.report.notices import write_notice

    role = sender or _asked()
    notice = write_notice(session.workspace(), report, out, platform, role, kind)
    say("draft for {platform} in {folder}", platform=platform_word(platform), folder=out)
    note("Read {path} before anything else.", path=out / "read-first.txt")
    note("When you have sent it, write it down: 'ocguard cases open', then 'ocguard cases sent'.")
    note(
        Message.counted(
            "{number} place of notice.txt waits for you. You answer for what you send.",
            "{number} places of notice.txt wait for you. You answer for what you send.",
            notice.places,
        )
    )
    return 0


def _asked() -> Sender:
    """Ask who sends it; nobody is taken for the author without saying so."""
    question = said(
        "Do you send it as the author of the work, as the owner of its copyright by contract"
        " (a commission, an adoptable), or as their agent?"
    )
    if not can_ask():
        how = said("Say --as author, --as owner or --as agent.")
        raise click.UsageError(f"{question} {how}")
    answer: Sender = click.prompt(question, type=click.Choice(SENDERS), err=True)
    return answer
