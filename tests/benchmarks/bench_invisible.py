"""Measure the invisible mark: exact recovery per distortion, and visible change.

``python tests/benchmarks/bench_invisible.py`` takes all pictures and distortions (hours);
``--quick`` takes a sample (minutes). The mark is embedded at the default strength; a transparent
picture is flattened on white before it is distorted. Each suspect is read in three ways: "blind"
knows the key alone; "listed" also knows the marks issued for all pictures of the run, as ``detect``
does; "informed" has the original too, aligned by the matcher, as ``check`` does after a match. A
way is tried where the one before did not find the mark, and counts what they found.
False positives are measured by ``bench_false_positives.py``.
"""

from __future__ import annotations

import argparse
import hashlib
import statistics
import time
from collections import defaultdict
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

import harness
import neural
import perceptual
from ocguard import distortions
from ocguard.imaging.files import encode_picture, read_picture
from ocguard.imaging.picture import Picture
from ocguard.imaging.quality import flat_rms, ssim
from ocguard.imaging.rendition import flatten, rendition
from ocguard.keys import SecretKey
from ocguard.matching.identification.identify import Suspect, compare, is_worth_reading
from ocguard.watermark.invisible import KnownMark, detect, detect_imitating, detect_informed
from ocguard.workflows.home.works import small_view
from ocguard.workflows.protect.marking import Marked, mark_invisibly

QUICK_PICTURES = 4  # per group
REMOVALS = ("denoise-10+bend+jpeg-40", "inverted-residue-4", "denoise-10+resize-50+jpeg-30")
REPAINTS = ("stylize", "watercolor")  # beyond the reach of a mark; reported, not promised
QUICK_DISTORTIONS = (
    "none", "jpeg-75", "jpeg-50", "webp-80", "resize-50", "crop-50", "rotate-7", "mirror",
    "noise-10", "screenshot", "fit-1080+jpeg-75+jpeg-70", "crop-75+resize-70+jpeg-60",
)  # fmt: skip
FLATTENED = {"flatten-black": "black", "flatten-photo": "photo"}


@dataclass(frozen=True)
class Settings:
    """What one run measures; the same for every picture."""

    seed: int
    distortions: tuple[str, ...]
    issued: tuple[KnownMark, ...]


@dataclass
class PictureReport:
    """Everything measured on one picture."""

    group: str
    psnr_db: float
    ssim: float
    flat_rms: float
    butteraugli: float
    butteraugli_3: float
    ssimulacra2: float
    flip: float
    png_growth: float
    readings: list[dict[str, Any]] = field(default_factory=list)
    paid_db: dict[str, float] = field(default_factory=dict)


def standard_distortions() -> tuple[str, ...]:
    """Return the attack list of the mark: everything but most repaints and partial copies."""
    left_out = {*distortions.names("repaint"), *distortions.names("partial")}
    kept = (name for name in distortions.names() if name not in left_out)
    return ("none", *kept, *REMOVALS[:1], *REMOVALS[2:], *REPAINTS, *FLATTENED, *neural.names())


def measure(path: Path, settings: Settings) -> PictureReport:
    """Mark one picture, distort it in every way, and read it back."""
    picture = read_picture(path)
    key = benchmark_key(settings.seed)
    mark_id = mark_id_of(path, settings.seed)
    made = mark_invisibly(picture, mark_id, key, "normal")
    report = _quality(picture, made)
    after = rendition(made.picture, max(picture.size))
    # What a portfolio keeps: the picture as it stood before the mark, in small.
    kept = small_view(picture)
    original = Suspect.of(kept.rgb, kept.alpha)
    reference = flatten(kept.rgb, kept.alpha)
    for name in settings.distortions:
        if name in FLATTENED and after.alpha is None:
            continue
        # A draw of its own for every picture: one perspective for all would be a trial of one.
        suspect = distorted(name, after.rgb, after.alpha, mark_id % 2**32)
        blind = read(suspect, key, mark_id, ())
        listed = blind if blind["is_exact"] else read(suspect, key, mark_id, settings.issued)
        blind["is_listed_exact"] = listed["is_exact"]
        blind["is_wrong"] |= listed["is_wrong"]
        blind["is_informed_exact"] = listed["is_exact"] or read_informed(
            suspect, original, reference, key, made.known
        )
        report.readings.append({"distortion": name, **blind})
    flat = flatten(after.rgb, after.alpha)
    report.paid_db = {name: paid_db(name, flat, mark_id % 2**32) for name in REMOVALS}
    return report


