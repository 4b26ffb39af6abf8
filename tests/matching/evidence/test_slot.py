"""Slots: boxes that two pictures both have, and fill with different things."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocguard.matching.alignment.tiles import soft_field
from ocguard.matching.evidence.slot import slot_sides

SIZE, LEFT, TOP, SIDE = 288, 80, 60, 130


def scene(seed, box=None):
    """Blurred noise, and other noise in a box."""
    page = _noise(seed, (SIZE, SIZE))
    if box is not None:
        page[TOP : TOP + SIDE, LEFT : LEFT + SIDE] = _noise(box, (SIDE, SIDE))
    return page


def _noise(seed, shape):
    noise = cv2.GaussianBlur(np.random.default_rng(seed).normal(size=(*shape, 3)), (0, 0), 5)
    return np.clip(128 + 60 * noise / noise.std(), 0, 255).astype(np.uint8)


def framed(page):
    """The same with a line around the box."""
    return cv2.rectangle(page, (LEFT, TOP), (LEFT + SIDE, TOP + SIDE), (255, 255, 255), 3)


def sides(ours, theirs):
    """Measure two scenes that differ in the box."""
    differs = np.zeros((SIZE, SIZE), bool)
    differs[TOP + 4 : TOP + SIDE - 4, LEFT + 4 : LEFT + SIDE - 4] = True
    return slot_sides(soft_field(ours), soft_field(theirs), differs, SIZE)


@pytest.mark.parametrize("seed", range(5))
def test_a_framed_box_in_both_is_a_slot(seed):
    """Whatever the ground and the filling."""
    ours, theirs = (framed(scene(seed, box)) for box in (100 + seed, 200 + seed))
    assert sides(ours, theirs) > 0.9


@pytest.mark.parametrize("seed", range(5))
def test_what_was_pasted_on_a_picture_has_no_slot_in_it(seed):
    """Its sides are in one of the two alone."""
    assert sides(framed(scene(seed, 100 + seed)), scene(seed)) < 0.5


def test_the_border_may_be_one_side():
    """Three sides are a slot."""
    ours, theirs = (framed(scene(0, box))[:, LEFT + 20 :] for box in (1, 2))
    differs = np.zeros(ours.shape[:2], bool)
    differs[TOP + 4 : TOP + SIDE - 4, : SIDE - 24] = True
    assert slot_sides(soft_field(ours), soft_field(theirs), differs, SIZE) > 0.9


def test_pictures_that_differ_nowhere_have_no_slot():
    """There is no box."""
    field = soft_field(framed(scene(0)))
    assert slot_sides(field, field, np.zeros((SIZE, SIZE), bool), SIZE) == 0.0
