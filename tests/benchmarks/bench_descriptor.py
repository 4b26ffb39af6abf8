"""Measure what a learned descriptor adds to candidates and to evidence.

    python tests/benchmarks/bench_descriptor.py --descriptor sscd             # a few minutes
    python tests/benchmarks/bench_descriptor.py --descriptor sscd --each 9    # every transform

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
from matching_size import CACHE, Registered, register, stamp
from matching_suspects import SEED, holds_figure, parts, transformed
from ocguard.matching.decision.outcomes import FINDINGS
from ocguard.matching.identification.identify import Suspect, identify
from ocguard.matching.search.index import Index
from ocguard.matching.search.learned import LookAlike, LookAlikes
from ocguard.portfolio import open_store
from ocguard.workflows.check.descriptors import FoundDescriptor, find_descriptor
from ocguard.workflows.home.works import StoredWorks

TRANSFORMS = {
    "repaint high": (
        "posterize-8+elastic-4+recolor",
        "color-in+elastic-3+hue-90",
        "pencil+shift-limbs-6+jpeg-50",
    ),
    "redrawn": ("enlarge-head-140", "shift-limbs-8", "repose-30+recolor"),
    "part pasted": ("face", "face+mirror+hue-90", "upper-half+ground-photo+hue-30"),
}


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


class Portfolio:
    """The art, registered, with its index and the descriptor's codes of it."""

    def __init__(self, registered: Registered, works: StoredWorks, found: FoundDescriptor) -> None:
        self.works, self.ids = works, registered.ids
        ids = sorted({*self.ids.values()})
        self.index = Index.build((i, works.fingerprint(i)) for i in ids)
        self.descriptor = found.load()
        codes = [self.descriptor.describe(works.reference(i)) for i in ids]
        self._ids, self._codes = np.array([i.encode() for i in ids]), np.stack(codes)

    def nearest(self, code: NDArray[np.int8], without: frozenset[str]) -> list[LookAlike]:
        """Return the works nearest to a suspect, some left out."""
        kept = np.array([i.decode() not in without for i in self._ids])
        return LookAlikes(self._ids[kept], self._codes[kept]).nearest(code)

    def named(self, suspect: Suspect, without: frozenset[str], also: list[str]) -> str | None:
        """Return the work that a check names, or None."""
        index = self.index.without_works(without)
        verdict = identify(suspect, index, self.works, also=also)
        return verdict.work_id if verdict.verdict in FINDINGS else None


def ask(portfolio: Portfolio, group: str, name: str, path: Path) -> Asked:
    """Check one suspect against the portfolio, and against it without the work's family."""
    right = portfolio.ids[path.as_posix()]
    rgb = transformed(path, name, SEED)
    suspect = Suspect.of(rgb)
    begin = time.process_time()
    code = portfolio.descriptor.describe(rgb)
    spent = time.process_time() - begin
    members = parts().families[family_of(path)]
    family = frozenset(portfolio.ids[p.as_posix()] for p in members)
    variants = family - {right}
    nearest, strange = portfolio.nearest(code, variants), portfolio.nearest(code, family)
    proposed = [one.work_id for one in nearest]
    index = portfolio.index.without_works(variants)
    listed = {candidate.work_id for candidate in index.search(suspect.fingerprint)}
    alone = portfolio.named(suspect, variants, [])
    fused = portfolio.named(suspect, variants, proposed)
    stranger = portfolio.named(suspect, family, [])
    stranger_fused = portfolio.named(suspect, family, [one.work_id for one in strange])
    return Asked(
        group=group,
        is_candidate=right in listed,
        is_candidate_with=right in listed | {*proposed},
        is_proposed=right in proposed,
        is_first=proposed[0] == right,
        is_named=alone == right,
        is_named_with=fused == right,
        is_wrong=alone not in {None, right},
        is_wrong_with=fused not in {None, right},
        normalized=nearest[0].normalized or 0.0,
        stranger_normalized=strange[0].normalized or 0.0,
        is_stranger_named=stranger is not None,
        is_stranger_named_with=stranger_fused is not None,
        cpu_seconds=spent,
    )


def questions(works: int, each: int) -> Iterator[tuple[str, str, Path]]:
    """Yield group, transform and work of every suspect; transforms take turns over the works."""
    kinds = [
        (group, name)
        for names in zip(*TRANSFORMS.values(), strict=True)
        for group, name in zip(TRANSFORMS, names, strict=True)
    ]
    portraits = [p for p in parts().reported if p.parent.name != "illustrations"]
    for turn, path in enumerate(every(portraits, works)):
        for number in range(each):
            group, name = kinds[(turn * each + number) % len(kinds)]
            if holds_figure(path, name, SEED):
                yield group, name, path


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
    parser.add_argument("--works", type=int, default=20, help="works that suspects are made of")
    parser.add_argument("--each", type=int, default=1, help="suspects of each, at most 9")
    parser.add_argument("--cache", type=Path, default=CACHE, help=f"folder [{CACHE}]")
    settings = parser.parse_args()
    cv2.setNumThreads(1)
    found = find_descriptor(settings.descriptor)
    registered = register(settings.cache / stamp())
    asked = list(questions(settings.works, settings.each))
    with open_store(registered.location) as store:
        portfolio = Portfolio(registered, StoredWorks(store), found)
        answers = [ask(portfolio, *one) for one in asked]
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
            "works": settings.works,
            "suspects_each": settings.each,
            "portfolio_works": len(parts().portfolio),
            "describe_cpu_seconds": seconds,
            "largest_normalized_of_a_stranger": bar,
        },
        data=data_facts(pictures(art_folder()), art_folder()),
        tables={"descriptor": rows},
    )


if __name__ == "__main__":
    main()
