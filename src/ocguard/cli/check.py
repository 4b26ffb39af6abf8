"""``ocguard check``: is a suspect a near-copy of something of mine."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ocguard.choices import ONLY, Only
from ocguard.cli.batch import report
from ocguard.cli.engine import engine_options
from ocguard.cli.follow import answer_lines
from ocguard.cli.options import (
    exit_zero_option,
    explain_option,
    found_pictures,
    input_bytes,
    json_option,
    optional_pictures_argument,
)
from ocguard.cli.permit import permission_lines, stated_place
from ocguard.cli.resume import require_files, resume_option, resumed
from ocguard.cli.rules import say_rules
from ocguard.cli.session import Session
from ocguard.cli.terminal import (
    complain,
    input_name,
    label,
    note,
    said,
    say_indented,
    say_line,
    status_word,
)
from ocguard.language.message import Message, translatable
from ocguard.wording import ratio_text

if TYPE_CHECKING:
    from ocguard.imaging.files import Location, PassedOver
    from ocguard.workflows.check.mark_search import FoundMark
    from ocguard.workflows.check.results import CheckResult, FoundWork, LearnedEvidence
    from ocguard.workflows.check.run import CheckJob
    from ocguard.workflows.engine.engine import Engine
    from ocguard.workflows.home.index_cache import IndexCache

__all__ = ["command", "show"]

INDENT = 18

LONG_BUILD_WORKS = 500
"""Indexing so many takes some seconds."""


@click.command("check", short_help="Is a suspect a near-copy of something of mine?")
@optional_pictures_argument
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
@click.option(
    "--only",
    type=click.Choice(ONLY),
    help="Compare with works alone, or read marks alone: quicker, where many suspects come.",
)
@click.option(
    "--also",
    metavar="PORTFOLIO",
    multiple=True,
    help="Search this portfolio too, as one with yours: path or URL. Several times for several.",
)
@click.option(
    "--quick-first",
    is_flag=True,
    help="Throw out what looks like no work at first sight: far quicker, and misses small parts.",
)
@click.option(
    "--follow",
    is_flag=True,
    help="Answer lines of standard input until they end: paths, or JSON objects; in JSON.",
)
@click.option("--unordered", is_flag=True, help="With --follow: answer as checks are done.")
@resume_option
@explain_option
@engine_options
@json_option
@exit_zero_option
@click.pass_obj
def command(
    session: Session,
    /,
    paths: tuple[Location, ...],
    descriptor: str | None,
    url: str,
    account: str,
    only: Only | None,
    also: tuple[str, ...],
    quick_first: bool,
    follow: bool,
    unordered: bool,
    resume: Path | None,
    explain: bool,
    engine: Engine,
    as_json: bool,
    exit_zero: bool,
) -> int:
    """Compare suspects with the registered works, and read your marks in them.

    PATH is a picture, or a folder with all its subfolders; '-' alone is standard input. The exit
    code is 1 when a registered work, or one of your marks, was found in one of them; it is not for
    'cannot-tell', which may name a work to look at, nor where you permitted it (--url, --account).
    It is 5 when nothing but marks was found, on pictures that are not the works they were made for.

    With --follow, each line of standard input is a path, or a JSON object with path and, if you
    like, url, account and id. Each is answered by one JSON object on one line. SIGTERM ends it as
    the end of the input does: what was read is answered.
    """
    _require_sense(paths, engine, follow=follow, unordered=unordered)
    _require_works_to_compare(only, quick_first=quick_first)
    require_files(resume, paths)
    from ocguard.workflows.check.options import CheckOptions
    from ocguard.workflows.check.run import Checker, check_files, prepare_check

    options = CheckOptions(descriptor, stated_place(url, account), only, also, quick_first)
    job = prepare_check(session.workspace(), options, _announce, _announce_learned)
    _note_lacks(job)
    if follow:
        return answer_lines(job, engine, is_ordered=not unordered).exit_code(exit_zero=exit_zero)
    passed_over: Sequence[PassedOver] = ()
    if (data := input_bytes(paths)) is not None:
        results, total = iter([Checker(job).check(data, "-")]), 1
    else:
        found = found_pictures(paths)
        work = partial(check_files, job, engine=engine)
        results, left = resumed(resume, job, job.portfolios, found, work)
        passed_over, total = left.passed_over, len(found.pictures)
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


def _require_sense(
    paths: tuple[Location, ...], engine: Engine, *, follow: bool, unordered: bool
) -> None:
    """Refuse what cannot be done together."""
    from ocguard.workflows.engine.pool import LocalPool

    if follow and paths:
        raise click.UsageError(said("--follow reads standard input: leave the paths out"))
    if not follow and not paths:
        raise click.UsageError(said("say what to check: PATH, or --follow"))
    if unordered and not follow:
        raise click.UsageError(said("--unordered goes with --follow"))
    if follow and not isinstance(engine, LocalPool):
        raise click.UsageError(said("--follow works on this machine: leave --cluster out"))


def _require_works_to_compare(only: Only | None, *, quick_first: bool) -> None:
    """Refuse a first stage where nothing follows it."""
    if quick_first and only == "marks":
        raise click.UsageError(said("--quick-first compares with works: leave --only marks out"))


def _note_lacks(job: CheckJob) -> None:
    """Say what a check cannot see here."""
    if job.works:
        for cache, portfolio in zip(job.works.caches, job.portfolios, strict=True):
            _note_lacking_works(cache, portfolio.location)
    if not job.secret:
        note("There is no key in {folder}: marks are not read.", folder=job.workspace.home.folder)


def _note_lacking_works(cache: IndexCache, location: str) -> None:
    """Say which works cannot be compared, or that there are none."""
    if cache.unreadable:
        complain(
            Message.counted(
                "{number} work cannot be compared: another version of ocguard described it;"
                " register it again with 'ocguard portfolio add'",
                "{number} works cannot be compared: another version of ocguard described them;"
                " register them again with 'ocguard portfolio add'",
                len(cache.unreadable),
            )
        )
    if not (cache.works or cache.unreadable):
        note(
            "There are no works in {portfolio}: nothing can match. Register yours with"
            " 'ocguard protect' or 'ocguard portfolio add'.",
            portfolio=location,
        )


def _announce(works: int) -> None:
    """Explain a wait that comes once."""
    if works >= LONG_BUILD_WORKS:
        note(
            Message.counted(
                "Indexing {number} work, once ...", "Indexing {number} works, once ...", works
            )
        )


def _announce_learned(works: int) -> None:
    """Explain another wait that comes once."""
    note(
        Message.counted(
            "Showing {number} work to the learned descriptor, once ...",
            "Showing {number} works to the learned descriptor, once ...",
            works,
        )
    )


def show(result: CheckResult, *, verbose: bool, explain: bool = False) -> None:
    """Print what is known about one suspect."""
    say_line(f"{label(result.verdict or '', 17)} {input_name(result.input)}")
    _say_work(result)
    say_indented(INDENT, result.reason)
    if result.candidates and result.verdict not in {"identical", "no-match", "cannot-tell"}:
        say_indented(INDENT, ratio_text(result.candidates[0].log10_lr))
    for found in result.found:
        is_part = found.work_place is not None
        if found.work_id != result.work_id or found.frame or result.searched.views or is_part:
            say_indented(INDENT, _found_line(found, is_named=_is_told(found, result)))
    hints = [result.missing_mark.reason] if result.missing_mark else []
    for line in (*map(_mark_line, result.marks), *hints, *permission_lines(result.permitted)):
        say_indented(INDENT, line)
    if result.learned and result.learned.nearest:
        say_indented(INDENT, _learned_line(result.learned))
    for ai_label in result.declared.get("ai_labels", ()):
        say_indented(INDENT, "it says of itself: {where}: {says}", **ai_label)
    if explain:
        say_rules(result, INDENT)
    if verbose:
        _say_details(result)


def _say_work(result: CheckResult) -> None:
    """Print which work it is of, and whose that is."""
    if result.work_id and result.candidates:
        best = result.candidates[0]
        name, work_id = best.title or best.source, best.work_id
        say_indented(INDENT, "of {source} (work {work_id})", source=name, work_id=work_id)
    elif result.work_id:
        say_indented(INDENT, "of work {work_id}", work_id=result.work_id)
    if result.portfolio:
        say_indented(INDENT, "in the portfolio {portfolio}", portfolio=result.portfolio)
    if result.is_others:
        say_indented(INDENT, "another creator's, known from an imported file: no finding")


def _say_details(result: CheckResult) -> None:
    """Print what was measured of each candidate, and what the file declares."""
    from ocguard.workflows.check.evidence_words import evidence_line

    for candidate in result.candidates:
        say_indented(INDENT, "work {work_id}", work_id=candidate.work_id)
        for name, value in candidate.evidence.items():
            say_indented(INDENT + 2, evidence_line(name, value))
    for name, value in result.declared.items():
        say_indented(INDENT, "declared {name}: {text}", name=name, text=str(value))


def _learned_line(learned: LearnedEvidence) -> Message:
    """Say what a learned descriptor thinks nearest, and that this accuses nobody."""
    nearest = learned.nearest[0]
    alone = translatable(
        "nearest by {name}: {source} (work {work_id}), similarity {similarity:.2f}; not calibrated:"
        " look, do not conclude"
    )
    among = translatable(
        "nearest by {name}: {source} (work {work_id}), similarity {similarity:.2f}, {above:.2f}"
        " above your other works; not calibrated: look, do not conclude"
    )
    return Message(
        alone if nearest.normalized is None else among,
        name=learned.name,
        source=nearest.title or nearest.source,
        work_id=nearest.work_id,
        similarity=nearest.similarity,
        above=nearest.normalized,
    )


def _is_told(found: FoundWork, result: CheckResult) -> bool:
    """Tell whether the lines above name the work already, and what it is there."""
    return (found.work_id, found.verdict) == (result.work_id, result.verdict)


def _found_line(found: FoundWork, *, is_named: bool) -> Message:
    """Say which work was found where; one that is named above is not named again."""
    line = Message("this work")
    if not is_named:
        line = Message(
            "{verdict} of {source} (work {work_id})",
            verdict=status_word(found.verdict),
            source=found.title or found.source,
            work_id=found.work_id,
        )
    if found.work_place and found.work_frame:
        line = Message("{found}, its frame {frame}", found=line, frame=found.work_frame + 1)
    elif found.work_place:
        line = Message("{found}, its part at {place}", found=line, place=_place(found.work_place))
    if found.frame:
        line = Message("{found} in frame {frame}", found=line, frame=found.frame + 1)
    if found.place:
        line = Message("{found} at {place}", found=line, place=_place(found.place))
    return line


def _place(box: Sequence[int]) -> str:
    """Name a place by its left upper corner and its size."""
    left, top, width, height = box
    return f"{left}, {top} ({width} x {height} px)"


def _mark_line(mark: FoundMark) -> Message:
    """Say which own mark is in it, and whether it was copied there."""
    given = {"mark_id": mark.mark_id, "work_id": mark.work_id, "p_value": mark.p_value}
    if not mark.work_id:
        own = translatable(
            "your mark {mark_id}, not in this portfolio, is in it (p < {p_value:.0e})"
        )
        copied = translatable(
            "your mark {mark_id}, not in this portfolio, is in it, but not that work"
            " (p < {p_value:.0e})"
        )
    elif mark.recipient:
        own = translatable(
            "your mark {mark_id} of work {work_id} for {recipient} is in it (p < {p_value:.0e})"
        )
        copied = translatable(
            "your mark {mark_id} of work {work_id} for {recipient} is in it, but not that work"
            " (p < {p_value:.0e})"
        )
    else:
        own = translatable("your mark {mark_id} of work {work_id} is in it (p < {p_value:.0e})")
        copied = translatable(
            "your mark {mark_id} of work {work_id} is in it, but not that work (p < {p_value:.0e})"
        )
    return Message(copied if mark.copied else own, recipient=mark.recipient, **given)
