"""Keypoint geometry: known maps are recovered, chance is not believed."""

import cv2
import numpy as np
import pytest

from ocguard.fingerprint.local import local_features
from ocguard.fingerprint.normalize import normalize
from ocguard.matching.alignment.keypoints import correspond


def features(rgb):
    return local_features(normalize(rgb, None))


@pytest.mark.parametrize(("turn_deg", "scale"), [(0, 1.0), (12, 0.8), (90, 1.3), (200, 0.6)])
def test_a_known_similarity_is_recovered(draw_figure, turn_deg, scale):
    """Rotation and scale are found to within a pixel and a half in the picture's middle."""
    art = draw_figure(3)
    matrix = cv2.getRotationMatrix2D((200, 200), turn_deg, scale)
    moved = cv2.warpAffine(art, matrix, (400, 400), borderValue=(255, 255, 255))
    found = correspond(features(moved), features(art), (400, 400))
    assert found is not None
    points = np.array([[[150.0, 160.0], [240.0, 170.0], [190.0, 250.0]]])
    there = cv2.transform(points, matrix)
    assert np.abs(cv2.perspectiveTransform(there, found.transform) - points).max() < 1.5
    assert found.log10_false_alarms < -10


def test_a_perspective_is_recovered(drawings):
    """With many inliers the map bends with the picture."""
    art = drawings.cel(500, 500, 7)
    corners = np.array([[0, 0], [499, 0], [499, 499], [0, 499]], np.float32)
    bent = np.array([[30, 20], [480, 0], [499, 499], [0, 460]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, bent)
    seen = cv2.warpPerspective(art, matrix, (500, 500))
    found = correspond(features(seen), features(art), (500, 500))
    assert found is not None
    points = np.array([[[100.0, 100.0], [400.0, 120.0], [250.0, 380.0]]])
    there = cv2.perspectiveTransform(points, matrix)
    assert np.abs(cv2.perspectiveTransform(there, found.transform) - points).max() < 4


@pytest.mark.parametrize("near_corner", [(110, 90), (120, 100)])
def test_a_strong_perspective_is_recovered(drawings, near_corner):
    """A homography grows from the part that an affine map agrees with."""
    art = drawings.painterly(500, 500, 3)
    corners = np.array([[0, 0], [499, 0], [499, 499], [0, 499]], np.float32)
    bent = np.array([near_corner, [499, 0], [499, 499], [0, 499]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, bent)
    seen = cv2.warpPerspective(art, matrix, (500, 500), borderValue=(255, 255, 255))
    found = correspond(features(seen), features(art), (500, 500))
    assert found is not None
    back = cv2.perspectiveTransform(bent[:, None].astype(np.float64), found.transform)[:, 0]
    assert np.abs(back - corners).max() < 2


def test_unrelated_pictures_do_not_correspond(draw_figure):
    """Between different figures chance explains whatever agrees."""
    described = [features(draw_figure(seed)) for seed in range(8)]
    found = [
        correspond(described[i], described[j], (400, 400))
        for i in range(8)
        for j in range(8)
        if i != j
    ]
    assert min((f.log10_false_alarms for f in found if f), default=0.0) > -3


def test_a_shared_logo_is_not_spread(draw_figure):
    """Two figures with one credit line agree on it, and the line covers next to nothing."""
    first, second = draw_figure(1), draw_figure(2)
    for art in (first, second):
        cv2.putText(art, "(c) 2026 The Artist", (150, 385), 0, 0.7, (20, 20, 60), 2)
    found = correspond(features(first), features(second), (400, 400))
    assert found is None or found.spread < 0.015


def test_the_result_is_deterministic(draw_figure):
    """Two runs give the same map to the bit."""
    query, reference = features(draw_figure(4)[20:, 30:].copy()), features(draw_figure(4))
    runs = [correspond(query, reference, (400, 400)) for _ in range(2)]
    assert runs[0] is not None
    assert runs[1] is not None
    assert np.array_equal(runs[0].transform, runs[1].transform)


def test_pictures_without_keypoints_do_not_correspond(draw_figure):
    """A flat picture gives no map and no error."""
    flat = features(np.full((100, 100, 3), 255, np.uint8))
    assert correspond(flat, features(draw_figure(0)), (400, 400)) is None
    assert correspond(features(draw_figure(0)), flat, (100, 100)) is None
