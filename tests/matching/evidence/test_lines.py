"""Lines are found in any color, and found again where the other picture has them nearby."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocguard.matching.evidence.cut import LEVEL, UPRIGHT
from ocguard.matching.evidence.lines import find_lines, line_places

INSIDE = np.ones((120, 120), bool)


def drawn(start, end, color=(20, 20, 160)):
    """One line on paper."""
    return cv2.line(np.full((120, 120, 3), 240, np.uint8), start, end, color, 2)


@pytest.mark.parametrize(
    ("start", "end", "running"), [((60, 10), (60, 110), UPRIGHT), ((10, 60), (110, 60), LEVEL)]
)
def test_lines_are_told_apart_by_their_direction(start, end, running):
    """Down and across."""
    lines = find_lines(drawn(start, end))
    middle = lines.direction[30:90, 30:90][line_places(drawn(start, end))[30:90, 30:90]]
    assert np.isin(middle, running).all()


@pytest.mark.parametrize(("moved_px", "is_found"), [(0, True), (2, True), (9, False)])
def test_a_line_is_found_again_within_few_pixels(moved_px, is_found):
    """Farther away it is another line."""
    work = find_lines(drawn((40, 0), (40, 119)))
    suspect = find_lines(drawn((40 + moved_px, 0), (40 + moved_px, 119)))
    parted = work.parted_by(suspect, INSIDE)
    assert bool(parted.common.sum() > parted.own.sum()) is is_found


def test_a_line_that_runs_elsewhere_is_another_one():
    """Though it crosses in the same place."""
    work = find_lines(drawn((60, 0), (60, 119)))
    parted = work.parted_by(find_lines(drawn((0, 60), (119, 60))), INSIDE)
    assert parted.own_share(INSIDE) > 0.9


def test_lines_of_one_lightness_are_lines():
    """Red on green of the same grey is plain to see."""
    page = np.empty((120, 120, 3), np.uint8)
    page[:] = (0, 120, 0)
    page[:, 60:] = (205, 45, 45)
    assert line_places(page)[20:100, 58:62].any(axis=1).all()


def test_of_hardly_any_lines_nothing_is_said():
    """The share of own ones is 0, not that of a speck."""
    speck = cv2.circle(np.full((120, 120, 3), 240, np.uint8), (60, 60), 2, (0, 0, 0), -1)
    empty = find_lines(np.full((120, 120, 3), 240, np.uint8))
    assert find_lines(speck).parted_by(empty, INSIDE).own_share(INSIDE) == 0
