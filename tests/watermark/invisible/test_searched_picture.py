"""Promises of ocguard.watermark.invisible.searched_picture."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocguard.distortions import apply, true_transform
from ocguard.watermark.invisible.carrier import PERIOD_PX, derive_carrier
from ocguard.watermark.invisible.searched_picture import SearchedPicture


@pytest.fixture(scope="module")
def suspect_of(key):
    """Prepare a suspect for the key of these tests."""
    carrier = derive_carrier(key)
    return lambda rgb: SearchedPicture.of(rgb, carrier)


def torus_apart(suspect: SearchedPicture, placement, marked, matrix: np.ndarray) -> float:
    """Return how far a placement lays the suspect from its true place, working pixels."""
    width, height = suspect.size_px
    points = np.array([(x * width, y * height, 1) for x in (0.1, 0.5, 0.9) for y in (0.2, 0.8)])
    plane = points @ suspect.to_plane.T
    laid = placement.on_torus(plane[:, :2])
    true = (points @ matrix.T)[:, :2] + marked.embedding.origin_px
    off = (laid - true + PERIOD_PX / 2) % PERIOD_PX - PERIOD_PX / 2
    return float(np.abs(off).max())


@pytest.mark.parametrize(
    ("distortion", "ways"),
    [
        ("jpeg-75", ("usual", "upright", "turned")),
        ("mirror", ("usual", "upright", "turned")),
        ("crop-60", ("usual", "upright", "turned")),
        ("stretch-115", ("upright",)),
        ("rotate-7", ("turned",)),
        ("shear-5", ("stretched",)),
        ("rotate-90", ("turned",)),
    ],
)
def test_a_copy_is_placed_by_the_search_for_its_kind(small, suspect_of, distortion, ways) -> None:
    """Within two working pixels of the truth, among the first two."""
    suspect = suspect_of(apply(distortion, small.rgb, 1))
    size = (small.rgb.shape[1], small.rgb.shape[0])
    matrix = true_transform(distortion, size, 1)
    for way in ways:
        placed = getattr(suspect, way)(2)
        assert len(placed) <= 2
        assert min(torus_apart(suspect, one, small, matrix) for one in placed) < 2, way


def test_a_part_in_another_picture_is_placed_by_a_window(small, suspect_of, drawings) -> None:
    """The rest of the suspect shows something else."""
    other = drawings.painterly(700, 640, seed=9)
    other[180:600, 200:680] = small.rgb
    suspect = suspect_of(other)
    matrix = np.array([[1, 0, -200.0], [0, 1, -180.0], [0, 0, 1]])
    best = min(torus_apart(suspect, one, small, matrix) for one in suspect.windowed(3))
    assert best < 3


def test_soft_bits_are_read_under_the_right_placement_only(small, mark, key, suspect_of) -> None:
    """Elsewhere on the torus there is no energy."""
    suspect = suspect_of(mark(small.host, 7, key, "strong").rgb)
    placement = suspect.usual(1)[0]
    assert suspect.read(placement).energy > 10
    wrong = placement.on_other(placement.size_px, np.array([[1, 0, 37.0], [0, 1, 11], [0, 0, 1]]))
    assert abs(suspect.read(wrong).energy) < 5


def test_many_places_are_read_as_each_by_itself(small, suspect_of) -> None:
    """Whatever the map of each, in the order that they are listed in."""
    suspect = suspect_of(cv2.resize(small.rgb, None, fx=0.7, fy=0.7, interpolation=cv2.INTER_AREA))
    placements = suspect.scaled_many(12)
    assert len({placement.transform[0, 0] for placement in placements}) > 1
    for one, placement in zip(suspect.read_many(placements), placements, strict=True):
        other = suspect.read(placement).values
        assert np.allclose(one.values, other, atol=0.05 * np.abs(other).max())


@pytest.mark.parametrize("way", ["usual_many", "scaled_many"])
def test_nothing_is_listed_in_a_black_picture(suspect_of, way) -> None:
    """No place stands out of the others."""
    assert getattr(suspect_of(np.zeros((400, 400, 3), np.uint8)), way)(10) == []


@pytest.mark.parametrize("scale", [0.6, 1.6])
def test_a_copy_of_another_size_is_read_at_the_scale_of_its_chips(small, suspect_of, scale) -> None:
    """Smaller and larger than it was marked."""
    resized = cv2.resize(small.rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    suspect = suspect_of(resized)
    assert max(suspect.read(placement).energy for placement in suspect.upright(1)) > 6


def test_a_large_suspect_is_analyzed_small(suspect_of) -> None:
    """At most 1,024 pixels a side; placements say where its own pixels lie."""
    suspect = suspect_of(np.zeros((300, 3000, 3), np.uint8))
    assert suspect.luma.shape == (102, 1024)
    assert suspect.size_px == (3000, 300)
    corner = suspect.to_plane @ (2999.5, 299.5, 1)
    assert corner[:2] == pytest.approx((511.5, 50.5), abs=0.6)


def test_only_a_blurred_suspect_is_sharpened(small, suspect_of) -> None:
    """Its copy has the same size and stronger edges."""
    assert suspect_of(small.rgb).sharpened() is None
    blurred = suspect_of(apply("blur-3", small.rgb, 0))
    sharp = blurred.sharpened()
    assert sharp is not None
    assert sharp.size_px == blurred.size_px
    assert np.abs(np.diff(sharp.luma)).mean() > np.abs(np.diff(blurred.luma)).mean()
