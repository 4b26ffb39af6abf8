"""Search and grow an index of many works, most of them made up."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from harness import every
from matching_suspects import SEED, parts, portfolio, transformed
from ocguard.fingerprint.describe import describe
from ocguard.fingerprint.fingerprint import Fingerprint
from ocguard.matching.index import Index

__all__ = ["measure_size"]

SIMULATED_WORKS = 10_000


def simulated_work(seed: int, models: Sequence[Fingerprint]) -> Fingerprint:
    """Return a made-up work: another work's geometry with descriptors drawn from all of them."""
    random = np.random.default_rng([SEED, seed])
    model = models[int(random.integers(len(models)))]
    pool = [models[int(i)] for i in random.integers(0, len(models), 8)]
    drawn = np.concatenate([m.local.descriptors for m in pool])
    rows = random.integers(0, len(drawn), len(model.local))
    noisy = np.rint(drawn[rows] + random.normal(0, 1.5, (len(rows), 128)))
    layout = np.packbits(np.unpackbits(model.layout) ^ (random.random(1152) < 0.2))
    codes = np.packbits(np.unpackbits(model.codes, axis=1) ^ (random.random((7, 256)) < 0.25), 1)
    local = replace(model.local, descriptors=np.clip(noisy, 0, 15).astype(np.uint8))
    return replace(model, local=local, layout=layout, codes=codes)


def measure_size(is_quick: bool) -> dict[str, Any]:
    """Search real suspects among real and made-up works, from an index on the disk."""
    works = portfolio()
    models = [works.fingerprint(i) for i in works.ids]
    count = SIMULATED_WORKS // 10 if is_quick else SIMULATED_WORKS
    begin = time.process_time()
    index = works.index
    for start in range(0, count, 1000):
        seeds = range(start, min(start + 1000, count))
        index = index.with_works((f"simulated-{s}", simulated_work(s, models)) for s in seeds)
    built = time.process_time()
    one_more = index.with_works([("one more", models[0])])
    added = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "index"
        one_more.save(place)
        size = sum(f.stat().st_size for f in place.rglob("*.npy"))
        costs, found = _search_cost(place)
    return {
        "works": len(one_more.work_ids),
        "build_cpu_ms_a_work": 1e3 * (built - begin) / count,
        "add_one_cpu_ms": 1e3 * (added - built),
        "bytes_a_work": size / len(one_more.work_ids),
        "search_cpu_ms": float(np.median(costs)),
        "first_search_cpu_ms": costs[0],
        "queries": len(found),
        "among_20_candidates": np.mean(found).item(),
    }


def _search_cost(place: Path) -> tuple[list[float], list[bool]]:
    """Return CPU milliseconds of searches, the first with opening, and whether each found it."""
    costs, found = [], []
    names = ("crop-40", "face", "line-art", "stylize", "screenshot", "elastic-6")
    for path in every([p for p in parts().reported if p.suffix == ".png"], 10):
        for name in names:
            query = describe(transformed(path, name, SEED))
            begin = time.process_time()
            index = Index.open(place)
            listed = [c.work_id for c in index.search(query)]
            costs.append(1e3 * (time.process_time() - begin))
            found.append(path.as_posix() in listed)
    return costs, found
