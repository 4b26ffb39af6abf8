"""Measure what the first stage for streams throws out: copies, which it should not, and strangers.

    python tests/benchmarks/bench_first_sight.py        # minutes

Suspects are made by the transforms of the matching benchmark, each of some pictures of a half. All
works are in the portfolio. As a stranger, a suspect is asked without the family of its picture. The
bound was chosen on the fitted half; the reported half says what it costs. The larger the portfolio,
the more strangers look like something in it. Writes results/first-sight.json.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from harness import art_folder, data_facts, pictures, wilson, write_result
from matching_art import family_of
from matching_suspects import (
    GROUPS,
    PAIRED,
    SEED,
    holds_figure,
    parts,
    rendition,
    transformed,
)
from ocguard.imaging.picture import Picture
from ocguard.imaging.rendition import rendition as shrunk
from ocguard.matching.search.learned import LookAlikes
from ocguard.workflows.check.descriptors import OWN, find_descriptor
from ocguard.workflows.check.first_sight import LEAST_SIMILARITY, SIGHT_PX

BOUNDS = (0.4, 0.5, 0.55, LEAST_SIMILARITY, 0.65, 0.7)
EACH = {"fitted": 1, "reported": 2}
STEP = 37
"""Step through the pictures, so that each transform meets others."""


@dataclass(frozen=True)
class Seen:
    """One suspect: what it looks like with its work in the portfolio, and without its family."""

    half: str
    group: str
    transform: str
    as_copy: float
    as_stranger: float
    cpu_seconds: float


@cache
def works() -> LookAlikes:
    """Describe all works."""
    describe = find_descriptor(OWN).load().describe
    codes = np.stack([describe(rendition(path)) for path in parts().portfolio])
    ids = np.array([path.as_posix().encode() for path in parts().portfolio])
    return LookAlikes(ids, codes)


def see(half: str, group: str, name: str, path: Path) -> Seen:
    """Look at one suspect at first sight."""
    picture = Picture.from_array(transformed(path, name, SEED))
    describe = find_descriptor(OWN).load().describe
    works()
    begin = time.process_time()
    rgb = shrunk(picture, SIGHT_PX).rgb
    views = (rgb, np.ascontiguousarray(rgb[:, ::-1]))
    similarities = works().similarities(*map(describe, views))
    seconds = time.process_time() - begin
    family = family_of(path)
    is_kin = np.array([family_of(one) == family for one in parts().portfolio])
    return Seen(
        half,
        group,
        name,
        float(similarities.max()),
        float(similarities[~is_kin].max()),
        seconds,
    )


def asked() -> Iterator[tuple[str, str, str, Path]]:
    """List the suspects: half, group, transform, picture."""
    for half, each in EACH.items():
        pool = getattr(parts(), half)
        number = 0
        for group, names in GROUPS.items():
            for name in names:
                if name in PAIRED:
                    continue
                able = [path for path in pool if holds_figure(path, name, SEED)]
                for _ in range(each if able else 0):
                    number += 1
                    yield half, group, name, able[number * STEP % len(able)]


def rows(seen: list[Seen]) -> Iterator[dict[str, Any]]:
    """Count what each bound throws out, of each half and group."""
    for half in EACH:
        of_half = [one for one in seen if one.half == half]
        for bound in BOUNDS:
            for group in (*GROUPS, "all"):
                of_row = [one for one in of_half if group in (one.group, "all")]
                lost = sum(one.as_copy < bound for one in of_row)
                strangers = sum(one.as_stranger < bound for one in of_row)
                yield {
                    "half": half,
                    "least_similarity": bound,
                    "group": group,
                    "suspects": len(of_row),
                    "copies_thrown_out": lost,
                    "high": wilson(lost, len(of_row)).high,
                    "strangers_thrown_out": strangers,
                }


def main() -> None:
    """Look, count, write."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    cv2.setNumThreads(1)
    seen = []
    for number, one in enumerate(asked()):
        seen.append(see(*one))
        if number % 20 == 0:
            print(number, seen[-1], flush=True)
    table = list(rows(seen))
    cost = {"cpu_seconds": float(np.median([one.cpu_seconds for one in seen]))}
    write_result(
        "first-sight",
        seed=SEED,
        settings={"works": len(parts().portfolio), "least_similarity": LEAST_SIMILARITY},
        data=data_facts(pictures(art_folder()), art_folder()),
        tables={"thrown_out": table, "cost": [cost]},
    )
    for row in table:
        if row["group"] == "all" or row["least_similarity"] == LEAST_SIMILARITY:
            print(row)
    print(cost)


if __name__ == "__main__":
    main()
