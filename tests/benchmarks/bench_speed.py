"""Measure CPU seconds and peak memory of the commands, and of the steps beside installed peers.

``python tests/benchmarks/bench_speed.py`` fills a portfolio with 10,000 works made around real ones
(several minutes, 1 GB in the temporary folder); ``--quick`` takes 500. Commands run in processes of
their own, start included, with one worker. POSIX only: the figures come from ``getrusage``.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

import harness
from ocguard.fingerprint.fingerprint import Fingerprint
from ocguard.home import Home
from ocguard.portfolio import Entry, open_store, utc_now

FULL_WORKS, QUICK_WORKS = 10_000, 500
LARGE_SIZE = (4000, 3000)  # 12 megapixels
MEGAPIXEL_SIZE = (1200, 840)  # 1 megapixel
JPEG_QUALITY = 75  # of suspects
DECODED_BYTES = 24_000_000
"""Size of a decoded picture of 8 megapixels."""

REPEATS = 5  # of short commands; the median counts
CODE_NOISE, DESCRIPTOR_NOISE = 0.15, 2  # share of flipped bits; levels, of made-up works
MIB = 2**20

METER = """
import resource, subprocess, sys, time
start = time.monotonic()
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(code, used.ru_utime + used.ru_stime, time.monotonic() - start, used.ru_maxrss)
"""  # a small process of its own: a child's peak memory begins with that of its parent

Rgb = NDArray[np.uint8]


@dataclass(frozen=True)
class Usage:
    """What one command took."""

    command: str
    input: str
    cpu_seconds: float
    wall_seconds: float
    peak_mib: float
    cpu_seconds_per_megapixel: float | None = None


@dataclass(frozen=True)
class Step:
    """CPU seconds of one step of one tool, beside ours."""

    step: str
    tool: str
    cpu_seconds_per_megapixel: float
    times_ocguard: float | None


def run(home: Path, arguments: list[str], what: str, megapixels: float | None = None) -> Usage:
    """Run ``ocguard`` with the arguments and return what it took."""
    done = subprocess.run(
        [sys.executable, "-S", "-c", METER, sys.executable, "-m", "ocguard", *arguments],
        env={**_as_installed(), "OCGUARD_HOME": str(home)},
        capture_output=True,
        text=True,
        check=True,
    )
    exit_code, cpu, wall, peak = (float(figure) for figure in done.stdout.split())
    if exit_code not in (0, 1):
        raise RuntimeError(f"ocguard {' '.join(arguments)}: {done.stderr}")
    peak_mib = peak * (1 if sys.platform == "darwin" else 1024) / MIB
    per_megapixel = None if megapixels is None else cpu / megapixels
    return Usage(f"ocguard {arguments[0]}", what, cpu, wall, peak_mib, per_megapixel)


def _as_installed() -> dict[str, str]:
    """Return the environment without what keeps modules from being compiled once and for all."""
    return {n: v for n, v in os.environ.items() if n != "PYTHONDONTWRITEBYTECODE"}


def typical(usages: list[Usage]) -> Usage:
    """Return the run with the median CPU time."""
    return sorted(usages, key=lambda usage: usage.cpu_seconds)[len(usages) // 2]


def measure_commands(work: Path, scenes: list[Path], works: int) -> list[Usage]:
    """Return the usage of every command on prepared pictures."""
    home, protected = work / "home", work / "protected"
    *scenes, stranger = scenes  # the last one is never registered
    large = save(work / "large.png", resized(scenes[0], LARGE_SIZE))
    suspect = work / "suspect.jpg"
    rows = [typical([run(home, ["--help"], "") for _ in range(REPEATS)])]
    protect = ["protect", "--creator", "Benchmark", "-j", "1", "--out", str(protected)]
    total = sum(megapixels(path) for path in scenes)
    rows.append(
        run(home, [*protect, *map(str, scenes)], f"{len(scenes)} scenes, {total:.0f} MP", total)
    )
    rows.append(run(home, [*protect, str(large)], "PNG, 12 MP", megapixels(large)))
    save(suspect, resized(protected / scenes[0].name, MEGAPIXEL_SIZE))
    clean = save(work / "clean.jpg", resized(stranger, MEGAPIXEL_SIZE))
    rows.append(median_run(home, "detect", suspect, "marked, 1 MP"))
    rows.append(median_run(home, "detect", clean, "unmarked, 1 MP"))
    rows.append(median_run(home, "check", suspect, f"1 MP against {len(scenes) + 1:,} works"))
    fill_portfolio(Home(home).portfolio_file, works)
    run(home, ["check", str(suspect)], "builds the index")
    rows.append(median_run(home, "check", suspect, f"1 MP against {works:,} works"))
    rows.append(median_run(home, "check", clean, f"unknown, 1 MP against {works:,} works"))
    rows += [
        median_run(home, f"check --only {only}", clean, rows[-1].input)
        for only in ("match", "marks")
    ]
    rows.append(median_run(home, "detect", clean, f"unmarked, 1 MP against {works:,} works"))
    return rows


def median_run(home: Path, command: str, picture: Path, what: str) -> Usage:
    """Return the typical run of a command on one picture."""
    arguments = [*command.split(), str(picture)]
    usage = typical([run(home, arguments, what) for _ in range(REPEATS)])
    return replace(usage, command=f"ocguard {command}")


def fill_portfolio(path: Path, works: int) -> None:
    """Add works made around the registered ones until there are so many."""
    generator = np.random.default_rng(0)
    with open_store(path) as store:
        models = []
        for known in list(store.works()):
            fingerprint = Fingerprint.from_bytes(store.fingerprint(known.work_id))
            models.append((known, fingerprint, store.rendition(known.reference_sha256)))

        def entries() -> Iterator[Entry]:
            for number in range(len(models), works):
                known, fingerprint, jpeg = models[number % len(models)]
                digest = hashlib.sha256(f"{known.work_id}/{number}".encode()).hexdigest()
                work = replace(
                    known,
                    work_id=digest[:16],
                    file_sha256=digest,
                    pixel_sha256=digest,
                    source=f"made-up/{number}",
                    created_utc=utc_now(),
                )
                varied = vary(fingerprint, generator).to_bytes()
                yield Entry(work, varied, {known.reference_sha256: jpeg})

        store.record(entries())


def vary(fingerprint: Fingerprint, generator: np.random.Generator) -> Fingerprint:
    """Return a fingerprint like that of another picture of the same kind."""
    local = fingerprint.local
    noise = generator.integers(-DESCRIPTOR_NOISE, DESCRIPTOR_NOISE + 1, local.descriptors.shape)
    moved = replace(
        local,
        points=generator.permutation(local.points),
        descriptors=np.clip(local.descriptors + noise, 0, 15).astype(np.uint8),
    )
    return replace(
        fingerprint,
        codes=flip_bits(fingerprint.codes, generator),
        mirrored_codes=flip_bits(fingerprint.mirrored_codes, generator),
        layout=flip_bits(fingerprint.layout, generator),
        local=moved,
    )


def flip_bits(code: NDArray[np.uint8], generator: np.random.Generator) -> NDArray[np.uint8]:
    """Return the code with random bits flipped."""
    flips = np.packbits(generator.random((*code.shape, 8)) < CODE_NOISE, axis=-1)[..., 0]
    return code ^ flips


def measure_steps(scenes: list[Path]) -> list[Step]:
    """Return our steps and those of every peer that can be imported, in this process."""
    pictures = [read(path) for path in scenes]
    steps = []
    for step, tools in {"embed": embedders(), "read": readers(), "describe": hashers()}.items():
        ours = None
        for tool, work in tools.items():
            seconds = cpu_per_megapixel(work, pictures)
            ours = seconds if tool == "ocguard" else ours
            times = None if tool == "ocguard" or ours is None else seconds / ours
            steps.append(Step(step, tool, seconds, times))
    return steps


def cpu_per_megapixel(work: Callable[[Rgb], Any], pictures: list[Rgb]) -> float:
    """Return the median CPU seconds per megapixel; the first call only warms up.

    Before it, a large block is taken and given back, as every command does that decodes a picture:
    the C library hands blocks of that size back to the system, and fetches them again page by page,
    until it has seen a larger one.
    """
    np.ones(DECODED_BYTES, np.uint8)
    work(pictures[0])
    figures = []
    for rgb in pictures:
        started = time.process_time()
        work(rgb)
        figures.append((time.process_time() - started) / (rgb.shape[0] * rgb.shape[1] / 1e6))
    return statistics.median(figures)


def embedders() -> dict[str, Callable[[Rgb], Any]]:
    """Return what puts a mark into a picture: ours and the peers' at their defaults."""
    from ocguard.imaging.blending import add_luma
    from ocguard.imaging.picture import Picture
    from ocguard.imaging.rendition import rendition

    key, embed = benchmark_key(), invisible().embed

    def ours(rgb: Rgb) -> Any:
        picture = Picture.from_array(rgb)
        shown = rendition(picture, 1024)
        made = embed(shown.rgb, shown.alpha, mark_id=1, key=key, size_px=picture.size)
        return add_luma(picture, made.delta)

    return {"ocguard": ours, **peer_embedders()}


