"""Agreement of feature maps: what nearly all places of two pictures exceed."""

import numpy as np
import pytest

from ocguard.fingerprint.feature_maps import FeatureMaps
from ocguard.matching.evidence.agreement import compare_aligned
from ocguard.matching.evidence.feature_agreement import (
    feature_agreement,
    laid_feature_agreement,
)

RANDOM = np.random.default_rng(8)
DIRECTIONS = RANDOM.normal(size=(100, 16)).astype(np.float32)
DIRECTIONS /= np.linalg.norm(DIRECTIONS, axis=1, keepdims=True)


def maps(turned=0, strengths=None):
    """Return 100 places, some of which are turned to the opposite."""
    directions = DIRECTIONS.copy()
    directions[:turned] *= -1
    return FeatureMaps(directions, np.ones(100, np.float32) if strengths is None else strengths)


@pytest.mark.parametrize(("turned", "agreement"), [(0, 1), (9, 1), (12, -1), (100, -1)])
def test_nine_tenths_of_the_places_must_agree(turned, agreement) -> None:
    """A tenth may differ, more may not."""
    assert feature_agreement(maps(), maps(turned)) == pytest.approx(agreement, abs=1e-4)


def test_the_stronger_of_both_counts() -> None:
    """What one picture adds to a flat place of the other tells against it, either way round."""
    strengths = np.ones(100, np.float32)
    strengths[:5] = 20
    one, other = maps(5, strengths), maps()
    assert feature_agreement(one, other) == pytest.approx(-1, abs=1e-4)
    assert feature_agreement(other, one) == pytest.approx(-1, abs=1e-4)


def test_flat_pictures_are_compared_without_an_error() -> None:
    """There is nothing to count by."""
    flat = FeatureMaps(np.zeros((4, 3), np.float32), np.zeros(4, np.float32))
    assert feature_agreement(flat, flat) == 0


def agreement_of_crops(suspect, work, *, shown):
    """Lay the upper part of a suspect on a work, where it belongs."""
    crop = np.ascontiguousarray(suspect[: round(shown * suspect.shape[0])])
    return laid_feature_agreement(compare_aligned(crop, work, np.eye(3)).laid)


def test_a_part_is_compared_with_its_part(drawings, draw_figure) -> None:
    """Half of a picture in other brushwork agrees, and another picture's half does not."""
    work = draw_figure(1)
    assert agreement_of_crops(drawings.hatched(work), work, shown=0.6) > 0.45
    assert agreement_of_crops(drawings.hatched(draw_figure(45)), work, shown=0.6) < 0.45


def test_nothing_is_said_of_a_sliver(draw_figure) -> None:
    """A twentieth of a picture holds too few places."""
    assert np.isnan(agreement_of_crops(draw_figure(1), draw_figure(1), shown=0.05))
