"""``ocguard detect``: whose mark is in a picture, which work, which recipient."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ocguard.cli.batch import report
from ocguard.cli.engine import engine_options
from ocguard.cli.options import (
    exit_zero_option,
    found_pictures,
    input_bytes,
    json_option,
    pictures_argument,
)
from ocguard.cli.resume import require_files, resume_option, resumed
from ocguard.cli.session import Session
from ocguard.cli.terminal import emit, input_name, label, note, say_indented, say_line
from ocguard.errors import OcguardError
from ocguard.language.message import Message

if TYPE_CHECKING:
    from ocguard.imaging.files import Location
    from ocguard.workflows.check.detect import DetectResult, ReadMark
    from ocguard.workflows.engine.engine import Engine

__all__ = ["command"]

INDENT = 12


@click.command("detect", short_help="Whose mark is in a picture, for which work and recipient?")
@pictures_argument
@engine_options
@json_option
@exit_zero_option
@click.option(
    "--missing",
    is_flag=True,
    help="Look for pictures without your mark: the exit code is 1 when there is one.",
)
@resume_option
@click.pass_obj
def command(
    session: Session,
    /,
    paths: tuple[Location, ...],
    engine: Engine,
    as_json: bool,
    exit_zero: bool,
    missing: bool,
    resume: Path | None,
) -> int:
    """Read your invisible marks in pictures.

    Where a picture shows no mark by itself, it is read beside the work that it resembles, if your
    portfolio is at hand: that reads far fainter marks.

    PATH is a picture, or a folder with all its subfolders; '-' alone is standard input. The exit
    code is 1 when a mark was found in one of them, and 5 when every mark that was found lies on a
    picture that is not its work: it may have been copied. Not found does not mean unmarked.
    """
    from ocguard.portfolio import has_portfolio
    from ocguard.workflows.check.detect import Detector, DetectResult, detect_files, prepare_detect
    from ocguard.workflows.sources import source_name

    require_files(resume, paths)
    workspace = session.workspace()
    data = input_bytes(paths)
    found = found_pictures(paths) if data is None else None
    try:
        job = prepare_detect(workspace)
    except OcguardError as error:
        for path in (paths if found is None else found.paths) if as_json else ():
            emit(DetectResult(source_name(path), error=error.message).to_dict())
        raise
    if found is not None:
        total, work = len(found.pictures), partial(detect_files, job, engine=engine)
        results, found = resumed(resume, job, [workspace], found, work)
    else:
        results, total = iter([Detector(job).detect(data or b"", "-")]), 1
    tally = report(
        results,
        total,
        _show,
        places=paths,
        passed_over=found.passed_over if found else (),
        as_json=as_json,
        is_finding=lambda result: result.is_finding is not missing,
        is_copied=lambda result: result.verdict == "copied",
    )
    found_none = tally.findings if missing else tally.done - tally.findings
    if found_none and not as_json and has_portfolio(workspace.location):
        note("'ocguard check' tells whether a picture shows your work, also without a mark.")
    return tally.exit_code(exit_zero=exit_zero)


def _show(result: DetectResult) -> None:
    """Print what one picture says."""
    say_line(f"{label(result.verdict or '', 11)} {input_name(result.input)}")
    for mark in result.marks:
        say_indented(INDENT, _described(mark, with_place=len(result.marks) > 1))
    if result.verdict != "found":
        say_indented(INDENT, result.reason)


def _described(mark: ReadMark, *, with_place: bool) -> Message:
    """Say in one line whose a mark is."""
    if not mark.work_id:
        owner = Message("not in the portfolio")
    elif mark.recipient:
        owner = Message(
            "of work {work_id} for {recipient}", work_id=mark.work_id, recipient=mark.recipient
        )
    else:
        owner = Message("of work {work_id}", work_id=mark.work_id)
    left, top, width, height = mark.place
    said = {
        Message("mirrored"): mark.mirrored,
        Message("negative"): mark.negative,
        Message("read beside the original"): mark.mode == "informed",
        Message("at {place}", place=f"{left}, {top}, {width} x {height} px"): with_place,
        Message("but not on that work"): mark.verdict == "copied",
    }
    line = Message("mark {mark_id}, {owner}", mark_id=mark.mark_id, owner=owner)
    for more in (words for words, holds in said.items() if holds):
        line = Message("{mark}, {more}", mark=line, more=more)
    return Message("{mark} (p < {p_value:.0e})", mark=line, p_value=mark.p_value)
