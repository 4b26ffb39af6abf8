"""Measure how often parts of large works are named: panels, slices, stills, and the whole again.

    python tests/benchmarks/bench_views.py           # about three minutes on two cores

Reads the art in ``OCGUARD_BENCH_ART`` and writes results/views.json. Strips, pages and animations
are put together from the reported half and registered as works; every panel and frame, slices from
the beginning to the end of a strip, and each work as a whole are saved again and checked. Panels of
works of other families, which are not registered, are the strangers. Nothing was fitted on these
pictures.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

import ocguard
from bench_crowded import Rgb, deal
from harness import art_folder, data_facts, pictures, spread, wilson, write_result
from matching_suspects import rendition
from ocguard.distortions import apply

SEED = 2028
OF_EACH = 2
"""Works of each kind."""

QUALITY = "jpeg-75"
SLICE_PX, SLICE_STEP_PX = 1280, 907
"""Height of a slice of a strip of 800 pixels, and how far the next one is."""

STRANGERS = 60


@dataclass(frozen=True)
class Large:
    """A work that was put together.

    Attributes
    ----------
    kind : str
        Strip, page or animation.
    whole : array
        The picture; of an animation its first frame.
    frames : tuple of array
        All frames; one of a still picture.
    panels : tuple of array
        What it was put together from, as it is in it.
    """

    kind: str
    whole: Rgb
    frames: tuple[Rgb, ...]
    panels: tuple[Rgb, ...]


@dataclass(frozen=True)
class Task:
    """One suspect: what it is, and which work it is of, by number."""

    kind: str
    work: int | None
    rgb: Rgb


def strip(shown: Sequence[Path]) -> Large:
    """Put pictures of a width of 800 below each other, with gaps."""
    panels, rows = [], []
    for path in shown:
        rgb = rendition(path)
        panels.append(cv2.resize(rgb, (800, round(rgb.shape[0] * 800 / rgb.shape[1]))))
        rows += [panels[-1], np.full((150, 800, 3), 255, np.uint8)]
    whole = np.vstack(rows)
    return Large("strip of 12", whole, (whole,), tuple(panels))


def page(shown: Sequence[Path]) -> Large:
    """Put pictures into the panels of a page."""
    panels = [_squared(path, 600) for path in shown]
    whole = np.full((4 * 624 + 24, 3 * 624 + 24, 3), 255, np.uint8)
    for number, panel in enumerate(panels):
        top, left = 24 + 624 * (number // 3), 24 + 624 * (number % 3)
        whole[top : top + 600, left : left + 600] = panel
    return Large("page of 12", whole, (whole,), tuple(panels))


def animation(shown: Sequence[Path]) -> Large:
    """Show pictures one after the other."""
    frames = tuple(_squared(path, 480) for path in shown)
    return Large("animation of 8", frames[0], frames, frames)


def _squared(path: Path, side: int) -> Rgb:
    """Return the middle of a picture as a square."""
    rgb = rendition(path)
    height, width = rgb.shape[:2]
    least = min(height, width)
    top, left = (height - least) // 2, (width - least) // 2
    middle = rgb[top : top + least, left : left + least]
    return np.asarray(cv2.resize(middle, (side, side), interpolation=cv2.INTER_AREA))


KINDS: tuple[tuple[int, Callable[[Sequence[Path]], Large]], ...] = (
    (12, strip),
    (12, page),
    (8, animation),
)


@cache
def large_works() -> tuple[Large, ...]:
    """Put all works together, each from pictures of its own."""
    order = np.random.default_rng(SEED).permutation(len(deal()[0])).tolist()
    shown = iter([deal()[0][number] for number in order])
    return tuple(
        draw([next(shown) for _ in range(count)]) for count, draw in KINDS for _ in range(OF_EACH)
    )


@cache
def portfolio() -> tuple[Path, tuple[str | None, ...]]:
    """Register the works once; every process finds them in one folder."""
    home = Path(tempfile.gettempdir()) / "ocguard-views"
    home.mkdir(exist_ok=True)
    kept, ids = ocguard.Portfolio(home=home), []
    for number, work in enumerate(large_works()):
        first, *others = (Image.fromarray(frame) for frame in work.frames)
        first.save(home / f"{number}.png", save_all=bool(others), append_images=others)
        ids.append(kept.add(home / f"{number}.png").work_id)
    return home, tuple(ids)


def tasks() -> Iterator[Task]:
    """Cut and save again what is checked, the same in every run."""
    for number, work in enumerate(large_works()):
        part = "still of an" if len(work.frames) > 1 else "panel of a"
        for panel in work.panels:
            yield Task(f"{part} {work.kind}", number, panel)
        if len(work.frames) == 1:
            yield Task("the whole, saved again", number, work.whole)
        if work.kind.startswith("strip"):
            for top in range(0, len(work.whole) - SLICE_PX, SLICE_STEP_PX):
                cut = work.whole[top : top + SLICE_PX]
                yield Task(f"slice of a {work.kind}, 800 x {SLICE_PX}", number, cut)
    random = np.random.default_rng(SEED)
    for choice in random.choice(len(deal()[1]), STRANGERS, replace=False):
        yield Task("panel of a stranger's work", None, _squared(deal()[1][choice], 600))


def answer(task: Task) -> tuple[Task, str, bool | None, float]:
    """Check one suspect: its verdict, whether the right work was named, and the cost."""
    home, ids = portfolio()
    begin = time.process_time()
    result = ocguard.check(apply(QUALITY, task.rgb, SEED), home=home)
    spent = time.process_time() - begin
    named = {one.work_id for one in result.found}
    is_right = None if not named else task.work is not None and named == {ids[task.work]}
    return task, result.verdict or "failed", is_right, spent


def rows_of(
    answers: Sequence[tuple[Task, str, bool | None, float]],
) -> list[dict[str, object]]:
    """Return one row per kind of suspect."""
    rows: list[dict[str, object]] = []
    for kind in dict.fromkeys(task.kind for task, *_ in answers):
        of_kind = [one for one in answers if one[0].kind == kind]
        right = [verdict for _, verdict, is_right, _ in of_kind if is_right]
        interval = wilson(len(right), len(of_kind))
        rows.append(
            {
                "kind": kind,
                "suspects": len(of_kind),
                "named": len(right),
                "low": interval.low,
                "high": interval.high,
                "near_copies": sum(v in {"identical", "near-copy"} for v in right),
                "wrong": sum(is_right is False for _, _, is_right, _ in of_kind),
                "cpu_seconds": float(np.median([spent for *_, spent in of_kind])),
            }
        )
    return rows


def main() -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--processes", type=int, default=2)
    settings = parser.parse_args()
    cv2.setNumThreads(1)
    portfolio()
    rows = rows_of(list(spread(answer, list(tasks()), settings.processes)))
    for row in rows:
        print(row)
    write_result(
        "views",
        seed=SEED,
        settings={"works": len(large_works())},
        data=data_facts(pictures(art_folder()), art_folder()),
        tables={"views": rows},
    )


if __name__ == "__main__":
    main()
