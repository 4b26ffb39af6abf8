"""What is remembered of a file that is issued and of its work, and what is said of its mark."""

from __future__ import annotations

import hashlib
import math
from dataclasses import asdict, replace
from typing import Final

from ocguard.imaging.files import Location
from ocguard.portfolio import Entry, Mark, Store, Title, new_issue_id, rendition_id, utc_now
from ocguard.watermark.invisible import KnownMark, is_long
from ocguard.workflows.home.work_result import title_of
from ocguard.workflows.home.works import CARRIES, CELLS, NOTHING, PANEL_CELLS, mark_id_of
from ocguard.workflows.protect.again import REQUEST
from ocguard.workflows.protect.encoding import ProtectedFile, UnmarkedFile
from ocguard.workflows.protect.job import ProtectJob, ProtectResult
from ocguard.workflows.protect.visible import VisiblyMarked
from ocguard.workflows.sources import source_place

__all__ = ["issued_mark", "keep_title", "with_figures"]

PSNR_DIGITS: Final = 2
SSIM_DIGITS: Final = 5
VISIBILITY_DIGITS: Final = 3


def issued_mark(
    job: ProtectJob,
    entry: Entry,
    visibly_marked: VisiblyMarked,
    protected: ProtectedFile | UnmarkedFile,
    output: Location | None,
    reference: bytes,
    request: str,
) -> Mark:
    """Write down what is issued with one file.

    Parameters
    ----------
    job : ProtectJob
        How it was protected.
    entry : Entry
        The work.
    visibly_marked : VisiblyMarked
        The file's picture, but for the invisible mark.
    protected : ProtectedFile or UnmarkedFile
        The file.
    output : Path, Remote or None
        Where it goes.
    reference : bytes
        The rendition just before the invisible mark; without one it shares the work's.
    request : str
        Digest of what was asked for.
    """
    strength: str = job.strength
    size_px = visibly_marked.picture.size
    if isinstance(protected, ProtectedFile):
        known, strength = protected.known, protected.strength
        facts = {CELLS: PANEL_CELLS} if is_long(size_px) else {}
    else:
        known = KnownMark(mark_id_of(job.key, entry.work.work_id, job.recipient), size_px, (0, 0))
        facts = {CARRIES: NOTHING}
    width, height = size_px
    return Mark(
        issue_id=new_issue_id(),
        mark_id=f"{known.mark_id:016x}",
        work_id=entry.work.work_id,
        key_id=job.key.key_id,
        recipient=job.recipient,
        options={**job.shown_options, "strength": strength, REQUEST: request, **facts},
        width=width,
        height=height,
        origin_x_px=known.origin_px[0],
        origin_y_px=known.origin_px[1],
        output_sha256=hashlib.sha256(protected.encoded.data).hexdigest(),
        output="" if output is None else source_place(output),
        reference_sha256=rendition_id(reference) if reference else entry.work.reference_sha256,
        created_utc=utc_now(),
        visible=visibly_marked.facts,
    )


def keep_title(job: ProtectJob, store: Store, work_id: str) -> None:
    """Call a recorded work what its creator calls it in this run, if she does."""
    if job.title and title_of(store, work_id) != job.title:
        store.titles.record(Title(work_id, job.title, utc_now()))


def with_figures(blank: ProtectResult, made: ProtectedFile | UnmarkedFile) -> ProtectResult:
    """Say how a picture was marked, if it was; `blank` is what is known of every result."""
    if isinstance(made, UnmarkedFile):
        return replace(blank, status="registered")
    fidelity = made.fidelity
    return replace(
        blank,
        status="protected",
        mark_id=f"{made.known.mark_id:016x}",
        psnr_db=round(fidelity.psnr_db, PSNR_DIGITS) if math.isfinite(fidelity.psnr_db) else None,
        ssim=round(fidelity.ssim, SSIM_DIGITS),
        margins_db={
            name.removesuffix("_db"): round(value, PSNR_DIGITS)
            for name, value in asdict(made.margins).items()
        },
        visibility={
            name: round(value, VISIBILITY_DIGITS) for name, value in asdict(made.visibility).items()
        },
    )
