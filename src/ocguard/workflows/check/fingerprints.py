"""Describe pictures for comparison elsewhere: the fingerprint travels, the picture stays."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from ocguard.fingerprint.describe import describe
from ocguard.imaging.files import Found, Location
from ocguard.workflows.engine.engine import WorkerDiedError
from ocguard.workflows.engine.pool import Jobs, LocalPool
from ocguard.workflows.failures import Outcome, explain, outcome, with_messages
from ocguard.workflows.home.works import small_view
from ocguard.workflows.sources import PictureSource, load, source_name
from ocguard.workflows.threads import one_thread

__all__ = ["FingerprintResult", "fingerprint_files", "fingerprint_one"]


@dataclass(frozen=True)
class FingerprintResult:
    """What a picture is recognized by.

    Attributes
    ----------
    input : str
        The picture.
    fingerprint : str or None
        Text form, about 70 kB; None when it could not be read. It shows a gray thumbnail of 96
        pixels and where distinct points lie, and no more of the picture.
    width, height : int or None
        Size of the picture in pixels.
    hashes : Mapping of str to str
        Perceptual hashes by ``algorithm@version``, hexadecimal.
    error : str or None
        Why it could not be read.
    passed_over : str or None
        What it is instead of a picture that is read.
    seconds : float
        Time taken.
    """

    input: str
    fingerprint: str | None = None
    width: int | None = None
    height: int | None = None
    hashes: Mapping[str, str] = field(default_factory=dict)
    error: str | None = None
    passed_over: str | None = None
    seconds: float = 0.0

    @property
    def status(self) -> Outcome:
        """Whether it was described: "done", "passed-over" or "failed"."""
        return outcome(self.error, self.passed_over)

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON record ``ocguard.fingerprint/1``."""
        own = {"schema": "ocguard.fingerprint/1", "status": self.status, **asdict(self)}
        return with_messages(own, self.error)


def fingerprint_files(found: Found, jobs: Jobs) -> Iterator[FingerprintResult]:
    """Describe files, several at a time, and give the results in their order, passed over last."""

    def on_death(path: Location, error: WorkerDiedError) -> FingerprintResult:
        return FingerprintResult(source_name(path), error=explain(error))

    yield from LocalPool(jobs).map(_describer, None, found.paths, on_death=on_death)
    for one in found.unread_art:
        yield FingerprintResult(source_name(one.path), passed_over=one.kind)


def _describer(_: None) -> Callable[[Location], FingerprintResult]:
    return fingerprint_one


@one_thread()
def fingerprint_one(source: PictureSource, name: str = "") -> FingerprintResult:
    """Describe one picture as the portfolio would; the result of one that failed holds the error.

    Parameters
    ----------
    source : path, bytes, Pillow image, or array
        The picture.
    name : str
        What to call it.
    """
    start = time.perf_counter()
    name = name or source_name(source)
    try:
        picture = load(source, name).picture
        view = small_view(picture)
        made = describe(view.rgb, view.alpha, with_standard_hashes=True)
        result = FingerprintResult(
            name, made.to_text(), picture.width, picture.height, dict(made.hashes)
        )
    except Exception as error:  # one bad picture must not stop the others
        result = FingerprintResult(name, error=explain(error))
    return replace(result, seconds=round(time.perf_counter() - start, 3))
