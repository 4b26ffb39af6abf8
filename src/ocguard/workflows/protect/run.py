"""Protect pictures: both marks, the declaration, the record, the file.

One picture goes through: read, visible mark, reference rendition, invisible mark, declaration,
encode, read back and detect, record, publish. Where platforms are named it is made what suits them
first, and the encoded file is proven against them before it is recorded.

The record is on the disk before the file has its name, and is taken back when the file cannot get
it; so a process that dies at any moment leaves no protected file without its record, and no half
file.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from ocguard.choices import STRENGTHS, Strength
from ocguard.errors import (
    HostTooSmallError,
    ImageWriteError,
    MarkLostError,
    OutputExistsError,
)
from ocguard.imaging.files import Location, is_there, prepared, read_bytes
from ocguard.imaging.ground import on_showing_ground
from ocguard.imaging.remote import SCHEME
from ocguard.imaging.rendition import Rendition
from ocguard.keys import SecretKey
from ocguard.language.message import Message
from ocguard.platforms.profile import chained
from ocguard.portfolio import Entry, Mark, has_portfolio, issuing, open_store
from ocguard.watermark.visible.template import filled
from ocguard.watermark.visible.typesetting import tidy_text, without_emoji
from ocguard.watermark.visible.variation import SEED_BYTES
from ocguard.workflows.engine.engine import Engine, WorkerDiedError
from ocguard.workflows.failures import explain
from ocguard.workflows.home.parts import Parts, work_parts
from ocguard.workflows.home.works import (
    describe_work,
    left_out_warnings,
    mark_id_of,
    reference_jpeg,
    small_view,
    thin_work_warnings,
)
from ocguard.workflows.protect.again import issued_before, request_sha256, unchanged
from ocguard.workflows.protect.credentials import reason_not_to_sign, signed
from ocguard.workflows.protect.encoding import (
    ProtectedFile,
    UnmarkedFile,
    growth_warnings,
    make_protected_file,
    make_unmarked_file,
)
from ocguard.workflows.protect.issue import issued_mark, keep_title, with_figures
from ocguard.workflows.protect.job import DRY_RUN, ProtectJob, ProtectResult
from ocguard.workflows.protect.outputs import Plan, PlannedOutput
from ocguard.workflows.protect.privacy import guard_privacy
from ocguard.workflows.protect.survival import Prover, Survival, raise_strength, raised
from ocguard.workflows.protect.upload import fit_for_upload
from ocguard.workflows.protect.visible import VisiblyMarked, lay_visible
from ocguard.workflows.sources import Loaded, PictureSource, load, source_name, source_place
from ocguard.workflows.threads import one_thread

__all__ = ["protect_files", "protect_one", "visible_seed", "visibly_marked"]


@dataclass(frozen=True, eq=False)
class _Finished:
    """A protected picture that waits for being recorded and published."""

    entry: Entry
    protected: ProtectedFile | UnmarkedFile
    survives: Mapping[str, Survival]
    bytes_in: int
    visible: Mapping[str, Any] | None
    warnings: tuple[str, ...]


def visible_seed(key: SecretKey, work_id: str, recipient: str) -> bytes:
    """Derive the secret that the visible mark of a work varies by: nobody else can draw it."""
    return key.derive(f"visible-mark/{work_id}/{recipient}", SEED_BYTES)


def protect_files(job: ProtectJob, plan: Plan, engine: Engine) -> Iterator[ProtectResult]:
    """Protect planned pictures, several at a time, and give the results in their order.

    Art in forms that are not read comes last, as passed over.

    Parameters
    ----------
    job : ProtectJob
        How.
    plan : Plan
        From :func:`ocguard.workflows.protect.outputs.plan_outputs`.
    engine : Engine
        Does it.
    """

    def on_death(one: PlannedOutput, error: WorkerDiedError) -> ProtectResult:
        name = source_name(one.source)
        return ProtectResult(name, str(one.output), "failed", job.recipient, error=explain(error))

    yield from engine.map(_protector, job, plan.outputs, on_death=on_death)
    for left in filter(lambda one: one.is_art, plan.passed_over):
        name = source_name(left.path)
        yield ProtectResult(name, None, "passed-over", job.recipient, passed_over=left.kind)


def _protector(job: ProtectJob) -> Callable[[PlannedOutput], ProtectResult]:
    def protect(one: PlannedOutput) -> ProtectResult:
        done = protect_one(job, one.source, one.output, problem=one.problem)
        return replace(done, warnings=(*done.warnings, *one.warnings))

    return protect


@one_thread()
def protect_one(
    job: ProtectJob,
    source: PictureSource,
    output: Location | None = None,
    *,
    name: str = "",
    place: str = "",
    problem: str = "",
) -> ProtectResult:
    """Protect one picture.

    Parameters
    ----------
    job : ProtectJob
        How.
    source : path, bytes, Pillow image, or array
        The picture.
    output : Path or Remote, optional
        Where to write; without it the file is in the result's `data`.
    name : str
        What to call the source.
    place : str
        Where it lies, for the record of the work; by default the path, or what kind of thing it is.
    problem : str
        Why it cannot be written, if that is known already.

    Returns
    -------
    ProtectResult
        Also of a picture that failed; the error is in it.
    """
    start = time.perf_counter()
    name = name or source_name(source)
    shown = source_name(output) if output is not None else None
    blank = ProtectResult(name, shown, "failed", job.recipient)
    try:
        done = _protected(job, source, place or source_place(source), output, blank, problem)
    except Exception as error:  # one bad picture must not stop the others
        done = replace(blank, error=explain(error))
    return replace(done, seconds=round(time.perf_counter() - start, 3))


def _protected(
    job: ProtectJob,
    source: PictureSource,
    place: str,
    output: Location | None,
    blank: ProtectResult,
    problem: str,
) -> ProtectResult:
    """Protect one picture, unless that is impossible or needless."""
    if problem:
        raise ImageWriteError(problem)
    data = read_bytes(source) if isinstance(source, str | os.PathLike) else source
    if same := unchanged(job, data, place, output, blank):
        if job.title and not job.is_dry_run and same.work_id:
            with job.workspace.open_store() as store:
                keep_title(job, store, same.work_id)
        return same
    _require_free(job, output)
    if reason := _reason_to_skip(job, data, output):
        return replace(blank, status="skipped", warnings=(reason,))
    read = partial(load, data, blank.input, place)
    return _delivered(job, _finished(job, read, output), blank, output, source)


def _require_free(job: ProtectJob, output: Location | None) -> None:
    """Refuse an output that exists before any work is done."""
    if output is not None and job.on_exists == "error" and is_there(output):
        raise OutputExistsError(
            "{output} exists already, and is not what this input and these options gave "
            "before; choose another folder, or --on-exists skip or overwrite",
            output=output,
        )


def _reason_to_skip(job: ProtectJob, source: PictureSource, output: Location | None) -> str:
    """Say why a picture needs no protection; empty to go on."""
    if output is not None and job.on_exists == "skip" and is_there(output):
        return Message("{path} exists already", path=output)
    if not isinstance(source, bytes) or not has_portfolio(job.location):
        return ""
    with open_store(job.location) as store:
        for mark in store.marks_of_file(hashlib.sha256(source).hexdigest()):
            return Message(
                "this file is a protected copy of work {work_id} already", work_id=mark.work_id
            )
    return ""


def _finished(job: ProtectJob, read: Callable[[], Loaded], output: Location | None) -> _Finished:
    """Mark, declare, encode and check one picture; large arrays are let go as soon as possible."""
    loaded = read()
    unsigned = reason_not_to_sign(job, loaded)
    bytes_in, file_sha256, place = len(loaded.data), loaded.file_sha256, loaded.place
    source_format = loaded.picture.carried.file_format
    view = small_view(loaded.picture)
    picture, upload_warnings = fit_for_upload(loaded.picture, job.platforms)
    posted = view if picture is loaded.picture else small_view(picture)
    picture, privacy_warnings = guard_privacy(picture, leaves_out=job.is_private)
    visible = visibly_marked(job, replace(loaded, picture=picture), posted)
    host = small_view(visible.picture)
    shown = on_showing_ground(host.rgb, host.alpha)
    is_framed = visible.strip_px > 0
    parts = work_parts(loaded.picture)
    laid_on = None if is_framed else visible.picture
    is_as_large = laid_on is not None and laid_on.size == loaded.picture.size
    entry = describe_work(
        *(loaded, view, shown if laid_on else None, parts, laid_on if is_as_large else None)
    )
    del loaded, picture, laid_on
    protected, survives, survival_warnings = _made_file(job, visible, entry)
    protected = signed(job, protected, unsigned)
    reference = reference_jpeg(shown) if is_framed else b""
    request = request_sha256(job, file_sha256, place)
    mark = issued_mark(job, entry, visible, protected, output, reference, request)
    return _Finished(
        _issued(entry, mark, reference, protected.credentials),
        protected,
        survives,
        bytes_in,
        visible.figures(),
        (
            *_work_warnings(entry, parts),
            *upload_warnings,
            *privacy_warnings,
            *visible.warnings,
            *protected.warnings,
            *growth_warnings(protected.encoded, source_format, bytes_in),
            *survival_warnings,
        ),
    )


def _work_warnings(entry: Entry, parts: Parts) -> tuple[str, ...]:
    """Say what of a work will hardly be recognized."""
    size = entry.work.width, entry.work.height
    thin = () if entry.views else thin_work_warnings(entry.fingerprint, size)
    return (*thin, *left_out_warnings(parts))


def visibly_marked(job: ProtectJob, loaded: Loaded, view: Rendition) -> VisiblyMarked:
    """Lay the visible mark, varied by what only this key makes of this work.

    Parameters
    ----------
    job : ProtectJob
        How.
    loaded : Loaded
        The picture.
    view : Rendition
        Its small view.

    Raises
    ------
    FontError
        No font draws the text.
    """
    work_id = loaded.pixel_sha256[:16]
    fields = {
        "title": without_emoji(_title(loaded.place)),
        "short_id": f"{mark_id_of(job.key, work_id, job.recipient):016x}"[:8],
        **{name: text for name, text in job.fields.items() if text},
    }
    is_lettered = job.look.layout != "none" and job.look.text
    kept_clear = (0.0, 0.0)
    if job.platforms:
        kept_clear = chained(job.platforms).own_corner(loaded.picture.size)
    look = replace(
        job.look,
        text=tidy_text(filled(job.look.text, fields)) if is_lettered else "",
        kept_clear=kept_clear,
    )
    seed = visible_seed(job.key, work_id, job.recipient)
    return lay_visible(loaded.picture, view, look, seed, tries_removal=job.tries_removal)


def _title(place: str) -> str:
    """Return the bare name of a file that is known by its place; empty for what is no file."""
    path = Path(place)
    is_file = path.is_absolute() or place.startswith(SCHEME)
    return path.stem if is_file else ""


def _made_file(
    job: ProtectJob, visible: VisiblyMarked, entry: Entry
) -> tuple[ProtectedFile | UnmarkedFile, Mapping[str, Survival], tuple[str, ...]]:
    """Mark invisibly, declare and encode; prove survival where platforms were named.

    A mark that is lost at once is tried stronger. Where none fits, the picture goes without.
    """
    at_least = STRENGTHS[STRENGTHS.index(job.strength) :]
    for strength in at_least:
        try:
            return _marked_file(job, strength, visible, entry)
        except HostTooSmallError as error:
            reason = error.message
            break
        except MarkLostError as error:
            reason = error.message
    unmarked = make_unmarked_file(visible.picture, job.opt_out, job.output_form)
    return unmarked, {}, (Message("no invisible mark: {reason}", reason=reason),)


def _marked_file(
    job: ProtectJob, strength: Strength, visible: VisiblyMarked, entry: Entry
) -> tuple[ProtectedFile, Mapping[str, Survival], tuple[str, ...]]:
    """Mark invisibly at a strength or, where platforms need it, a greater one."""
    key = job.key
    mark_id = mark_id_of(key, entry.work.work_id, job.recipient)
    picture, is_framed = visible.picture, visible.strip_px > 0

    def made_at(strength: Strength) -> ProtectedFile:
        return make_protected_file(picture, mark_id, key, strength, job.opt_out, job.output_form)

    if not job.platforms:
        return made_at(strength), {}, raised(job.strength, strength)
    prover = Prover(job.platforms, key, entry, job.location, job.index_folder, is_framed)
    return raise_strength(made_at, prover.prove, strength)


def _issued(entry: Entry, mark: Mark, reference: bytes, credentials: bytes) -> Entry:
    """Return a work's entry with its mark, and with what belongs to the marked file alone."""
    extra = {mark.reference_sha256: reference} if reference else {}
    signed_with = {mark.issue_id: credentials} if credentials else {}
    renditions = {**entry.renditions, **extra}
    return replace(entry, renditions=renditions, marks=(mark,), credentials=signed_with)


