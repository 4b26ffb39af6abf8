"""The documentation's tables of what decides: reasons, measures and bounds, from the program."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import fields

from docs_lines import line
from ocguard.matching.decision.bounds import Bound, load_bounds
from ocguard.matching.evidence.measures import Measures
from ocguard.wording import ADDITIONS, SENTENCES

__all__ = ["bounds", "measures", "reasons"]

ATTRIBUTE = re.compile(r"^(?P<names>\w+(?:, \w+)*) : .+\n(?P<meaning>(?:    .+\n?)+)", re.MULTILINE)


def reasons() -> list[str]:
    """Return the sentence of every reason, by its code, and what may be added to one."""
    lines = [line("`reason_code`", "sentence"), line("---", "---")]
    for name, sentence in SENTENCES.items():
        code, _, method = name.partition("/")
        lines.append(line(f"`{code}`" + (f", {method}" if method else ""), sentence))
    lines += ["", line("added where it is true", "sentence"), line("---", "---")]
    return lines + [line(f"`{name}`", sentence) for name, sentence in ADDITIONS.items()]


def measures() -> list[str]:
    """Return what each measure of a compared work says."""
    meanings = dict(_meanings())
    lines = [line("measure", "meaning"), line("---", "---")]
    return lines + [line(f"`{one.name}`", meanings[one.name]) for one in fields(Measures)]


def _meanings() -> Iterator[tuple[str, str]]:
    """Yield what the docstrings of the records say of every measure."""
    for record in Measures.__mro__:
        for found in ATTRIBUTE.finditer(inspect.getdoc(record) or ""):
            meaning = " ".join(found["meaning"].split())
            yield from ((name, meaning) for name in found["names"].split(", "))


def bounds() -> list[str]:
    """Return every bound: on which measure, where, why, and what was seen on either side."""
    lines = [line("bound", "asks", "why", "seen in copies", "seen in strangers")]
    lines.append(line(*["---"] * 5))
    for one in load_bounds().by_name.values():
        asks = f"`{one.measure}` {one.direction} {one.value:g} ({one.unit})"
        seen = (_seen(one, "seen_copies"), _seen(one, "seen_strangers"))
        lines.append(line(f"`{one.name}`", asks, one.note, *seen))
    return lines


def _seen(bound: Bound, side: str) -> str:
    """Return the least, middle and largest value that was seen on one side."""
    values = getattr(bound, side)
    return "" if values is None else " / ".join(f"{value:.3g}" for value in values)
