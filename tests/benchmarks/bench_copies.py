"""Measure what is said of protected pictures that were posted and changed, the whole way.

    python tests/benchmarks/bench_copies.py           # about eight minutes on two cores
    python tests/benchmarks/bench_copies.py --quick   # about one minute

Reads the art in ``OCGUARD_BENCH_ART`` and writes results/copies.json. Seven works of the reported
half are protected by ``protect`` with its defaults, visible mark included; the other works of the
portfolio are registered. Every protected file is then changed in 43 ways, of every family of the
standard list but partial copies, and given to ``check``. The works were taken from the list in even
steps, and so were the ways; nothing was fitted on either.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np

import ocguard
from harness import art_folder, data_facts, every, pictures, spread, wilson, write_result
from matching_art import cast, family_of
from ocguard import distortions
from ocguard.imaging.files import read_picture
from ocguard.imaging.rendition import flatten, rendition

SEED = 2028
WORKS = 7
WAYS = 43
QUICK_WAYS = 8
FINDINGS = {"identical", "near-copy", "shared-base", "likely-derivative"}


@dataclass(frozen=True)
class Task:
    """One suspect: which work it is a copy of, and what was done to it."""

    path: Path
    way: str
    seed: int


@dataclass(frozen=True)
class Answer:
    """What was said of it, and what that cost."""

    task: Task
    verdict: str
    is_right: bool
    is_wrong: bool
    is_marked: bool
    cpu_seconds: float


def ways(count: int) -> list[str]:
    """Return names of distortions in even steps through the standard list."""
    partial = set(distortions.names("partial"))
    return every([name for name in distortions.names() if name not in partial], count)


@cache
def portfolio() -> tuple[Path, dict[Path, Path], dict[str, Path]]:
    """Protect seven works and register the others, once."""
    root = Path(tempfile.gettempdir()) / f"ocguard-copies-{SEED}"
    works = cast(pictures(art_folder()))
    chosen = every(list(works.reported), WORKS)
    posted = {path: root / "out" / str(number) for number, path in enumerate(chosen)}
    home = root / "home"
    if not (root / "whole").exists():
        for path, folder in posted.items():
            made = ocguard.protect(path, out=folder, home=home, creator="Mira Vale")
            assert made.status == "protected", made.error
        kept = ocguard.Portfolio(home=home)
        for path in works.portfolio:
            if path not in posted:
                assert not kept.add(path).error
        (root / "whole").touch()
    ids = {one.work_id: Path(one.source) for one in ocguard.Portfolio(home=home).works()}
    files = {path: next(folder.iterdir()) for path, folder in posted.items()}
    return home, files, ids


def answer(task: Task) -> Answer:
    """Check one changed copy."""
    home, files, ids = portfolio()
    picture = read_picture(files[task.path].read_bytes())
    shown = rendition(picture, max(picture.size))
    rgb = distortions.apply(task.way, flatten(shown.rgb, shown.alpha), task.seed)
    begin = time.process_time()
    result = ocguard.check(rgb, home=home)
    spent = time.process_time() - begin
    named = {family_of(ids[one.work_id]) for one in result.found}
    mine = family_of(task.path)
    return Answer(
        task,
        result.verdict or "failed",
        result.verdict in FINDINGS and mine in named,
        bool(named - {mine}),
        any(mark.work_id in ids and ids[mark.work_id] == task.path for mark in result.marks),
        spent,
    )


def rows_of(answers: Sequence[Answer]) -> list[dict[str, object]]:
    """Return one row per family of changes, and one for all of them."""
    families = {one.task.way: distortions.get(one.task.way).family for one in answers}
    rows: list[dict[str, object]] = []
    for family in (*dict.fromkeys(families.values()), "all"):
        its = [one for one in answers if family in {families[one.task.way], "all"}]
        right = sum(one.is_right for one in its)
        interval = wilson(right, len(its))
        rows.append(
            {
                "family": family,
                "ways": len({one.task.way for one in its}),
                "copies": len(its),
                "right": right,
                "low": interval.low,
                "high": interval.high,
                "cannot_tell": sum(one.verdict == "cannot-tell" for one in its),
                "wrong": sum(one.is_wrong for one in its),
                "marked": sum(one.is_marked for one in its),
                "cpu_seconds": float(np.median([one.cpu_seconds for one in its])),
                "missed": sorted(
                    {one.task.way for one in its if not one.is_right} if family != "all" else set()
                ),
            }
        )
    return rows


def main() -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="eight ways")
    parser.add_argument("--processes", type=int, default=2)
    settings = parser.parse_args()
    cv2.setNumThreads(1)
    _, files, _ = portfolio()
    listed = ways(QUICK_WAYS if settings.quick else WAYS)
    tasks = [Task(path, way, SEED + n) for n, path in enumerate(files) for way in listed]
    rows = rows_of(list(spread(answer, tasks, settings.processes)))
    for row in rows:
        print(row)
    write_result(
        "copies-quick" if settings.quick else "copies",
        seed=SEED,
        settings={"works": len(files), "ways": listed},
        data=data_facts(pictures(art_folder()), art_folder()),
        tables={"copies": rows},
    )


if __name__ == "__main__":
    main()
