"""``ocguard compare``: two files, no portfolio."""

from __future__ import annotations

from pathlib import Path

import click

from ocguard.cli.batch import report
from ocguard.cli.check import explain_option, show
from ocguard.cli.options import exit_zero_option, json_option
from ocguard.cli.session import Session

__all__ = ["command"]

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("compare", short_help="Is one picture made from another? No portfolio needed.")
@click.argument("original", type=_FILE)
@click.argument("suspect", type=_FILE)
@explain_option
@json_option
@exit_zero_option
@click.pass_obj
def command(
    session: Session,
    /,
    original: Path,
    suspect: Path,
    explain: bool,
    as_json: bool,
    exit_zero: bool,
) -> int:
    """Compare SUSPECT with ORIGINAL, without a portfolio.

    Says what a check against a portfolio of this one work would say, but reads no marks.
    """
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
