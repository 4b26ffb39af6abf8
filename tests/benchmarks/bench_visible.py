"""Measure what removers leave of our visible marks, beside a plain mark repeated over a collection.

``python tests/benchmarks/bench_visible.py`` marks two collections of 20 works (scenes of 1000 x 750
px, portraits of 400 x 400 px on white) in every layout, once as other tools do it (white letters of
one opacity, the same on every work) and once as ocguard does it, and attacks each work:

- ``averaged``: the average of all 20 works is subtracted;
- ``lined-up``: the remover was told place, size and angle of each mark, and lines them up before;
- ``told``: the remover was given even the true average of the 20 lined-up marks, color and opacity
  of every pixel, and solves each work for the art beneath: more than any estimate can know;
- ``telea``, ``navier-stokes``: the mark's true pixels are painted anew by OpenCV.

A plain mark is white on scenes and black on white ground. What is left is the energy of the error
inside the marks over that of the marks, both summed over the collection. It also times
``protect`` with and without a visible mark. ``--quick`` takes 6 works.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

import harness
import ocguard
from ocguard.imaging.blending import Stamp, compose
from ocguard.imaging.files import read_picture
from ocguard.imaging.picture import Picture
from ocguard.imaging.rendition import flatten, rendition
from ocguard.watermark.visible.ground import Ground
from ocguard.watermark.visible.mark import VisibleMark, visible_mark
from ocguard.watermark.visible.removal import (
    averaged,
    coverage,
    inpainted,
    mark_mask,
)

WORKS, QUICK_WORKS = 20, 6
NOTICE = "© 2026 Mira Vale"
GROUPS = {"A": ("illustrations", (1000, 750), 255), "B": ("portraits", (400, 400), 0)}
LAYOUTS = ("corner", "band", "tile")
ATTACKS = ("averaged", "lined-up", "told", "telea", "navier-stokes")
MIN_TRANSPARENCY = 0.1  # of a mark that is solved for: below it, noise grows more than tenfold
TIMED, REPEATS = 4, 3  # works and runs of `protect`; the fastest run counts

Rgb = NDArray[np.uint8]


@dataclass(frozen=True)
class Work:
    """One marked work of a collection."""

    art: Rgb
    marked: Rgb
    mask: NDArray[np.bool_]
    matte: Rgb
    pose: NDArray[np.float64]
    covered: float
    on_flat: float


@dataclass(frozen=True)
class Left:
    """What one attack leaves of one kind of mark, over a collection."""

    group: str
    layout: str
    mark: str
    attack: str
    works: int
    left: float
    covered_mean: float
    on_flat_mean: float


@dataclass(frozen=True)
class Cost:
    """CPU seconds of ``protect`` without and with a visible mark."""

    group: str
    layout: str
    works: int
    without_seconds: float
    with_seconds: float
    more_percent: float


def fitted(path: Path, size: tuple[int, int]) -> Rgb:
    """Return a picture on white, scaled and cropped around its middle to a size."""
    view = rendition(read_picture(path), 4096)
    rgb = flatten(view.rgb, view.alpha)
    scale = max(size[0] / rgb.shape[1], size[1] / rgb.shape[0])
    scaled = (math.ceil(rgb.shape[1] * scale), math.ceil(rgb.shape[0] * scale))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    large = cv2.resize(rgb, scaled, interpolation=method)
    left, top = (large.shape[1] - size[0]) // 2, (large.shape[0] - size[1]) // 2
    return np.ascontiguousarray(large[top : top + size[1], left : left + size[0]], np.uint8)


def seed_of(path: Path, seed: int) -> bytes:
    """Return the secret of a work, as a key would give one."""
    return hashlib.sha256(f"{seed}/{path.name}".encode()).digest()[:16]


def marked_work(art: Rgb, layout: Any, secret: bytes, plain_grey: int) -> Work:
    """Mark a work: as other tools do it without a secret, as we do it with one."""
    size = (art.shape[1], art.shape[0])
    edge: Any = "auto" if secret else "none"
    mark = visible_mark(art, size, layout=layout, text=NOTICE, edge=edge, seed=secret)
    stamps = mark.stamps if secret else [plain(stamp, plain_grey) for stamp in mark.stamps]
    lies = coverage(stamps, Ground.of(art, None, size), size)
    mask = mark_mask(stamps, size)
    return Work(
        art, laid(art, stamps), mask, matte(stamps, size), pose(mark), lies.covered, lies.on_flat
    )


def laid(art: Rgb, stamps: Sequence[Stamp]) -> Rgb:
    """Return the art with the stamps on it."""
    return compose(Picture.from_array(art), stamps).frames[0].pixels.astype(np.uint8)


def plain(stamp: Stamp, grey: int) -> Stamp:
    """Return a stamp with the same letters in one color."""
    return replace(
        stamp, rgba=np.dstack([np.full_like(stamp.rgba[..., :3], grey), stamp.rgba[..., 3]])
    )


def matte(stamps: Sequence[Stamp], size: tuple[int, int]) -> Rgb:
    """Return what stamps add to black and how much of the art they let through, (h, w, 4)."""
    black = np.zeros((size[1], size[0], 3), np.uint8)
    added, over_white = laid(black, stamps), laid(~black, stamps)
    through = (over_white.astype(int) - added).clip(0, 255).max(axis=2)
    return np.dstack([added, through.astype(np.uint8)])


def pose(mark: VisibleMark) -> NDArray[np.float64]:
    """Return where a mark lies: a similarity from the block's own ems to the work's pixels."""
    if not mark.facts:
        return np.eye(3)
    size, x, y = (float(mark.facts[name]) for name in ("em_px", "x_px", "y_px"))
    angle = math.radians(float(mark.facts["angle_degrees"]))
    across, down = size * math.cos(angle), size * math.sin(angle)
    return np.array([[across, down, x], [-down, across, y], [0, 0, 1]])


def lined_up(layers: Sequence[Rgb], works: Sequence[Work], chosen: Work) -> list[Rgb]:
    """Return layers of all works moved so that their marks lie over that of a chosen one."""
    size = (chosen.art.shape[1], chosen.art.shape[0])
    moves = [(chosen.pose @ np.linalg.inv(work.pose))[:2] for work in works]
    return [
        np.asarray(
            cv2.warpAffine(layer, move, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT),
            np.uint8,
        )
        for layer, move in zip(layers, moves, strict=True)
    ]


def solved(marked: Rgb, mattes: Sequence[Rgb]) -> NDArray[np.float32]:
    """Undo the average of many mattes on one work."""
    mean = np.mean(mattes, axis=0, dtype=np.float32)
    through = np.maximum(mean[..., 3:] / 255, MIN_TRANSPARENCY)
    return np.asarray(np.clip((marked - mean[..., :3]) / through, 0, 255), np.float32)


def attacked(works: Sequence[Work]) -> Iterator[tuple[str, list[NDArray[Any]]]]:
    """Yield every attack with the works that it repaired."""
    marked, mattes = [work.marked for work in works], [work.matte for work in works]
    mean = averaged(marked)
    yield "averaged", [np.clip(work.marked - mean, 0, 255) for work in works]
    means = [averaged(lined_up(marked, works, work)) for work in works]
    pairs = zip(works, means, strict=True)
    yield "lined-up", [np.clip(work.marked - mean, 0, 255) for work, mean in pairs]
    yield "told", [solved(work.marked, lined_up(mattes, works, work)) for work in works]
    for method in ("telea", "navier-stokes"):
        yield method, [inpainted(work.marked, work.mask, method) for work in works]


def left(works: Sequence[Work], repaired: Sequence[NDArray[Any]]) -> float:
    """Return what is left of the marks of a collection."""
    error = mark = 0.0
    for work, attempt in zip(works, repaired, strict=True):
        before = work.art[work.mask].astype(np.float64)
        error += float(np.square(attempt[work.mask] - before).sum())
        mark += float(np.square(work.marked[work.mask] - before).sum())
    return error / mark


def measure(job: tuple[str, str, str, tuple[Path, ...], int]) -> list[Left]:
    """Mark and attack one collection in one layout with one kind of mark."""
    group, layout, mark, paths, seed = job
    _, size, grey = GROUPS[group]
    works = [
        marked_work(
            fitted(path, size), layout, seed_of(path, seed) if mark == "ocguard" else b"", grey
        )
        for path in paths
    ]
    covered = statistics.fmean(work.covered for work in works)
    on_flat = statistics.fmean(work.on_flat for work in works)
    return [
        Left(group, layout, mark, attack, len(works), left(works, found), covered, on_flat)
        for attack, found in attacked(works)
    ]


def costs(collections: dict[str, tuple[Path, ...]]) -> Iterator[Cost]:
    """Time `protect` with every layout and without, on the first works of each collection."""
    with tempfile.TemporaryDirectory() as home:
        for group, paths in collections.items():
            chosen = harness.every(list(paths), TIMED)
            seconds = cpu_seconds(chosen, Path(home))
            for layout in LAYOUTS:
                more = 100 * (seconds[layout] / seconds["none"] - 1)
                yield Cost(group, layout, len(chosen), seconds["none"], seconds[layout], more)


def cpu_seconds(paths: Sequence[Path], home: Path) -> dict[str, float]:
    """Return the CPU seconds of protecting some works in every layout and without a mark.

    The fastest of several runs counts, taken in turns, so that a busy machine is busy for all.
    """
    total = dict.fromkeys(("none", *LAYOUTS), 0.0)
    for path in paths:
        runs: dict[str, list[float]] = {name: [] for name in total}
        for name in [*total] * REPEATS:
            start = time.process_time()
            layout: Any = name
            ocguard.protect(path, home=home, visible=layout, creator="Mira Vale", text=NOTICE)
            runs[name].append(time.process_time() - start)
        total = {name: total[name] + min(runs[name]) for name in total}
    return total


def main() -> None:
    """Run the benchmark and write its result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_WORKS} works")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=1)
    options = parser.parse_args()
    folder, count = harness.art_folder(), QUICK_WORKS if options.quick else WORKS
    collections = {
        group: tuple(harness.every(harness.pictures(folder, kind), count))
        for group, (kind, _, _) in GROUPS.items()
    }
    jobs = [
        (group, layout, mark, paths, options.seed)
        for group, paths in collections.items()
        for layout in LAYOUTS
        for mark in ("plain", "ocguard")
    ]
    found = harness.spread(measure, jobs, options.processes)
    rows = [row for some in found for row in some]
    harness.single_thread()
    harness.write_result(
        "visible",
        seed=options.seed,
        settings={"works": count, "notice": NOTICE, "attacks": ATTACKS, "timed": TIMED},
        data=harness.data_facts([path for paths in collections.values() for path in paths], folder),
        tables={"left": rows, "costs": list(costs(collections))},
        folder=Path(tempfile.gettempdir()) if options.quick else harness.RESULTS,
    )


if __name__ == "__main__":
    main()
