"""See that every database gives the same candidates for the same suspects, to the last bit.

    python tests/benchmarks/bench_engines.py [--queries 500]

The art lies in a file and, copied, on a PostgreSQL server that this program starts. Indexes: of the
file in one step; of the server in steps of seven works, which makes other segments; and the
server's own, fetched. Suspects are made by the transforms of the matching benchmark. Candidates are
compared with their votes and distances. What is verified and decided afterwards depends on nothing
but these and on fingerprints and renditions, which ``portfolio copy`` compares byte for byte. The
phashes of all pairs of works are compared with SQL's ``bit_count`` too.

Writes results/engines.json.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import cv2

from harness import art_folder, data_facts, pictures, write_result
from matching_size import CACHE, register, stamp
from matching_suspects import GROUPS, PAIRED, SEED, parts, transformed
from ocguard.fingerprint.describe import describe
from ocguard.fingerprint.fingerprint import Fingerprint
from ocguard.matching.search.files import open_segments
from ocguard.matching.search.index import Index
from ocguard.portfolio import copy_portfolio, open_store
from ocguard.workflows.home import index_cache
from ocguard.workflows.home.index_cache import ready_index

sys.path.insert(0, str(Path(__file__).parents[1] / "databases"))

from postgres_server import Server, running_server

PRIME = 37
"""Step through the pictures, so that each transform meets others."""

_DISTANCES = """
    SELECT one.work_id, other.work_id, bit_count(one.hash # other.hash)
    FROM hashes AS one, hashes AS other
"""
_HASHES = """
    CREATE TEMPORARY TABLE hashes AS SELECT work_id,
        ('x' || (hashes::json ->> 'imagehash-phash@4.3.2'))::bit(64) AS hash FROM ocguard.works
"""


def queries(count: int) -> Iterator[Fingerprint]:
    """Describe suspects: all transforms in turn, each of another picture."""
    names = [name for group in GROUPS.values() for name in group if name not in PAIRED]
    works = parts().portfolio
    for number in range(count):
        path = works[number * PRIME % len(works)]
        yield describe(transformed(path, names[number % len(names)], SEED))


def indexes(file: str, server: str, folder: Path) -> dict[str, Index]:
    """Make the index of each engine."""
    copy_portfolio(file, server)
    made = {}
    for name, location, batch in (
        ("file", file, index_cache.BATCH_WORKS),
        ("server, in steps", server, 7),
        ("server, fetched", server, 7),
    ):
        index_cache.BATCH_WORKS = batch  # type: ignore[misc]
        index_cache.SHARED_WORKS = 1  # type: ignore[misc]
        with open_store(location) as store:
            cache = ready_index(store, location, folder / name)
        made[name] = Index(open_segments(cache.folder))
    return made


def hash_faults(server: Server, url: str) -> tuple[int, int]:
    """Compare all pairs of phashes in SQL and here; return pairs and differences."""
    with open_store(url) as store:
        hashes = {
            work.work_id: int(work.hashes["imagehash-phash@4.3.2"], 16) for work in store.works()
        }
    with server.connect() as db:
        db.execute(_HASHES)
        found = db.execute(_DISTANCES).fetchall()
    db.close()
    wrong = [1 for one, other, bits in found if (hashes[one] ^ hashes[other]).bit_count() != bits]
    return len(found), len(wrong)


def main() -> None:
    """Ask, compare, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--queries", type=int, default=500)
    parser.add_argument("--cache", type=Path, default=CACHE, help=f"folder [{CACHE}]")
    settings = parser.parse_args()
    cv2.setNumThreads(1)
    registered = register(settings.cache / stamp())
    with running_server() as server, tempfile.TemporaryDirectory() as name:
        url = server.new_url()
        engines = indexes(registered.location, url, Path(name))
        same = dict.fromkeys(engines, 0)
        for query in islice(queries(settings.queries), settings.queries):
            expected = engines["file"].search(query)
            for engine, index in engines.items():
                same[engine] += index.search(query) == expected
        pairs, wrong = hash_faults(server, url)
    rows = [
        {"engine": engine, "segments": len(index.segments), "queries": settings.queries}
        | {"same_answers": same[engine]}
        for engine, index in engines.items()
    ]
    write_result(
        "engines",
        seed=SEED,
        settings={"queries": settings.queries},
        data=data_facts(pictures(art_folder()), art_folder()),
        tables={"engines": rows, "bit_count": [{"pairs": pairs, "different": wrong}]},
    )
    print(rows, pairs, wrong)


if __name__ == "__main__":
    main()
