"""Measure false positives of the invisible mark: unmarked pictures, read with other keys.

``python tests/benchmarks/bench_false_positives.py`` reads every picture of the art as it is, and
periodic textures, key after key, and with the first keys distorted, without and with the original
(about two and a half CPU-minutes a key).
``--minutes`` starts no further key after that time, ``--first-key`` goes on where another run
ended, and ``--add`` adds its counts to the stored ones if the detector's code is still the same.
What reads with the original has code of its own: ``--informed N`` measures that alone anew, with N
keys, and leaves the counts of the rest (about 25 CPU-minutes a key). ``--quick`` takes a sample.

Each reading knows a list of issued marks as long as the art, as a portfolio does, so both of the
detector's tests are at work. The p-values are bounds: of those of clean pictures, at most a tenth
may lie below 0.1, a hundredth below 0.01, and so on.
"""

from __future__ import annotations

import argparse
import hashlib
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

import harness
import textures
from bench_invisible import benchmark_key, distorted, mark_id_of, size_of
from ocguard.imaging.files import read_picture
from ocguard.imaging.rendition import rendition
from ocguard.watermark.invisible import (
    Codebook,
    KnownMark,
    detect_imitating,
    detect_informed,
    detect_with,
)
from ocguard.watermark.invisible.carrier import early_cell_size_px, raster_size, to_luma
from ocguard.watermark.invisible.reading import weigh_quickly
from ocguard.watermark.invisible.shifts import likely_origins

SUBJECT = "false-positives"
KEYS = 70
DISTORTED_KEYS = 2  # the first of them, that every picture is read with once distorted
QUICK_PICTURES, QUICK_KEYS = 4, 2
DISTORTIONS = ("blur-2", "jpeg-50", "sharpen")
PERIODIC = "periodic textures"
INFORMED = "with the original"
COPIES = 8  # marks issued for a picture that is read with its original
TEXTURE_SEEDS = 4  # drawings of every texture
P_LEVELS = ("0.1", "0.01", "0.001")
DETECTOR = harness.REPOSITORY / "src" / "ocguard" / "watermark" / "invisible"
EMBEDDING = {"__init__.py", "embedding.py"}  # no part in reading: nothing is marked here
BESIDE = {"backing.py", "imitation.py", "informed.py", "residual.py"}  # the original at hand

Rgb = NDArray[np.uint8]
Texture = tuple[str, int]


@dataclass(frozen=True)
class Settings:
    """What one run measures; the same for every picture."""

    seed: int
    issued: tuple[KnownMark, ...]


@dataclass(frozen=True)
class Reading:
    """What one key found in one unmarked picture."""

    distortion: str
    is_found: bool
    p_value: float
    seconds: float


def detector_digest(without: Iterable[str] = BESIDE) -> str:
    """Return a digest of the detector's code: counts of different code are not added up."""
    digest = hashlib.sha256()
    for path in sorted(DETECTOR.glob("*.py")):
        if path.name not in {*EMBEDDING, *without}:
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


@lru_cache(maxsize=1)
def codebook(number: int, settings: Settings) -> Codebook:
    """Return what one key reads with."""
    return Codebook(benchmark_key(settings.seed + 1 + number), settings.issued)


def measure(source: Path | Texture, number: int, settings: Settings) -> list[Reading]:
    """Read one unmarked picture, or one texture, with one key."""
    if isinstance(source, tuple):
        return [blind(PERIODIC, textures.draw(*source), codebook(number, settings))]
    original, *suspects = treated(source, settings, is_distorted=number < DISTORTED_KEYS)
    readings = [blind("none", original, codebook(number, settings))]
    for name, suspect in zip(DISTORTIONS, suspects, strict=False):
        readings.append(blind(name, suspect, codebook(number, settings)))
        readings.append(informed(name, suspect, original, number, settings))
    return readings


def measure_informed(source: Path, number: int, settings: Settings) -> list[Reading]:
    """Read one unmarked picture with one key and the original."""
    original, *suspects = treated(source, settings)
    return [
        informed(name, suspect, original, number, settings)
        for name, suspect in zip(DISTORTIONS, suspects, strict=True)
    ]


def treated(source: Path, settings: Settings, *, is_distorted: bool = True) -> list[Rgb]:
    """Return a picture as it is and, where asked for, after each distortion."""
    picture = read_picture(source)
    view = rendition(picture, max(picture.size))
    names = ("none", *DISTORTIONS) if is_distorted else ("none",)
    return [distorted(name, view.rgb, view.alpha, settings.seed) for name in names]


def blind(name: str, suspect: Rgb, read_with: Codebook) -> Reading:
    """Read without the original."""
    started = time.process_time()
    found = detect_with(suspect, read_with)
    seconds = time.process_time() - started
    return Reading(name, found.verdict == "found", found.p_value, seconds)


def informed(name: str, suspect: Rgb, original: Rgb, number: int, settings: Settings) -> Reading:
    """Read with the original, which lies where the suspect lies, and some marks issued for it."""
    key = benchmark_key(settings.seed + 1 + number)
    size = original.shape[1], original.shape[0]
    working = raster_size(size, early_cell_size_px(size))
    luma = to_luma(cv2.resize(original, working, interpolation=cv2.INTER_AREA))
    # Where the embedder puts marks is no accident: the original looks like them there.
    origins = likely_origins(weigh_quickly(luma), codebook(number, settings).carrier, COPIES)
    issued = [
        KnownMark(one.mark_id, size, origin_px)
        for one, origin_px in zip(settings.issued, origins, strict=False)
    ]
    started = time.process_time()
    found, *_ = detect_informed(suspect, original, np.eye(3), key=key, known=issued)
    if found.verdict != "found":
        imitated, *_ = detect_imitating(suspect, original, np.eye(3), key=key, known=issued)
        found = min(found, imitated, key=lambda one: one.p_value)
    seconds = time.process_time() - started
    return Reading(f"{name}, {INFORMED}", found.verdict == "found", found.p_value, seconds)


