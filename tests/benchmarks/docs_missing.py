"""The documentation's tables of marks that are missing in near copies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from docs_invisible import HEADS, REMOVALS
from docs_lines import header, line
from harness import wilson

__all__ = ["missing_bound", "missing_calibration", "missing_hints"]

Row = dict[str, Any]

KINDS: dict[str, Callable[[Row], bool]] = {
    "marked, changed in ordinary ways": lambda row: row["kind"] == "ordinary",
    "marked, blurred, denoised or sharpened": lambda row: row["kind"] == "filtered",
    "from before it was marked, saved again or smaller": lambda row: row["kind"] == "unmarked",
    **{label: lambda row, name=name: row["change"] == name for label, name in REMOVALS.items()},
}
"""What was done to copies, and which rows of the result count for it."""


def missing_hints(result: dict[str, Any]) -> list[str]:
    """Return how often the hint is given, in the reported half, by what was done to the copy."""
    lines = header(
        "copy",
        "pictures",
        "copies",
        "mark not read",
        "of these, *near-copy*",
        "hint",
        "hint, of all copies (95 %)",
    )
    reported = [row for row in result["tables"]["hints"] if row["half"] == "reported"]
    for label, belongs in KINDS.items():
        for group, head in HEADS.items():
            rows = [row for row in reported if belongs(row) and row["group"] == group]
            if not rows:
                continue
            copies, hints = (sum(row[name] for row in rows) for name in ("copies", "hints"))
            share = wilson(hints, copies)
            counts = (sum(row[name] for row in rows) for name in ("not_read", "asked", "hints"))
            within = f"{100 * share.low:.1f}-{100 * share.high:.1f} %"
            pictures = max(row["copies"] for row in rows)
            lines.append(line(label, f"{head} ({pictures})", copies, *counts, within))
    return lines


def missing_bound(result: dict[str, Any]) -> list[str]:
    """Return what ordinary copies without a readable mark let expect, per half, and the bound."""
    lines = header("half of the pictures", "mark not read in a near copy", "least expected p")
    for half in ("fitted", "reported"):
        rows = [
            row
            for row in result["tables"]["hints"]
            if (row["half"], row["kind"]) == (half, "ordinary")
        ]
        expected = [row["least_expected"] for row in rows if row["least_expected"] is not None]
        least = f"{min(expected):.0e}" if expected else "-"
        lines.append(line(half, sum(row["asked"] for row in rows), least))
    fitted = result["settings"]["fitted_bound"]
    lines.append(line("bound by the fitted half", "", "-" if fitted is None else f"{fitted:.0e}"))
    lines.append(line("bound in use", "", f"{result['settings']['bound']:.0e}"))
    return lines


def missing_calibration(result: dict[str, Any]) -> list[str]:
    """Return how small p-values beside the original are in copies without a mark."""
    (row,) = result["tables"]["calibration"]
    shares = " / ".join(f"{100 * n / row['readings']:.2g} %" for n in row["below"].values())
    lines = header(
        "unmarked near copies",
        "marks found",
        "rate at most (95 %)",
        "p at most .1, .01",
        "smallest p",
    )
    rate = f"{100 * wilson(row['found'], row['readings']).high:.2f} %"
    smallest = f"{row['smallest_p_value']:.1g}"
    return [*lines, line(row["readings"], row["found"], rate, shares, smallest)]
