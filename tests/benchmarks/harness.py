"""What every benchmark shares: art, intervals, processes, and results that tell their origin.

A result file says which commit, seed, settings, pictures, machine and library versions gave its
figures, so that the documentation's tables can be traced and repeated.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import platform
import subprocess
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, is_dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, TypeVar

import cv2

REPOSITORY = Path(__file__).resolve().parents[2]
RESULTS = Path(__file__).resolve().parent / "results"
LARGE_SIDE_PX = 1000  # from this long side a picture counts as large (group A)
PACKAGES = ("numpy", "opencv-python-headless", "opencv-python", "pillow", "imagehash", "ocguard")
PEERS = (
    "invisible-watermark", "blind-watermark", "clawid", "sigil-watermark", "melu", "imagehash",
    "pdqhash", "torch", "onnxruntime",
)  # fmt: skip
Z_95 = 1.959964  # standard normal quantile of a two-sided 95 % interval
SCHEMA = "ocguard.benchmark/1"

Item = TypeVar("Item")
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Interval:
    """A 95 % confidence interval of a share."""

    low: float
    high: float


def wilson(hits: int, trials: int) -> Interval:
    """Return the Wilson score interval of ``hits`` out of ``trials``.

    References
    ----------
    .. [1] E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
       JASA 22(158), 1927, doi:10.1080/01621459.1927.10502953.
    """
    if not 0 <= hits <= trials:
        raise ValueError(f"{hits} hits of {trials} trials")
    if trials == 0:
        return Interval(0.0, 1.0)
    share, square = hits / trials, Z_95**2
    middle = share + square / (2 * trials)
    reach = Z_95 * math.sqrt(share * (1 - share) / trials + square / (4 * trials**2))
    scale = 1 + square / trials
    low, high = (middle - reach) / scale, (middle + reach) / scale
    return Interval(0.0 if hits == 0 else low, 1.0 if hits == trials else high)


def art_folder() -> Path:
    """Return the folder of real art, or stop with what to do about it."""
    folder = Path(os.environ.get("OCGUARD_BENCH_ART", REPOSITORY.parent / "shared" / "art"))
    if not folder.is_dir():
        raise SystemExit(f"no art in {folder}: set OCGUARD_BENCH_ART to a folder of pictures")
    return folder


def pictures(folder: Path, kind: str = "") -> list[Path]:
    """Return the pictures below a folder (or its subfolder ``kind``), in a fixed order."""
    suffixes = {".png", ".jpg", ".jpeg", ".webp"}
    return sorted(p for p in (folder / kind).rglob("*") if p.suffix.lower() in suffixes)


def every(items: list[Item], count: int) -> list[Item]:
    """Return ``count`` items spread evenly over the list, or all where there are fewer."""
    if count >= len(items):
        return items
    return [items[i * len(items) // count] for i in range(count)]


def data_facts(paths: Iterable[Path], folder: Path) -> dict[str, Any]:
    """Return number and joint SHA-256 of the pictures that a benchmark read."""
    digest, count = hashlib.sha256(), 0
    for path in sorted(set(paths)):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
        count += 1
    return {"pictures": count, "sha256": digest.hexdigest()}


def machine_facts() -> dict[str, Any]:
    """Return what the figures were measured on."""
    return {
        "system": platform.system(),
        "architecture": platform.machine(),
        "processor": _processor(),
        "cores": os.cpu_count(),
    }


def version_facts() -> dict[str, str]:
    """Return the versions of Python and of the libraries that decide the figures."""
    found = {"python": platform.python_version()}
    for package in dict.fromkeys((*PACKAGES, *PEERS)):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def commit_facts() -> dict[str, Any]:
    """Return the commit, and whether source files differ from it."""
    try:
        commit = _git("rev-parse", "HEAD")
        changed = _git("status", "--porcelain", "--", "src", "tests/benchmarks/*.py")
    except (OSError, subprocess.CalledProcessError):
        return {"commit": "unknown", "is_changed": True}
    return {"commit": commit, "is_changed": bool(changed)}


def write_result(
    subject: str,
    *,
    seed: int,
    settings: dict[str, Any],
    data: dict[str, Any],
    tables: dict[str, list[Any]],
    folder: Path = RESULTS,
) -> Path:
    """Write ``<subject>.json`` with its origin and return its path.

    ``tables`` maps a table's name to its rows (dictionaries or dataclasses).
    """
    result = {
        "schema": SCHEMA,
        "subject": subject,
        **commit_facts(),
        "measured_utc": datetime.now(UTC).isoformat(timespec="seconds"),
        "seed": seed,
        "settings": settings,
        "data": data,
        "machine": machine_facts(),
        "versions": version_facts(),
        "tables": {
            name: [asdict(row) if is_dataclass(row) else row for row in rows]  # type: ignore[arg-type]
            for name, rows in tables.items()
        },
    }
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{subject}.json"
    path.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    return path


def read_result(subject: str, folder: Path = RESULTS) -> dict[str, Any]:
    """Return a written result."""
    result: dict[str, Any] = json.loads((folder / f"{subject}.json").read_text(encoding="utf-8"))
    return result


def spread(work: Callable[[Item], Answer], items: list[Item], processes: int) -> Iterator[Answer]:
    """Yield the answers in order, computed in processes of one thread each, with progress."""
    if processes == 1:
        single_thread()
        yield from _with_progress(map(work, items), len(items))
        return
    with ProcessPoolExecutor(processes, initializer=single_thread) as pool:
        yield from _with_progress(pool.map(work, items), len(items))


def single_thread() -> None:
    """Keep OpenCV to one thread, so that processes do not fight for cores."""
    cv2.setNumThreads(1)


def _with_progress(answers: Iterator[Answer], total: int) -> Iterator[Answer]:
    """Pass the answers on and count them on standard error."""
    from rich.console import Console
    from rich.progress import track

    yield from track(answers, total=total, console=Console(stderr=True), description="measuring")


def _git(*arguments: str) -> str:
    """Return what git prints in the repository."""
    command = ["git", "-C", str(REPOSITORY), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def _processor() -> str:
    """Return the processor's name where the system tells it."""
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor()
