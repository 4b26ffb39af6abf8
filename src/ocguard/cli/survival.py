"""The proof of survival as a table: pictures by platforms, and a summary by platform."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from ocguard.cli.terminal import label, note, say

if TYPE_CHECKING:
    from ocguard.workflows.protect.job import ProtectResult
    from ocguard.workflows.protect.survival import Survival

__all__ = ["Summary", "show_survival"]

INDENT: Final = " " * 11


class Summary:
    """Counts what each platform leaves of the pictures that pass by."""

    def __init__(self) -> None:
        self._proofs: dict[str, list[Survival]] = {}

    def watch(self, results: Iterable[ProtectResult]) -> Iterator[ProtectResult]:
        """Pass results on and count them."""
        for result in results:
            for name, survival in result.survives.items():
                self._proofs.setdefault(name, []).append(survival)
            yield result

    def show(self) -> None:
        """Print one line a platform, when there was more than one picture."""
        width = max(map(len, self._proofs), default=0)
        for name, proofs in self._proofs.items():
            read = sum(one.mark == "found" for one in proofs)
            right = sum(one.is_right_work for one in proofs)
            if len(proofs) > 1:
                note(
                    f"after {name:<{width}} (simulated): marks read in {read} of {len(proofs)},"
                    f" works matched in {right} of {len(proofs)}"
                )


def show_survival(result: ProtectResult) -> None:
    """Print what each platform leaves of one picture, as a table."""
    if not result.survives:
        return
    width = max(9, *map(len, result.survives))
    say(f"{INDENT}{'simulated':<{width}}  {'mark':<22}  {'match':<17}  metadata left")
    for name, one in result.survives.items():
        metadata = ", ".join(one.metadata) or "none"
        match = one.match if one.is_right_work else f"{one.match} (not this work)"
        if one.match in {"no-match", "cannot-tell"}:
            match = one.match
        say(f"{INDENT}{name:<{width}}  {_mark(one)}  {label(match, 17)}  {metadata}")


def _mark(one: Survival) -> str:
    """Say whether the mark is read, with its bound."""
    if one.mark != "found":
        return label(one.mark, 22)
    how = "" if one.mode == "blind" else " with original"
    read = f"p < {one.p_value:.0e}"
    return label("read", 4) + f" {read}{how}".ljust(18)