def readers() -> dict[str, Callable[[Rgb], Any]]:
    """Return what reads a mark from a picture."""
    key, detect = benchmark_key(), invisible().detect
    tools: dict[str, Callable[[Rgb], Any]] = {"ocguard": lambda rgb: detect(rgb, key=key)}
    if decoder := optional("imwatermark"):
        reader = decoder.WatermarkDecoder("bits", 64)
        tools["invisible-watermark dwtDct"] = lambda rgb: reader.decode(rgb[..., ::-1], "dwtDct")
    return tools


def peer_embedders() -> dict[str, Callable[[Rgb], Any]]:
    """Return the installed peers' embedders."""
    tools: dict[str, Callable[[Rgb], Any]] = {}
    if package := optional("imwatermark"):
        encoder = package.WatermarkEncoder()
        encoder.set_watermark("bits", [0, 1] * 32)
        for method in ("dwtDct", "dwtDctSvd"):
            tools[f"invisible-watermark {method}"] = lambda rgb, method=method: encoder.encode(
                rgb[..., ::-1], method
            )
    if package := optional("blind_watermark"):

        def blind(rgb: Rgb) -> Any:
            tool = package.WaterMark(password_img=1, password_wm=1)
            tool.read_img(img=rgb[..., ::-1].astype(np.float32))
            tool.read_wm([True, False] * 32, mode="bit")
            return tool.embed()

        tools["blind-watermark"] = blind
    return tools


