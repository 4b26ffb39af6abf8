"""How well does `check` find the right work, and how seldom a wrong one?

    python tests/benchmarks/bench_matching.py           # about ten minutes on two cores
    python tests/benchmarks/bench_matching.py --quick   # about one minute
    python tests/benchmarks/bench_matching.py --fit     # also refit the calibration

Reads the art in ``OCGUARD_BENCH_ART`` and writes results/matching.json. Thresholds are fitted on
some families of works and reported on others; variants of the right work count neither way.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from matching_art import Cast, cast, family_of
from matching_metrics import Observation, cllr, micro_average_precision, recall_at, threshold_at

sys.path.insert(0, str(Path(__file__).resolve().parent))
from harness import (
    REPOSITORY,
    art_folder,
    data_facts,
    every,
    pictures,
    spread,
    wilson,
    write_result,
)
from ocguard.fingerprint.describe import describe
from ocguard.fingerprint.fingerprint import Fingerprint
from ocguard.imaging.distortions import apply, flatten_alpha
from ocguard.matching.aligned import compare_aligned
from ocguard.matching.calibration import Calibration, features, load_calibration
from ocguard.matching.identify import Suspect, identify
from ocguard.matching.index import Index
from ocguard.matching.verification import prepare, verify

Rgb = NDArray[np.uint8]

SEED = 2026
LONG_SIDE_PX = 1024
FINDINGS = ("identical", "near-copy", "shared-base", "likely-derivative")
FLOOR = ("jpeg-75", "resize-75", "crop-80")
REPOST = (
    "jpeg-50", "jpeg-25", "resize-50", "resize-25", "webp-50", "crop-60", "crop-40", "crop-25",
    "mirror", "rotate-5", "rotate-15", "rotate-45", "rotate-90", "border", "letterbox", "rounded",
    "text-20", "sticker-20", "hue-30", "hue-90", "sepia", "grey", "invert", "brightness-130",
    "contrast-70", "gamma-140", "blur-2", "noise-20", "screenshot", "grid-4", "meme",
    "ground:black", "ground:photo", "screen-photo",
)  # fmt: skip
REPAINT = (
    "stylize", "edge-preserving", "posterize-8", "watercolor", "pencil", "line-art", "color-in",
    "elastic-3", "elastic-6", "recolor", "bottleneck-96", "bottleneck-64", "renoise-15",
    "renoise-30", "renoise-50", "enlarge-head-115", "shift-limbs-4",
    "edge-preserving+elastic-1+jpeg-75", "watercolor+elastic-2+hue-30",
    "posterize-8+elastic-4+recolor",
)  # fmt: skip
PARTIAL = ("face", "upper-half", "silhouette", "face+mirror+hue-90")
GROUPS = {"floor": FLOOR, "repost": REPOST, "repaint": REPAINT, "partial": PARTIAL}
QUICK = {"floor": FLOOR, "repost": REPOST[::5], "repaint": REPAINT[::5], "partial": PARTIAL[:1]}
QUERIES_EACH = 20
QUICK_QUERIES_EACH = 5
SIMULATED_WORKS = 10_000
FIT_NEGATIVES_EACH = 24
FIT_TRANSFORMS_EACH = 14
RIDGE = 2e-3


@dataclass(frozen=True)
class Task:
    """One query: a picture, what is done to it, and whether its work is in the portfolio."""

    path: Path
    transform: str
    group: str
    is_known: bool
    seed: int


@dataclass(frozen=True)
class Answer:
    """What the matcher said, and what it cost."""

    task: Task
    verdict: str
    is_right: bool
    is_variant: bool
    is_among_candidates: bool
    observation: Observation
    right_lr: float | None
    wrong_lrs: tuple[float, ...]
    describe_ms: float
    identify_ms: float


class ArtWorks:
    """The benchmark's portfolio, in memory."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self.ids = {path.as_posix(): path for path in paths}
        self._fingerprints = {i: describe(*load(path)) for i, path in self.ids.items()}
        self.index = Index.build(self._fingerprints.items())

    def fingerprint(self, work_id: str) -> Fingerprint:
        """Return a work's fingerprint."""
        return self._fingerprints[work_id]

    def reference(self, work_id: str) -> Rgb:
        """Return a work's rendition on white."""
        return rendition(self.ids[work_id])


