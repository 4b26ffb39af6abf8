"""Measure how many works are found in suspects that hold many pictures, and how many wrongly.

    python tests/benchmarks/bench_crowded.py           # about 12 minutes on two cores
    python tests/benchmarks/bench_crowded.py --quick   # about two minutes

Reads the art in ``OCGUARD_BENCH_ART`` and writes results/crowded.json. Half of the reported works
are registered; boards, sheets of stickers, strips, collages and slideshows are filled with works of
other families, which are not. Every suspect is made twice: with registered works among the others,
and without. Patterns repeat one work, registered or not. Nothing was fitted on these pictures.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

import ocguard
from harness import art_folder, data_facts, pictures, spread, wilson, write_result
from matching_art import family_of
from matching_suspects import load, parts, rendition
from ocguard.distortions import apply

Rgb = NDArray[np.uint8]

SEED = 2027
EACH = 12
QUICK_EACH = 2
REGISTERED = 2
"""Registered works among the others of one suspect."""

QUALITY = "jpeg-75"


@dataclass(frozen=True)
class Task:
    """One suspect: its kind, the works that it shows in their order, and which are registered."""

    kind: str
    shown: tuple[Path, ...]
    registered: frozenset[Path]
    seed: int


@dataclass(frozen=True)
class Answer:
    """What was found, and what it cost."""

    task: Task
    right: int
    wrong: int
    verdict: str
    views: int
    cpu_seconds: float


def _fitted(path: Path, side: int) -> Rgb:
    """Return a work on white with a given long side."""
    rgb = rendition(path)
    factor = side / max(rgb.shape[:2])
    return np.asarray(cv2.resize(rgb, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA))


def board(shown: Sequence[Path], seed: int) -> Rgb:
    """Lay pictures into the cells of a board with gaps."""
    columns = round(len(shown) ** 0.5)
    cell, ground = 300, int(np.random.default_rng(seed).integers(20, 250))
    page = np.full((columns * (cell + 12), columns * (cell + 12), 3), ground, np.uint8)
    for number, path in enumerate(shown):
        rgb = _fitted(path, cell)
        top, left = (6 + (cell + 12) * (number // columns), 6 + (cell + 12) * (number % columns))
        page[top : top + rgb.shape[0], left : left + rgb.shape[1]] = rgb
    return page


def stickers(shown: Sequence[Path], seed: int) -> Rgb:
    """Scatter turned figures over plain ground."""
    random = np.random.default_rng(seed)
    page = np.full((1600, 1600, 3), 250, np.uint8)
    for number, path in enumerate(shown):
        rgb, alpha = load(path)
        alpha = np.full(rgb.shape[:2], 255, np.uint8) if alpha is None else alpha
        factor = 270 / max(rgb.shape[:2])
        turn = cv2.getRotationMatrix2D(
            (rgb.shape[1] / 2, rgb.shape[0] / 2), float(random.uniform(-20, 20)), factor
        )
        x, y = 60 + 390 * (number % 4), 60 + 390 * (number // 4)
        turn[:, 2] += (150 - rgb.shape[1] / 2, 150 - rgb.shape[0] / 2)
        drawn, mask = (cv2.warpAffine(one, turn, (300, 300)) for one in (rgb, alpha))
        place = page[y : y + 300, x : x + 300]
        place[mask > 127] = drawn[mask > 127]
    return page


def strip(shown: Sequence[Path], _: int) -> Rgb:
    """Put pictures below each other, as a long screenshot shows them."""
    rows = []
    for path in shown:
        rgb = rendition(path)
        height = round(rgb.shape[0] * 800 / rgb.shape[1])
        rows += [cv2.resize(rgb, (800, height)), np.full((90, 800, 3), 255, np.uint8)]
    return np.vstack(rows)


def collage(shown: Sequence[Path], _: int) -> Rgb:
    """Put pictures edge to edge, without gaps."""
    columns = round(len(shown) ** 0.5)
    cells = [cv2.resize(rendition(path), (420, 420)) for path in shown]
    rows = [np.hstack(cells[n : n + columns]) for n in range(0, len(cells), columns)]
    return np.vstack(rows)


def fabric(times: int) -> Callable[[Sequence[Path], int], Rgb]:
    """Repeat one picture, as on fabric."""

    def draw(shown: Sequence[Path], _: int) -> Rgb:
        rgb = _fitted(shown[0], 1600 // times)
        return np.tile(rgb, (times, times, 1))[:1600, :1600]

    return draw


KINDS: dict[str, tuple[int, Callable[[Sequence[Path], int], Rgb]]] = {
    "board of 9": (9, board),
    "board of 36": (36, board),
    "sheet of 14 stickers": (14, stickers),
    "strip of 12": (12, strip),
    "collage of 9 without gaps": (9, collage),
    "pattern, 16 times": (1, fabric(4)),
    "pattern, 49 times": (1, fabric(7)),
}


@cache
def deal() -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """Return registered works of the reported half, and works of families without such."""
    reported = parts().reported
    registered = reported[::2]
    families = {family_of(path) for path in registered}
    others = [p for p in parts().portfolio if family_of(p) not in families]
    return registered, tuple(others)


def tasks(each: int) -> list[Task]:
    """List all suspects, the same in every run."""
    registered, others = deal()
    random = np.random.default_rng(SEED)
    listed = []
    for kind, (count, _) in KINDS.items():
        for turn in range(2 * each):
            is_known = turn < each
            mine = random.choice(len(registered), min(REGISTERED, count), replace=False)
            rest = random.choice(len(others), count, replace=False)
            shown = [others[n] for n in rest]
            for place, n in zip(random.permutation(count), mine, strict=False):
                if is_known:
                    shown[place] = registered[n]
            known = frozenset(registered[n] for n in mine) if is_known else frozenset[Path]()
            listed.append(Task(kind, tuple(shown), known, SEED + turn))
    return listed


@cache
def portfolio() -> tuple[Path, dict[str, Path]]:
    """Register the works once; every process finds them in one folder."""
    home = Path(tempfile.gettempdir()) / "ocguard-crowded"
    ids = {}
    kept = ocguard.Portfolio(home=home)
    for path in deal()[0]:
        ids[kept.add(path).work_id] = path
    return home, ids


def answer(task: Task) -> Answer:
    """Check one suspect."""
    home, ids = portfolio()
    rgb = apply(QUALITY, KINDS[task.kind][1](task.shown, task.seed), task.seed)
    begin = time.process_time()
    result = ocguard.check(rgb, home=home)
    spent = time.process_time() - begin
    named = {ids[one.work_id] for one in result.found}
    kin = {family_of(path) for path in task.registered}
    return Answer(
        task,
        len(named & task.registered),
        sum(family_of(path) not in kin for path in named),
        result.verdict or "failed",
        result.searched.views,
        spent,
    )


def rows_of(answers: Sequence[Answer]) -> list[dict[str, object]]:
    """Return one row per kind."""
    rows: list[dict[str, object]] = []
    for kind in KINDS:
        of_kind = [one for one in answers if one.task.kind == kind]
        known = [one for one in of_kind if one.task.registered]
        unknown = [one for one in of_kind if not one.task.registered]
        works, found = sum(len(one.task.registered) for one in known), sum(a.right for a in known)
        interval = wilson(found, works)
        rows.append(
            {
                "kind": kind,
                "suspects": len(known),
                "works": works,
                "found": found,
                "low": interval.low,
                "high": interval.high,
                "no_match": sum(one.verdict == "no-match" for one in known),
                "strangers": len(unknown),
                "wrong": sum(one.wrong for one in of_kind),
                "cpu_seconds": float(np.median([one.cpu_seconds for one in of_kind])),
                "views": float(np.median([one.views for one in of_kind])),
            }
        )
    return rows


def main() -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two suspects of each kind")
    parser.add_argument("--processes", type=int, default=2)
    settings = parser.parse_args()
    cv2.setNumThreads(1)
    portfolio()
    each = QUICK_EACH if settings.quick else EACH
    rows = rows_of(list(spread(answer, tasks(each), settings.processes)))
    for row in rows:
        print(row)
    write_result(
        "crowded-quick" if settings.quick else "crowded",
        seed=SEED,
        settings={"each": each, "registered": len(deal()[0])},
        data=data_facts(pictures(art_folder()), art_folder()),
        tables={"crowded": rows},
    )


if __name__ == "__main__":
    main()
