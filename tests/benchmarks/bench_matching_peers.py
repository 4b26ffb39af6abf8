"""Measure recognition of copies beside other hashes and matchers, on the same suspects.

``python tests/benchmarks/bench_matching_peers.py`` (five minutes of CPU; `matching_peers` says
what can be installed) compares every suspect with works of 60 families. They, and the suspects of
whose family no work is there, are from the half of the art that ocguard's calibration was not
fitted on; suspects are made as in ``bench_matching``. Every tool scores every work, ocguard its 20
candidates (likelihood ratio, not clipped). Two thresholds are set for each tool on the scores of
wrong works alone: one that no suspect passes wrongly, and one that 1 % of them do. Variants of the
right work count neither way.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness import art_folder, data_facts, every, single_thread, spread, wilson, write_result
from matching_art import family_of
from matching_metrics import Observation, micro_average_precision, recall_at, threshold_at
from matching_peers import ABSENT, PEERS, Peer, missing_module
from matching_suspects import (
    GROUPS,
    PAIRED,
    SEED,
    ArtWorks,
    holds_figure,
    parts,
    rendition,
    transformed,
)
from ocguard.matching.decision.calibration import features, load_calibration
from ocguard.matching.identification.identify import Suspect, compare_all

WORKS = 60
UNKNOWN = 80  # suspects that no work is in
QUERIES_EACH = {
    "floor": 3, "repost": 1, "repaint": 2, "repaint low": 4, "repaint middle": 4,
    "repaint high": 4, "partial": 2, "redrawn": 3,
}  # fmt: skip
OURS = "ocguard"

Rgb = NDArray[np.uint8]


@dataclass(frozen=True)
class Task:
    """One suspect: a picture, what is done to it, and whether works of its family are there."""

    path: Path
    transform: str
    group: str
    seed: int
    is_known: bool = True
    partner: Path | None = None

    @property
    def right(self) -> frozenset[Path]:
        """The works that are in the suspect."""
        return frozenset({self.path, self.partner} - {None}) if self.is_known else frozenset()  # type: ignore[arg-type]

    @property
    def kin(self) -> frozenset[str]:
        """The families whose works are no wrong answer."""
        return frozenset(family_of(path) for path in self.right)


@dataclass(frozen=True)
class Answer:
    """What one tool said of one suspect, and what it cost."""

    task: Task
    observation: Observation
    describe_ms: float
    compare_ms: float


@cache
def works() -> tuple[Path, ...]:
    """Return the works: one of a family, spread over the reported half."""
    first: dict[str, Path] = {}
    for path in parts().reported:
        first.setdefault(family_of(path), path)
    return tuple(every(list(first.values()), WORKS))


@cache
def portfolio() -> ArtWorks:
    """Describe the works as ocguard does, once a process."""
    return ArtWorks(works())


@cache
def described(number: int) -> dict[Path, Any]:
    """Describe the works as a peer does, once a process."""
    return {path: PEERS[number].describe(rendition(path)) for path in works()}


@cache
def installed() -> tuple[int, ...]:
    """Number the peers that can be run here."""
    return tuple(n for n, peer in enumerate(PEERS) if missing_module(peer) is None)


def tasks() -> list[Task]:
    """List all suspects: works under every transform, and pictures that none of them is in."""
    listed = []
    for group, names in GROUPS.items():
        for place, name in enumerate(names):
            able = [path for path in works() if holds_figure(path, name, SEED)]
            count = QUERIES_EACH[group]
            start = 7 * place % len(able)  # so that the transforms do not share their works
            for path in every(able[start:] + able[:start], count):
                partner = able[(able.index(path) + 11) % len(able)] if name in PAIRED else None
                listed.append(Task(path, name, group, SEED, partner=partner))
    return listed + unknown()


def unknown() -> list[Task]:
    """List suspects whose families have no work: all as they are, then transformed ones."""
    families = {family_of(path) for path in works()}
    strangers = [path for path in parts().reported if family_of(path) not in families]
    names = [name for members in GROUPS.values() for name in members if name not in PAIRED]
    found = []
    for place in range(UNKNOWN):
        turn, which = divmod(place, len(strangers))
        name = names[(17 * turn + 5 * which) % len(names)] if turn else "none"
        found.append(Task(strangers[which], name, "unknown", SEED + place, is_known=False))
    return found


def answer(task: Task) -> dict[str, Answer]:
    """Compare one suspect with all works, by every tool."""
    rgb = transformed(task.path, task.transform, task.seed, task.partner)
    answers = {OURS: answer_ours(task, rgb)}
    for number in installed():
        answers[PEERS[number].name] = answer_peer(task, rgb, PEERS[number], described(number))
    return answers


def answer_ours(task: Task, rgb: Rgb) -> Answer:
    """Compare as `check` does, with likelihood ratios that are not clipped."""
    known = portfolio()
    begin = time.process_time()
    suspect = Suspect.of(rgb)
    middle = time.process_time()
    ids = [candidate.work_id for candidate in known.index.search(suspect.fingerprint)]
    compared = compare_all(suspect, ids, known, len(known.ids))
    end = time.process_time()
    unclipped = replace(load_calibration(), limit=float("inf"))
    scores = {
        known.ids[one.work_id]: unclipped.log10_lr(features(one.measures), 1) for one in compared
    }
    return Answer(task, observed(task, scores), 1e3 * (middle - begin), 1e3 * (end - middle))


def answer_peer(task: Task, rgb: Rgb, peer: Peer, references: dict[Path, Any]) -> Answer:
    """Compare a suspect, and for some tools its mirror image, with every work."""
    begin = time.process_time()
    shown = [rgb, np.ascontiguousarray(rgb[:, ::-1])] if peer.is_mirrored else [rgb]
    looks = [peer.describe(one) for one in shown]
    middle = time.process_time()
    scores = {
        path: max(peer.score(look, reference) for look in looks)
        for path, reference in references.items()
    }
    end = time.process_time()
    return Answer(task, observed(task, scores), 1e3 * (middle - begin), 1e3 * (end - middle))


def observed(task: Task, scores: dict[Path, float]) -> Observation:
    """Divide scores into those of right and of wrong works; relatives are neither."""
    right = [score for path, score in scores.items() if path in task.right]
    wrong = [score for path, score in scores.items() if family_of(path) not in task.kin]
    best = max(right, default=-np.inf)
    return Observation(best if task.is_known else None, tuple(wrong))


def recall_rows(tool: str, answers: Sequence[Answer]) -> list[dict[str, Any]]:
    """Return recall at both thresholds, per group."""
    everything = [one.observation for one in answers]
    strict, lenient = threshold_at(everything, 0.0), threshold_at(everything, 0.01)
    groups: dict[str, list[Observation]] = defaultdict(list)
    for one in answers:
        if one.task.is_known:
            groups[one.task.group].append(one.observation)
    rows = []
    for group, observations in groups.items():
        (none, queries), (few, _) = (recall_at(observations, at) for at in (strict, lenient))
        interval = wilson(none, queries)
        rows.append(
            {
                "tool": tool,
                "group": group,
                "queries": queries,
                "found_no_false": none,
                "low": interval.low,
                "high": interval.high,
                "found_1_percent_false": few,
            }
        )
    return rows


def tool_row(tool: str, answers: Sequence[Answer]) -> dict[str, Any]:
    """Return the figures over everything."""
    package = next((peer.package for peer in PEERS if peer.name == tool), OURS)
    return {
        "tool": tool,
        "package": package,
        "version": version(package),
        "micro_average_precision": micro_average_precision([one.observation for one in answers]),
        "describe_cpu_ms": statistics.median(one.describe_ms for one in answers),
        "compare_cpu_ms": statistics.median(one.compare_ms for one in answers),
    }


def behind(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows where another tool finds more than ours."""
    figures = ("found_no_false", "found_1_percent_false")
    ours = {row["group"]: row for row in rows if row["tool"] == OURS}
    return [
        {"tool": row["tool"], "group": row["group"], "figure": figure, "found": row[figure],
         "ours": ours[row["group"]][figure], "queries": row["queries"]}
        for row in rows
        for figure in figures
        if row[figure] > ours[row["group"]][figure]
    ]  # fmt: skip


def main() -> None:
    """Run the benchmark from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--processes", type=int, default=2)
    arguments = parser.parse_args()
    single_thread()
    portfolio()
    for number in installed():
        described(number)
    listed = tasks()
    answers = list(spread(answer, listed, arguments.processes))
    tools = list(answers[0])
    recall = [row for tool in tools for row in recall_rows(tool, [a[tool] for a in answers])]
    absent = {peer.name: why for peer in PEERS if (why := missing_module(peer))} | ABSENT
    place = write_result(
        "matching-peers",
        seed=SEED,
        settings={
            "works": len(works()),
            "unknown": UNKNOWN,
            "queries_each": QUERIES_EACH,
            "calibration_id": load_calibration().calibration_id,
        },
        data=data_facts([*works(), *(task.path for task in listed)], art_folder()),
        tables={
            "tools": [tool_row(tool, [a[tool] for a in answers]) for tool in tools],
            "absent": [{"tool": name, "reason": reason} for name, reason in absent.items()],
            "recall": recall,
            "behind": behind(recall),
        },
    )
    print(place)


if __name__ == "__main__":
    main()
