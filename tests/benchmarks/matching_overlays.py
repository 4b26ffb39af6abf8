"""Different works under one overlay: what an artist puts on everything accuses nobody.

Marks in tiles, logos, codes, frames, windows and captions (`overlay_art`) are laid on works of the
fitted half, which are registered so, and on works of the reported half, which are not: whatever
`check` finds in those is a false verdict. Copies of the registered ones must still be found under
their overlay, and so must copies of works that were registered without it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from harness import every, spread, wilson
from matching_art import family_of
from matching_suspects import Rgb, parts, rendition
from ocguard.distortions import apply
from ocguard.fingerprint.fingerprint import Fingerprint
from ocguard.matching.decision.outcomes import FINDINGS
from ocguard.matching.identification.identify import Suspect, Verdict, identify
from ocguard.matching.search.index import Index
from overlay_art import OVERLAYS, REPORTED_SEED

__all__ = ["measure_overlays"]

REGISTERED = (1, 2, 5, 20)
SUSPECTS = 20
COPIES = 6


@dataclass(frozen=True)
class Marked:
    """Works of a portfolio, in memory."""

    suspects: dict[str, Suspect]

    @cached_property
    def index(self) -> Index:
        """The index of these works."""
        return Index.build((i, one.fingerprint) for i, one in self.suspects.items())

    def check(self, rgb: Rgb) -> Verdict:
        """Check a picture against these works."""
        return identify(Suspect.of(rgb), self.index, self)

    def fingerprint(self, work_id: str) -> Fingerprint:
        """Return a work's fingerprint."""
        return self.suspects[work_id].fingerprint

    def reference(self, work_id: str) -> Rgb:
        """Return a work's rendition."""
        return self.suspects[work_id].rgb


def measure_overlays(processes: int, is_quick: bool) -> list[dict[str, Any]]:
    """Return one row for every overlay and number of works that were registered with it."""
    counts = REGISTERED[1:2] if is_quick else REGISTERED
    jobs = [(name, count, is_quick) for name in OVERLAYS for count in counts]
    return list(spread(_row, jobs, processes))


def _row(job: tuple[str, int, bool]) -> dict[str, Any]:
    name, count, is_quick = job
    seed = REPORTED_SEED + count
    registered = every(list(parts().fitted), count)
    marked = Marked({p.as_posix(): Suspect.of(_laid(name, p, seed)) for p in registered})
    strangers = _strangers(registered, SUSPECTS // 4 if is_quick else SUSPECTS)
    verdicts = [marked.check(_laid(name, p, seed)) for p in strangers]
    false = sum(verdict.verdict in FINDINGS for verdict in verdicts)
    copied = registered[:COPIES]
    plain = Marked({p.as_posix(): Suspect.of(rendition(p)) for p in registered})
    cropped = [marked.check(apply("crop-80+jpeg-50", _laid(name, p, seed), 1)) for p in copied]
    under = [plain.check(apply("jpeg-50", _laid(name, p, seed), 1)) for p in copied]
    return {
        "overlay": name,
        "registered": count,
        "strangers": len(strangers),
        "false_verdicts": false,
        "high": wilson(false, len(strangers)).high,
        "cannot_tell": sum(verdict.verdict == "cannot-tell" for verdict in verdicts),
        "copies": 2 * len(copied),
        "copies_named": sum(map(_is_named, cropped + under, copied * 2)),
    }


def _laid(name: str, path: Path, seed: int) -> Rgb:
    return OVERLAYS[name](rendition(path), seed)


def _is_named(verdict: Verdict, path: Path) -> bool:
    return verdict.verdict in FINDINGS and verdict.work_id == path.as_posix()


def _strangers(registered: Sequence[Path], count: int) -> list[Path]:
    families = {family_of(path) for path in registered}
    return every([p for p in parts().reported if family_of(p) not in families], count)
