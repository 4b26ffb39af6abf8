"""Measure works that are spread over two servers: by the client's fan-out, and by postgres_fdw.

    python tests/benchmarks/bench_shards.py        # minutes

Starts two PostgreSQL servers on this machine and deals the art to them by the works' ids. Checks of
the same suspects are compared with those against one server that holds everything. What a check
reads of the servers (the fingerprints of 20 works, the renditions of 6) and a scan of all 64-bit
hashes are timed three ways: one server; ocguard asking each server for what it holds; and one
server that reaches the other one through foreign tables. ocguard's own tables cannot be foreign
ones: these have neither row-level security nor triggers. The processor time of the servers is not
counted.

Writes results/shards.json.
"""

from __future__ import annotations

import argparse
import contextlib
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2

from bench_capacity import suspects
from harness import art_folder, data_facts, every, pictures, write_result
from matching_size import CACHE, Registered, register, stamp
from matching_suspects import SEED
from ocguard.home import Home
from ocguard.portfolio import JoinedReader, Reader, copy_portfolio, keep_share, open_store
from ocguard.workflows.check.options import CheckOptions
from ocguard.workflows.check.run import Checker, prepare_check
from ocguard.workflows.home.workspace import Workspace

sys.path.insert(0, str(Path(__file__).parents[1] / "databases"))

from postgres_server import ARTISTS, DATABASE, Server, running_server

FINGERPRINTS, RENDITIONS = 20, 6
"""What one check reads of the works: of all candidates, and of those that are laid on it."""

ROUNDS = 30
HASH = "('x' || (hashes::json ->> 'imagehash-phash@4.3.2'))::bit(64)"
SCAN = "SELECT work_id, bit_count({hash} # B'{bits}') FROM {works} ORDER BY 2, 1 LIMIT 20"
FOREIGN = """
    CREATE EXTENSION postgres_fdw;
    CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw
        OPTIONS (host '{host}', dbname '{database}', options '-c ocguard.tenant={tenant}');
    CREATE USER MAPPING FOR {role} SERVER far OPTIONS (user '{role}', password_required 'false');
    GRANT USAGE ON FOREIGN SERVER far TO {role};
    CREATE SCHEMA far AUTHORIZATION {role};
    SET ROLE {role};
    IMPORT FOREIGN SCHEMA ocguard LIMIT TO (works, fingerprints, renditions)
        FROM SERVER far INTO far;
"""


def median_ms(work: Callable[[], Any]) -> float:
    """Return the median time of something, in milliseconds."""
    times = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        work()
        times.append(1e3 * (time.perf_counter() - begin))
    return statistics.median(times)


def checked(
    workspace: Workspace, also: tuple[str, ...], folder: Path, count: int
) -> dict[str, Any]:
    """Check suspects; their answers without what names portfolios and times."""
    checker = Checker(prepare_check(workspace, CheckOptions(also=tuple(also))))
    answers, seconds = [], []
    for path in every(suspects(folder), count):
        begin = time.process_time()
        result = checker.check(path)
        seconds.append(time.process_time() - begin)
        if result.error is not None:
            raise RuntimeError(f"{path}: {result.error}")
        searched = replace(result.searched, portfolios=())
        answers.append(replace(result, searched=searched, portfolio=None, seconds=0.0))
    return {"answers": answers, "cpu_seconds": statistics.median(seconds[1:])}


def read_ms(reader: Reader, ids: list[str], digests: list[str]) -> float:
    """Time what a check reads."""

    def read() -> None:
        for work_id in ids:
            reader.fingerprint(work_id)
        for digest in digests:
            reader.rendition(digest)

    return median_ms(read)


