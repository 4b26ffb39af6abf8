"""Read marks: whose mark is in a picture, for which work, for which recipient."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ocguard.imaging.files import Found
from ocguard.imaging.ground import on_showing_ground
from ocguard.imaging.pixel_grid import scaling
from ocguard.keys import SecretKey
from ocguard.watermark.invisible import Codebook, KnownMark, MarkVerdict, detect_with
from ocguard.workflows.check.mark_search import owner_of, rounded_p
from ocguard.workflows.failures import Outcome, explain, outcome
from ocguard.workflows.home.works import known_marks, small_view
from ocguard.workflows.home.workspace import Workspace, has_portfolio
from ocguard.workflows.pool import Jobs, WorkerDiedError, map_ordered
from ocguard.workflows.sources import PictureSource, load, source_name
from ocguard.workflows.threads import one_thread

__all__ = ["DetectJob", "DetectResult", "Detector", "detect_files", "prepare_detect"]

Owner = tuple[str | None, str | None]


@dataclass(frozen=True)
class DetectResult:
    """What a picture says about marks of the creator's key.

    Attributes
    ----------
    input : str
        The picture.
    verdict : {"found", "weak", "not-found", "cannot-tell"} or None
        Weak is no evidence, not found does not mean unmarked; None when it could not be read.
    mark_id : str or None
        16 hexadecimal digits, for found and weak.
    work_id, recipient : str or None
        Whom the mark was issued for, as far as the portfolio knows.
    p_value : float or None
        Bound on the probability that a picture without this mark gives this answer.
    mirrored : bool
        Whether the picture shows the marked one mirrored.
    transform : tuple of tuple of float, or None
        2 x 3 map of picture pixels to pixels of the marked picture; None for unknown marks.
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
    verdict: MarkVerdict | None = None
    mark_id: str | None = None
    work_id: str | None = None
    recipient: str | None = None
    p_value: float | None = None
    mirrored: bool = False
    transform: tuple[tuple[float, ...], ...] | None = None
    reason: str = ""
    error: str | None = None
    passed_over: str | None = None
    seconds: float = 0.0

    @property
    def is_finding(self) -> bool:
        """Whether there is a mark beyond doubt."""
        return self.verdict == "found"

    @property
    def status(self) -> Outcome:
        """Whether it was looked at: "done", "passed-over" or "failed"."""
        return outcome(self.error, self.passed_over)

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON record ``ocguard.detect/1``."""
        record = {name: value for name, value in asdict(self).items() if name != "reason"}
        matrix = None if self.transform is None else [list(row) for row in self.transform]
        return {"schema": "ocguard.detect/1", "status": self.status, **record, "transform": matrix}


@dataclass(frozen=True)
class DetectJob:
    """Everything that reading one picture after the other needs; travels to workers.

    Attributes
    ----------
    secret : bytes
        The creator's key.
    known : tuple of KnownMark
        Marks issued with it.
    owners : dict of str to (str, str)
        Work and recipient by mark id.
    """

    secret: bytes = field(repr=False)
    known: tuple[KnownMark, ...] = ()
    owners: dict[str, Owner] = field(default_factory=dict)


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
        return DetectJob(key.to_bytes())
    with workspace.open_store() as store:
        known = known_marks(store, key)
        ids = {f"{mark.mark_id:016x}" for mark in known}
        return DetectJob(key.to_bytes(), tuple(known), {one: owner_of(one, store) for one in ids})


def detect_files(job: DetectJob, found: Found, jobs: Jobs) -> Iterator[DetectResult]:
    """Read files, several at a time, and give the results in their order, passed over last."""

    def on_death(path: Path, error: WorkerDiedError) -> DetectResult:
        return DetectResult(source_name(path), error=explain(error))

    yield from map_ordered(_detector, job, found.paths, jobs=jobs, on_death=on_death)
    for one in found.unread_art:
        yield DetectResult(source_name(one.path), passed_over=one.kind)


def _detector(job: DetectJob) -> Callable[[Path], DetectResult]:
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
        self._codebook = Codebook(SecretKey.from_bytes(job.secret), job.known)

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
        picture = load(source, name).picture
        view = small_view(picture)
        rgb = on_showing_ground(view.rgb, view.alpha)
        found = detect_with(rgb, self._codebook)
        mark_id = None if found.mark_id is None else f"{found.mark_id:016x}"
        work_id, recipient = self._job.owners.get(mark_id or "", (None, None))
        return DetectResult(
            input=name,
            verdict=found.verdict,
            mark_id=mark_id,
            work_id=work_id,
            recipient=recipient,
            p_value=rounded_p(found.p_value),
            mirrored=found.is_mirrored,
            transform=_from_full_size(found.transform, rgb.shape[1] / picture.width),
            reason=found.reason,
        )


def _from_full_size(
    transform: NDArray[np.float64] | None, scale: float
) -> tuple[tuple[float, ...], ...] | None:
    """Let a map of the small view's pixels start from pixels of the full-size picture."""
    if transform is None:
        return None
    to_small = transform @ scaling(scale, scale)
    return tuple(tuple(round(float(value), 6) for value in row) for row in to_small)
