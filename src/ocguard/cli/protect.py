"""``ocguard protect``: mark pictures, declare the opt-out, register the works."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Collection, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
from click.core import ParameterSource

from ocguard.choices import DIGITAL_SOURCES
from ocguard.cli.batch import report
from ocguard.cli.engine import engine_options
from ocguard.cli.options import (
    found_pictures,
    json_option,
    pictures_argument,
    wrong_usage,
)
from ocguard.cli.profile import explain_key
from ocguard.cli.protect_choices import protect_choices
from ocguard.cli.session import ALL_FAILED, Session
from ocguard.cli.survival import Summary, show_survival
from ocguard.cli.terminal import (
    can_ask,
    complain,
    label,
    note,
    note_line,
    printable,
    put,
    said,
    say_line,
)
from ocguard.language.message import Message, translatable, translatable_forms

if TYPE_CHECKING:
    from ocguard.imaging.files import Location
    from ocguard.workflows.engine.engine import Engine
    from ocguard.workflows.protect.job import ProtectJob, ProtectResult

__all__ = ["command", "prepared_job", "said_options", "show"]

COMMON_SOURCES: Final = {
    "digitalCreation": translatable("drawn by a person on a computer"),
    "print": translatable("scanned from paper"),
    "humanEdits": translatable("a photo or picture that a person changed by hand"),
    "compositeWithTrainedAlgorithmicMedia": translatable("partly made by a generative AI"),
}
"""Codes that artists need most, and what they mean."""


@click.command("protect", short_help="Mark pictures, declare the opt-out, register the works.")
@pictures_argument
@protect_choices
@engine_options
@json_option
@click.pass_obj
def command(
    session: Session,
    /,
    paths: tuple[Location, ...],
    out: Location | None,
    engine: Engine,
    as_json: bool,
    preview: int | None,
    **choices: Any,
) -> int:
    """Mark pictures visibly and invisibly, declare the opt-out, and register the works.

    PATH is a picture, or a folder with all its subfolders; '-' alone is a picture on standard
    input that is written to standard output. An input is never overwritten.
    """
    _require_sense(paths, out, as_json=as_json)
    if preview is not None and not isinstance(out, Path):
        raise click.UsageError(said("say where the sheet goes: --out DIR"))
    options = said_options(choices)
    options["dry_run"] = choices["dry_run"] or preview is not None
    job = prepared_job(session, options)
    if out is None:
        return _through_pipe(job)
    if preview is not None and isinstance(out, Path):
        return _sheet(job, paths, out, preview, as_json=as_json)
    return _through_files(job, paths, out, engine, as_json=as_json)


def said_options(choices: dict[str, Any]) -> Any:
    """Return what was said of a protection as ``ProtectOptions``, telling what has no effect."""
    _note_idle(choices)
    return {name: value for name, value in choices.items() if _counts(name, value)}


def prepared_job(session: Session, options: Any) -> ProtectJob:
    """Make profile and key on first use, check all choices, and make the job."""
    from ocguard.workflows.protect.options import prepare_protect

    with wrong_usage():
        job, identity = prepare_protect(session.workspace(), options, _ask_name, _ask_source)
    if identity.is_new:
        note("Made a profile for {creator}.", creator=identity.profile.creator)
        explain_key(session.workspace().home.key_file)
    return job


def _require_sense(paths: tuple[Location, ...], out: Location | None, *, as_json: bool) -> None:
    """Refuse what cannot be done together."""
    is_pipe = Path("-") in paths
    if is_pipe and (len(paths) > 1 or out is not None):
        raise click.UsageError(said("'-' stands alone: from standard input to standard output"))
    if is_pipe and as_json:
        raise click.UsageError(said("--json and '-' both write to standard output: choose one"))
    if not is_pipe and out is None:
        raise click.UsageError(said("say where the protected files go: --out DIR"))
    if out is not None and any(os.path.realpath(path) == os.path.realpath(out) for path in paths):
        raise click.UsageError(
            said("{folder} is the input itself; choose another --out", folder=out)
        )


def _note_idle(choices: dict[str, Any]) -> None:
    """Say which options were asked for in vain, and refuse a text or a name that is empty."""
    ctx = click.get_current_context()
    if choices["text"] is not None and not choices["text"].strip():
        raise click.BadParameter(
            said("it is empty: leave it out for your notice, or choose --visible none"),
            param_hint="--text",
        )
    if choices["recipient"] is not None and not choices["recipient"].strip():
        raise click.BadParameter(
            said("it is empty: leave it out for copies that everybody gets"),
            param_hint="--recipient",
        )
    if choices["quality"] is not None and choices["file_format"] == "png":
        note("note: {option} has no effect with --format png", option="--quality")
    if choices["visible"] != "none" or choices["preset"]:
        return
    idle = ("text", "logo", "qr", "opacity", "size", "margin", "font", "color", "edge", "vertical")
    for name in idle:
        if ctx.get_parameter_source(name) == ParameterSource.COMMANDLINE:
            note("note: {option} has no effect with --visible none", option=f"--{name}")


def _counts(name: str, value: object) -> bool:
    """Leave out what was not said; what a preset may set counts only if it was said as firmly."""
    ctx = click.get_current_context()
    if value is None or not ctx.params.get("preset"):
        return value is not None
    from ocguard.workflows.home.presets import OPTIONS

    firm = ParameterSource.COMMANDLINE
    is_said = {firm}
    if ctx.get_parameter_source("preset") != firm:
        is_said.add(ParameterSource.DEFAULT_MAP)
    return name not in OPTIONS or ctx.get_parameter_source(name) in is_said


def _ask_name() -> str:
    """Ask for the creator's name where somebody can answer; else use the account's."""
    from ocguard.workflows.home.workspace import account_name

    if not can_ask():
        name = account_name()
        note(
            "Nobody can be asked for your name here, so marks will say {name}: give --creator NAME"
            " now, or change it with 'ocguard profile set --creator NAME'.",
            name=name,
        )
        return name
    question = said("Your name or your studio's, for marks and metadata")
    return str(click.prompt(question, default=account_name(), err=True))


def _ask_source() -> str:
    """Ask how the pictures come into being where somebody can answer; else declare nothing."""
    if not can_ask():
        return ""
    note(
        "How do your pictures come into being? Readers of metadata look for an IPTC code, such as:"
    )
    for code, meaning in COMMON_SOURCES.items():
        note_line(f"  {code:<36} {said(meaning)}")
    question = said("The code to declare of all of them, or Enter to declare nothing")
    kind = click.Choice(("", *DIGITAL_SOURCES))
    answer = click.prompt(question, "", show_default=False, type=kind, show_choices=False, err=True)
    return str(answer)


def _through_pipe(job: ProtectJob) -> int:
    """Protect standard input to standard output."""
    from ocguard.workflows.protect.run import protect_one

    result = protect_one(job, sys.stdin.buffer.read(), name="-")
    for warning in result.warnings:
        note("note: {warning}", warning=warning)
    if result.error is not None:
        complain(result.error)
        return ALL_FAILED
    put(result.data)
    return 0


def _through_files(
    job: ProtectJob, paths: tuple[Location, ...], out: Location, engine: Engine, *, as_json: bool
) -> int:
    """Protect files and folders into a folder."""
    from ocguard.workflows.protect.job import DRY_RUN
    from ocguard.workflows.protect.outputs import plan_outputs
    from ocguard.workflows.protect.run import protect_files

    plan = plan_outputs(paths, out, job.file_format)
    verbose = click.get_current_context().obj.verbose
    summary = Summary()
    became: Counter[str] = Counter()

    def counted() -> Iterator[ProtectResult]:
        for result in summary.watch(protect_files(job, plan, engine)):
            became[result.status] += 1
            yield result

    for one in job.notes:
        note("note: {warning}", warning=one)
    shown = partial(show, verbose=verbose, told=job.notes)
    tally = report(
        counted(), len(plan), shown, places=paths, passed_over=plan.passed_over, as_json=as_json
    )
    summary.show()
    if job.is_dry_run:
        note(DRY_RUN)
    elif tally.done:
        note(_told(became, out))
    return tally.exit_code()


def _told(became: Counter[str], out: Location) -> Message:
    """Say how many pictures were protected, left as they are, skipped, and failed."""
    first, *others = [status for status in _BECAME if became[status]]
    (one, many), _ = _BECAME[first]
    said = Message.counted(one, many, became[first], folder=out)
    for status in others:
        more = Message(_BECAME[status][1], number=became[status], folder=out)
        said = Message("{first}, {more}", first=said, more=more)
    return said


_BECAME: Final = {
    "protected": (
        translatable_forms(
            "{number} picture protected in {folder}",
            "{number} pictures protected in {folder}",
        ),
        translatable("{number} protected in {folder}"),
    ),
    "registered": (
        translatable_forms(
            "{number} picture without an invisible mark in {folder}",
            "{number} pictures without an invisible mark in {folder}",
        ),
        translatable("{number} without an invisible mark in {folder}"),
    ),
    "unchanged": (
        translatable_forms(
            "{number} picture unchanged",
            "{number} pictures unchanged",
        ),
        translatable("{number} unchanged"),
    ),
    "skipped": (
        translatable_forms(
            "{number} picture skipped",
            "{number} pictures skipped",
        ),
        translatable("{number} skipped"),
    ),
    "failed": (
        translatable_forms(
            "{number} picture failed",
            "{number} pictures failed",
        ),
        translatable("{number} failed"),
    ),
}
"""What a status says of one picture, of several, and of further ones behind others."""


def _sheet(
    job: ProtectJob, paths: tuple[Location, ...], out: Path, count_wanted: int, *, as_json: bool
) -> int:
    """Put some pictures before and after on one sheet, and protect none."""
    from ocguard.workflows.protect.preview import SHEET_NAME, Preview

    preview = Preview(job, found_pictures(paths).paths, count_wanted)
    tally = report(
        preview.results(), len(preview.chosen), _show_figures, places=paths, as_json=as_json
    )
    if tally.done:
        sheet = preview.write(out / SHEET_NAME)
        note(
            Message.counted(
                "{number} picture before and after in {path}",
                "{number} pictures before and after in {path}",
                tally.done,
                path=sheet,
            )
        )
    return tally.exit_code()


def _show_figures(result: ProtectResult) -> None:
    """Print the figures of a picture on a sheet."""
    say_line(f"{label('preview', 10)} {printable(result.input)}: {result.psnr_db} dB")
    if result.visible is not None:
        from ocguard.workflows.protect.visible import describe_figures

        say_line(f"{'':<10} {said(describe_figures(result.visible))}")


def show(result: ProtectResult, *, verbose: bool, told: Collection[str] = ()) -> None:
    """Print what became of one picture, or would become of it, but for what was told before."""
    from ocguard.workflows.protect.job import DRY_RUN

    is_tried = DRY_RUN in result.warnings
    line = f"{label('dry run' if is_tried else result.status, 10)} {printable(result.input)}"
    if result.status in {"protected", "registered"} or is_tried:
        line += f" -> {printable(result.output)}"
    say_line(line)
    if result.mark_id is not None and verbose:
        for more in _figures(result):
            say_line(f"{'':<10} {said(more)}")
    if result.visible is not None and (verbose or result.visible["left"] is not None):
        from ocguard.workflows.protect.visible import describe_figures

        say_line(f"{'':<10} {said(describe_figures(result.visible))}")
    show_survival(result)
    for warning in result.warnings:
        if warning != DRY_RUN and warning not in told:
            noted = said("note: {name}: {warning}", name=result.input, warning=warning)
            note_line(f"{'':<10} {noted}")


def _figures(result: ProtectResult) -> Iterator[Message]:
    """Yield the mark of a picture, and what it costs."""
    given = {"mark_id": result.mark_id, "work_id": result.work_id, "recipient": result.recipient}
    to_all = translatable("mark {mark_id} of work {work_id}")
    to_one = translatable("mark {mark_id} of work {work_id} for {recipient}")
    yield Message(to_one if result.recipient else to_all, **given)
    yield Message(
        "{psnr}, SSIM {ssim}, margin {margin_db} dB, {bytes_out} bytes, {seconds} s",
        psnr=Message("unchanged") if result.psnr_db is None else f"{result.psnr_db} dB",
        ssim=result.ssim,
        margin_db=result.margin_db,
        bytes_out=result.bytes_out,
        seconds=result.seconds,
    )