def scan_ms(servers: list[Server], tenants: list[str], works: str = "works") -> float:
    """Time a scan of all hashes: each server is asked, and the answers are merged here."""
    with contextlib.ExitStack() as stack:
        connections = [stack.enter_context(one.connect(ARTISTS[0])) for one in servers]
        for connection, tenant in zip(connections, tenants, strict=True):
            connection.execute("SET search_path = ocguard, public")
            connection.execute("SELECT set_config('ocguard.tenant', %s, false)", (tenant,))
        sql = SCAN.format(hash=HASH, works=works, bits="01" * 32)

        def scan() -> list[Any]:
            found = [row for one in connections for row in one.execute(sql).fetchall()]
            return sorted(found, key=lambda row: (row[1], row[0]))[:20]

        return median_ms(scan)


def foreign_ms(near: Server, far: Server, tenants: list[str], ids: list[str], digests: list[str]):
    """Time the same through one server that reaches the other one: reads, and the scan."""
    names = {"database": DATABASE, "role": ARTISTS[0], "host": far.folder, "tenant": tenants[1]}
    with near.connect() as administrator:
        administrator.execute(FOREIGN.format(**names))
    every_work = "(SELECT * FROM ocguard.{0} UNION ALL SELECT * FROM far.{0}) AS all_of_them"
    with near.connect(ARTISTS[0]) as connection:
        connection.execute("SELECT set_config('ocguard.tenant', %s, false)", (tenants[0],))

        def read() -> None:
            for table, key, values in (
                ("fingerprints", "work_id", ids),
                ("renditions", "sha256", digests),
            ):
                sql = f"SELECT * FROM {every_work.format(table)} WHERE {key} = %s"
                for value in values:
                    assert len(connection.execute(sql, (value,)).fetchall()) == 1

        reads = median_ms(read)
    return reads, scan_ms([near], tenants[:1], every_work.format("works"))


def measured(registered: Registered, folder: Path, count: int) -> list[dict[str, Any]]:
    """Deal the art to two servers, and measure."""
    with contextlib.ExitStack() as stack:
        near, far = (stack.enter_context(running_server()) for _ in range(2))
        whole, *shares = urls = [near.url("whole"), near.url("share-1"), far.url("share-2")]
        stores = []
        for share, url in enumerate(urls):
            copy_portfolio(registered.location, url)
            stores.append(stack.enter_context(open_store(url)))
            if share:
                keep_share(stores[-1], share, 2)
        home = Home(Path(stack.enter_context(tempfile.TemporaryDirectory())))
        one = checked(Workspace(home, whole), [], folder, count)
        two = checked(Workspace(home, shares[0]), shares[1:], folder, count)
        works = every(list(stores[0].works()), FINGERPRINTS)
        asked = [work.work_id for work in works], [w.reference_sha256 for w in works[:RENDITIONS]]
        reads, scan = foreign_ms(near, far, ["share-1", "share-2"], *asked)
        same = sum(a == b for a, b in zip(one["answers"], two["answers"], strict=True))
        return [
            {
                "how": "one server",
                "check_cpu_seconds": one["cpu_seconds"],
                "read_ms": read_ms(stores[0], *asked),
                "scan_ms": scan_ms([near], ["whole"]),
            },
            {
                "how": "two servers, each asked",
                "check_cpu_seconds": two["cpu_seconds"],
                "read_ms": read_ms(JoinedReader(stores[1:]), *asked),
                "scan_ms": scan_ms([near, far], ["share-1", "share-2"]),
                "suspects": count,
                "same_answers": same,
            },
            {"how": "two servers, postgres_fdw", "read_ms": reads, "scan_ms": scan},
        ]


def main() -> None:
    """Measure, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--suspects", type=int, default=24)
    parser.add_argument("--cache", type=Path, default=CACHE, help=f"folder [{CACHE}]")
    settings = parser.parse_args()
    cv2.setNumThreads(1)
    folder = settings.cache / stamp()
    rows = measured(register(folder), folder, settings.suspects)
    write_result(
        "shards",
        seed=SEED,
        settings={"suspects": settings.suspects, "rounds": ROUNDS},
        data=data_facts(pictures(art_folder()), art_folder()),
        tables={"shards": rows},
    )
    print(*rows, sep="\n")


if __name__ == "__main__":
    main()
