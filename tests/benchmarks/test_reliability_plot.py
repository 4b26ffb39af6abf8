"""Promises of the plot of claimed and seen likelihood ratios."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

from reliability_plot import MARGIN, SIDE, draw_reliability

SVG = "{http://www.w3.org/2000/svg}"
ROWS: list[dict[str, Any]] = [
    {"low": float("-inf"), "high": -4, "right_pairs": 0, "wrong_pairs": 900, "observed": -3.0},
    {"low": 0, "high": 1, "right_pairs": 3, "wrong_pairs": 2, "observed": 0.6},
    {"low": 4, "high": float("inf"), "right_pairs": 80, "wrong_pairs": 0, "observed": 9.0},
]


def test_every_span_is_a_dot_with_its_interval_inside_the_frame() -> None:
    """Open spans and ratios without a bound end at the frame; the ideal is the other line."""
    drawn = ElementTree.fromstring(draw_reliability({"tables": {"reliability": ROWS}}))
    dots, lines = drawn.findall(f"{SVG}circle"), drawn.findall(f"{SVG}line")
    assert (len(dots), len(lines)) == (3, 4)
    places = [float(dot.attrib[name]) for dot in dots for name in ("cx", "cy")]
    places += [float(line.attrib[name]) for line in lines for name in ("x1", "y1", "x2", "y2")]
    assert all(MARGIN <= place <= MARGIN + SIDE for place in places)


def test_the_dot_of_a_calibrated_span_is_near_the_ideal() -> None:
    """As high as it lies to the right."""
    drawn = ElementTree.fromstring(draw_reliability({"tables": {"reliability": ROWS[1:2]}}))
    dot = drawn.find(f"{SVG}circle")
    assert dot is not None
    from_left, from_bottom = float(dot.attrib["cx"]), SIDE + 2 * MARGIN - float(dot.attrib["cy"])
    assert abs(from_left - from_bottom) < 5
