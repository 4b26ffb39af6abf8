"""Promises of ocguard.imaging.pixel_grid."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocguard.imaging.pixel_grid import scaling, shown_box

steps = st.floats(0.05, 20)


@given(steps, steps, st.integers(1, 500))
def test_borders_coincide(step_x, step_y, size):
    """The outer edges of the resized picture are those of the one before, not the first middles."""
    near = scaling(step_x, step_y) @ (-0.5, -0.5, 1)
    far = scaling(step_x, step_y) @ (size - 0.5, size - 0.5, 1)
    assert near == pytest.approx((-0.5, -0.5, 1))
    assert far == pytest.approx((size * step_x - 0.5, size * step_y - 0.5, 1))


@given(steps, steps)
def test_there_and_back_is_nowhere(step_x, step_y):
    """Shrinking undoes enlarging."""
    both = scaling(step_x, step_y) @ scaling(1 / step_x, 1 / step_y)
    assert both == pytest.approx(np.eye(3), abs=1e-9)


def test_the_box_of_a_picture_in_another_one_stays_within_it():
    """Half as large, mirrored, and partly beyond the left side."""
    mirrored = np.array([[-0.5, 0, 30], [0, 0.5, 10], [0, 0, 1]])
    assert shown_box(mirrored, (100, 60), (200, 200)) == (0, 10, 30, 30)
