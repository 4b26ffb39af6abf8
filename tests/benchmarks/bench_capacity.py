"""Measure portfolios of very many works, in files and on servers: checks, one work more, storage.

    python tests/benchmarks/bench_capacity.py --works 1000,100000     # minutes
    python tests/benchmarks/bench_capacity.py                         # an hour, 25 GB of disk

The server is Debian's PostgreSQL, started by this program, on a socket of this machine; its
processor time is not counted. Works are those of `capacity_store` and `matching_size`. A suspect is
a JPEG of a megapixel; those that are unknown show works that were removed again. Every figure comes
from a process of its own. Writes results/capacity.json.
"""

from __future__ import annotations

import argparse
import contextlib
import resource
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image

from capacity_store import SizedWorkspace, filled, made_up_ids, seeded_cache
from harness import art_folder, data_facts, every, pictures, write_result
from matching_size import CACHE, Registered, one_megapixel, register, sized_index, stamp
from matching_suspects import SEED, parts
from ocguard.home import Home
from ocguard.portfolio import open_store
from ocguard.workflows.check.run import Checker, prepare_check
from ocguard.workflows.home import index_cache
from ocguard.workflows.home.catalog import add_one
from ocguard.workflows.home.index_cache import ready_index

sys.path.insert(0, str(Path(__file__).parents[1] / "databases"))

SIZES = (1_000, 100_000, 1_000_000)
FETCHED_UP_TO = 100_000
"""Works up to which the index is put into the portfolio and fetched: it takes thrice the disk."""

TIMED = 12
JPEG_QUALITY = 80
KINDS = ("file", "server")


def scenes() -> list[Path]:
    """Return the pictures that suspects show: half of them copies, half unknown."""
    return every([p for p in parts().portfolio if p.parent.name == "illustrations"], 2 * TIMED)


def unknown_works(registered: Registered) -> list[str]:
    """Name the works that are removed."""
    return list(dict.fromkeys(registered.ids[path.as_posix()] for path in scenes()[1::2]))


def suspects(folder: Path) -> list[Path]:
    """Write the suspects once."""
    for number, path in enumerate(scenes()):
        (folder / "suspects").mkdir(exist_ok=True)
        file = folder / "suspects" / f"{number:02}.jpg"
        if not file.exists():
            Image.fromarray(one_megapixel(path)).save(file, quality=JPEG_QUALITY)
    return sorted((folder / "suspects").glob("*.jpg"))


def measure(work: Callable[[], Any]) -> dict[str, Any]:
    """Run something, and tell what it took of this process."""
    begin, cpu = time.perf_counter(), time.process_time()
    written = resource.getrusage(resource.RUSAGE_SELF).ru_oublock
    answer = work()
    return {
        "answer": answer,
        "cpu_seconds": time.process_time() - cpu,
        "wall_seconds": time.perf_counter() - begin,
        "written_mib": (resource.getrusage(resource.RUSAGE_SELF).ru_oublock - written) / 2048,
    }


def first_checks(workspace: SizedWorkspace, folder: Path, is_shared: bool) -> dict[str, Any]:
    """Remove the works that are unknown from then on, add one, and make ready after each."""
    if not is_shared:
        index_cache.SHARED_WORKS = sys.maxsize  # type: ignore[misc]
    registered = register(folder)
    with workspace.open_store() as store:
        for work_id in unknown_works(registered):
            store.remove(work_id)
    prepare_check(workspace)
    shown = np.ascontiguousarray(one_megapixel(scenes()[1])[::-1, :700])
    added = measure(lambda: add_one(workspace, shown))
    assert added.pop("answer").error is None
    ready = measure(lambda: prepare_check(workspace))
    ready.pop("answer")
    again = measure(lambda: prepare_check(workspace))
    again.pop("answer")
    return {"add": added, "ready_after_one": ready, "ready": again}


