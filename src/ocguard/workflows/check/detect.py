"""Read marks: whose mark is in a picture, for which work, for which recipient.

A picture is read without the help of works first, which is quick. Where that finds nothing and the
portfolio is at hand, it is read beside the works that it resembles (`mark_beside`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ocguard.imaging.files import Found, Location
from ocguard.imaging.picture import Picture
from ocguard.keys import SecretKey
from ocguard.language.message import Message
from ocguard.portfolio import has_portfolio, open_store
from ocguard.watermark.invisible import Codebook, Detection, KnownMark, MarkVerdict
from ocguard.workflows.check.belonging import shows_its_work
from ocguard.workflows.check.mark_beside import WAYS, WorksBeside
from ocguard.workflows.check.mark_search import owner_of, rounded_p
from ocguard.workflows.check.mark_survey import PlacedMark, Surveyed, survey_picture
from ocguard.workflows.engine.engine import Engine, WorkerDiedError
from ocguard.workflows.engine.parcel import Parcel
from ocguard.workflows.failures import Outcome, explain, outcome, with_messages
from ocguard.workflows.home.works import known_marks
from ocguard.workflows.home.workspace import Workspace
from ocguard.workflows.sources import PictureSource, load, source_name
from ocguard.workflows.threads import one_thread

__all__ = [
    "DetectJob",
    "DetectResult",
    "DetectVerdict",
    "Detector",
    "ReadMark",
    "detect_files",
    "prepare_detect",
]

Owner = tuple[str | None, str | None]
Matrix = tuple[tuple[float, ...], ...]
DetectVerdict = MarkVerdict | Literal["copied"]

_COPIED = Message(
    "the mark is in the picture, but this is not the work that it was made for: the "
    "mark may have been copied"
)


@dataclass(frozen=True)
class ReadMark:
    """A mark of the creator's key that is in a picture beyond doubt.

    Attributes
    ----------
    verdict : {"found", "copied"}
        Copied: it is there, but the picture does not show the work that it was made for.
    mark_id : str
        16 hexadecimal digits.
    work_id, recipient : str or None
        Whom the mark was issued for, as far as the portfolio knows.
    p_value : float
        Bound on the probability that a picture without this mark gives this answer.
    mode : {"blind", "informed"}
        Whether it was read beside the work that it was made for.
    place : (int, int, int, int)
        Left, top, width and height in pixels of the picture, of the part in which it shows; of the
        whole work where it was read beside that.
    mirrored, negative : bool
        Whether the picture shows the marked one mirrored, or as a negative.
    transform : tuple of tuple of float, or None
        2 x 3 map of picture pixels to pixels of the marked picture; None for unknown marks.
    """

    verdict: Literal["found", "copied"]
    mark_id: str
    work_id: str | None
    recipient: str | None
    p_value: float
    mode: Literal["blind", "informed"]
    place: tuple[int, int, int, int]
    mirrored: bool
    negative: bool
    transform: Matrix | None

    def to_dict(self) -> dict[str, Any]:
        """Give the part of the JSON record."""
        record = {**asdict(self), "place": list(self.place)}
        return {**record, "transform": _as_lists(self.transform)}


@dataclass(frozen=True)
class DetectResult:
    """What a picture says about marks of the creator's key.

    Attributes
    ----------
    input : str
        The picture.
    verdict : {"found", "copied", "weak", "not-found", "cannot-tell"} or None
        Copied: every mark that is there was made for a work that the picture does not show. Weak is
        no evidence, not found does not mean unmarked; None when it could not be read.
    mark_id : str or None
        16 hexadecimal digits, for found, copied and weak: of several marks, the first of `marks`.
    work_id, recipient : str or None
        Whom the mark was issued for, as far as the portfolio knows.
    p_value : float or None
        Bound on the probability that a picture without this mark gives this answer.
    mirrored, negative : bool
        Whether the picture shows the marked one mirrored, or as a negative.
    transform : tuple of tuple of float, or None
        2 x 3 map of picture pixels to pixels of the marked picture; None for unknown marks.
    marks : tuple of ReadMark
        Every mark that was found, also in parts of the picture: first those on their own works, and
        of these the likeliest.
    reason : str
        The verdict in one sentence.
    error : str or None
        Why it could not be read.
    passed_over : str or None
        What it is instead of a picture that is read.
    seconds : float
        Time taken.
    """

    input: str
    verdict: DetectVerdict | None = None
    mark_id: str | None = None
    work_id: str | None = None
    recipient: str | None = None
    p_value: float | None = None
    mirrored: bool = False
    negative: bool = False
    transform: Matrix | None = None
    marks: tuple[ReadMark, ...] = ()
    reason: str = ""
    error: str | None = None
    passed_over: str | None = None
    seconds: float = 0.0

    @property
    def is_finding(self) -> bool:
        """Whether there is a mark beyond doubt, and on no other picture than its own."""
        return self.verdict == "found"

    @property
    def status(self) -> Outcome:
        """Whether it was looked at: "done", "passed-over" or "failed"."""
        return outcome(self.error, self.passed_over)

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON record ``ocguard.detect/2``."""
        record = {name: value for name, value in asdict(self).items() if name != "reason"}
        marks = [mark.to_dict() for mark in self.marks]
        own = {"transform": _as_lists(self.transform), "marks": marks}
        full = {"schema": "ocguard.detect/2", "status": self.status, **record, **own}
        return with_messages(full, self.error)


