"""Measure registering a work, and searching and checking against very many works.

    python tests/benchmarks/bench_matching_size.py --works 300,1000,100000      # minutes
    python tests/benchmarks/bench_matching_size.py                              # 10 GB of disk

Nearly all of the works are made up around real ones, see `matching_size`. Suspects are made from
the half of the art that figures are reported on. Portfolio and indexes are kept in a temporary
folder (`--cache`), so that a second run only measures. Writes results/matching-size.json.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import sys
import time
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from harness import art_folder, data_facts, every, pictures, read_result, wilson, write_result
from matching_size import CACHE, Registered, SizedWorks, one_megapixel, register, sized_index, stamp
from matching_suspects import GROUPS, PAIRED, SEED, holds_figure, parts, transformed
from ocguard.fingerprint.describe import describe
from ocguard.fingerprint.fingerprint import Fingerprint
from ocguard.imaging.picture import Picture
from ocguard.matching.identification.identify import Suspect, identify
from ocguard.matching.search.files import open_segments
from ocguard.matching.search.index import Index
from ocguard.portfolio import open_store
from ocguard.workflows.home.works import StoredWorks, small_view

SIZES = (300, 1_000, 100_000, 1_000_000)
SEARCHED = ("repost", "repaint", "repaint low", "repaint middle", "repaint high", "partial")
SUSPECTS_EACH = 3
TIMED = 12
FEWER_FROM, FEWER = 1_000_000, 66
"""Works from which on only so many of the suspects are searched for: each takes seconds."""


def questions(folder: Path) -> list[tuple[str, str, Fingerprint]]:
    """Describe the suspects whose work is searched for, once: group, path, fingerprint."""
    kept = folder / f"suspects-{SUSPECTS_EACH}"
    listed = kept / "listed.json"
    if not listed.exists():
        shutil.rmtree(kept, ignore_errors=True)
        kept.mkdir(parents=True)
        asked = []
        for number, (group, name, path) in enumerate(_asked()):
            data = describe(transformed(path, name, SEED)).to_bytes()
            (kept / f"{number}").write_bytes(data)
            asked.append((group, path.as_posix()))
        listed.write_text(json.dumps(asked), encoding="utf-8")
    return [
        (group, path, Fingerprint.from_bytes((kept / f"{number}").read_bytes()))
        for number, (group, path) in enumerate(json.loads(listed.read_text(encoding="utf-8")))
    ]


def _asked() -> Iterator[tuple[str, str, Path]]:
    """Yield group, transform and picture of every suspect, other pictures for each transform."""
    for group in SEARCHED:
        for turn, name in enumerate(name for name in GROUPS[group] if name not in PAIRED):
            held = [p for p in parts().reported if holds_figure(p, name, SEED)]
            for path in every(held[turn:] + held[:turn], SUSPECTS_EACH):
                yield group, name, path


def measure(folder: Path, index_folder: Path, registered: Registered) -> dict[str, Any]:
    """Search and check, in a process that did not build the index."""
    cv2.setNumThreads(1)
    index = Index(open_segments(index_folder))
    asked = questions(folder)
    asked = every(asked, FEWER) if len(index) >= FEWER_FROM else asked
    before = _resident_mib()
    found = {group: [0, 0] for group in SEARCHED}
    seconds = []
    for group, path, query in asked:
        begin = time.process_time()
        listed = [candidate.work_id for candidate in index.search(query)]
        seconds.append(time.process_time() - begin)
        found[group][0] += registered.ids[path] in listed
        found[group][1] += 1
    known, unknown = _match_seconds(index, registered)
    hits, trials = np.sum([*found.values()], axis=0).tolist()
    interval = wilson(hits, trials)
    return {
        "works": len(index),
        "queries": trials,
        "among_20_candidates": hits / trials,
        "low": interval.low,
        "high": interval.high,
        "by_group": found,
        "search_cpu_seconds": float(np.median(seconds)),
        "match_cpu_seconds": float(np.median(known + unknown)),
        "match_copy_cpu_seconds": float(np.median(known)),
        "match_unknown_cpu_seconds": float(np.median(unknown)),
        "match_worst_cpu_seconds": max(known + unknown),
        "peak_mib": _resident_mib(),
        "peak_before_mib": before,
        "index_bytes_a_work": sum(f.stat().st_size for f in index_folder.rglob("*"))
        / max(len(index), 1),
    }


def _match_seconds(index: Index, registered: Registered) -> tuple[list[float], list[float]]:
    """Check suspects of a megapixel, decoding left out: copies, and strangers to the portfolio."""
    known, unknown = [], []
    scenes = [p for p in parts().portfolio if p.parent.name == "illustrations"]
    with open_store(registered.location) as store:
        works = SizedWorks(StoredWorks(store), [*registered.ids.values()])
        for path in every(scenes, TIMED):
            picture = Picture.from_array(one_megapixel(path))
            without = index.without_works([registered.ids[path.as_posix()]])
            for one, seconds in ((index, known), (without, unknown)):
                begin = time.process_time()
                view = small_view(picture)
                identify(Suspect.of(view.rgb, view.alpha), one, works)
                seconds.append(time.process_time() - begin)
    return known, unknown


def _resident_mib() -> float:
    """Return the most memory that this process ever held, mapped files included."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def _counts(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def main() -> None:
    """Build, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--works", type=_counts, default=[*SIZES], help="sizes, with commas")
    parser.add_argument("--cache", type=Path, default=CACHE, help=f"folder [{CACHE}]")
    settings = parser.parse_args()
    cv2.setNumThreads(1)
    folder = settings.cache / stamp()
    registered, rows = register(folder), []
    questions(folder)
    for count in settings.works:
        begin = time.process_time()
        place = sized_index(folder, registered, count)
        print(
            f"{count} works ready after {time.process_time() - begin:.0f} CPU-seconds", flush=True
        )
        with get_context("spawn").Pool(1) as pool:
            rows.append(pool.apply(measure, (folder, place, registered)))
        print(
            {k: round(v, 3) if isinstance(v, float) else v for k, v in rows[-1].items()}, flush=True
        )
    place = write_result(
        "matching-size",
        seed=SEED,
        settings={"suspects_each": SUSPECTS_EACH, "timed": TIMED},
        data=data_facts(pictures(art_folder()), art_folder()),
        tables={"size": rows, "register": [_registering(registered)]},
    )
    print(f"written to {place.name}: {len(read_result('matching-size')['tables']['size'])} sizes")


def _registering(registered: Registered) -> dict[str, Any]:
    """Return what a work costs."""
    return {
        "works": len(registered.cpu_seconds),
        "cpu_seconds": float(np.median(registered.cpu_seconds)),
        "worst_cpu_seconds": max(registered.cpu_seconds),
        "fingerprint_bytes": registered.fingerprint_bytes,
        "database_bytes": registered.database_bytes,
        "rendition_bytes": registered.rendition_bytes,
    }


if __name__ == "__main__":
    main()