def _delivered(
    job: ProtectJob,
    finished: _Finished,
    blank: ProtectResult,
    output: Location | None,
    source: PictureSource,
) -> ProtectResult:
    """Record and publish, unless this is a dry run."""
    data = finished.protected.encoded.data
    done = replace(
        with_figures(blank, finished.protected),
        work_id=finished.entry.work.work_id,
        visible=finished.visible,
        bytes_in=finished.bytes_in or None,
        bytes_out=len(data),
        survives=finished.survives,
        warnings=(*job.notes, *finished.warnings),
    )
    if job.is_dry_run:
        kept = b"" if output is not None else data
        return replace(done, status="skipped", warnings=(*done.warnings, DRY_RUN), data=kept)
    with job.workspace.open_store(create=True) as store:
        if output is None:
            store.record([finished.entry])
            keep_title(job, store, finished.entry.work.work_id)
            return replace(done, data=data)
        inputs = [source] if isinstance(source, str | os.PathLike) else []
        with prepared(output, data, inputs=inputs) as file, issuing(store, finished.entry):
            keep_title(job, store, finished.entry.work.work_id)
            file.publish(overwrite=job.on_exists == "overwrite")
        for issue_id in issued_before(store, finished.entry.marks[0]):
            store.withdraw(issue_id)
    return done
