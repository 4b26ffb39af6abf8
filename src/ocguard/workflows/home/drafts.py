"""Add what led to a work: sketches, line art, layered files, recordings of the drawing."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, Final

from ocguard.imaging.files import Found, read_bytes
from ocguard.imaging.ground import on_showing_ground
from ocguard.imaging.picture import Picture, pixel_sha256
from ocguard.matching.decision.outcomes import VerdictName
from ocguard.matching.identification.identify import Suspect, compare
from ocguard.portfolio import Draft, Store, Work, draft_id, rendition_id, utc_now
from ocguard.workflows.engine.engine import Engine, WorkerDiedError
from ocguard.workflows.failures import Outcome, explain, outcome, with_messages
from ocguard.workflows.home.parts import Part, cut
from ocguard.workflows.home.works import (
    VIEW_QUALITY,
    StoredWorks,
    find_work,
    reference_jpeg,
    small_view,
)
from ocguard.workflows.home.workspace import Workspace
from ocguard.workflows.sources import Loaded, PictureSource, load, source_name, source_place
from ocguard.workflows.threads import one_thread

__all__ = ["MAX_DRAFT_FRAMES", "DraftResult", "add_draft", "add_drafts", "shown_draft"]

MAX_DRAFT_FRAMES: Final = 12
"""Most frames of a recording that are kept: the first, the last, and others evenly between."""


@dataclass(frozen=True)
class DraftResult:
    """A draft that was added, or why a file could not be.

    Attributes
    ----------
    input : str
        What was added.
    work_id : str or None
        The work that it led to.
    drafts : tuple of Draft
        One for a still picture; of a recording one for each frame that is kept.
    error : str or None
        Why it could not be added.
    passed_over : str or None
        What it is instead of a picture that is read.
    """

    input: str
    work_id: str | None = None
    drafts: tuple[Draft, ...] = ()
    error: str | None = None
    passed_over: str | None = None

    @property
    def status(self) -> Outcome:
        """Whether it was added: "done", "passed-over" or "failed"."""
        return outcome(self.error, self.passed_over)

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON record ``ocguard.draft/1``."""
        lists = {"drafts": [shown_draft(draft) for draft in self.drafts]}
        own = {"schema": "ocguard.draft/1", "status": self.status, **asdict(self), **lists}
        return with_messages(own, self.error)


def add_drafts(
    workspace: Workspace, work: str, found: Found, engine: Engine
) -> Iterator[DraftResult]:
    """Add files, several at a time, and give the results in their order, passed over last.

    Parameters
    ----------
    workspace : Workspace
        Whose portfolio.
    work : str
        Id of a registered work, or the beginning of it.
    found : Found
        Pictures, and what is none.
    engine : Engine
        Does it.

    Raises
    ------
    PortfolioError
        There is no such work, or more than one.
    """

    def on_death(path: os.PathLike[str], error: WorkerDiedError) -> DraftResult:
        return DraftResult(source_name(path), error=explain(error))

    with workspace.open_store() as store:
        work_id = find_work(store, work).work_id
    yield from engine.map(_adder, (workspace, work_id), found.paths, on_death=on_death)
    for one in found.unread_art:
        yield DraftResult(source_name(one.path), passed_over=one.kind)


def _adder(task: tuple[Workspace, str]) -> Callable[[os.PathLike[str]], DraftResult]:
    workspace, work_id = task
    return lambda path: add_draft(workspace, work_id, path)


@one_thread()
def add_draft(
    workspace: Workspace, work: str, source: PictureSource, name: str = "", place: str = ""
) -> DraftResult:
    """Add one picture that led to a work.

    Parameters
    ----------
    workspace : Workspace
        Whose portfolio.
    work : str
        Id of a registered work, or the beginning of it.
    source : path, bytes, Pillow image, or array
        A picture, a layered file, whose merged picture is kept, or a recording as an animation.
    name : str
        What to call it.
    place : str
        Where it lies; by default the path, or what kind of thing it is.

    Returns
    -------
    DraftResult
        Also of a picture that failed; the error is in it.

    Notes
    -----
    0.5 CPU-seconds a picture or frame, of which most is the check against the work; 0.1 to 0.3 MB
    in the portfolio. The file itself is not kept: whoever is shown the draft needs it.
    """
    name = name or source_name(source)
    try:
        data = read_bytes(source) if isinstance(source, str | os.PathLike) else source
        with workspace.open_store() as store:
            registered = find_work(store, work)
            loaded = load(data, name, place or source_place(source))
            made = list(_described(store, registered, loaded))
            store.drafts.record(made)
            ids = {draft.draft_id for draft, _ in made}
            kept = store.drafts.of_work(registered.work_id)
        drafts = tuple(draft for draft in kept if draft.draft_id in ids)
        return DraftResult(name, registered.work_id, drafts)
    except Exception as error:  # one bad picture must not stop the others
        return DraftResult(name, error=explain(error))


def shown_draft(draft: Draft) -> dict[str, Any]:
    """Show a draft without what only ocguard itself can use."""
    hidden = {"work_id", "reference_sha256"}
    return {name: value for name, value in asdict(draft).items() if name not in hidden}


def _described(store: Store, work: Work, loaded: Loaded) -> Iterator[tuple[Draft, bytes]]:
    """Describe a picture, or the frames of a recording that are kept."""
    works = StoredWorks(store)
    ours = Suspect(works.fingerprint(work.work_id), works.reference(work.work_id))
    for frame in _kept_frames(loaded.picture):
        picture = cut(loaded.picture, Part.whole(loaded.picture, frame))
        jpeg, verdict = _compared(ours, picture)
        pixels = pixel_sha256(picture)
        if pixels == work.pixel_sha256:
            verdict = "identical"
        elif verdict == "identical":  # their small views are, and they are not
            verdict = "near-copy"
        draft = Draft(
            draft_id=draft_id(work.work_id, loaded.file_sha256, frame),
            work_id=work.work_id,
            source=loaded.place,
            file_sha256=loaded.file_sha256,
            pixel_sha256=pixels,
            frame=frame,
            width=picture.width,
            height=picture.height,
            verdict=verdict,
            created_utc=utc_now(),
            reference_sha256=rendition_id(jpeg),
        )
        yield draft, jpeg


def _compared(ours: Suspect, picture: Picture) -> tuple[bytes, VerdictName]:
    """Return a draft's rendition, and what a check against the work alone says of it."""
    view = small_view(picture)
    judged = compare(ours, Suspect.of(view.rgb, view.alpha))
    jpeg = reference_jpeg(on_showing_ground(view.rgb, view.alpha), VIEW_QUALITY)
    return jpeg, judged.verdict


def _kept_frames(picture: Picture) -> list[int]:
    """Choose the frames that are kept: the first, the last, and others evenly between."""
    last = len(picture.frames) - 1
    kept = min(last + 1, MAX_DRAFT_FRAMES)
    return sorted({round(last * number / max(kept - 1, 1)) for number in range(kept)})
