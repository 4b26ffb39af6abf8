"""The tables of the ratio against pictures that share something with a work."""

from __future__ import annotations

from typing import Any

from docs_lines import header, line

__all__ = ["shared_told", "shared_ways"]

WAYS = {
    "rules": "rules of the verdict alone",
    "measures": "measures alone",
    "both": "both: what is shipped",
}


def shared_ways(result: dict[str, Any]) -> list[str]:
    """Return what the ratio and its two parts are worth."""
    lines = header(
        *("pairs", "ratio from", "copies", "pictures that share something", "Cllr in bits"),
        *("copies below one", "the others above one"),
    )
    for row in result["tables"]["ways"]:
        below, above = row["copies_below_one"], row["strangers_above_one"]
        counts = row["copies"], row["strangers"], f"{row['cllr_bits']:.3f}", below, above
        lines.append(line(row["half"], WAYS[row["way"]], *counts))
    return lines


def shared_told(result: dict[str, Any]) -> list[str]:
    """Return what is told of copies, and of pictures that share something."""
    lines = header(
        *("pairs of the half", "copies", "told, middle", "above all the others"),
        *("pictures that share something", "named", "told, middle", "told, most"),
        *("average precision, against unrelated pictures", "as told"),
        *("Cllr in bits, against unrelated pictures", "as told"),
    )
    for row in result["tables"]["told"]:
        lines.append(
            line(
                row["half"],
                row["copies"],
                _power(row["copies_told_middle"]),
                row["copies_told_above_strangers"],
                row["strangers"],
                row["strangers_named"],
                _power(row["strangers_told_middle"]),
                _power(row["strangers_told_most"]),
                f"{row['precision_unrelated']:.3f}",
                f"{row['precision_told']:.3f}",
                f"{row['cllr_unrelated_bits']:.2f}",
                f"{row['cllr_told_bits']:.2f}",
            )
        )
    return lines


def _power(log10_lr: float) -> str:
    """Return a ratio as a power of ten."""
    return f"10^{log10_lr:.1f}"
