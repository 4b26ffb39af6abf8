"""How far overlays and templates stay below the matcher's bounds, on works of the fitted half.

The bounds were chosen on such pairs: different works under one overlay, drawn with fitted seeds,
large and small on white ground; different works in one template; and suspects made from works, by
every transform and by laying an overlay on them. Nothing of the reported half takes part.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path

import cv2
import numpy as np

from harness import spread
from matching_art import family_of
from matching_suspects import GROUPS, PAIRED, SEED, Rgb, holds_figure, parts, rendition, transformed
from matching_templates import Pair, pairs_in
from ocguard.distortions import apply
from ocguard.matching.decision.verdict import CONFIRMED
from ocguard.matching.evidence.shared_part import Substance
from ocguard.matching.identification.identify import Suspect, compare
from overlay_art import FITTED_SEEDS, OVERLAYS
from template_art import FITTED_SEEDS as TEMPLATE_SEEDS
from template_art import TEMPLATES

__all__ = ["print_bounds"]

PAIRS_EACH = 4
COPIES_EACH = 2
SMALL = 0.55
"""Size of a figure that stands small on white ground, as a share of the picture's."""


@dataclass(frozen=True)
class Case:
    """One suspect beside one work: whether it was made from it, and by what."""

    is_copy: bool
    made_by: str
    work: Path
    stranger: Path
    seed: int
    is_small: bool = False


@dataclass(frozen=True)
class Outcome:
    """What a confirmed pair shares, and whether that counts; None where it was not confirmed."""

    case: Case
    substance: Substance | None
    shows_picture: bool = False


def print_bounds(processes: int) -> None:
    """Print the range of every measure, strangers named wrongly, and copies that are lost."""
    outcomes = [one for one in spread(_outcome, list(_cases()), processes) if one.substance]
    for is_copy in (False, True):
        of_kind = [one for one in outcomes if one.case.is_copy == is_copy]
        wrong = [one for one in of_kind if one.shows_picture != is_copy]
        print(f"{'copies' if is_copy else 'strangers'}: {len(wrong)} of {len(of_kind)} wrong")
        print(Counter(one.case.made_by for one in wrong))
        substances = [one.substance for one in of_kind if one.substance]
        for measured in (substances, [one.seam for one in substances]):
            for field in fields(measured[0]):
                if field.name != "seam":
                    values = np.sort([getattr(one, field.name) for one in measured])
                    print(field.name, *np.round([*values[:5], *values[-5:]], 2))


def _cases() -> Iterator[Case]:
    """List pairs, the same in every run."""
    random = np.random.default_rng(SEED)
    pool = list(parts().fitted)
    for name in OVERLAYS:
        for seed in FITTED_SEEDS:
            for turn in range(PAIRS_EACH):
                work = pool[random.integers(len(pool))]
                others = [p for p in pool if family_of(p) != family_of(work)]
                stranger = others[random.integers(len(others))]
                yield Case(False, name, work, stranger, seed, turn % 2 == 1)
            yield Case(True, name, work, work, seed)
    for name in TEMPLATES:
        for pair in pairs_in(name, pool, TEMPLATE_SEEDS):
            yield Case(False, name, pair.work, pair.stranger, pair.seed)
    for name in (n for names in GROUPS.values() for n in names if n not in PAIRED):
        able = [p for p in pool if holds_figure(p, name, SEED)]
        for place in random.choice(len(able), COPIES_EACH, replace=False):
            yield Case(True, name, able[place], able[place], SEED)


def _outcome(case: Case) -> Outcome:
    work, suspect = rendition(case.work), rendition(case.stranger)
    if case.is_small:
        work, suspect = _small(work), _small(suspect)
    if case.made_by in OVERLAYS:
        suspect = OVERLAYS[case.made_by](suspect, case.seed)
        work = work if case.is_copy else OVERLAYS[case.made_by](work, case.seed)
        suspect = apply("jpeg-75", suspect, case.seed)
    elif case.made_by in TEMPLATES:
        pair = Pair(case.made_by, case.seed, case.work, case.stranger)
        work, suspect = pair.original, pair.other
    else:
        suspect = transformed(case.work, case.made_by, case.seed)
    candidates = compare(Suspect.of(work), Suspect.of(suspect)).candidates
    if not candidates or candidates[0].log10_lr < CONFIRMED or candidates[0].aligned is None:
        return Outcome(case, None)
    return Outcome(case, candidates[0].aligned.substance, candidates[0].shows_picture)


def _small(rgb: Rgb) -> Rgb:
    """Put a picture small on white ground."""
    canvas = np.full_like(rgb, 255)
    small = cv2.resize(rgb, None, fx=SMALL, fy=SMALL, interpolation=cv2.INTER_AREA)
    top, left = (np.array(rgb.shape[:2]) - small.shape[:2]) // 2
    canvas[top : top + small.shape[0], left : left + small.shape[1]] = small
    return canvas
