"""Measure what a platform really does: pair what was posted with what was downloaded again.

Pairs are found by the matcher, since platforms rename what they serve; a file name only decides
between works that resemble the download equally well.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ocguard.atomic import whole_file
from ocguard.errors import ImageReadError
from ocguard.fingerprint.describe import describe
from ocguard.fingerprint.fingerprint import Fingerprint
from ocguard.imaging.codecs.jpeg import chroma_of
from ocguard.imaging.ground import on_showing_ground
from ocguard.keys import SecretKey
from ocguard.matching.identification.comparison import Comparison
from ocguard.matching.identification.identify import Suspect, identify
from ocguard.matching.search.index import Index
from ocguard.platforms.measuring import CUT_BELOW, RoundTrip, measured_profile
from ocguard.platforms.profile import PlatformProfile
from ocguard.platforms.profile_toml import parse_profile, profile_text
from ocguard.platforms.simulation import metadata_kinds
from ocguard.portfolio import has_portfolio
from ocguard.watermark.invisible import Codebook, KnownMark, MarkVerdict, detect_with
from ocguard.workflows.check.mark_search import rounded_p
from ocguard.workflows.engine.engine import WorkerDiedError
from ocguard.workflows.engine.pool import Jobs, LocalPool
from ocguard.workflows.failures import explain, with_messages
from ocguard.workflows.home.works import REFERENCE_PX, known_marks, small_view
from ocguard.workflows.home.workspace import Workspace
from ocguard.workflows.sources import Loaded, load, source_name
from ocguard.workflows.threads import one_thread

__all__ = [
    "Posted",
    "SelftestJob",
    "SelftestResult",
    "describe_posted",
    "measure_files",
    "prepare_selftest",
    "profile_of",
    "write_profile",
]


@dataclass(frozen=True)
class Posted:
    """A posted picture, described; or why it cannot be read."""

    path: Path
    fingerprint: bytes = b""
    pixel_sha256: str = ""
    size: tuple[int, int] = (0, 0)
    file_format: str = ""
    bytes_in: int = 0
    metadata: tuple[str, ...] = ()
    error: str | None = None


@dataclass(frozen=True)
class SelftestJob:
    """Everything that measuring one download after the other needs; travels to workers.

    Attributes
    ----------
    posted : tuple of Posted
        What was posted.
    secret : bytes
        The creator's key; empty to read no marks.
    known : tuple of KnownMark
        Marks issued with it.
    """

    posted: tuple[Posted, ...]
    secret: bytes = field(repr=False)
    known: tuple[KnownMark, ...] = ()


@dataclass(frozen=True)
class SelftestResult:
    """What became of one posted picture.

    Attributes
    ----------
    input : str
        The downloaded file.
    original : str or None
        The posted file that it shows; None when it shows none of them.
    status : {"measured", "failed"}
        What became of the measurement.
    width_in, height_in, width, height : int or None
        Size in pixels, posted and downloaded.
    bytes_in, bytes_out : int or None
        File sizes.
    file_format : str or None
        Of the download.
    quality : int or None
        Its estimated JPEG or WebP quality.
    chroma : str or None
        Of a JPEG.
    kept_area : float or None
        Share of the posted picture that the download shows.
    metadata_in, metadata : tuple of str
        Kinds of metadata, posted and left: exif, xmp, iptc.
    mark : {"found", "weak", "not-found", "cannot-tell"} or None
        Whether a mark of the creator's key is read without the original; None without a key.
    mark_id : str or None
        16 hexadecimal digits, when it is found.
    p_value : float or None
        Bound on the probability that a picture without a mark gives this answer.
    error : str or None
        Why it was not measured.
    seconds : float
        Time taken.
    trip : RoundTrip or None
        The measurement, for a profile.
    """

    input: str
    original: str | None = None
    status: Literal["measured", "failed"] = "failed"
    width_in: int | None = None
    height_in: int | None = None
    width: int | None = None
    height: int | None = None
    bytes_in: int | None = None
    bytes_out: int | None = None
    file_format: str | None = None
    quality: int | None = None
    chroma: str | None = None
    kept_area: float | None = None
    metadata_in: tuple[str, ...] = ()
    metadata: tuple[str, ...] = ()
    mark: MarkVerdict | None = None
    mark_id: str | None = None
    p_value: float | None = None
    error: str | None = None
    seconds: float = 0.0
    trip: RoundTrip | None = field(default=None, repr=False)

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON record ``ocguard.selftest/1``."""
        record = {name: value for name, value in asdict(self).items() if name != "trip"}
        lists = {name: list(record[name]) for name in ("metadata_in", "metadata")}
        return with_messages({"schema": "ocguard.selftest/1", **record, **lists}, self.error)


