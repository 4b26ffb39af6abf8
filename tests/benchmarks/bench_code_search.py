"""Compare the exact scan of all codes with faiss, which does the same in memory of its own.

    pip install faiss-cpu
    python tests/benchmarks/bench_code_search.py [--works 1000000]

Both find the nearest global codes (256 bits, seven a work) and layout codes (1,152 bits) exactly,
among random ones, with one thread. faiss returns the first few rows, the scan the distances of all.

Writes results/code-search.json.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from harness import write_result
from ocguard.matching.search.hamming import as_columns, nearest_distances

SEED = 2026
REPEATS = 3
ROWS = 20
"""Rows that a search proposes; seven times as many codes are asked for, since works have seven."""


def cpu_seconds(work: Callable[[], Any]) -> tuple[float, Any]:
    """Run something several times; return the least processor time, and the answer."""
    times = []
    for _ in range(REPEATS):
        begin = time.process_time()
        answer = work()
        times.append(time.process_time() - begin)
    return min(times), answer


def main() -> None:
    """Search, compare, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--works", type=int, default=1_000_000)
    works = parser.parse_args().works
    import faiss

    faiss.omp_set_num_threads(1)
    random = np.random.default_rng(SEED)
    rows = []
    for name, each, width, asked in (("codes", 7, 32, 4), ("layouts", 1, 144, 2)):
        stored = random.integers(0, 256, (works, each, width), np.uint8)
        queries = random.integers(0, 256, (asked, width), np.uint8)
        columns = as_columns(stored)
        scan, distances = cpu_seconds(
            lambda c=columns, q=queries: nearest_distances(c, q, zero_is_missing=False)
        )
        index = faiss.IndexBinaryFlat(8 * width)
        index.add(stored.reshape(-1, width))
        other, found = cpu_seconds(lambda i=index, q=queries, n=each: i.search(q, n * ROWS))
        if int(distances.min()) != int(found[0].min()):
            raise RuntimeError(f"{name}: the nearest distances differ")
        rows.append(
            {"codes": name, "works": works, "scan_cpu_seconds": scan, "faiss_cpu_seconds": other}
            | {"faiss_bytes": stored.nbytes}
        )
    write_result(
        "code-search",
        seed=SEED,
        settings={"repeats": REPEATS, "faiss": faiss.__version__},
        data={"pictures": 0, "sha256": ""},
        tables={"code_search": rows},
    )
    print(*rows, sep="\n")


if __name__ == "__main__":
    main()