def hashers() -> dict[str, Callable[[Rgb], Any]]:
    """Return what describes a picture for matching."""
    import imagehash

    from ocguard.fingerprint.describe import describe
    from ocguard.imaging.picture import Picture
    from ocguard.imaging.rendition import rendition

    def ours(rgb: Rgb) -> Any:
        shown = rendition(Picture.from_array(rgb), 1024)
        return describe(shown.rgb, shown.alpha)

    return {
        "ocguard": ours,
        "imagehash phash": lambda rgb: imagehash.phash(Image.fromarray(rgb)),
        "imagehash crop-resistant": lambda rgb: imagehash.crop_resistant_hash(Image.fromarray(rgb)),
    }


def optional(name: str) -> Any:
    """Return a peer's module, or None where it is not installed."""
    try:
        return __import__(name)
    except ImportError:
        return None


def invisible() -> Any:
    """Return the room of the invisible mark."""
    from ocguard.watermark import invisible as room

    return room


def benchmark_key() -> Any:
    """Return a reproducible key."""
    from ocguard.keys import SecretKey

    return SecretKey.from_bytes(hashlib.sha256(b"ocguard benchmark speed").digest())


def read(path: Path) -> Rgb:
    """Return a picture's RGB pixels."""
    return np.asarray(cv2.imread(str(path), cv2.IMREAD_COLOR)[..., ::-1], dtype=np.uint8)


def resized(path: Path, size: tuple[int, int]) -> Rgb:
    """Return a picture at another size."""
    return np.asarray(cv2.resize(read(path), size, interpolation=cv2.INTER_CUBIC), dtype=np.uint8)


def save(path: Path, rgb: Rgb) -> Path:
    """Write a picture: PNG, or JPEG at `JPEG_QUALITY`."""
    Image.fromarray(rgb).save(path, quality=JPEG_QUALITY)
    return path


def megapixels(path: Path) -> float:
    """Return the size of a picture."""
    height, width = read(path).shape[:2]
    return height * width / 1e6


def main() -> None:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"only {QUICK_WORKS} works")
    parser.add_argument("--works", type=int, default=FULL_WORKS)
    arguments = parser.parse_args()
    works = QUICK_WORKS if arguments.quick else arguments.works
    folder = harness.art_folder()
    scenes = harness.pictures(folder, "illustrations")
    harness.single_thread()
    with tempfile.TemporaryDirectory() as work:
        tables = {
            "commands": [asdict(row) for row in measure_commands(Path(work), scenes, works)],
            "peers": [asdict(row) for row in measure_steps(harness.every(scenes, 6))],
        }
    path = harness.write_result(
        "speed-quick" if arguments.quick else "speed",
        seed=0,
        settings={"works": works, "repeats": REPEATS, "jobs": 1},
        data=harness.data_facts(scenes, folder),
        tables=tables,
    )
    print(path)


if __name__ == "__main__":
    main()
