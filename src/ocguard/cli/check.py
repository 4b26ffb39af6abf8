"""``ocguard check``: is a suspect a near-copy of something of mine."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ocguard.cli.batch import report
from ocguard.cli.options import (
    exit_zero_option,
    found_pictures,
    input_bytes,
    jobs_option,
    json_option,
    pictures_argument,
)
from ocguard.cli.permit import permission_lines, stated_place
from ocguard.cli.session import Session
from ocguard.cli.terminal import (
    complain,
    count,
    input_name,
    label,
    note,
    printable,
    say,
    say_indented,
)
from ocguard.wording import ratio_text

if TYPE_CHECKING:
    from ocguard.imaging.files import PassedOver
    from ocguard.matching.decision.trace import AskedRule
    from ocguard.workflows.check.mark_search import FoundMark
    from ocguard.workflows.check.results import CheckResult, FoundWork, LearnedEvidence
    from ocguard.workflows.pool import Jobs

__all__ = ["command", "explain_option", "show"]

INDENT = 18

explain_option = click.option(
    "--explain",
    is_flag=True,
    help="Also show which rules were asked, and how far the measures are from their bounds.",
)

LONG_BUILD_WORKS = 500
"""Indexing so many takes some seconds."""


@click.command("check", short_help="Is a suspect a near-copy of something of mine?")
@pictures_argument
@click.option(
    "--descriptor",
    metavar="NAME|FILE",
    help="Let a learned descriptor (ONNX) propose works too: its TOML file, or an installed one.",
)
@click.option(
    "--url", metavar="URL", default="", help="Where they were found: says whether you permitted it."
)
@click.option(
    "--account", metavar="PLATFORM:NAME", default="", help="Who shows them there, such as x:friend."
)
@explain_option
@jobs_option
@json_option
@exit_zero_option
@click.pass_obj
def command(
    session: Session,
    /,
    paths: tuple[Path, ...],
    descriptor: str | None,
    url: str,
    account: str,
    explain: bool,
    jobs: Jobs,
    as_json: bool,
    exit_zero: bool,
) -> int:
    """Compare suspects with the registered works, and read your marks in them.

    PATH is a picture, or a folder with all its subfolders; '-' alone is standard input. The exit
    code is 1 when a registered work, or one of your marks, was found in one of them; it is not for
    'cannot-tell', which may name a work to look at, nor where you permitted it (--url, --account).
    It is 5 when nothing but marks was found, on pictures that are not the works they were made for.
    """
    from ocguard.workflows.check.run import Checker, check_files, prepare_check

    workspace = session.workspace()
    job, cache = prepare_check(
        workspace,
        _announce,
        descriptor=descriptor,
        announce_learned=_announce_learned,
        place=stated_place(url, account),
    )
    if cache.unreadable:
        complain(
            f"{count(len(cache.unreadable), 'work')} cannot be compared: another version of"
            " ocguard described them; register them again with 'ocguard portfolio add'"
        )
    if not (cache.works or cache.unreadable):
        note(f"There are no works in {printable(workspace.location)}: nothing can match. Register")
        note("yours with 'ocguard protect' or 'ocguard portfolio add'.")
    if not job.secret:
        note(f"There is no key in {printable(workspace.home.folder)}: marks are not read.")
    passed_over: Sequence[PassedOver] = ()
    if (data := input_bytes(paths)) is not None:
        results, total = iter([Checker(job).check(data, "-")]), 1
    else:
        found = found_pictures(paths)
        passed_over = found.passed_over
        results, total = check_files(job, found, jobs), len(found.pictures)
    tally = report(
        results,
        total,
        partial(show, verbose=session.verbose, explain=explain),
        places=paths,
        passed_over=passed_over,
        as_json=as_json,
        is_finding=lambda result: result.is_finding,
        is_copied=lambda result: result.is_copied,
    )
    if tally.findings and not as_json:
        note("A match is not an infringement: look at both pictures and decide yourself.")
    return tally.exit_code(exit_zero=exit_zero)


def _announce(works: int) -> None:
    """Explain a wait that comes once."""
    if works >= LONG_BUILD_WORKS:
        note(f"Indexing {count(works, 'work')}, once ...")


def _announce_learned(works: int) -> None:
    """Explain another wait that comes once."""
    note(f"Showing {count(works, 'work')} to the learned descriptor, once ...")


def show(result: CheckResult, *, verbose: bool, explain: bool = False) -> None:
    """Print what is known about one suspect."""
    say(f"{label(result.verdict or '', 17)} {input_name(result.input)}")
    if result.work_id and result.candidates:
        best = result.candidates[0]
        say_indented(f"of {printable(best.source)} (work {best.work_id})", INDENT)
    elif result.work_id:
        say_indented(f"of work {result.work_id}", INDENT)
    if result.is_others:
        say_indented("another creator's, known from an imported file: no finding", INDENT)
    say_indented(printable(result.reason), INDENT)
    if result.candidates and result.verdict not in {"identical", "no-match", "cannot-tell"}:
        say_indented(ratio_text(result.candidates[0].log10_lr), INDENT)
    for found in result.found:
        is_part = found.work_place is not None
        if found.work_id != result.work_id or found.frame or result.searched.views or is_part:
            say_indented(_found_line(found), INDENT)
    for mark in result.marks:
        say_indented(_mark_line(mark), INDENT)
    for line in permission_lines(result.permitted) if result.permitted else ():
        say_indented(line, INDENT)
    if result.learned and result.learned.nearest:
        say_indented(_learned_line(result.learned), INDENT)
    for said in result.declared.get("ai_labels", ()):
        say_indented(
            f"it says of itself: {printable(said['where'])}: {printable(said['says'])}", INDENT
        )
    if explain:
        _say_rules(result)
    if verbose:
        _say_details(result)


def _say_details(result: CheckResult) -> None:
    """Print what was measured of each candidate, and what the file declares."""
    for candidate in result.candidates:
        evidence = ", ".join(f"{name} {value}" for name, value in candidate.evidence.items())
        say_indented(f"work {candidate.work_id}: {printable(evidence)}", INDENT)
    for name, value in result.declared.items():
        say_indented(f"declared {printable(name)}: {printable(value)}", INDENT)


def _say_rules(result: CheckResult) -> None:
    """Print the rules that were asked about the first candidate, those that decided first."""
    from ocguard.matching.decision.bounds import load_bounds
    from ocguard.matching.decision.trace import trace
    from ocguard.matching.evidence.measures import Measures

    if not result.candidates:
        say_indented("rules: none was asked, since no work resembles it", INDENT)
        return
    best = result.candidates[0]
    say_indented(f"rules that were asked of work {best.work_id} ({result.bounds_id}):", INDENT)
    for asked in trace(best.log10_lr, Measures(**result.measures), load_bounds()):
        say(" " * INDENT + _rule_line(asked))


def _rule_line(asked: AskedRule) -> str:
    """Say whether a rule holds, and how far what decided it is from its bound."""
    answer = f"{'yes' if asked.is_met else 'no':3} {asked.name:12}"
    if asked.decisive is None:
        return f"{answer} where none of the others holds"
    bound, measured = asked.decisive.bound, asked.decisive.measured
    asks = f"{bound.measure} {bound.direction} {bound.value:g} ({bound.name})"
    apart = abs(bound.margin(measured))
    how_far = f"{apart:.3g} to spare" if bound.holds(measured) else f"{apart:.3g} off"
    return f"{answer} {measured:8.3g}  {asks}: {how_far}"


def _learned_line(learned: LearnedEvidence) -> str:
    """Say what a learned descriptor thinks nearest, and that this accuses nobody."""
    nearest = learned.nearest[0]
    above = (
        "" if nearest.normalized is None else f", {nearest.normalized:.2f} above your other works"
    )
    return (
        f"nearest by {printable(learned.name)}: {printable(nearest.source)} (work"
        f" {nearest.work_id}), similarity {nearest.similarity:.2f}{above}; not calibrated: look,"
        " do not conclude"
    )


def _found_line(found: FoundWork) -> str:
    """Say which work was found where."""
    frame = f" in frame {found.frame + 1}" if found.frame else ""
    where = ""
    if found.place:
        left, top, width, height = found.place
        where = f" at {left}, {top} ({width} x {height} px)"
    part = ""
    if found.work_place:
        left, top, width, height = found.work_place
        part = f", its part at {left}, {top} ({width} x {height} px)"
        if found.work_frame:
            part = f", its frame {found.work_frame + 1}"
    work = f"{printable(found.source)} (work {found.work_id})"
    return f"{found.verdict} of {work}{part}{frame}{where}"


def _mark_line(mark: FoundMark) -> str:
    recipient = f" for {printable(mark.recipient)}" if mark.recipient else ""
    owner = f" of work {mark.work_id}{recipient}" if mark.work_id else ", not in this portfolio"
    copied = ", but not that work" if mark.copied else ""
    return f"your mark {mark.mark_id}{owner} is in it{copied} (p < {mark.p_value:.0e})"
