"""``ocguard compare``: two files, no portfolio."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ocguard.cli.batch import report
from ocguard.cli.check import show
from ocguard.cli.options import exit_zero_option, explain_option, json_option
from ocguard.cli.session import FINDING, Session
from ocguard.cli.terminal import emit, note, printable, said, say, say_indented, say_line
from ocguard.cli.timestamp import given_anchors

if TYPE_CHECKING:
    from ocguard.workflows.timestamp.proving import Anchors

__all__ = ["command"]

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("compare", short_help="Is one picture made from another? No portfolio needed.")
@click.argument("original", type=_FILE)
@click.argument("suspect", type=_FILE)
@click.option("--claims", is_flag=True, help="Both are zipped reports: what can either side show?")
@click.option(
    "--root",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    metavar="FILE",
    help="With --claims: roots of time stamp authorities, PEM, from elsewhere.",
)
@click.option(
    "--headers",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    metavar="FILE",
    help="With --claims: headers of Bitcoin blocks, from elsewhere.",
)
@explain_option
@json_option
@exit_zero_option
@click.pass_obj
def command(
    session: Session,
    /,
    original: Path,
    suspect: Path,
    claims: bool,
    root: Path | None,
    headers: Path | None,
    explain: bool,
    as_json: bool,
    exit_zero: bool,
) -> int:
    """Compare SUSPECT with ORIGINAL, without a portfolio.

    Says what a check against a portfolio of this one work would say, but reads no marks.

    With --claims both are ZIP files of folders that 'ocguard report' made, one by each of two
    people who say that a picture is theirs. It lists what either can show, and what that does not
    prove. The exit code is 1 where one of them was changed.
    """
    if claims:
        anchors = given_anchors(root, headers)
        return _compare_claims(original, suspect, anchors, as_json=as_json, exit_zero=exit_zero)
    if root is not None or headers is not None:
        raise click.UsageError(said("--root and --headers are for the trusted times of --claims"))
    from ocguard.workflows.check.compare import compare_pictures

    result = compare_pictures(original, suspect)
    tally = report(
        [result],
        1,
        lambda one: show(one, verbose=session.verbose, explain=explain),
        as_json=as_json,
        is_finding=lambda one: one.is_finding,
    )
    return tally.exit_code(exit_zero=exit_zero)


def _compare_claims(
    first: Path, second: Path, anchors: Anchors, *, as_json: bool, exit_zero: bool
) -> int:
    """Show what two sides can show."""
    from ocguard.workflows.report.claims import compare_claims

    found = compare_claims(first, second, anchors)
    if as_json:
        emit(found.to_dict())
    else:
        for fact in found.facts:
            say(fact.name)
            say_line(f"  {printable(found.a)}: {printable(fact.a)}")
            say_line(f"  {printable(found.b)}: {printable(fact.b)}")
            say_indented(4, fact.limit)
        note("These are facts, and no verdict on who drew the picture. A person decides.")
    return 0 if found.is_intact or exit_zero else FINDING
