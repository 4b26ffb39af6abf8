"""Feature maps: what the network sees, place by place."""

import cv2
import numpy as np
import pytest

from ocguard.fingerprint.feature_maps import feature_maps


@pytest.fixture
def picture(drawings):
    """Give one drawing."""
    return drawings.cel(400, 300, 3)


def agreeing(one, other):
    """Return the mean cosine of all places."""
    return float((one.directions * other.directions).sum(axis=1).mean())


def test_every_place_has_a_direction_and_a_strength(picture) -> None:
    """Rows of unit length, whatever the shape of the picture."""
    maps = feature_maps(picture)
    assert maps.directions.shape[0] == len(maps.strengths) == 144
    assert np.allclose(np.linalg.norm(maps.directions, axis=1), 1, atol=1e-3)
    assert maps.strengths.min() >= 0


def test_a_copy_is_seen_alike_and_a_stranger_is_not(picture, drawings) -> None:
    """Small and recompressed, in the same places."""
    small = cv2.resize(picture, (200, 150), interpolation=cv2.INTER_AREA)
    copy = cv2.imdecode(cv2.imencode(".jpg", small)[1], cv2.IMREAD_COLOR)
    seen = feature_maps(picture)
    assert agreeing(seen, feature_maps(copy)) > 0.95
    assert agreeing(seen, feature_maps(drawings.cel(400, 300, 4))) < 0.5


def test_places_are_where_they_lie(picture) -> None:
    """What was painted over in one corner is seen there, and hardly elsewhere."""
    changed = picture.copy()
    changed[:100, :130] = np.random.default_rng(3).integers(0, 256, (100, 130, 3))
    before, after = feature_maps(picture), feature_maps(changed)
    cosines = (before.directions * after.directions).sum(axis=1).reshape(12, 12)
    assert cosines[:4, :4].mean() < 0.5
    assert cosines[6:, 6:].mean() > 0.9


def test_a_flat_picture_has_no_direction() -> None:
    """Nothing stands out, and nothing is divided by zero."""
    maps = feature_maps(np.full((60, 60, 3), 128, np.uint8))
    assert np.isfinite(maps.directions).all()


def test_places_that_do_not_count_are_left_out(picture) -> None:
    """The right half is seen as if nothing else were there."""
    counts = np.zeros(picture.shape[:2], bool)
    counts[:, 200:] = True
    assert feature_maps(picture, counts).directions.shape[0] == 72
    assert feature_maps(picture, ~counts).directions.shape[0] == 72