def describe_posted(paths: Sequence[Path], jobs: Jobs) -> Iterator[Posted]:
    """Describe what was posted, several at a time."""

    def on_death(path: Path, error: WorkerDiedError) -> Posted:
        return Posted(path, error=explain(error))

    return LocalPool(jobs).map(_describer, None, paths, on_death=on_death)


def _describer(_: None) -> Callable[[Path], Posted]:
    return _described


@one_thread()
def _described(path: Path) -> Posted:
    """Describe one posted file; one that cannot be read holds the error."""
    try:
        loaded = load(path)
        view = small_view(loaded.picture)
        return Posted(
            path=path,
            fingerprint=describe(view.rgb, view.alpha).to_bytes(),
            pixel_sha256=loaded.pixel_sha256,
            size=loaded.picture.size,
            file_format=loaded.picture.carried.file_format,
            bytes_in=len(loaded.data),
            metadata=metadata_kinds(loaded.picture.carried),
        )
    except Exception as error:  # one bad picture must not stop the others
        return Posted(path, error=explain(error))


def prepare_selftest(workspace: Workspace, posted: Sequence[Posted]) -> SelftestJob:
    """Load the key and what the portfolio knows of its marks, as far as there are any.

    Raises
    ------
    ProfileError, PortfolioError
        Key or portfolio are there, but cannot be used.
    """
    readable = tuple(one for one in posted if one.error is None)
    if not workspace.home.key_file.exists():
        return SelftestJob(readable, b"")
    key = workspace.home.load_key()
    if not has_portfolio(workspace.location):
        return SelftestJob(readable, key.to_bytes())
    with workspace.open_store() as store:
        return SelftestJob(readable, key.to_bytes(), tuple(known_marks(store, key)))


def measure_files(job: SelftestJob, paths: Sequence[Path], jobs: Jobs) -> Iterator[SelftestResult]:
    """Measure downloads, several at a time, and give the results in their order."""

    def on_death(path: Path, error: WorkerDiedError) -> SelftestResult:
        return SelftestResult(source_name(path), error=explain(error))

    return LocalPool(jobs).map(_measurer, job, paths, on_death=on_death)


def _measurer(job: SelftestJob) -> Callable[[Path], SelftestResult]:
    return _Measurer(job).measure


def profile_of(name: str, results: Sequence[SelftestResult]) -> PlatformProfile:
    """Make the profile that some measurements tell of, as of today.

    `PlatformError` when nothing was measured, or when it makes no profile.
    """
    trips = [one.trip for one in results if one.trip is not None]
    return measured_profile(name, trips, datetime.datetime.now(datetime.UTC).date())


