"""Different works in one template: what many fill in accuses nobody who filled it in too.

Titles, stages, cards, forms and boards (`template_art`) hold works of the reported half. One is the
artist's, another one, with another work in the same template, is a stranger's: whatever finds the
first in it is false. Copies of the artist's, cropped and saved again, must be found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from harness import spread, wilson
from matching_art import family_of
from matching_suspects import Rgb, parts
from ocguard.distortions import apply
from ocguard.matching.decision.outcomes import FINDINGS
from ocguard.matching.identification.identify import Suspect, Verdict, compare
from template_art import REPORTED_SEEDS, TEMPLATES

__all__ = ["Pair", "measure_templates", "pairs_in"]

COPY_EVERY = 4
OTHERS = 500
"""Added to the template's seed for what the stranger fills in."""


@dataclass(frozen=True)
class Pair:
    """Two works in one template."""

    template: str
    seed: int
    work: Path
    stranger: Path

    @property
    def original(self) -> Rgb:
        """The artist's picture."""
        return TEMPLATES[self.template][0](self.work, self.seed, self.seed)

    @property
    def other(self) -> Rgb:
        """The stranger's, saved as JPEG."""
        drawn = TEMPLATES[self.template][0](self.stranger, self.seed, self.seed + OTHERS)
        return apply("jpeg-75", drawn, 1)

    @property
    def copy(self) -> Rgb:
        """A copy of the artist's."""
        return apply("crop-80+jpeg-50", self.original, 1)


def pairs_in(template: str, works: Sequence[Path], seeds: Sequence[int]) -> Iterator[Pair]:
    """Draw two works of different families for every seed."""
    able = [path for path in works if TEMPLATES[template][1](path)]
    for seed in seeds:
        random = np.random.default_rng(seed)
        work = able[random.integers(len(able))]
        others = [path for path in able if family_of(path) != family_of(work)]
        yield Pair(template, seed, work, others[random.integers(len(others))])


def measure_templates(processes: int, is_quick: bool) -> list[dict[str, Any]]:
    """Return one row for every template."""
    seeds = REPORTED_SEEDS[::8] if is_quick else REPORTED_SEEDS
    reported = parts().reported
    pairs = [pair for name in TEMPLATES for pair in pairs_in(name, reported, seeds)]
    verdicts = list(spread(_judged, pairs, processes))
    copied = pairs[::COPY_EVERY]
    found = list(spread(_found, copied, processes))
    rows = []
    for name in TEMPLATES:
        of_name = Counter(
            v for pair, v in zip(pairs, verdicts, strict=True) if pair.template == name
        )
        copies = [one for pair, one in zip(copied, found, strict=True) if pair.template == name]
        false = sum(count for verdict, count in of_name.items() if verdict in FINDINGS)
        rows.append(
            {
                "template": name,
                "strangers": of_name.total(),
                "near_copy": of_name["near-copy"],
                "false_verdicts": false,
                "high": wilson(false, of_name.total()).high,
                "cannot_tell": of_name["cannot-tell"],
                "copies": len(copies),
                "copies_found": sum(copies),
            }
        )
    return rows


def _judged(pair: Pair) -> str:
    return _compared(pair.original, pair.other).verdict


def _found(pair: Pair) -> bool:
    return _compared(pair.original, pair.copy).verdict in FINDINGS


def _compared(ours: Rgb, theirs: Rgb) -> Verdict:
    return compare(Suspect.of(ours), Suspect.of(theirs))
