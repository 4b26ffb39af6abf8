"""A coarse map becomes exact where both pictures are the same, and nothing is made up elsewhere."""

import cv2
import numpy as np
import pytest

from ocguard.matching.alignment.refining import refined_map
from ocguard.matching.evidence.agreement import compare_aligned

COARSE = np.array([[1.02, 0.01, -16.0], [-0.01, 0.98, 14.0], [0.0, 0.0, 1.0]])
"""A map that is off by ten pixels and more of 400, as one of the layout is."""

CORNERS = np.array([[(60, 60), (340, 60), (340, 340), (60, 340)]], np.float64)


@pytest.fixture(scope="module")
def work(draw_figure):
    return draw_figure(7)


def refined(suspect, work):
    laid = compare_aligned(suspect, work, COARSE).laid
    return refined_map(laid, (work.shape[1], work.shape[0]), COARSE)


@pytest.mark.parametrize("gain", [1.0, 0.6])
def test_a_copy_comes_to_lie_on_its_work(work, gain):
    """Every corner of a copy, also of a dim one, lands within two pixels of its place."""
    found = refined((work * gain).astype(np.uint8), work)
    off = cv2.perspectiveTransform(CORNERS, found) - CORNERS
    assert np.abs(off).max() < 2.0
    assert np.abs(cv2.perspectiveTransform(CORNERS, COARSE) - CORNERS).max() > 8.0


def test_one_color_has_no_finer_map(work):
    """Where nothing varies, nothing can be laid on anything."""
    assert refined(np.full_like(work, 200), work) is None
