"""Verification: where a work lies in a suspect, by keypoints or by the layout of edges."""

import cv2
import numpy as np
import pytest

from ocguard.fingerprint.describe import describe
from ocguard.matching.alignment.verify import prepare, verify


@pytest.fixture(scope="module")
def art(draw_figure):
    return draw_figure(30)


def verified(suspect, work):
    return verify(prepare(describe(np.ascontiguousarray(suspect))), describe(work))


def test_a_crop_is_mapped_to_where_it_was_cut(art):
    """By keypoints, to a pixel."""
    found = verified(art[60:360, 80:380], art)
    assert (found.method, found.is_mirrored) == ("keypoints", False)
    corner = cv2.perspectiveTransform(np.array([[[0.0, 0.0]]]), found.transform)[0, 0]
    assert np.abs(corner - (80, 60)).max() < 1.5


def test_a_mirrored_copy_is_mapped_with_its_mirroring(art):
    """The map leads from the suspect as it is."""
    found = verified(art[:, ::-1], art)
    assert found.is_mirrored
    corner = cv2.perspectiveTransform(np.array([[[0.0, 0.0]]]), found.transform)[0, 0]
    assert np.abs(corner - (399, 0)).max() < 1.5


def test_a_stranger_has_no_certain_map(art, draw_figure):
    """Chance agreements of keypoints are no map."""
    found = verified(draw_figure(31), art)
    assert found.method != "keypoints"
    assert found.matched[0].shape == (0, 2)
    assert found.log10_false_alarms > -3


def test_a_flat_picture_agrees_with_nothing(art):
    """The map is the identity then, and says so."""
    found = verified(np.full((200, 200, 3), 200, np.uint8), art)
    assert (found.method, found.inliers, found.pairs) == ("none", 0, 0)
    assert np.array_equal(found.transform, np.eye(3))
    assert found.without(np.zeros((3, 2), np.float32)) is found


def test_keypoints_on_a_common_part_can_be_left_out(art):
    """What is left is counted anew; where everything is common nothing is left."""
    found = verified(art, art)
    upper = np.array([(x, y) for x in range(0, 400, 10) for y in range(0, 180, 10)], np.float32)
    left = found.without(upper)
    assert 0 < left.inliers < found.inliers
    assert left.log10_false_alarms > found.log10_false_alarms
    assert found.without(found.correspondence.reference_points).inliers == 0
    assert found.without(np.empty((0, 2), np.float32)) is found


@pytest.mark.parametrize("is_mirrored", [False, True])
def test_a_whole_suspect_is_laid_on_a_whole_work(drawings, is_mirrored):
    """Corner on corner, whatever else was found."""
    one, other = describe(drawings.cel(300, 200, 1)), describe(drawings.cel(150, 300, 2))
    whole = verify(prepare(one), other).onto_whole((300, 200), (150, 300), is_mirrored=is_mirrored)
    assert (whole.method, whole.is_mirrored) == ("whole", is_mirrored)
    edges = (whole.transform @ np.array([[-0.5, 299.5], [-0.5, 199.5], [1, 1]]))[:2]
    expected = np.array([[-0.5, 149.5], [-0.5, 299.5]])
    if is_mirrored:
        expected[0] = expected[0, ::-1]
    assert edges == pytest.approx(expected)