def _as_lists(matrix: Matrix | None) -> list[list[float]] | None:
    return None if matrix is None else [list(row) for row in matrix]


@dataclass(frozen=True)
class DetectJob:
    """Everything that reading one picture after the other needs; travels to workers.

    Attributes
    ----------
    workspace : Workspace
        Where the creator works.
    secret : bytes
        The creator's key.
    known : tuple of KnownMark
        Marks issued with it.
    owners : dict of str to (str, str)
        Work and recipient by mark id.
    location : str or None
        Path or URL of the portfolio, whose works are compared with what carries their marks, and
        help to read it; None without one.
    """

    workspace: Workspace
    secret: bytes = field(repr=False)
    known: tuple[KnownMark, ...] = ()
    owners: dict[str, Owner] = field(default_factory=dict)
    location: str | None = None

    def parcel(self) -> Parcel:
        """Pack it for workers of a cluster, who have the same key in their own home."""
        key_id = SecretKey.from_bytes(self.secret).key_id
        return Parcel(self.workspace.location, str(Path.cwd()), key_id, prepare_detect)


@one_thread()
def prepare_detect(workspace: Workspace) -> DetectJob:
    """Load the key and what the portfolio knows of its marks; works without a portfolio too.

    Raises
    ------
    ProfileError
        There is no key, or it cannot be used.
    PortfolioError
        There is a portfolio, but it cannot be read.
    """
    key = workspace.home.load_key()
    if not has_portfolio(workspace.location):
        return DetectJob(workspace, key.to_bytes())
    with workspace.open_store() as store:
        known = known_marks(store, key)
        ids = {f"{mark.mark_id:016x}" for mark in known}
        owners = {one: owner_of(one, store) for one in ids}
        return DetectJob(workspace, key.to_bytes(), tuple(known), owners, workspace.location)


def detect_files(job: DetectJob, found: Found, engine: Engine) -> Iterator[DetectResult]:
    """Read files, several at a time, and give the results in their order, passed over last."""

    def on_death(path: Location, error: WorkerDiedError) -> DetectResult:
        return DetectResult(source_name(path), error=explain(error))

    yield from engine.map(_detector, job, found.paths, on_death=on_death)
    for one in found.unread_art:
        yield DetectResult(source_name(one.path), passed_over=one.kind)


def _detector(job: DetectJob) -> Callable[[Location], DetectResult]:
    return Detector(job).detect


