"""Write what platforms would serve of pictures, as far as their profiles know."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from ocguard.errors import ImageWriteError
from ocguard.imaging.files import Location, publish, read_bytes
from ocguard.platforms.profile import PlatformProfile
from ocguard.platforms.simulation import simulate
from ocguard.workflows.engine.engine import WorkerDiedError
from ocguard.workflows.engine.pool import Jobs, LocalPool
from ocguard.workflows.failures import explain, with_messages
from ocguard.workflows.protect.outputs import PlannedOutput, plan_outputs
from ocguard.workflows.sources import source_name
from ocguard.workflows.threads import one_thread

__all__ = ["PlannedUpload", "SimulateResult", "plan_uploads", "simulate_files"]


@dataclass(frozen=True)
class PlannedUpload:
    """One picture, one platform, and where the simulation goes."""

    planned: PlannedOutput
    profile: PlatformProfile


@dataclass(frozen=True)
class SimulateResult:
    """What a platform would serve of one picture.

    Attributes
    ----------
    input, output : str
        Paths.
    platform : str
        The profile's name.
    status : {"simulated", "failed"}
        What became of it.
    file_format : str or None
        PNG, JPEG, WEBP and so on.
    width, height : int or None
        Size that is served, in pixels.
    bytes_in, bytes_out : int or None
        File sizes.
    metadata : tuple of str
        Kinds of metadata that stay: exif, xmp, iptc.
    happened : tuple of str
        What the platform would do, one sentence each.
    error : str or None
        Why it failed, or why the platform would refuse it.
    seconds : float
        Time taken.
    """

    input: str
    output: str
    platform: str
    status: Literal["simulated", "failed"] = "failed"
    file_format: str | None = None
    width: int | None = None
    height: int | None = None
    bytes_in: int | None = None
    bytes_out: int | None = None
    metadata: tuple[str, ...] = ()
    happened: tuple[str, ...] = ()
    error: str | None = None
    seconds: float = 0.0

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON record ``ocguard.simulate/1``."""
        record = asdict(self)
        lists = {name: list(record[name]) for name in ("metadata", "happened")}
        return with_messages({"schema": "ocguard.simulate/1", **record, **lists}, self.error)


def plan_uploads(
    paths: Iterable[Location], folder: Path, profiles: Sequence[PlatformProfile]
) -> list[PlannedUpload]:
    """Give every picture its output for every platform: ``folder/PLATFORM/...``."""
    named = list(paths)
    return [
        PlannedUpload(planned, profile)
        for profile in profiles
        for planned in plan_outputs(named, folder / profile.name, profile.served_format).outputs
    ]


def simulate_files(
    uploads: Sequence[PlannedUpload], jobs: Jobs, *, overwrite: bool = False
) -> Iterator[SimulateResult]:
    """Simulate planned uploads, several at a time, and give the results in their order."""

    def on_death(one: PlannedUpload, error: WorkerDiedError) -> SimulateResult:
        return replace(_blank(one), error=explain(error))

    return LocalPool(jobs).map(_simulator, overwrite, uploads, on_death=on_death)


def _simulator(overwrite: bool) -> Callable[[PlannedUpload], SimulateResult]:
    return lambda one: _simulated(one, overwrite=overwrite)


@one_thread()
def _simulated(one: PlannedUpload, *, overwrite: bool) -> SimulateResult:
    """Simulate and write one; the result of one that failed holds the error."""
    start = time.perf_counter()
    done = _blank(one)
    try:
        if one.planned.problem:
            raise ImageWriteError(one.planned.problem)
        data = read_bytes(one.planned.source)
        served = simulate(data, one.profile, done.input)
        publish(one.planned.output, served.data, overwrite=overwrite, inputs=[one.planned.source])
        done = replace(
            done,
            status="simulated",
            file_format=served.file_format,
            width=served.size[0],
            height=served.size[1],
            bytes_in=len(data),
            bytes_out=len(served.data),
            metadata=served.metadata,
            happened=served.happened,
        )
    except Exception as error:  # one bad picture must not stop the others
        done = replace(done, error=explain(error))
    return replace(done, seconds=round(time.perf_counter() - start, 3))


def _blank(one: PlannedUpload) -> SimulateResult:
    source, output = source_name(one.planned.source), source_name(one.planned.output)
    return SimulateResult(source, output, one.profile.name)
