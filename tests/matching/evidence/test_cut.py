"""A straight cut parts what was joined; two that filled in one template drew its boxes both."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocguard.matching.decision.bounds import load_bounds
from ocguard.matching.decision.rule import all_of, holds
from ocguard.matching.evidence.cut import NO_CUT, straight_cut
from ocguard.matching.evidence.lines import find_lines

SIZE = 288
EVERYWHERE = np.ones((SIZE, SIZE), bool)
INK = (30, 30, 40)


def scene(seed):
    """Ellipses in many colors."""
    page, random = np.full((SIZE, SIZE, 3), 235, np.uint8), np.random.default_rng(seed)
    for _ in range(30):
        x, y = random.integers(0, SIZE, 2).tolist()
        size, color = random.integers(15, 60, 2).tolist(), random.integers(0, 230, 3).tolist()
        cv2.ellipse(page, (x, y), size, int(random.integers(180)), 0, 360, color, -1, cv2.LINE_AA)
    return page


def form(seed):
    """A heading and boxes, with a scene in each box."""
    page, filled = np.full((SIZE, SIZE, 3), 245, np.uint8), scene(seed)
    cv2.putText(page, "CHARACTERS", (20, 50), 0, 1.3, INK, 3, cv2.LINE_AA)
    cv2.putText(page, "of this year", (20, 95), 0, 1.3, INK, 3, cv2.LINE_AA)
    for left in (15, 105, 195):
        page[120:270, left : left + 78] = filled[120:270, left : left + 78]
        cv2.rectangle(page, (left, 120), (left + 78, 270), INK, 3)
    return page


def cut(suspect, work, inside=EVERYWHERE):
    """Seek the cut in a suspect that lies on its work."""
    ours, theirs = find_lines(work), find_lines(suspect)
    parted = ours.parted_by(theirs, inside), theirs.parted_by(ours, inside)
    return straight_cut((ours, parted[0]), (theirs, parted[1]), inside)


def tells(found):
    """Ask the rule of the verdict."""
    return holds(all_of("cut_parting", "cut_seam", "cut_crossed"), found, load_bounds())


@pytest.mark.parametrize("is_turned", [False, True])
def test_where_two_works_were_joined_a_cut_is_found(is_turned):
    """Side by side or one above the other, wherever it runs; where lines cross it, it is told."""
    found = []
    for seed in (1, 11, 21):
        work, other = scene(seed), scene(seed + 1)
        for here in (100, 144, 200):
            joined = np.hstack([work[:, :here], other[:, here:]])
            if is_turned:
                joined = np.vstack([work[:here], other[here:]])
            found.append(cut(joined, work))
    assert all(one.cut_parting_share > 0.5 for one in found)
    assert all(one.cut_seam_share > 0.5 for one in found)
    assert all(tells(one) for one in found if one.cut_crossed_share > 0.01)
    assert sum(map(tells, found)) >= 5


def test_a_box_that_was_pasted_is_cut_out_on_all_sides():
    """As a face is, on another picture."""
    work, pasted = scene(3), scene(4)
    pasted[50:230, 60:240] = work[50:230, 60:240]
    assert tells(cut(pasted, work))


@pytest.mark.parametrize("seed", range(2, 12))
def test_a_heading_that_two_have_is_not_cut_out(seed):
    """A line parts it from the boxes as well as it parts halves, and no more is true of it."""
    found = cut(form(seed), form(1))
    assert found.cut_parting_share > 0.4
    assert not tells(found)


def test_a_diagonal_that_two_pictures_share_is_no_cut():
    """No rectangle is free of lines of their own."""
    work, other = scene(5), scene(6)
    for page in (work, other):
        cv2.line(page, (0, 0), (SIZE, SIZE), INK, 5, cv2.LINE_AA)
    assert cut(other, work).cut_parting_share < 0.3


def test_nothing_is_cut_where_one_picture_has_no_lines_of_its_own():
    """A copy, another drawing on empty ground, and what has no room for the grid."""
    work = scene(7)
    assert cut(work, work) == NO_CUT
    assert cut(work, np.full_like(work, 255)) == NO_CUT
    narrow = np.zeros_like(EVERYWHERE)
    narrow[:, 100:110] = True
    assert cut(scene(8), work, narrow) == NO_CUT
