"""What copies and strangers reach on every measure of the verdict, on works of the fitted half.

The bounds were chosen on such pairs: different works under one overlay, drawn with fitted seeds,
large and small on white ground; different works in one template; pictures of one of the fitted
kinds that many make alike; and suspects made from works, by
every transform and by laying an overlay on them. Nothing of the reported half takes part. What was
seen is written into the table of bounds, beside each of them, and some pairs of every kind become
the stored examples that the tests of the verdict ask again.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import isnan
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from harness import REPOSITORY, art_folder, data_facts, pictures, spread
from matching_art import family_of
from matching_suspects import GROUPS, PAIRED, SEED, Rgb, holds_figure, parts, rendition, transformed
from matching_templates import Pair, pairs_in
from ocguard.distortions import apply
from ocguard.matching.decision.bounds import Bound, load_bounds
from ocguard.matching.decision.bounds_id import shipped_bounds_id
from ocguard.matching.decision.outcomes import FINDINGS
from ocguard.matching.decision.relations import Relations
from ocguard.matching.decision.verdict import Compared, Decision, is_confirmed, judge
from ocguard.matching.evidence.measures import Measures
from ocguard.matching.identification.identify import Suspect, compare
from overlay_art import FITTED_SEEDS, OVERLAYS
from template_art import FITTED_SEEDS as TEMPLATE_SEEDS
from template_art import TEMPLATES
from template_kinds import COPY, FITTED_KINDS, drawn

__all__ = ["BOUNDS", "seen_line", "with_seen", "write_seen"]

BOUNDS = REPOSITORY / "src" / "ocguard" / "matching" / "decision" / "bounds.toml"
EXAMPLES = REPOSITORY / "tests" / "matching" / "decision" / "examples.json"
EXAMPLES_EACH = 3

PAIRS_EACH = 4
COPIES_EACH = 2
KINDS_EACH = 4
NO_FILE = Path()
DRAWN = REPOSITORY / "examples" / "art"
POSED = (
    ("oak_ranger.png", "lantern_keeper.png"),
    ("lantern_keeper.png", "oak_ranger.png"),
    ("storm_swordsman.png", "oak_ranger.png"),
)
"""Characters of the project's own that one program draws in one pose."""
POSE_SIDES_PX = range(380, 561, 20)
SMALL = 0.55
"""Size of a figure that stands small on white ground, as a share of the picture's."""


@dataclass(frozen=True)
class Case:
    """One suspect beside one work: whether it was made from it, and by what.

    Pictures of the kinds that many make alike are made from no file.
    """

    is_copy: bool
    made_by: str
    work: Path
    stranger: Path
    seed: int
    is_small: bool = False


@dataclass(frozen=True)
class Outcome:
    """A case, and its work as it was compared; None where nothing resembled it."""

    case: Case
    compared: Compared | None

    @property
    def decision(self) -> Decision:
        """What is said about the pair, without any other works."""
        listed = [self.compared] if self.compared else []
        return judge(listed, lambda *_, **__: Relations(), load_bounds())

    @property
    def is_wrong(self) -> bool:
        """Whether a stranger is taken for a copy, or the other way round."""
        return (self.decision.verdict in FINDINGS) != self.case.is_copy


def write_seen(processes: int) -> None:
    """Write what was seen into the table of bounds, and examples; print what is wrong."""
    outcomes = list(spread(_outcome, list(_cases()), processes))
    _write_examples(outcomes)
    confirmed = [
        one for one in outcomes if one.compared and is_confirmed(one.compared, load_bounds())
    ]
    seen: dict[str, list[Compared]] = {}
    for name, is_copy in (("seen_copies", True), ("seen_strangers", False)):
        of_kind = [one for one in confirmed if one.case.is_copy == is_copy]
        wrong = Counter(one.case.made_by for one in of_kind if one.is_wrong)
        print(f"{name}: {wrong.total()} of {len(of_kind)} wrong: {dict(wrong)}")
        seen[name] = [one.compared for one in of_kind if one.compared]
    text = re.sub(r"(?m)^art = .*\n", "", BOUNDS.read_text(encoding="utf-8"))
    for bound in load_bounds().by_name.values():
        lines = "".join(_line(name, bound, pairs) for name, pairs in seen.items())
        text = with_seen(text, bound.name, lines) if lines else text
    digest = data_facts(pictures(art_folder()), art_folder())["sha256"]
    text = re.sub(r"\n\n+", f'\n\nart = "{digest}"\n\n', text, count=1)
    BOUNDS.write_text(text, encoding="utf-8")


