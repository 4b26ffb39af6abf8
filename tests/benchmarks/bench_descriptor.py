"""Measure what a learned descriptor adds to candidates and to evidence.

    python tests/benchmarks/bench_descriptor.py --descriptor sscd

Suspects are made of works of the half that figures are reported on, and checked against the whole
portfolio; strangers are the same suspects with the work's family taken out of it. The descriptor's
own recall is of its proposals alone. "Above strangers" counts missed copies whose right work the
descriptor puts first, further above the background than any stranger's first: what a calibration
could at best win, on these pictures. Writes results/descriptor.json.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from harness import art_folder, data_facts, every, pictures, wilson, write_result
from matching_art import family_of
from matching_suspects import SEED, holds_figure, parts, portfolio, rendition, transformed
from ocguard.fingerprint.learned import LearnedDescriptor
from ocguard.matching.identify import Suspect, identify
from ocguard.matching.lookalikes import LookAlike, LookAlikes
from ocguard.workflows.descriptors import find_descriptor

TRANSFORMS = {
    "repaint high": (
        "posterize-8+elastic-4+recolor",
        "color-in+elastic-3+hue-90",
        "pencil+shift-limbs-6+jpeg-50",
    ),
    "redrawn": ("enlarge-head-140", "shift-limbs-8", "repose-30+recolor"),
    "part pasted": ("face", "face+mirror+hue-90", "upper-half+ground-photo+hue-30"),
}
FINDINGS = {"identical", "near-copy", "shared-base", "likely-derivative"}


@dataclass(frozen=True)
class Asked:
    """One suspect: what ocguard alone, what it with the proposals, what the descriptor says."""

    group: str
    is_candidate: bool
    is_candidate_with: bool
    is_proposed: bool
    is_first: bool
    is_named: bool
    is_named_with: bool
    is_wrong: bool
    is_wrong_with: bool
    normalized: float
    stranger_normalized: float
    is_stranger_named: bool
    is_stranger_named_with: bool
    cpu_seconds: float


class Descriptor:
    """A descriptor with the codes of the whole portfolio."""

    def __init__(self, descriptor: LearnedDescriptor) -> None:
        self._descriptor = descriptor
        ids = sorted(portfolio().ids)
        codes = [descriptor.describe(rendition(portfolio().ids[i])) for i in ids]
        self._ids, self._codes = np.array([i.encode() for i in ids]), np.stack(codes)

    def describe(self, rgb: NDArray[np.uint8]) -> NDArray[np.int8]:
        """Describe a suspect."""
        return self._descriptor.describe(rgb)

    def nearest(self, code: NDArray[np.int8], without: frozenset[str]) -> list[LookAlike]:
        """Return the works nearest to a suspect, some left out."""
        kept = np.array([i.decode() not in without for i in self._ids])
        return LookAlikes(self._ids[kept], self._codes[kept]).nearest(code)


def ask(descriptor: Descriptor, group: str, name: str, path: Path) -> Asked:
    """Check one suspect against the portfolio, and against it without the work's family."""
    works, right = portfolio(), path.as_posix()
    rgb = transformed(path, name, SEED)
    suspect = Suspect.of(rgb)
    begin = time.process_time()
    code = descriptor.describe(rgb)
    spent = time.process_time() - begin
    family = frozenset(p.as_posix() for p in parts().families[family_of(path)])
    nearest = descriptor.nearest(code, family - {right})
    index = works.index.without_works(family - {right})
    listed = {candidate.work_id for candidate in index.search(suspect.fingerprint)}
    proposed = [one.work_id for one in nearest]
    alone = identify(suspect, index, works)
    fused = identify(suspect, index, works, also=proposed)
    strange = descriptor.nearest(code, family)
    rest = works.index.without_works(family)
    strangers = [
        identify(suspect, rest, works, also=also).verdict in FINDINGS
        for also in ((), [one.work_id for one in strange])
    ]
    return Asked(
        group,
        right in listed,
        right in listed | set(proposed),
        right in proposed,
        proposed[0] == right,
        alone.verdict in FINDINGS and alone.work_id == right,
        fused.verdict in FINDINGS and fused.work_id == right,
        alone.verdict in FINDINGS and alone.work_id != right,
        fused.verdict in FINDINGS and fused.work_id != right,
        nearest[0].normalized or 0.0,
        strange[0].normalized or 0.0,
        *strangers,
        spent,
    )


def questions(count: int) -> Iterator[tuple[str, str, Path]]:
    """Yield group, transform and work of every suspect."""
    for group, names in TRANSFORMS.items():
        for name in names:
            held = [p for p in parts().reported if holds_figure(p, name, SEED)]
            yield from ((group, name, path) for path in every(held, count))


def row(group: str, answers: list[Asked], bar: float) -> dict[str, Any]:
    """Sum one group up."""
    missed = [a for a in answers if not a.is_named]
    above = sum(a.is_first and a.normalized > bar for a in missed)
    interval = wilson(sum(a.is_named for a in answers), len(answers))
    return {
        "group": group,
        "queries": len(answers),
        **{
            name: sum(getattr(a, name) for a in answers)
            for name in Asked.__dataclass_fields__
            if name.startswith("is_")
        },
        "named_low": interval.low,
        "named_high": interval.high,
        "missed_above_strangers": above,
    }


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--descriptor", default="sscd", help="name or TOML file")
    parser.add_argument("--works", type=int, default=20, help="works for each transform")
    settings = parser.parse_args()
    cv2.setNumThreads(1)
    found = find_descriptor(settings.descriptor)
    descriptor = Descriptor(found.load())
    answers = [ask(descriptor, *asked) for asked in questions(settings.works)]
    bar = max(a.stranger_normalized for a in answers)
    rows = [row(g, [a for a in answers if a.group == g], bar) for g in TRANSFORMS]
    rows.append(row("all", answers, bar))
    for one in rows:
        print(one)
    seconds = float(np.median([a.cpu_seconds for a in answers]))
    write_result(
        "descriptor",
        seed=SEED,
        settings={
            "descriptor": found.spec.name,
            "descriptor_id": found.spec.descriptor_id,
            "license": found.spec.license,
            "works_each": settings.works,
            "portfolio_works": len(parts().portfolio),
            "describe_cpu_seconds": seconds,
            "largest_normalized_of_a_stranger": bar,
        },
        data=data_facts(pictures(art_folder()), art_folder()),
        tables={"descriptor": rows},
    )


if __name__ == "__main__":
    main()
