"""The proof of survival as a table: pictures by platforms, and a summary by platform."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from ocguard.cli.terminal import label, note, said, say_line, status_word
from ocguard.cli.width import columns, padded

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
                    "after {platform} (simulated): marks read in {read} of {all}, works matched in"
                    " {right} of {all}",
                    platform=f"{name:<{width}}",
                    read=read,
                    right=right,
                    all=len(proofs),
                )


def show_survival(result: ProtectResult) -> None:
    """Print what each platform leaves of one picture, as a table."""
    if not result.survives:
        return
    width = max(9, *map(len, result.survives))
    heads = (said("simulated"), width), (said("mark"), 22), (said("match"), 17)
    head = "  ".join(padded(text, wide) for text, wide in heads)
    last_head = said("metadata left")
    say_line(f"{INDENT}{head}  {last_head}")
    for name, one in result.survives.items():
        metadata = ", ".join(one.metadata) or said("none")
        say_line(f"{INDENT}{name:<{width}}  {_mark(one)}  {_match(one)}  {metadata}")


def _match(one: Survival) -> str:
    """Say the verdict, and whether it names another work."""
    if one.is_right_work or one.match in {"no-match", "cannot-tell"}:
        return label(one.match, 17)
    return padded(said("{verdict} (not this work)", verdict=status_word(one.match)), 17)


def _mark(one: Survival) -> str:
    """Say whether the mark is read, with its bound."""
    if one.mark != "found":
        return label(one.mark, 22)
    how = "" if one.mode == "blind" else said("with original")
    bound = f" p < {one.p_value:.0e} {how}".rstrip()
    return label("read", 4) + padded(bound, 22 - max(4, columns(status_word("read"))))