def load(path: Path) -> tuple[Rgb, Rgb | None]:
    """Read a picture with a long side of at most 1024 pixels, and its alpha."""
    array = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    if array is None:
        raise SystemExit(f"{path} cannot be read")
    factor = min(1.0, LONG_SIDE_PX / max(array.shape[:2]))
    if factor < 1:
        array = cv2.resize(array, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    if array.ndim == 2:
        array = np.repeat(array[..., None], 3, axis=2)
    alpha = np.ascontiguousarray(array[..., 3]) if array.shape[2] == 4 else None
    return np.ascontiguousarray(array[..., 2::-1]), alpha


def transformed(path: Path, name: str, seed: int) -> Rgb:
    """Return the picture as a suspect: laid on a ground, distorted, capped at 1024 pixels."""
    rgb, alpha = load(path)
    ground = name.partition(":")[2] if name.startswith("ground:") else "white"
    if alpha is not None:
        rgb = flatten_alpha(rgb, alpha, ground, seed)  # type: ignore[arg-type]
    if name != "none" and not name.startswith("ground:"):
        rgb = apply(name, rgb, seed)
    factor = min(1.0, LONG_SIDE_PX / max(rgb.shape[:2]))
    if factor < 1:
        rgb = cv2.resize(rgb, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(rgb)


@cache
def rendition(path: Path) -> Rgb:
    """Return a work on white, kept in memory."""
    return transformed(path, "none", 0)


@cache
def parts() -> Cast:
    """Deal the art."""
    return cast(pictures(art_folder()), SEED)


@cache
def portfolio() -> ArtWorks:
    """Describe the portfolio once a process."""
    return ArtWorks(parts().portfolio)


def answer(task: Task) -> Answer:
    """Check one suspect."""
    rgb = transformed(task.path, task.transform, task.seed)
    works = portfolio()
    begin = time.process_time()
    suspect = Suspect.of(rgb)
    described = time.process_time()
    verdict = identify(suspect, works.index, works)
    done = time.process_time()
    right, wrong, variants, right_lr, wrong_lrs = _scores(task, suspect, verdict.candidates)
    named = works.ids[verdict.work_id] if verdict.work_id else None
    is_finding = verdict.verdict in FINDINGS
    listed = {c.work_id for c in works.index.search(suspect.fingerprint)}
    return Answer(
        task,
        verdict.verdict,
        is_finding and named == task.path,
        is_finding and named != task.path and named in variants,
        task.path.as_posix() in listed,
        Observation(right, wrong),
        right_lr,
        wrong_lrs,
        1e3 * (described - begin),
        1e3 * (done - described),
    )


def _scores(task: Task, suspect: Suspect, candidates: Iterable[Any]) -> tuple[Any, ...]:
    """Score all candidates again without clipping, for ranking, and tell right from wrong."""
    works = portfolio()
    calibration = load_calibration()
    unclipped = replace(calibration, limit=float("inf"))
    variants = {p for p in works.ids.values() if family_of(p) == family_of(task.path)}
    right: float | None = -np.inf if task.is_known else None
    right_lr: float | None = -calibration.limit if task.is_known else None
    wrong, wrong_lrs = [], []
    for found in candidates:
        path = works.ids[found.work_id]
        score = unclipped.log10_lr(features(found.found, found.aligned), 1)
        if path == task.path:
            right, right_lr = score, found.log10_lr
        elif path not in variants:
            wrong.append(score)
            wrong_lrs.append(found.log10_lr)
    return right, tuple(wrong), variants, right_lr, tuple(wrong_lrs)


def tasks(is_quick: bool) -> list[Task]:
    """List all queries: known works under every transform, distractors under a mixture."""
    groups = QUICK if is_quick else GROUPS
    reported = [p for p in parts().reported if p.parent.name != "illustrations"]
    scenes = [p for p in parts().reported if p.parent.name == "illustrations"]
    chosen = every(reported, QUICK_QUERIES_EACH if is_quick else QUERIES_EACH - 4)
    chosen += [] if is_quick else every(scenes, 4)
    listed = []
    for group, names in groups.items():
        for name in names:
            paths = chosen if is_quick or group != "floor" else reported
            listed += [Task(p, name, group, True, SEED + i) for i, p in enumerate(paths)]
    mixture = [("distractor", "none"), *((g, n) for g, names in groups.items() for n in names)]
    unknown = every(list(parts().distractors), 20 if is_quick else 1000)
    rounds = 1 if is_quick else 5
    for turn in range(rounds):
        for i, path in enumerate(unknown):
            name = mixture[(i + turn * 13) % len(mixture)][1] if turn else "none"
            group = "distractor" if not turn else "transformed distractor"
            listed.append(Task(path, name, group, False, SEED + 1000 * turn + i))
    return listed


def table(answers: Sequence[Answer], strict: float, lenient: float) -> list[dict[str, Any]]:
    """Return one row per transform and one per group."""
    rows = []
    keys = list(dict.fromkeys((a.task.group, a.task.transform) for a in answers if a.task.is_known))
    keys += [(group, "all") for group in dict.fromkeys(k[0] for k in keys)]
    for group, name in keys:
        of_row = [
            a
            for a in answers
            if a.task.is_known and a.task.group == group and name in (a.task.transform, "all")
        ]
        hits = sum(a.is_right for a in of_row)
        observed = [a.observation for a in of_row]
        interval = wilson(hits, len(of_row))
        rows.append(
            {
                "group": group,
                "transform": name,
                "queries": len(of_row),
                "right_work": hits / len(of_row),
                "low": interval.low,
                "high": interval.high,
                "variant_named": sum(a.is_variant for a in of_row),
                "wrong_named": sum(_is_false(a) for a in of_row),
                "recall_no_false": _share(recall_at(observed, strict)),
                "recall_1_percent_false": _share(recall_at(observed, lenient)),
                "among_20_candidates": np.mean([a.is_among_candidates for a in of_row]).item(),
                "near_copy": np.mean([a.verdict == "near-copy" for a in of_row]).item(),
            }
        )
    return rows


def _is_false(one: Answer) -> bool:
    """Whether a work was named that is neither the right one nor its variant."""
    return one.verdict in FINDINGS and not one.is_right and not one.is_variant


def _share(counts: tuple[int, int]) -> float:
    return counts[0] / counts[1] if counts[1] else 0.0


def distractor_rows(answers: Sequence[Answer]) -> list[dict[str, Any]]:
    """Return false verdicts on pictures whose work is not in the portfolio."""
    rows = []
    for group in ("distractor", "transformed distractor"):
        of_row = [a for a in answers if a.task.group == group]
        false = sum(_is_false(a) for a in of_row)
        if of_row:
            rows.append(
                {
                    "group": group,
                    "queries": len(of_row),
                    "false_verdicts": false,
                    "high": wilson(false, len(of_row)).high,
                    "cannot_tell": sum(a.verdict == "cannot-tell" for a in of_row),
                }
            )
    return rows


def summary(answers: Sequence[Answer], strict: float) -> dict[str, Any]:
    """Return the figures over everything."""
    observed = [a.observation for a in answers]
    right = [a.right_lr for a in answers if a.right_lr is not None]
    wrong = [lr for a in answers for lr in a.wrong_lrs]
    missed = [-load_calibration().limit] * max(1, len(answers))
    return {
        "queries": len(answers),
        "micro_average_precision": micro_average_precision(observed),
        "recall_no_false": _share(recall_at(observed, strict)),
        "cllr_bits": cllr(right, wrong + missed),
        "describe_cpu_ms": float(np.median([a.describe_ms for a in answers])),
        "identify_cpu_ms": float(np.median([a.identify_ms for a in answers])),
    }


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


def fit_pairs(path: Path) -> list[tuple[bool, tuple[float, float, float]]]:
    """Return features of right and wrong pairs of one fitted work under several transforms."""
    works, random = portfolio(), np.random.default_rng([SEED, *path.as_posix().encode()])
    names = [n for names in GROUPS.values() for n in names]
    others = [p for p in parts().fitted if family_of(p) != family_of(path)]
    rows = []
    for name in random.choice(names, FIT_TRANSFORMS_EACH, replace=False):
        suspect = Suspect.of(transformed(path, str(name), SEED))
        query = prepare(suspect.fingerprint)
        picked = random.choice(len(others), FIT_NEGATIVES_EACH, replace=False)
        for other in [path, *(others[int(i)] for i in picked)]:
            found = verify(query, works.fingerprint(other.as_posix()))
            aligned = None
            if found.method != "none":
                reference = works.reference(other.as_posix())
                aligned = compare_aligned(suspect.rgb, reference, found.transform)
            rows.append((other == path, features(found, aligned)))
    return rows


def fit(rows: Sequence[tuple[bool, tuple[float, float, float]]]) -> Calibration:
    """Fit a ridge logistic regression with weights that are not negative; right and wrong pairs
    weigh the same, so that the log odds are a log likelihood ratio.
    """
    truth = np.array([is_right for is_right, _ in rows], float)
    values = np.column_stack([np.array([f for _, f in rows]), np.ones(len(rows))])
    balance = np.where(truth > 0, 0.5 / truth.sum(), 0.5 / (1 - truth).sum())
    weights = np.zeros(values.shape[1])
    penalty = RIDGE * np.array([1.0] * (values.shape[1] - 1) + [0.0])
    for _ in range(60):
        chance = 1 / (1 + np.exp(-values @ weights))
        slope = values.T @ (balance * (chance - truth)) + penalty * weights
        bend = (values.T * (balance * chance * (1 - chance))) @ values + np.diag(penalty + 1e-9)
        weights = weights - np.linalg.solve(bend, slope)
        weights[:-1] = np.maximum(weights[:-1], 0.0)
    first, second, third, offset = (round(float(w / np.log(10)), 3) for w in weights)
    limit = round(float(np.log10((1 - truth).sum())), 2)
    return Calibration(f"portraits-{SEED}-1", (first, second, third), offset, limit)


def refit(processes: int) -> None:
    """Fit the calibration and write it where the package ships it."""
    portfolio()
    rows = [row for rows in spread(fit_pairs, list(parts().fitted), processes) for row in rows]
    found = fit(rows)
    place = REPOSITORY / "src" / "ocguard" / "matching" / "calibration.json"
    content = {
        "calibration_id": found.calibration_id,
        "weights": found.weights,
        "offset": found.offset,
        "limit": found.limit,
        "right_pairs": sum(is_right for is_right, _ in rows),
        "wrong_pairs": sum(not is_right for is_right, _ in rows),
        "fitted_by": "tests/benchmarks/bench_matching.py --fit",
    }
    place.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    load_calibration.cache_clear()
    wrong = sorted((sum(f), f) for is_right, f in rows if not is_right)[-5:]
    right = sorted((sum(f), f) for is_right, f in rows if is_right)[:5]
    print(f"fitted {content}\nhighest wrong: {wrong}\nlowest right: {right}")


def main() -> None:
    """Run the benchmark and print its tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer queries and transforms")
    parser.add_argument("--fit", action="store_true", help="refit the shipped calibration first")
    parser.add_argument("--processes", type=int, default=2)
    settings = parser.parse_args()
    cv2.setNumThreads(1)
    if settings.fit:
        refit(settings.processes)
    portfolio()
    answers = list(spread(answer, tasks(settings.quick), settings.processes))
    observed = [a.observation for a in answers]
    strict, lenient = threshold_at(observed, 0.0), threshold_at(observed, 0.01)
    tables: dict[str, list[Any]] = {
        "summary": [summary(answers, strict)],
        "transforms": table(answers, strict, lenient),
        "distractors": distractor_rows(answers),
        "size": [measure_size(settings.quick)],
    }
    place = write_result(
        "matching-quick" if settings.quick else "matching",
        seed=SEED,
        settings={
            "is_quick": settings.quick,
            "portfolio_works": len(parts().portfolio),
            "calibration_id": load_calibration().calibration_id,
        },
        data=data_facts(pictures(art_folder()), art_folder()),
        tables=tables,
    )
    _print(tables, answers)
    print(f"written to {place.relative_to(REPOSITORY)}")


def _print(tables: dict[str, list[Any]], answers: Sequence[Answer]) -> None:
    """Print the tables and every query that went wrong."""
    for row in tables["transforms"]:
        print(
            f"{row['group']:9} {row['transform']:34} n={row['queries']:4} "
            f"right {row['right_work']:.3f} [{row['low']:.3f}, {row['high']:.3f}] "
            f"variant {row['variant_named']:2} wrong {row['wrong_named']:2} "
            f"R0 {row['recall_no_false']:.3f} R1% {row['recall_1_percent_false']:.3f} "
            f"@20 {row['among_20_candidates']:.3f} near-copy {row['near_copy']:.2f}"
        )
    for name in ("distractors", "size", "summary"):
        for row in tables[name]:
            print(name, {k: round(v, 4) if isinstance(v, float) else v for k, v in row.items()})
    for a in answers:
        if _is_false(a) or (a.task.is_known and not a.is_right and not a.is_variant):
            print(
                f"missed: {a.task.path.parent.name}/{a.task.path.stem} {a.task.transform}: "
                f"{a.verdict}, right {a.observation.right_score}, "
                f"wrong {max(a.observation.wrong_scores, default=None)}"
            )


if __name__ == "__main__":
    main()
