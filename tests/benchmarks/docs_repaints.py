"""The tables of repaints by real networks, and of kinds of pictures that many make alike."""

from __future__ import annotations

from typing import Any

from docs_lines import header, line
from neural_repaint import HELD_OUT

__all__ = ["agreement", "kinds", "repaints"]


def repaints(result: dict[str, Any]) -> list[str]:
    """Return how often a repainted work is found and named, and its mark read."""
    lines = header(
        "repaint",
        "suspects",
        "candidates without the descriptor",
        "candidates with it",
        "descriptor first",
        "right work named",
        "wrong work",
        "*cannot tell*",
        "mark read",
        "strangers",
        "strangers named",
    )
    for row in result["tables"]["repaints"]:
        lines.append(
            line(
                _name(row["repaint"]),
                row["suspects"],
                row["candidate"],
                row["candidate_with_descriptor"],
                row["descriptor_first"],
                row["right"],
                row["wrong"],
                row["cannot_tell"],
                row["mark_read"],
                row["strangers"],
                row["strangers_named"],
            )
        )
    return lines


def agreement(result: dict[str, Any]) -> list[str]:
    """Return how far the network sees the same in repaints and in unrelated pictures."""
    lines = header(
        "works",
        "repaint",
        "repaints",
        "over the bound",
        "median",
        "unrelated pairs",
        "over the bound",
        "1 in 100",
        "1 in 10,000",
        "most",
    )
    for row in result["tables"]["agreement"]:
        lines.append(
            line(
                row["half"],
                row["repaint"],
                row["repaints"],
                row["over_bound"] if row["repaints"] else "",
                f"{row['median']:.2f}" if row["repaints"] else "",
                row["unrelated"],
                row["unrelated_over_bound"],
                *(f"{row[name]:.2f}" for name in ("one_in_100", "one_in_10000", "unrelated_most")),
            )
        )
    return lines


def kinds(result: dict[str, Any]) -> list[str]:
    """Return what is said of pictures of one kind, kind by kind."""
    lines = header(
        "kind",
        "half",
        "relation",
        "pairs",
        "*near-copy*",
        "*likely-derivative*",
        "*cannot tell*",
        "*no match*",
        "by the network alone",
        "ratio told, middle",
        "ratio told, most",
    )
    for row in result["tables"]["kinds"]:
        if row["kind"] == "all" or not row["relation"].startswith("copy"):
            values = ("kind", "half", "relation", "pairs", "near_copy", "likely_derivative")
            counted = [row[v] for v in (*values, "cannot_tell", "no_match", "repaint")]
            told = [
                f"10^{round(row[v], 1) + 0.0:.1f}" for v in ("log10_lr_middle", "log10_lr_most")
            ]
            lines.append(line(*counted, *told))
    return lines


def _name(repaint: str) -> str:
    """Say of a style when the descriptor was not trained on it."""
    is_new = repaint in {f"style {style}" for style in HELD_OUT}
    return f"{repaint}, not trained on" if is_new else repaint
