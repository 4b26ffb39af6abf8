"""Measure how well `check` finds the right work, and how seldom a wrong one.

    python tests/benchmarks/bench_matching.py           # about ten minutes on two cores
    python tests/benchmarks/bench_matching.py --quick   # about one minute
    python tests/benchmarks/bench_matching.py --fit     # also refit the calibration

Reads the art in ``OCGUARD_BENCH_ART`` and writes results/matching.json. Thresholds are fitted on
some families of works and reported on others; variants of the right work count neither way.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np

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
from matching_art import family_of
from matching_fit import refit
from matching_metrics import Observation, cllr, micro_average_precision, recall_at, threshold_at
from matching_size import measure_size
from matching_suspects import GROUPS, QUICK, SEED, parts, portfolio, transformed
from ocguard.matching.calibration import features, load_calibration
from ocguard.matching.identify import Suspect, are_related, compare_all
from ocguard.matching.verdict import Comparison, judge

FINDINGS = ("identical", "near-copy", "shared-base", "likely-derivative")
QUERIES_EACH = 20
QUICK_QUERIES_EACH = 5


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
    right_lrs: tuple[float, ...]
    wrong_lrs: tuple[float, ...]
    describe_ms: float
    identify_ms: float


def answer(task: Task) -> Answer:
    """Check one suspect, by the steps of `identify`."""
    rgb = transformed(task.path, task.transform, task.seed)
    works = portfolio()
    begin = time.process_time()
    suspect = Suspect.of(rgb)
    described = time.process_time()
    listed = [c.work_id for c in works.index.search(suspect.fingerprint)]
    compared = compare_all(suspect, listed, works, len(works.ids))
    verdict = judge(
        compared,
        lambda one, other: are_related(works.fingerprint(one), works.fingerprint(other)),
        calibration_id=load_calibration().calibration_id,
        empty_reason=suspect.empty_reason,
    )
    done = time.process_time()
    named = works.ids[verdict.work_id] if verdict.work_id else None
    is_finding = verdict.verdict in FINDINGS
    right, wrong = _scores(task, compared)
    return Answer(
        task,
        verdict.verdict,
        is_finding and named == task.path,
        is_finding and named in _variants(task.path),
        task.path.as_posix() in listed,
        Observation(max(right, default=-np.inf) if task.is_known else None, wrong),
        tuple(c.log10_lr for c in compared if works.ids[c.work_id] == task.path),
        tuple(c.log10_lr for c in compared if works.ids[c.work_id].as_posix() in _strange(task)),
        1e3 * (described - begin),
        1e3 * (done - described),
    )


def _variants(path: Path) -> set[Path]:
    """Return the other works of a picture's family."""
    family = family_of(path)
    return {p for p in portfolio().ids.values() if p != path and family_of(p) == family}


def _strange(task: Task) -> set[str]:
    """Return the works that are wrong answers."""
    excluded = _variants(task.path) | {task.path}
    return {i for i, path in portfolio().ids.items() if path not in excluded}


def _scores(
    task: Task, compared: Sequence[Comparison]
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Score right and wrong works without clipping and correction, for one ranking of all."""
    unclipped = replace(load_calibration(), limit=float("inf"))
    scores = {c.work_id: unclipped.log10_lr(features(c.found, c.aligned), 1) for c in compared}
    strange = _strange(task)
    right = tuple(s for i, s in scores.items() if i == task.path.as_posix())
    return right, tuple(s for i, s in scores.items() if i in strange)


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
    rounds = 1 if is_quick else 4
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
    missed = [-load_calibration().limit] * sum(a.task.is_known and not a.right_lrs for a in answers)
    right = [lr for a in answers for lr in a.right_lrs] + missed
    wrong = [lr for a in answers for lr in a.wrong_lrs]
    return {
        "queries": len(answers),
        "micro_average_precision": micro_average_precision(observed),
        "recall_no_false": _share(recall_at(observed, strict)),
        "cllr_bits": cllr(right, wrong),
        "describe_cpu_ms": float(np.median([a.describe_ms for a in answers])),
        "identify_cpu_ms": float(np.median([a.identify_ms for a in answers])),
    }


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