def _write_examples(outcomes: Sequence[Outcome]) -> None:
    """Keep some pairs of every kind and verdict, with their measures to six digits."""
    kept: dict[tuple[object, ...], list[dict[str, object]]] = {}
    for one in outcomes:
        if one.compared is None:
            continue
        taken = one.compared.measures.taken()
        short = Compared("work", _short(one.compared.log10_lr), Measures(**_shortened(taken)))
        decision = Outcome(one.case, short).decision
        example = {
            "made_by": one.case.made_by,
            "is_copy": one.case.is_copy,
            "log10_lr": short.log10_lr,
            "measures": short.measures.taken(),
            "verdict": decision.verdict,
            "reason_code": decision.reason.code,
        }
        key = (one.case.made_by, one.case.is_copy, decision.verdict, decision.reason.code)
        kept.setdefault(key, []).append(example)
    rows = [json.dumps(one) for examples in kept.values() for one in examples[:EXAMPLES_EACH]]
    lines = ",\n".join(rows)
    head = f'"bounds_id": "{shipped_bounds_id()}"'
    EXAMPLES.write_text(f'{{{head}, "examples": [\n{lines}\n]}}\n', encoding="utf-8")


def _shortened(taken: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _short(one) if isinstance(one, float) else one for name, one in taken.items()}


def _short(value: float) -> float:
    """Keep six digits of a number."""
    return float(f"{value:.6g}")


def _line(name: str, bound: Bound, pairs: Sequence[Compared]) -> str:
    """Return a line with the least, the middle and the largest value; none where none was taken."""
    values = [
        getattr(one if bound.measure == "log10_lr" else one.measures, bound.measure, None)
        for one in pairs
    ]
    return seen_line(name, [value for value in values if value is not None])


def seen_line(name: str, values: Sequence[float]) -> str:
    """Return a line with the least, the middle and the largest value; nothing where none is one."""
    taken = [value for value in values if not isnan(value)]
    if not taken:
        return ""
    least, middle, most = np.round(np.quantile(taken, [0, 0.5, 1]), 3).tolist()
    return f"{name} = [{least}, {middle}, {most}]\n"


def with_seen(text: str, name: str, lines: str) -> str:
    """Put what was seen into the table of one bound, in place of what was there."""
    table = re.search(rf"(?m)^\[{name}\]\n(?:.+\n)+", text)
    if table is None:
        raise ValueError(f"there is no bound {name}")
    kept = re.sub(r"(?m)^seen_\w+ = .*\n", "", table[0])
    return text.replace(table[0], kept + lines)


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
    for side, (ours, theirs) in product(POSE_SIDES_PX, POSED):
        for is_mirrored in (False, True):
            yield Case(False, "pose", DRAWN / ours, DRAWN / theirs, side, is_mirrored)
    for kind, number in product(FITTED_KINDS, range(KINDS_EACH)):
        yield Case(number == 0, kind, NO_FILE, NO_FILE, number)
    for name in (n for names in GROUPS.values() for n in names if n not in PAIRED):
        able = [p for p in pool if holds_figure(p, name, SEED)]
        for place in random.choice(len(able), COPIES_EACH, replace=False):
            yield Case(True, name, able[place], able[place], SEED)


def _outcome(case: Case) -> Outcome:
    work, suspect = _pictures(case)
    candidates = compare(Suspect.of(work), Suspect.of(suspect)).candidates
    numbers = [Compared(one.work_id, one.log10_lr, one.measures) for one in candidates]
    if numbers and is_confirmed(numbers[0], load_bounds()) and not numbers[0].measures.is_examined:
        return Outcome(case, None)  # the same pixels: nothing was measured but that
    return Outcome(case, numbers[0] if numbers else None)


def _pictures(case: Case) -> tuple[Rgb, Rgb]:
    """Return the work and the suspect of a case."""
    if case.made_by in FITTED_KINDS:
        suspect = drawn(case.made_by, case.seed, 1 if case.is_copy else 2)
        return drawn(case.made_by, case.seed, 1), apply(COPY, suspect, case.seed)
    if case.made_by in TEMPLATES:
        pair = Pair(case.made_by, case.seed, case.work, case.stranger)
        return pair.original, pair.other
    work, suspect = rendition(case.work), rendition(case.stranger)
    if case.made_by == "pose":
        work, suspect = (_sized(rgb, case.seed) for rgb in (work, suspect))
        suspect = np.ascontiguousarray(suspect[:, ::-1]) if case.is_small else suspect
        suspect = apply("jpeg-75", suspect, case.seed)
    elif case.is_small:
        work, suspect = _small(work), _small(suspect)
    if case.made_by in OVERLAYS:
        suspect = OVERLAYS[case.made_by](suspect, case.seed)
        work = work if case.is_copy else OVERLAYS[case.made_by](work, case.seed)
        suspect = apply("jpeg-75", suspect, case.seed)
    elif case.made_by != "pose":
        suspect = transformed(case.work, case.made_by, case.seed)
    return work, suspect


def _sized(rgb: Rgb, side_px: int) -> Rgb:
    """Shrink a picture to a long side."""
    factor = side_px / max(rgb.shape[:2])
    return np.asarray(cv2.resize(rgb, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA))


def _small(rgb: Rgb) -> Rgb:
    """Put a picture small on white ground."""
    canvas = np.full_like(rgb, 255)
    small = cv2.resize(rgb, None, fx=SMALL, fy=SMALL, interpolation=cv2.INTER_AREA)
    top, left = (np.array(rgb.shape[:2]) - small.shape[:2]) // 2
    canvas[top : top + small.shape[0], left : left + small.shape[1]] = small
    return canvas