def write_profile(
    path: Path, name: str, results: Sequence[SelftestResult], *, overwrite: bool = False
) -> PlatformProfile:
    """Write the measured profile, whole or not at all.

    Raises
    ------
    PlatformError
        Nothing was measured, or it makes no profile.
    OutputExistsError
        The file exists, and `overwrite` is false.
    """
    text = profile_text(profile_of(name, results))
    profile = parse_profile(text, str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(path, overwrite=overwrite) as stream:
        stream.write(text.encode("utf-8"))
    return profile


class _Measurer:
    """Measures one download after the other against what was posted."""

    def __init__(self, job: SelftestJob) -> None:
        self._job = job
        self._posted = {str(number): one for number, one in enumerate(job.posted)}
        key = SecretKey.from_bytes(job.secret) if job.secret else None
        self._codebook = Codebook(key, job.known) if key else None

    @one_thread()
    def measure(self, path: Path) -> SelftestResult:
        """Measure one download; the result of one that failed holds the error."""
        start = time.perf_counter()
        done = SelftestResult(source_name(path))
        try:
            done = self._measured(load(path), done)
        except Exception as error:  # one bad picture must not stop the others
            done = replace(done, error=explain(error))
        return replace(done, seconds=round(time.perf_counter() - start, 3))

    def fingerprint(self, work_id: str) -> Fingerprint:
        """Give the fingerprint of a posted picture, to the matcher."""
        return Fingerprint.from_bytes(self._posted[work_id].fingerprint)

    def reference(self, work_id: str) -> NDArray[np.uint8]:
        """Give the small view of a posted picture, to the matcher."""
        view = small_view(load(self._posted[work_id].path).picture)
        return on_showing_ground(view.rgb, view.alpha)

    @cached_property
    def _index(self) -> Index:
        return Index.build((one, self.fingerprint(one)) for one in self._posted)

    def _measured(self, loaded: Loaded, done: SelftestResult) -> SelftestResult:
        view = small_view(loaded.picture)
        suspect = Suspect.of(view.rgb, view.alpha)
        posted, compared = self._pair(suspect, loaded)
        trip = _round_trip(posted, loaded, _kept(compared, posted.size, suspect.rgb))
        done = replace(
            done,
            original=source_name(posted.path),
            status="measured",
            width_in=posted.size[0],
            height_in=posted.size[1],
            width=loaded.picture.width,
            height=loaded.picture.height,
            bytes_in=posted.bytes_in,
            bytes_out=len(loaded.data),
            file_format=trip.served_format,
            quality=trip.quality,
            chroma=trip.chroma,
            kept_area=round(trip.kept[0] * trip.kept[1], 4),
            metadata_in=posted.metadata,
            metadata=trip.served_metadata,
            trip=trip,
        )
        if self._codebook is None:
            return done
        found = detect_with(suspect.rgb, self._codebook)
        is_found = found.verdict == "found" and found.mark_id is not None
        mark_id = f"{found.mark_id:016x}" if is_found else None
        return replace(done, mark=found.verdict, mark_id=mark_id, p_value=rounded_p(found.p_value))

    def _pair(self, suspect: Suspect, loaded: Loaded) -> tuple[Posted, Comparison | None]:
        """Find the posted picture that a download shows."""
        for one in self._posted.values():
            if one.pixel_sha256 == loaded.pixel_sha256:
                return one, None
        verdict = identify(suspect, self._index, self)
        by_id = {one.work_id: one for one in verdict.candidates}
        if verdict.work_id is None or verdict.work_id not in by_id:
            raise ImageReadError(
                "{name} resembles none of the posted pictures; is it a download of another post, "
                "or is the file that was posted missing among the originals?",
                name=loaded.name,
            )
        best = verdict.work_id
        if verdict.verdict == "shared-base":
            stem = Path(loaded.name).stem
            named = [i for i in by_id if self._posted[i].path.stem == stem]
            best = named[0] if named else best
        return self._posted[best], by_id[best]


def _kept(
    compared: Comparison | None, posted_size: tuple[int, int], rgb: NDArray[np.uint8]
) -> tuple[float, float]:
    """Say which shares of the posted width and height a download shows."""
    if compared is None or compared.found.method == "none":
        return 1.0, 1.0
    height, width = rgb.shape[:2]
    corners = np.array([(-0.5, -0.5, 1), (width - 0.5, height - 0.5, 1)])
    placed = corners @ compared.transform.T
    ends = placed[:, :2] / placed[:, 2:] + 0.5
    scale = min(1.0, REFERENCE_PX / max(posted_size))
    shares = np.abs(ends[1] - ends[0]) / (np.array(posted_size) * scale)
    across, down = (1.0 if share >= CUT_BELOW else round(float(share), 4) for share in shares)
    return across, down


def _round_trip(posted: Posted, loaded: Loaded, kept: tuple[float, float]) -> RoundTrip:
    carried = loaded.picture.carried
    return RoundTrip(
        posted_size=posted.size,
        served_size=loaded.picture.size,
        kept=kept,
        is_same=posted.pixel_sha256 == loaded.pixel_sha256,
        posted_format=posted.file_format,
        served_format=carried.file_format,
        quality=carried.quality,
        is_lossless=carried.is_lossless,
        chroma=chroma_of(loaded.data) if carried.file_format == "JPEG" else None,
        is_progressive=carried.is_progressive,
        posted_metadata=posted.metadata,
        served_metadata=metadata_kinds(carried),
    )