def paid_db(name: str, rgb: NDArray[np.uint8], seed: int) -> float:
    """Return the PSNR that an attack leaves of a picture, without its steps that move pixels."""
    steps = [step for step in name.split("+") if not distortions.get(step).is_geometric]
    return float(cv2.PSNR(distortions.apply("+".join(steps), rgb, seed), rgb))


def benchmark_key(number: int) -> SecretKey:
    """Return one of the benchmark's reproducible keys."""
    return SecretKey.from_bytes(hashlib.sha256(f"ocguard benchmark {number}".encode()).digest())


def mark_id_of(path: Path, seed: int) -> int:
    """Return the mark id of a picture of the run."""
    return int.from_bytes(hashlib.sha256(f"{seed}/{path.name}".encode()).digest()[:8])


def size_of(path: Path) -> tuple[int, int]:
    """Return a picture's width and height."""
    with Image.open(path) as image:
        return image.size


def distorted(
    name: str, rgb: NDArray[np.uint8], alpha: NDArray[np.uint8] | None, seed: int
) -> NDArray[np.uint8]:
    """Return the distorted picture, flattened on white unless the name says on what."""
    if name in FLATTENED and alpha is not None:
        ground: Any = FLATTENED[name]
        return distortions.flatten_alpha(rgb, alpha, ground, seed)
    flat = flatten(rgb, alpha)
    if name in neural.NETWORKS:
        return neural.apply(name, flat)
    return flat if name == "none" else distortions.apply(name, flat, seed)


def read(
    suspect: NDArray[np.uint8], key: SecretKey, mark_id: int | None, known: tuple[KnownMark, ...]
) -> dict[str, Any]:
    """Detect, and compare with what is in the picture."""
    started = time.process_time()
    detection = detect(suspect, key=key, known=known)
    seconds = time.process_time() - started
    is_found = detection.verdict == "found"
    return {
        "is_found": is_found,
        "is_exact": is_found and detection.mark_id == mark_id,
        "is_wrong": is_found and detection.mark_id != mark_id,
        "p_value": detection.p_value,
        "seconds": seconds,
        "megapixels": suspect.shape[0] * suspect.shape[1] / 1e6,
    }


def read_informed(
    suspect: NDArray[np.uint8],
    original: Suspect,
    reference: NDArray[np.uint8],
    key: SecretKey,
    mark: KnownMark,
) -> bool:
    """Tell whether the mark is found with the original, where the matcher recognizes it."""
    view = small_view(Picture.from_array(suspect)).rgb
    candidates = compare(original, Suspect.of(view)).candidates
    likely = [one for one in candidates if is_worth_reading(one)]
    if not likely:
        return False
    (compared,) = likely
    for one in (detect_informed, detect_imitating):
        found, *_ = one(view, reference, compared.found.transform, key=key, known=[mark])
        if found.verdict == "found":
            break
    return found.verdict == "found" and found.mark_id == mark.mark_id


def _quality(picture: Picture, made: Marked) -> PictureReport:
    """Return what the mark changes: over visible pixels, but for SSIM and flats, on white."""
    side = max(picture.size)
    before, after = (rendition(one, side) for one in (picture, made.picture))
    flat, flat_marked = (flatten(one.rgb, one.alpha) for one in (before, after))
    seen = perceptual.distances(before.rgb, after.rgb, before.alpha)
    saved = [encode_picture(one, "png", None).data for one in (picture, made.picture)]
    return PictureReport(
        group="A" if side >= harness.LARGE_SIDE_PX else "B",
        psnr_db=made.fidelity.psnr_db,
        ssim=ssim(flat, flat_marked),
        flat_rms=flat_rms(flat, flat_marked),
        butteraugli=seen.butteraugli,
        butteraugli_3=seen.butteraugli_3,
        ssimulacra2=seen.ssimulacra2,
        flip=seen.flip,
        png_growth=len(saved[1]) / len(saved[0]),
    )