def clean_rows(readings: Iterable[Reading]) -> list[dict[str, Any]]:
    """Count false positives and small p-values on unmarked pictures, per distortion."""
    cells: dict[str, list[Reading]] = defaultdict(list)
    for reading in readings:
        cells[reading.distortion].append(reading)
    return [
        {
            "distortion": name,
            "trials": len(of_kind),
            "found": sum(one.is_found for one in of_kind),
            "smallest_p_value": min(one.p_value for one in of_kind),
            "below": {
                level: sum(one.p_value <= float(level) for one in of_kind) for level in P_LEVELS
            },
            "seconds": round(sum(one.seconds for one in of_kind), 1),
            "max_seconds": round(max(one.seconds for one in of_kind), 3),
        }
        for name, of_kind in cells.items()
    ]


def added(first: list[dict[str, Any]], second: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Add up the counts of two runs."""
    total = {row["distortion"]: row for row in first}
    for row in second:
        total[row["distortion"]] = _sum(total.get(row["distortion"]), row)
    return list(total.values())


def _sum(first: dict[str, Any] | None, second: dict[str, Any]) -> dict[str, Any]:
    if first is None:
        return second
    return {
        "distortion": first["distortion"],
        **{name: first[name] + second[name] for name in ("trials", "found")},
        "smallest_p_value": min(first["smallest_p_value"], second["smallest_p_value"]),
        "below": {level: first["below"][level] + second["below"][level] for level in P_LEVELS},
        "seconds": round(first["seconds"] + second["seconds"], 1),
        "max_seconds": max(first["max_seconds"], second["max_seconds"]),
    }


def main() -> None:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a sample of pictures and keys")
    parser.add_argument("--keys", type=int, default=KEYS)
    parser.add_argument("--first-key", type=int, default=0)
    parser.add_argument("--minutes", type=float, default=float("inf"))
    parser.add_argument("--informed", type=int, default=0, help="keys, with the original alone")
    parser.add_argument("--add", action="store_true", help="to the stored counts")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    folder = harness.art_folder()
    count = QUICK_PICTURES if arguments.quick else 10**6
    paths = [
        path
        for group in ("illustrations", "portraits")
        for path in harness.every(harness.pictures(folder, group), count)
    ]
    settings = Settings(
        arguments.seed,
        tuple(KnownMark(mark_id_of(path, arguments.seed), size_of(path), (0, 0)) for path in paths),
    )
    if arguments.informed:
        measure_beside(paths, settings, arguments.informed, arguments.processes)
        return
    drawn = [(name, seed) for seed in range(TEXTURE_SEEDS) for name in textures.NAMES]
    sources: list[Path | Texture] = [*paths, *drawn[: len(paths)]]
    keys = QUICK_KEYS if arguments.quick else arguments.keys
    subject = f"{SUBJECT}-quick" if arguments.quick else SUBJECT
    detector, started = detector_digest(), time.monotonic()
    readings: list[Reading] = []
    last = arguments.first_key
    while last < arguments.first_key + keys:
        if time.monotonic() - started > 60 * arguments.minutes:
            break
        work = partial(measure, number=last, settings=settings)
        for found in harness.spread(work, sources, arguments.processes):
            readings += found
        last += 1
    rows, first_key, beside = clean_rows(readings), arguments.first_key, DISTORTED_KEYS
    if arguments.add:
        before = harness.read_result(subject)
        stored = before["settings"]
        if (stored["detector"], stored["last_key"]) != (detector, first_key - 1):
            raise SystemExit(f"{subject}.json is of another detector, or of these keys as well")
        rows, first_key = added(before["tables"]["clean"], rows), stored["first_key"]
        beside = stored["informed_keys"]
    path = harness.write_result(
        subject,
        seed=arguments.seed,
        settings={
            "first_key": first_key,
            "last_key": last - 1,
            "distorted_keys": DISTORTED_KEYS,
            "issued_marks": len(settings.issued),
            "detector": detector,
            "informed_keys": beside,
            "beside": detector_digest(()),
        },
        data=harness.data_facts(paths, folder),
        tables={"clean": rows},
    )
    print(path)


def measure_beside(paths: list[Path], settings: Settings, keys: int, processes: int) -> None:
    """Put new counts of what reads with the original in the place of the stored ones."""
    before = harness.read_result(SUBJECT)
    if before["settings"]["detector"] != detector_digest():
        raise SystemExit(f"{SUBJECT}.json is of another detector")
    readings: list[Reading] = []
    for number in range(keys):
        work = partial(measure_informed, number=number, settings=settings)
        for found in harness.spread(work, paths, processes):
            readings += found
    kept = [row for row in before["tables"]["clean"] if INFORMED not in row["distortion"]]
    path = harness.write_result(
        SUBJECT,
        seed=settings.seed,
        settings={**before["settings"], "informed_keys": keys, "beside": detector_digest(())},
        data=before["data"],
        tables={"clean": [*kept, *clean_rows(readings)]},
    )
    print(path)


if __name__ == "__main__":
    main()
