"""Agreement of aligned pictures, tile by tile."""

import cv2
import numpy as np
import pytest

from ocguard.matching.evidence.agreement import TILES, compare_aligned

STAYS = np.eye(3)


@pytest.fixture(scope="module")
def art(drawings):
    return drawings.cel(360, 360, 5)


def agreement(suspect, work, transform=STAYS):
    return compare_aligned(np.ascontiguousarray(suspect), work, transform).agreement


def test_a_picture_agrees_with_itself(art):
    """In edges, light and dark, color, and everywhere."""
    found = agreement(art, art)
    assert found.structure_correlation > 0.99
    assert found.tone_correlation > 0.99
    assert found.palette_likeness > 0.99
    assert found.agreeing_structure_share == pytest.approx(1)
    assert found.work_covered_share == pytest.approx(1)
    assert found.suspect_covered_share > 0.99


def test_a_negative_agrees_with_its_tone_turned_over(art):
    """Edges stay, light and dark change places, colors differ."""
    found = agreement(255 - art, art)
    assert found.structure_correlation > 0.95
    assert found.tone_correlation < -0.9
    assert found.upper_tone_correlation > 0.9
    assert found.palette_likeness < 0.9


def test_both_halves_of_a_work_cover_it_together(art):
    """Each is all in the work, and the work is partly in each."""
    left = agreement(art[:, :180], art)
    right = agreement(art[:, 180:], art, np.array([[1.0, 0, 180], [0, 1, 0], [0, 0, 1]]))
    assert left.work_covered_share + right.work_covered_share == pytest.approx(1, abs=0.15)
    assert min(left.suspect_covered_share, right.suspect_covered_share) > 0.8


def test_strangers_agree_in_chance_tiles_only(art, drawings):
    """Little, and in no large part."""
    found = agreement(drawings.cel(360, 360, 6), art)
    assert found.structure_correlation < 0.4
    assert found.common_area_share < 0.4


def test_the_map_is_followed(art):
    """A suspect that was moved agrees under the map that brings it back, and not without it."""
    moved = np.roll(art, 90, axis=1)
    back = np.array([[1.0, 0, -90], [0, 1, 0], [0, 0, 1]])
    assert agreement(moved, art, back).agreeing_structure_share > 0.9
    assert agreement(moved, art).agreeing_structure_share < 0.5


def test_agreement_near_places_is_told_from_the_rest(art, drawings):
    """The left half is the work, the right half is another picture."""
    suspect = np.hstack([art[:, :180], drawings.cel(360, 360, 7)[:, 180:]])
    alignment = compare_aligned(np.ascontiguousarray(suspect), art, STAYS)
    left = np.array([(x, y) for x in range(10, 150, 20) for y in range(10, 350, 20)], np.float32)
    near, elsewhere = alignment.agreement_near(left)
    assert near > 0.9
    assert elsewhere < 0.5
    assert alignment.tiles.shape == (TILES, TILES)


def test_a_few_tiles_say_nothing():
    """Flat pictures have no tiles to compare."""
    flat = np.full((120, 120, 3), 90, np.uint8)
    alignment = compare_aligned(flat, flat, STAYS)
    assert alignment.agreement_near(np.array([[5, 5]], np.float32)) == (0.0, 0.0)
    assert np.isnan(alignment.tiles).all()


def test_a_closer_look_is_twice_as_fine(draw_figure):
    """Both pictures come to one raster, on which a copy lies on its work."""
    work = cv2.resize(draw_figure(68), (900, 900), interpolation=cv2.INTER_LINEAR)
    alignment = compare_aligned(work, work, np.eye(3))
    close = alignment.closely()
    assert close.work_rgb.shape == close.suspect_rgb.shape == (576, 576, 3)
    assert alignment.laid.work_rgb.shape == (288, 288, 3)
    assert np.abs(close.suspect_rgb.astype(int) - close.work_rgb).mean() < 6
