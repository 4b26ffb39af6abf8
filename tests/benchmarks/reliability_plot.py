"""Draw how far claimed likelihood ratios are the ones that are seen, as an SVG picture.

References
----------
N. Brümmer, J. du Preez, Application-independent evaluation of speaker detection, Computer Speech &
Language 20 (2006), doi:10.1016/j.csl.2005.08.001.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from harness import wilson

__all__ = ["draw_reliability"]

LIMIT = 6.0
"""Powers of ten that either axis reaches."""

SIDE, MARGIN = 420, 56
"""Side of the plot and space for its labels, in SVG units."""

FRAME = "fill='none' stroke='#333'"
STYLE = "font-family='sans-serif' font-size='13' fill='#333'"


def draw_reliability(result: dict[str, Any]) -> str:
    """Return the plot: a dot for each span of claimed ratios, its 95 % interval, and the ideal."""
    rows = result["tables"]["reliability"]
    totals = [sum(row[f"{kind}_pairs"] for row in rows) for kind in ("right", "wrong")]
    size = SIDE + 2 * MARGIN
    parts = [
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {size} {size}' width='{size}'>",
        f"<rect width='{size}' height='{size}' fill='white'/>",
        *_axes(),
        _line(-LIMIT, -LIMIT, LIMIT, LIMIT, "stroke='#999' stroke-dasharray='5 4'"),
    ]
    for row in rows:
        claimed = _inside((max(row["low"], -LIMIT) + min(row["high"], LIMIT)) / 2)
        low, high = _interval(row, *totals)
        parts.append(_line(claimed, low, claimed, high, "stroke='#2a6f97' stroke-width='2'"))
        x, y = _place(claimed, _inside(row["observed"]))
        parts.append(f"<circle cx='{x:.1f}' cy='{y:.1f}' r='5' fill='#2a6f97'/>")
    return "\n".join([*parts, "</svg>"]) + "\n"


def _interval(row: dict[str, Any], rights: int, wrongs: int) -> tuple[float, float]:
    """Return the ratios, as powers of ten, that both Wilson intervals together allow."""
    right, wrong = wilson(row["right_pairs"], rights), wilson(row["wrong_pairs"], wrongs)
    with np.errstate(divide="ignore"):
        ratios = np.log10([right.low, right.high]) - np.log10([wrong.high, wrong.low])
    return _inside(float(ratios[0])), _inside(float(ratios[1]))


def _axes() -> list[str]:
    """Return the frame, its numbers and its labels."""
    half, end = SIDE / 2 + MARGIN, SIDE + MARGIN
    parts = [
        f"<rect x='{MARGIN}' y='{MARGIN}' width='{SIDE}' height='{SIDE}' {FRAME}/>",
        f"<text x='{half}' y='{end + 44}' text-anchor='middle' {STYLE}>"
        "likelihood ratio claimed, powers of ten</text>",
        f"<text x='16' y='{half}' text-anchor='middle' transform='rotate(-90 16 {half})' {STYLE}>"
        "seen, with 95 % interval</text>",
    ]
    for value in range(-int(LIMIT), int(LIMIT) + 1, 2):
        x, y = _place(value, value)
        parts += [
            f"<text x='{x}' y='{end + 20}' text-anchor='middle' {STYLE}>{value}</text>",
            f"<text x='{MARGIN - 8}' y='{y + 4}' text-anchor='end' {STYLE}>{value}</text>",
        ]
    return parts


def _line(x1: float, y1: float, x2: float, y2: float, style: str) -> str:
    (left, top), (right, bottom) = _place(x1, y1), _place(x2, y2)
    return f"<line x1='{left:.1f}' y1='{top:.1f}' x2='{right:.1f}' y2='{bottom:.1f}' {style}/>"


def _place(x: float, y: float) -> tuple[float, float]:
    """Return where a point of the plot lies in the picture."""
    unit = SIDE / (2 * LIMIT)
    return MARGIN + (x + LIMIT) * unit, MARGIN + (LIMIT - y) * unit


def _inside(value: float) -> float:
    return min(max(value, -LIMIT), LIMIT)
