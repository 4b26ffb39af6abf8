"""Measure how well `check` finds the right work, and how seldom a wrong one.

    python tests/benchmarks/bench_matching.py           # about 14 minutes on two cores
    python tests/benchmarks/bench_matching.py --quick   # about one minute
    python tests/benchmarks/bench_matching.py --fit     # also refit the calibration
    python tests/benchmarks/bench_matching.py --bounds  # only what lies on either side of bounds

Reads the art in ``OCGUARD_BENCH_ART`` and writes results/matching.json. All pictures are in the
portfolio. Ratios are fitted on one half of the families of works and reported on the other half;
variants of the right work count neither way. A query without a match is a picture of the reported
half whose whole family is left out of the search.
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
from matching_bounds import write_seen
from matching_fit import refit
from matching_metrics import (
    Observation,
    cllr,
    micro_average_precision,
    recall_at,
    reliability,
    threshold_at,
)
from matching_overlays import measure_overlays
from matching_suspects import (
    GROUPS,
    PAIRED,
    QUICK,
    SEED,
    holds_figure,
    parts,
    portfolio,
    transformed,
)
from matching_templates import measure_templates
from matching_tiny import measure_tiny
from ocguard.matching.decision.bounds import load_bounds
from ocguard.matching.decision.bounds_id import shipped_bounds_id
from ocguard.matching.decision.calibration import features, load_calibration
from ocguard.matching.decision.outcomes import FINDINGS
from ocguard.matching.decision.verdict import is_confirmed
from ocguard.matching.identification.comparison import Comparison
from ocguard.matching.identification.identify import Suspect, Verdict, compare_all, decide

QUERIES_EACH = 16
FLOOR_QUERIES_EACH = 30
QUICK_QUERIES_EACH = 5
UNKNOWN_ROUNDS = 4
EDITS = ("floor", "repost")


@dataclass(frozen=True)
class Task:
    """One query: a picture, what is done to it, and whether its family is in the portfolio."""

    path: Path
    transform: str
    group: str
    is_known: bool
    seed: int
    partner: Path | None = None

    @property
    def right(self) -> frozenset[Path]:
        """The works that are in the suspect."""
        return frozenset({self.path, self.partner} - {None})  # type: ignore[arg-type]

    @property
    def kin(self) -> frozenset[Path]:
        """The works that are in it, and all their variants: neither of them a wrong answer."""
        families = parts().families
        return frozenset(p for path in self.right for p in families[family_of(path)])


@dataclass(frozen=True)
class Answer:
    """What the matcher said, and what it cost."""

    task: Task
    verdict: str
    is_right: bool
    is_variant: bool
    confirmed: int
    is_among_candidates: bool
    observation: Observation
    right_lrs: tuple[float, ...]
    wrong_lrs: tuple[float, ...]
    describe_ms: float
    identify_ms: float


def answer(task: Task) -> Answer:
    """Check one suspect, by the steps of `identify`."""
    rgb = transformed(task.path, task.transform, task.seed, task.partner)
    works = portfolio()
    kin = {p.as_posix() for p in task.kin}
    index = works.index if task.is_known else works.index.without_works(kin)
    begin = time.process_time()
    suspect = Suspect.of(rgb)
    described = time.process_time()
    listed = [c.work_id for c in index.search(suspect.fingerprint)]
    compared = compare_all(suspect, listed, works, len(index))
    verdict = decide(suspect, compared, index, works)
    done = time.process_time()
    named = verdict.work_id if verdict.verdict in FINDINGS else None
    right = {p.as_posix() for p in task.right}
    return Answer(
        task,
        verdict.verdict,
        named in right,
        named in kin - right,
        sum(is_confirmed(c, load_bounds()) for c in compared if c.work_id in right),
        right <= set(listed),
        _observed(task, compared),
        tuple(_told(c, verdict) for c in compared if c.work_id in right),
        tuple(_told(c, verdict) for c in compared if c.work_id not in kin),
        1e3 * (described - begin),
        1e3 * (done - described),
    )


def _told(one: Comparison, verdict: Verdict) -> float:
    """Return the ratio that is told of a work; where it is not listed, the one of its features."""
    return verdict.log10_lrs.get(one.work_id, one.log10_lr)


def _observed(task: Task, compared: Sequence[Comparison]) -> Observation:
    """Score right and wrong works without clipping and correction, for one ranking of all."""
    unclipped = replace(load_calibration(), limit=float("inf"))
    ids = portfolio().ids
    scores = [(ids[c.work_id], unclipped.log10_lr(features(c.measures), 1)) for c in compared]
    right = max((score for path, score in scores if path in task.right), default=-np.inf)
    return Observation(
        right if task.is_known else None,
        tuple(score for path, score in scores if path not in task.kin),
    )


def tasks(is_quick: bool) -> list[Task]:
    """List all queries: reported works under every transform, and the same without their family."""
    groups = QUICK if is_quick else GROUPS
    reported = list(parts().reported)
    known = []
    for group, names in groups.items():
        for name in names:
            each = QUICK_QUERIES_EACH if is_quick else QUERIES_EACH
            known += _row(
                name, group, FLOOR_QUERIES_EACH if group == "floor" and not is_quick else each
            )
    names = [name for members in groups.values() for name in members if name not in PAIRED]
    unknown = [Task(path, "none", "distractor", False, SEED) for path in reported]
    for turn in range(1, 1 if is_quick else UNKNOWN_ROUNDS):
        for place, path in enumerate(reported):
            name, seed = names[(place + 17 * turn) % len(names)], SEED + 1000 * turn + place
            unknown.append(Task(path, name, "transformed distractor", False, seed))
    return known + (every(unknown, 20) if is_quick else unknown)


def _row(name: str, group: str, count: int) -> list[Task]:
    """Return the queries of one transform: works that it leaves something of, evenly chosen."""
    able = [path for path in parts().reported if holds_figure(path, name, SEED)]
    row = []
    for place, path in enumerate(every(able, count)):
        partner = None
        if name in PAIRED:
            strangers = [p for p in able if family_of(p) != family_of(path)]
            partner = strangers[(7 * place + 3) % len(strangers)]
        row.append(Task(path, name, group, True, SEED, partner))
    return row


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
                "all_parts_found": np.mean(
                    [a.confirmed == len(a.task.right) for a in of_row]
                ).item(),
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
    return {
        "queries": len(answers),
        "micro_average_precision": micro_average_precision(observed),
        "recall_no_false": _share(recall_at(observed, strict)),
        "cllr_bits": cllr(*_ratios(answers)),
        "describe_cpu_ms": float(np.median([a.describe_ms for a in answers])),
        "identify_cpu_ms": float(np.median([a.identify_ms for a in answers])),
    }


def _ratios(answers: Sequence[Answer]) -> tuple[list[float], list[float]]:
    """Return the ratios of right works, the least one for those not compared, and of wrong ones."""
    absent = sum(len(a.task.right) - len(a.right_lrs) for a in answers if a.task.is_known)
    missed = [-load_calibration().limit] * absent
    right = [lr for a in answers for lr in a.right_lrs]
    return right + missed, [lr for a in answers for lr in a.wrong_lrs]


def calibration_rows(answers: Sequence[Answer]) -> list[dict[str, Any]]:
    """Return the cost of the ratios of edits, of repaints, parts and redrawn ones, and of all."""
    rows = []
    for kind, are_edits in (("edits", (True,)), ("repaints", (False,)), ("all", (True, False))):
        known = [a for a in answers if a.task.is_known and (a.task.group in EDITS) in are_edits]
        right, _ = _ratios(known)
        _, wrong = _ratios(answers)
        pairs = {"right_pairs": len(right), "wrong_pairs": len(wrong)}
        rows.append({"kind": kind, **pairs, "cllr_bits": cllr(right, wrong)})
    return rows


def main() -> None:
    """Run the benchmark and print its tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer queries and transforms")
    parser.add_argument("--fit", action="store_true", help="refit the shipped calibration first")
    parser.add_argument(
        "--bounds", action="store_true", help="write what was seen beside each bound, and stop"
    )
    parser.add_argument("--processes", type=int, default=2)
    settings = parser.parse_args()
    cv2.setNumThreads(1)
    if settings.bounds:
        write_seen(settings.processes)
        return
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
        "calibration": calibration_rows(answers),
        "tiny": measure_tiny(settings.processes, settings.quick),
        "overlays": measure_overlays(settings.processes, settings.quick),
        "templates": measure_templates(settings.processes, settings.quick),
        "reliability": reliability(
            [lr for a in answers for lr in a.right_lrs],
            [lr for a in answers for lr in a.wrong_lrs],
        ),
    }
    place = write_result(
        "matching-quick" if settings.quick else "matching",
        seed=SEED,
        settings={
            "is_quick": settings.quick,
            "portfolio_works": len(parts().portfolio),
            "calibration_id": load_calibration().calibration_id,
            "bounds_id": shipped_bounds_id(),
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
            f"@20 {row['among_20_candidates']:.3f} all {row['all_parts_found']:.2f} "
            f"near-copy {row['near_copy']:.2f}"
        )
    for name in sorted(set(tables) - {"transforms"}):
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