def recovery_rows(reports: list[PictureReport]) -> list[dict[str, Any]]:
    """Return exact recovery per group and distortion, with intervals."""
    cells: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for report in reports:
        for reading in report.readings:
            cells[report.group, reading["distortion"]].append(reading)
    return [
        {
            "group": group,
            "distortion": name,
            "family": _family(name),
            "trials": len(readings),
            "exact": (exact := sum(r["is_exact"] for r in readings)),
            "listed_exact": sum(r["is_listed_exact"] for r in readings),
            "informed_exact": sum(r["is_informed_exact"] for r in readings),
            "wrong": sum(r["is_wrong"] for r in readings),
            **asdict(harness.wilson(exact, len(readings))),
            "median_seconds": round(statistics.median(r["seconds"] for r in readings), 3),
            "max_seconds": round(max(r["seconds"] for r in readings), 3),
        }
        for (group, name), readings in sorted(cells.items(), key=lambda cell: cell[0][0])
    ]


def quality_rows(reports: list[PictureReport]) -> list[dict[str, Any]]:
    """Return the visible change per group."""
    return [
        {
            "group": group,
            "pictures": len(members),
            "psnr_db_mean": statistics.fmean(r.psnr_db for r in members),
            "psnr_db_min": min(r.psnr_db for r in members),
            "ssim_mean": statistics.fmean(r.ssim for r in members),
            "flat_rms_mean": statistics.fmean(r.flat_rms for r in members),
            "butteraugli_mean": statistics.fmean(r.butteraugli for r in members),
            "butteraugli_3_mean": statistics.fmean(r.butteraugli_3 for r in members),
            "butteraugli_3_max": max(r.butteraugli_3 for r in members),
            "ssimulacra2_mean": statistics.fmean(r.ssimulacra2 for r in members),
            "ssimulacra2_min": min(r.ssimulacra2 for r in members),
            "flip_mean": statistics.fmean(r.flip for r in members),
            "png_growth_mean": statistics.fmean(r.png_growth for r in members),
        }
        for group in sorted({report.group for report in reports})
        if (members := [report for report in reports if report.group == group])
    ]


def removal_rows(reports: list[PictureReport]) -> list[dict[str, Any]]:
    """Return the quality that attacks on the mark leave, per group."""
    return [
        {
            "group": group,
            "distortion": name,
            "paid_db_mean": statistics.fmean(r.paid_db[name] for r in reports if r.group == group),
        }
        for group in sorted({report.group for report in reports})
        for name in REMOVALS
    ]


def _family(name: str) -> str:
    """Return the family of a row, also of those that are not in the registry."""
    if name == "none":
        return "none"
    if name in neural.NETWORKS:
        return "neural"
    return "overlay" if name in FLATTENED else distortions.get(name).family


def main() -> None:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a sample of pictures and distortions")
    parser.add_argument("--pictures", type=int, default=10**6, help="at most so many per group")
    parser.add_argument("--only", nargs="*", default=(), help="only these distortions")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    folder = harness.art_folder()
    count = min(arguments.pictures, QUICK_PICTURES) if arguments.quick else arguments.pictures
    paths = [
        *harness.every(harness.pictures(folder, "illustrations"), count),
        *harness.every(harness.pictures(folder, "portraits"), count),
    ]
    chosen = QUICK_DISTORTIONS if arguments.quick else standard_distortions()
    issued = tuple(
        KnownMark(mark_id_of(path, arguments.seed), size_of(path), (0, 0)) for path in paths
    )
    settings = Settings(arguments.seed, tuple(arguments.only) or chosen, issued)
    work = partial(measure, settings=settings)
    reports = list(harness.spread(work, paths, arguments.processes))
    path = harness.write_result(
        "invisible-quick" if arguments.quick else "invisible",
        seed=arguments.seed,
        settings={
            "strength": "normal",
            "distortions": settings.distortions,
            "issued_marks": len(issued),
        },
        data=harness.data_facts(paths, folder),
        tables={
            "recovery": recovery_rows(reports),
            "quality": quality_rows(reports),
            "removal": removal_rows(reports),
        },
    )
    print(path)


if __name__ == "__main__":
    main()