def checks(workspace: SizedWorkspace, folder: Path) -> dict[str, Any]:
    """Check copies and strangers, one after the other, in one process."""
    cv2.setNumThreads(1)
    checker = Checker(prepare_check(workspace))
    seconds: dict[str, list[float]] = {"copy": [], "unknown": []}
    verdicts = []
    for number, path in enumerate(suspects(folder)):
        taken = measure(lambda path=path: checker.check(path))  # type: ignore[misc]
        result = taken["answer"]
        if result.error is not None:
            raise RuntimeError(f"{path}: {result.error}")
        seconds["unknown" if number % 2 else "copy"].append(taken["cpu_seconds"])
        verdicts.append([result.verdict, result.work_id])
    return {
        **{f"{kind}_cpu_seconds": float(np.median(each[1:])) for kind, each in seconds.items()},
        "worst_cpu_seconds": max(seconds["copy"][1:] + seconds["unknown"][1:]),
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10,
        "verdicts": verdicts,
    }


def fetching(workspace: SizedWorkspace, folder: Path) -> dict[str, Any]:
    """Let somebody who has no index fetch the one that the portfolio holds."""
    cache = folder / "second-cache"
    shutil.rmtree(cache, ignore_errors=True)
    with workspace.open_store() as store:
        taken = measure(lambda: ready_index(store, workspace.location, cache))
    del taken["answer"]
    taken["peak_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
    shutil.rmtree(cache)
    return taken


def apart(work: Callable[..., Any], *arguments: Any) -> Any:
    """Run something in a process of its own."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(work, arguments)


def fill(workspace: SizedWorkspace, works: int, folder: Path) -> None:
    """Make a portfolio with its index."""
    registered = register(folder)
    index = sized_index(folder, registered, works)
    real = sorted({*registered.ids.values()} - {*unknown_works(registered)})
    filled(workspace.location, registered, real, made_up_ids(index, registered))
    seeded_cache(workspace.home, workspace.location, index)


def measured(location: str, kind: str, works: int, folder: Path) -> dict[str, Any]:
    """Fill a portfolio and measure it."""
    home = Home(folder / f"home-{kind}-{works}")
    shutil.rmtree(home.folder, ignore_errors=True)
    workspace = SizedWorkspace(home, location)
    begin = time.perf_counter()
    apart(fill, workspace, works, folder)
    print(f"{kind} {works}: filled after {time.perf_counter() - begin:.0f} s", flush=True)
    is_shared = works <= FETCHED_UP_TO
    row = {"kind": kind, "works": works, **apart(first_checks, workspace, folder, is_shared)}
    row["check"] = apart(checks, workspace, folder)
    row["fetch"] = apart(fetching, workspace, folder) if is_shared else None
    with open_store(location) as store:
        row["store_bytes"] = store.stats().size_bytes
    row["index_bytes"] = sum(
        file.stat().st_size for file in (folder / f"index-{works}").rglob("*.npy")
    )
    shutil.rmtree(home.folder)
    return row


@contextlib.contextmanager
def places(kinds: list[str], folder: Path) -> Iterator[Callable[[str, int], str]]:
    """Give what names new portfolios; run a server as long as it may be needed."""
    from postgres_server import running_server

    with contextlib.ExitStack() as stack:
        server = stack.enter_context(running_server()) if "server" in kinds else None

        def place(kind: str, works: int) -> str:
            if kind == "server":
                assert server is not None
                return server.url(f"works-{works}")
            file = folder / f"portfolio-{works}.sqlite3"
            file.unlink(missing_ok=True)
            return str(file)

        yield place


def main() -> None:
    """Fill, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--works", default=",".join(map(str, SIZES)), help="sizes, with commas")
    parser.add_argument("--kinds", default=",".join(KINDS), help="file, server, with commas")
    parser.add_argument("--cache", type=Path, default=CACHE, help=f"folder [{CACHE}]")
    settings = parser.parse_args()
    folder, kinds = settings.cache / stamp(), settings.kinds.split(",")
    apart(register, folder)
    apart(suspects, folder)
    rows: list[dict[str, Any]] = []
    with places(kinds, folder) as place:
        for works in map(int, settings.works.split(",")):
            for kind in kinds:
                rows.append(measured(place(kind, works), kind, works, folder))
                print({k: v for k, v in rows[-1].items() if k != "check"}, flush=True)
                print({k: v for k, v in rows[-1]["check"].items() if k != "verdicts"}, flush=True)
                write(rows)


def write(rows: list[dict[str, Any]]) -> None:
    """Write what is measured so far."""
    write_result(
        "capacity",
        seed=SEED,
        settings={"timed": TIMED},
        data=data_facts(pictures(art_folder()), art_folder()),
        tables={"portfolios": rows},
    )


if __name__ == "__main__":
    main()