class Detector:
    """Reads one picture after the other.

    Parameters
    ----------
    job : DetectJob
        From :func:`prepare_detect`.
    """

    def __init__(self, job: DetectJob) -> None:
        self._job = job
        key = SecretKey.from_bytes(job.secret)
        self._codebook = Codebook(key, job.known)
        self._beside = WorksBeside(job.workspace, key) if job.location and job.known else None

    @one_thread()
    def detect(self, source: PictureSource, name: str = "") -> DetectResult:
        """Read one picture; the result of one that failed holds the error."""
        start = time.perf_counter()
        name = name or source_name(source)
        try:
            result = self._detected(source, name)
        except Exception as error:  # one bad picture must not stop the others
            result = DetectResult(name, error=explain(error))
        return replace(result, seconds=round(time.perf_counter() - start, 3))

    def _detected(self, source: PictureSource, name: str) -> DetectResult:
        seen = self._seen(load(source, name).picture)
        marks = sorted((self._read_mark(mark) for mark in seen.marks), key=_comes_first)
        if not marks:
            return self._without_marks(seen.answer, name)
        first = marks[0]
        return DetectResult(
            input=name,
            verdict=first.verdict,
            mark_id=first.mark_id,
            work_id=first.work_id,
            recipient=first.recipient,
            p_value=first.p_value,
            mirrored=first.mirrored,
            negative=first.negative,
            transform=first.transform,
            marks=tuple(marks),
            reason=_COPIED if first.verdict == "copied" else seen.answer.reason,
        )

    def _seen(self, picture: Picture) -> Surveyed:
        """Read without works, and beside them where that finds nothing."""
        if self._beside is None:
            return survey_picture(picture, self._codebook)
        seen = survey_picture(picture, self._codebook, WAYS)
        beside = None if seen.marks else self._beside.read(picture)
        return min((seen, beside or seen), key=lambda one: one.answer.p_value)

    def _without_marks(self, answer: Detection, name: str) -> DetectResult:
        """Say why no mark was found; a weak trace has an owner."""
        mark_id = None if answer.mark_id is None else f"{answer.mark_id:016x}"
        work_id, recipient = self._job.owners.get(mark_id or "", (None, None))
        return DetectResult(
            input=name,
            verdict=answer.verdict,
            mark_id=mark_id,
            work_id=work_id,
            recipient=recipient,
            p_value=rounded_p(answer.p_value),
            mirrored=answer.is_mirrored,
            negative=answer.is_negative,
            transform=_rounded(answer.transform),
            reason=answer.reason,
        )

    def _read_mark(self, mark: PlacedMark) -> ReadMark:
        """Say whose a mark is, and whether it lies on the work that it was made for."""
        found = mark.detection
        mark_id = f"{found.mark_id:016x}"
        work_id, recipient = self._job.owners.get(mark_id, (None, None))
        place = mark.place
        return ReadMark(
            verdict="copied" if self._is_copied(mark, mark_id) else "found",
            mark_id=mark_id,
            work_id=work_id,
            recipient=recipient,
            p_value=rounded_p(found.p_value),
            mode=mark.mode,
            place=(place.left, place.top, place.width, place.height),
            mirrored=found.is_mirrored,
            negative=found.is_negative,
            transform=_rounded(found.transform),
        )

    def _is_copied(self, mark: PlacedMark, mark_id: str) -> bool:
        """Tell whether the picture shows something else than the work of a mark in it.

        A mark that was read beside a work lies on it.
        """
        if mark.mode == "informed" or mark.detection.transform is None:
            return False
        if self._job.location is None:
            return False
        from_view = mark.detection.transform @ mark.to_picture
        with open_store(self._job.location) as store:
            return shows_its_work(mark.view, mark_id, from_view, store) is False


def _comes_first(mark: ReadMark) -> tuple[bool, float]:
    """Sort marks on their own works to the front, then the likeliest."""
    return mark.verdict == "copied", mark.p_value


def _rounded(transform: NDArray[np.float64] | None) -> Matrix | None:
    """Round a map to what JSON holds."""
    if transform is None:
        return None
    return tuple(tuple(round(float(value), 6) for value in row) for row in transform)
