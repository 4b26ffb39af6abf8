"""Measure false positives of the invisible mark: unmarked pictures, read with other keys.

``python tests/benchmarks/bench_false_positives.py`` reads every picture of the art as it is with
20 keys, and distorted with two; periodic textures are read with as many. ``--quick`` takes a
sample. Each reading knows a list of issued marks as long as the art, as a portfolio does, so both
of the detector's tests are at work. The p-values are bounds: of those of clean pictures, at most a
tenth may lie below 0.1, a hundredth below 0.01, and so on.
"""

from __future__ import annotations

import argparse
import statistics
from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import harness
import textures
from bench_invisible import benchmark_key, distorted, mark_id_of, read, size_of
from ocguard.imaging.files import read_picture
from ocguard.imaging.rendition import rendition
from ocguard.watermark.invisible import KnownMark

KEYS = 20  # that every picture is read with as it is
DISTORTED_KEYS = 2  # that it is read with once distorted
QUICK_PICTURES, QUICK_KEYS = 4, 2
DISTORTIONS = ("jpeg-50", "rotate-7", "crop-50")
PERIODIC = "periodic textures"
TEXTURE_SEEDS = 4  # drawings of every texture
P_LEVELS = (0.1, 0.01, 0.001)


@dataclass(frozen=True)
class Settings:
    """What one run measures; the same for every picture."""

    seed: int
    keys: int
    distortions: tuple[str, ...]
    issued: tuple[KnownMark, ...]


def measure(path: Path, settings: Settings) -> list[dict[str, Any]]:
    """Read one unmarked picture with other keys."""
    picture = read_picture(path)
    view = rendition(picture, max(picture.size))
    readings = []
    for name in ("none", *settings.distortions):
        suspect = distorted(name, view.rgb, view.alpha, settings.seed)
        for number in range(settings.keys if name == "none" else DISTORTED_KEYS):
            key = benchmark_key(settings.seed + 1 + number)
            readings.append({"distortion": name, **read(suspect, key, None, settings.issued)})
    return readings


def measure_texture(texture: tuple[str, int], settings: Settings) -> list[dict[str, Any]]:
    """Read one periodic texture with the keys."""
    suspect = textures.draw(*texture)
    return [
        {"distortion": PERIODIC, **read(suspect, key, None, settings.issued)}
        for key in (benchmark_key(settings.seed + 1 + number) for number in range(settings.keys))
    ]


def clean_rows(measured: list[list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Return false positives on unmarked pictures per distortion, and their upper bound."""
    cells: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for readings in measured:
        for reading in readings:
            cells[reading["distortion"]].append(reading)
    return [
        {
            "distortion": name,
            "trials": len(readings),
            "found": (found := sum(r["is_found"] for r in readings)),
            "upper_95": harness.wilson(found, len(readings)).high,
            "smallest_p_value": min(r["p_value"] for r in readings),
            **{
                f"share_below_{level}": sum(r["p_value"] <= level for r in readings) / len(readings)
                for level in P_LEVELS
            },
            "median_seconds": round(statistics.median(r["seconds"] for r in readings), 3),
            "max_seconds": round(max(r["seconds"] for r in readings), 3),
        }
        for name, readings in cells.items()
    ]


def main() -> None:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a sample of pictures and keys")
    parser.add_argument("--keys", type=int, default=KEYS, help="keys per picture as it is")
    parser.add_argument("--distortions", nargs="*", default=DISTORTIONS)
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
    issued = tuple(
        KnownMark(mark_id_of(path, arguments.seed), size_of(path), (0, 0)) for path in paths
    )
    keys = QUICK_KEYS if arguments.quick else arguments.keys
    settings = Settings(arguments.seed, keys, tuple(arguments.distortions), issued)
    work = partial(measure, settings=settings)
    measured = list(harness.spread(work, paths, arguments.processes))
    drawn = [(name, seed) for seed in range(TEXTURE_SEEDS) for name in textures.NAMES]
    periodic = partial(measure_texture, settings=settings)
    measured += harness.spread(periodic, drawn[: len(paths)], arguments.processes)
    path = harness.write_result(
        "false-positives-quick" if arguments.quick else "false-positives",
        seed=arguments.seed,
        settings={
            "keys": keys,
            "distorted_keys": DISTORTED_KEYS,
            "distortions": settings.distortions,
            "issued_marks": len(issued),
        },
        data=harness.data_facts(paths, folder),
        tables={"clean": clean_rows(measured)},
    )
    print(path)


if __name__ == "__main__":
    main()
