"""Portfolios of one to three works, where a suspect has no rivals to be compared with.

Pictures of the reported half, each under another transform, are checked twice: against a portfolio
that holds the work, and against one of the same size without its family. If unrelated pictures that
merely look alike reached high ratios, it would show here.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from harness import every, spread, wilson
from matching_art import family_of
from matching_suspects import GROUPS, PAIRED, SEED, holds_figure, parts, portfolio, transformed
from ocguard.matching.decision.outcomes import FINDINGS
from ocguard.matching.identification.identify import Suspect, compare_all, decide
from ocguard.matching.search.index import Index

__all__ = ["measure_tiny"]

SIZES = (1, 2, 3)
SUSPECTS = 90
QUICK_SUSPECTS = 6

Outcome = tuple[int, bool, bool, float]
"""Works, whether the right one was named, whether another was without it, highest ratio then."""


def measure_tiny(processes: int, is_quick: bool) -> list[dict[str, Any]]:
    """Return one row for every size of a portfolio."""
    reported = list(parts().reported)
    chosen = every(reported, QUICK_SUSPECTS if is_quick else SUSPECTS)
    found = [
        one
        for outcomes in spread(_outcomes, list(enumerate(chosen)), processes)
        for one in outcomes
    ]
    return [_row(works, [one for one in found if one[0] == works]) for works in SIZES]


def _row(works: int, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    false = sum(is_false for _, _, is_false, _ in outcomes)
    return {
        "works": works,
        "suspects": len(outcomes),
        "named": sum(is_named for _, is_named, _, _ in outcomes),
        "false_verdicts": false,
        "high": wilson(false, len(outcomes)).high,
        "highest_wrong_log10_lr": max(highest for *_, highest in outcomes),
    }


def _outcomes(task: tuple[int, Path]) -> list[Outcome]:
    place, path = task
    names = [n for members in GROUPS.values() for n in members if n not in PAIRED]
    able = [n for n in names[7 * place % len(names) :] + names if holds_figure(path, n, SEED)]
    suspect = Suspect.of(transformed(path, able[0], SEED + place))
    kin = [p.as_posix() for p in parts().families[family_of(path)]]
    alike = portfolio().index.without_works(kin).search(suspect.fingerprint)
    others = [one.work_id for one in alike[: max(SIZES)]]
    outcomes = []
    for works in SIZES:
        named, _ = _check(suspect, [path.as_posix(), *others[: works - 1]])
        false, highest = _check(suspect, others[:works])
        outcomes.append((works, named == path.as_posix(), false is not None, highest))
    return outcomes


def _check(suspect: Suspect, ids: Sequence[str]) -> tuple[str | None, float]:
    """Return the work that is named in a portfolio of these, and the highest ratio."""
    works = portfolio()
    index = Index.build((i, works.fingerprint(i)) for i in ids)
    compared = compare_all(suspect, ids, works, len(ids))
    verdict = decide(suspect, compared, index, works)
    named = verdict.work_id if verdict.verdict in FINDINGS else None
    return named, max(one.log10_lr for one in compared)
