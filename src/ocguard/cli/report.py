"""``ocguard report``: what was found, as a folder that can be handed to somebody."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from ocguard.cli.options import NamedPath, wrong_usage
from ocguard.cli.permit import permission_lines
from ocguard.cli.session import FINDING, Session
from ocguard.cli.terminal import note, say, status_word
from ocguard.language.choice import LANGUAGES, Language, chosen_language
from ocguard.language.message import translatable

if TYPE_CHECKING:
    from ocguard.identity import PublicIdentity

__all__ = ["command"]

_FILE: Final = click.Path(path_type=Path, dir_okay=False)
_FOLDER: Final = NamedPath(path_type=Path, file_okay=False)


class MakeByDefault(click.Group):
    """A group whose command ``make`` need not be named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the default command before arguments that name none."""
        if args and args[0] not in {*self.commands, *ctx.help_option_names}:
            args = ["make", *args]
        return super().parse_args(ctx, args)


@click.group("report", cls=MakeByDefault, short_help="Evidence to hand in, as a signed folder.")
def command() -> None:
    """Evidence to hand in, as a signed folder.

    'ocguard report SUSPECT --out DIR' is short for 'ocguard report make SUSPECT --out DIR'.
    """


@command.command("make")
@click.argument("suspect", type=_FILE)
@click.option(
    "--out", type=_FOLDER, metavar="DIR", required=True, help="New folder for the report."
)
@click.option("--url", metavar="URL", default="", help="Address of the page where it was found.")
@click.option("--account", metavar="NAME", default="", help="Who showed it there.")
@click.option(
    "--captured",
    metavar="WHEN",
    default="",
    help="When you saved it: 2026-11-29, or 2026-11-29T18:00+08:00.",
)
@click.option("--note", metavar="TEXT", default="", help="Anything else that a reader must know.")
@click.option(
    "--page",
    "pages",
    type=_FILE,
    multiple=True,
    metavar="FILE",
    help="The page as your browser saved it (MHTML, HTML, PDF or screenshot). Can be repeated.",
)
@click.option(
    "--lang",
    "language",
    type=click.Choice(LANGUAGES),
    help="Language of report.html  [default: that of messages].",
)
@click.pass_obj
def make(
    session: Session,
    /,
    suspect: Path,
    out: Path,
    pages: tuple[Path, ...],
    language: Language | None,
    **capture: Any,
) -> int:
    """Check SUSPECT and write a report about it into a new folder.

    The folder holds report.html, which opens everywhere without a network and prints to PDF, the
    suspect's file, the pictures, the JSON record of the check, and a manifest with every digest,
    signed by your identity. Names of folders and of recipients stay at home. Nothing is fetched:
    address and account are what you say.
    """
    from ocguard.workflows.report.bundle import make_report
    from ocguard.workflows.report.captures import capture_of

    with wrong_usage():
        where = capture_of(**capture)
    language = language or chosen_language()
    report = make_report(session.workspace(), suspect, out, where, pages, language=language)
    verdict = status_word(report.evidence.verdict)
    say("{verdict}: report of {suspect} in {folder}", verdict=verdict, suspect=suspect, folder=out)
    note("Open {path}, read it, and look at both pictures.", path=out / "report.html")
    if not where.url:
        note("The address where it was found is not recorded: make it again with --url.")
    if report.evidence.is_saved_too_early:
        note(
            "You say that it was saved on {day}, before the mark in it was made: a reader will ask."
            " Is the day right? Make it again with --captured.",
            day=where.captured,
        )
    for line in permission_lines(report.permitted):
        note(line)
    if report.evidence.record["work_id"]:
        note(
            "It holds your work in a small form, and the suspect's file. "
            "A match is no infringement."
        )
    else:
        note("It holds the suspect's file, and no work of yours: none was named.")
    return 0


@command.command("verify")
@click.argument("folder", metavar="DIR", type=_FOLDER)
@click.option(
    "--identity",
    type=_FILE,
    metavar="FILE",
    help="Public identity of whoever made it  [default: yours, where you have one].",
)
@click.pass_obj
def verify(session: Session, /, folder: Path, identity: Path | None) -> int:
    """Verify that nothing in a report's folder was changed, and who signed it.

    The exit code is 1 where anything was changed, or where somebody else signed it.
    """
    from ocguard.workflows.report.bundle import verify_report

    expected = _expected(session, identity)
    found = verify_report(folder, expected)
    for problem in found.problems:
        say("changed: {problem}", problem=problem)
    if found.signed == "by-the-identity":
        own, other = (
            translatable("signed by {fingerprint}, yours"),
            translatable("signed by {fingerprint}, as expected"),
        )
        say(own if identity is None else other, fingerprint=found.fingerprint)
    elif found.signed == "by-another-identity":
        say(
            "signed by {fingerprint}, NOT by the expected {expected}",
            fingerprint=found.fingerprint,
            expected=_fingerprint(expected),
        )
        note("If it is somebody else's report, give their public identity with --identity.")
    elif found.signed == "unverified":
        say(
            "signed by {fingerprint}; whose that is was not verified",
            fingerprint=found.fingerprint,
        )
        note("Only that nothing was changed since: give the maker's identity with --identity.")
    if found.is_intact:
        say("intact: {folder}", folder=folder)
        return 0
    return FINDING


def _fingerprint(identity: PublicIdentity | None) -> str:
    return identity.fingerprint if identity else ""


def _expected(session: Session, path: Path | None) -> PublicIdentity | None:
    """Read the identity that was named, or the person's own; None where there is neither."""
    from ocguard.workflows.report.bundle import read_identity

    if path is not None:
        return read_identity(path)
    home = session.workspace().home
    return home.load_key().signer().identity if home.key_file.exists() else None
