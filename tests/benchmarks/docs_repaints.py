"""The table of repaints by real networks."""

from __future__ import annotations

from typing import Any

from bench_repaints import HELD_OUT
from docs_lines import header, line

__all__ = ["repaints"]


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


def _name(repaint: str) -> str:
    """Say of a style when the descriptor was not trained on it."""
    is_new = repaint in {f"style {style}" for style in HELD_OUT}
    return f"{repaint}, not trained on" if is_new else repaint
