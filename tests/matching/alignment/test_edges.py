"""Promises of ocguard.matching.alignment.edges."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from ocguard.distortions import apply
from ocguard.fingerprint.describe import describe
from ocguard.matching.alignment.edges import MAX_SHIFT_PX, match_layout, prepare_layout


def compared(suspect, work):
    """Compare the layouts of two pictures."""
    return match_layout(prepare_layout(describe(np.ascontiguousarray(suspect))), describe(work))


@pytest.fixture(scope="module")
def work(drawings):
    """A cel-shaded picture without a border."""
    return drawings.cel(400, 320, 3)


def test_a_picture_lies_on_itself(work):
    """Correlation one, far above every other position, by the identity."""
    match = compared(work, work)
    assert match.correlation == pytest.approx(1, abs=1e-3)
    assert match.prominence > 20
    assert not match.is_mirrored
    assert match.transform == pytest.approx(np.eye(3), abs=1e-6)


@pytest.mark.parametrize("name", ["invert", "line-art", "hue-90", "pencil"])
def test_a_repaint_keeps_its_place(work, name):
    """Without color, sign or strength of its edges."""
    match = compared(apply(name, work, 0), work)
    assert match.prominence > 8
    assert not match.is_mirrored
    corner = match.transform @ (399, 319, 1)
    assert corner[:2] == pytest.approx((399, 319), abs=9)


def test_a_mirrored_suspect_is_told_and_laid_back(work):
    """The transform takes the suspect's own pixels, not those of its mirror image."""
    match = compared(work[:, ::-1], work)
    assert match.is_mirrored
    assert match.transform @ (0, 7, 1) == pytest.approx((399, 7, 1), abs=1)


@pytest.mark.parametrize("scale", [0.84, 1.19])
def test_an_enlarged_or_reduced_content_is_laid_where_it_came_from(work, scale):
    """Scaled about the middle of its canvas, within two of 96 parts of the side."""
    matrix = cv2.getRotationMatrix2D((199.5, 159.5), 0, scale)
    suspect = cv2.warpAffine(work, matrix, (400, 320), borderMode=cv2.BORDER_REPLICATE)
    match = compared(suspect, work)
    for x, y in ((120, 90), (280, 230)):
        back = cv2.invertAffineTransform(matrix) @ (x, y, 1)
        assert (match.transform @ (x, y, 1))[:2] == pytest.approx(back, abs=9)


def test_a_shift_beyond_all_belief_is_not_found(work):
    """What overlaps by half only is no layout of its own."""
    inside = 400 * MAX_SHIFT_PX // 96 - 20
    near, far = (np.roll(work, distance, axis=1) for distance in (inside, 200))
    assert compared(near, work).correlation > 1.5 * compared(far, work).correlation


def test_strangers_stand_out_nowhere(drawings, work):
    """Other pictures of the same make."""
    for seed in range(4, 8):
        match = compared(drawings.cel(400, 320, seed), work)
        assert match.correlation < 0.4
        assert match.prominence < 8


def test_a_flat_picture_matches_nothing(work):
    """No edges, no correlation, no division by zero."""
    flat = np.full((60, 80, 3), 200, np.uint8)
    for suspect, other in ((flat, work), (work, flat), (flat, flat)):
        assert abs(compared(suspect, other).correlation) < 1e-3


def test_two_specks_in_the_dark_are_no_layout(work):
    """One edge here and one there agree, and nothing else can: nothing stands out."""
    one, other = np.full((2, 96, 96), 4, np.uint8)
    one[30:33, 40:44], other[35:38, 50:53] = 40, 40
    dark = describe(work)
    query = prepare_layout(replace(dark, thumbnail=one))
    match = match_layout(query, replace(dark, thumbnail=other))
    assert match.correlation > 0.3
    assert match.prominence == 0


def test_a_border_around_the_suspect_is_part_of_the_way(work):
    """The transform is for the pixels of the whole suspect."""
    mounted = np.full((420, 500, 3), 255, np.uint8)
    mounted[50:370, 60:460] = work
    match = compared(mounted, work)
    assert match.transform @ (60, 50, 1) == pytest.approx((0, 0, 1), abs=3)
