"""Promises of ocguard.distortions.bending."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from ocguard.distortions import bending
from ocguard.distortions.kind import Rgb


def ramp(width: int, height: int) -> Rgb:
    """Return a picture whose red level is x and whose green level is y."""
    rows, columns = np.indices((height, width))
    return np.dstack([columns, rows, np.full_like(rows, 60)]).astype(np.uint8)


def moved(rgb: Rgb, result: Rgb) -> np.ndarray:
    """Return how far each pixel's origin lies from it, in pixels, read from a ramp."""
    return np.abs(result[..., :2].astype(int) - rgb[..., :2]).max(axis=2)


def test_a_field_points_to_the_origin_of_each_pixel() -> None:
    """A field of (3, -2) shows at (x, y) what stood at (x + 3, y - 2)."""
    rgb = ramp(40, 30)
    right, up = np.full((30, 40), 3, np.float32), np.full((30, 40), -2, np.float32)
    shown = bending.displace(rgb, right, up)
    assert np.array_equal(shown[2:, :-3], rgb[:-2, 3:])


@pytest.mark.parametrize("wavelength_px", [4.0, 20.0, 1000.0])
def test_a_smooth_field_reaches_one_and_not_further(wavelength_px: float) -> None:
    """Callers multiply it by a length, which then is the largest movement."""
    field = bending.smooth_field((50, 70), wavelength_px, np.random.default_rng(1))
    assert field.shape == (50, 70)
    assert np.abs(field).max() == pytest.approx(1)


def test_a_longer_wavelength_makes_a_smoother_field() -> None:
    """The largest step between neighbors falls as the wavelength grows."""
    steps = [
        np.abs(np.diff(bending.smooth_field((120, 120), length, np.random.default_rng(2)))).max()
        for length in (5.0, 20.0, 80.0)
    ]
    assert steps[0] > 2 * steps[1] > 4 * steps[2]


def test_bending_moves_by_a_hundredth_of_the_sides_at_most_and_a_little() -> None:
    """Corners, bow and shake together stay below two percent of the side and three pixels."""
    rgb = ramp(200, 160)
    for seed in range(5):
        inner = moved(rgb, bending.bend(rgb, 0, np.random.default_rng(seed)))[8:-8, 8:-8]
        assert 0 < inner.max() <= 0.018 * 200 + bending.BEND_SHAKE_PX + bending.BEND_TONE + 1


def test_dropped_lines_leave_the_others_in_their_order() -> None:
    """What remains is an ordered selection of rows and columns, nothing blended."""
    rgb = ramp(100, 60)
    rest = bending.drop_lines(rgb, 10, np.random.default_rng(3))
    assert rest.shape == (54, 90, 3)
    assert (np.diff(rest[0, :, 0].astype(int)) > 0).all()
    assert (np.diff(rest[:, 0, 1].astype(int)) > 0).all()
    assert (rest[..., 0] == rest[0, :, 0]).all()


def test_an_elastic_warp_moves_at_most_its_percentage() -> None:
    """Six percent of the long side is the largest step, and it is nearly taken."""
    rgb = ramp(200, 160)
    reach = moved(rgb, bending.elastic(rgb, 6, np.random.default_rng(4)))[12:-12, 12:-12].max()
    assert 0.5 * 12 < reach <= 12 + 1


def test_an_enlarged_head_shows_less_of_the_original_around_its_middle() -> None:
    """At 150 percent two pixels lie where one and a third lay; the feet stay."""
    rgb = ramp(200, 200)
    grown = bending.enlarge_head(rgb, 150, np.random.default_rng(5)).astype(int)
    row, column = 60, 100
    across = (grown[row, column + 5, 0] - grown[row, column - 5, 0]) / 10
    down = (grown[row + 5, column, 1] - grown[row - 5, column, 1]) / 10
    assert across == pytest.approx(100 / 150, abs=0.1)
    assert down == pytest.approx(100 / 150, abs=0.1)
    assert np.array_equal(grown[-20:], rgb[-20:])


@pytest.mark.parametrize("change", [bending.shift_limbs, bending.repose])
def test_moved_parts_leave_the_corners_alone(
    change: Callable[[Rgb, int, np.random.Generator], Rgb],
) -> None:
    """Only what stands where a figure has its parts moves."""
    rgb = ramp(200, 200)
    distance = moved(rgb, change(rgb, 8, np.random.default_rng(6)))
    assert distance.max() >= 3
    assert distance[:2, :2].max() == distance[:2, -2:].max() == 0


def test_a_shift_of_limbs_is_as_large_as_its_percentage() -> None:
    """Four percent of 200 pixels are 8 pixels, in a direction of each limb's own."""
    rgb = ramp(200, 200)
    shown = bending.shift_limbs(rgb, 4, np.random.default_rng(7)).astype(int)
    for x, y in ((50, 100), (150, 100)):
        step = np.hypot(*(shown[y, x, :2] - (x, y)))
        assert step == pytest.approx(8, abs=2)


@pytest.mark.parametrize("kind", bending.KINDS, ids=lambda kind: kind.stem)
def test_a_field_is_told_as_movement_without_a_matrix(kind: bending.Kind) -> None:
    """Readers that ask for the matrix must be refused instead of told that nothing moves."""
    assert kind.is_geometric
    assert kind.place is None


def test_corners_drift_apart_and_what_lies_between_follows() -> None:
    """The middle of the drift is the mean of its corners."""
    drift = bending._corner_drift((31, 41), np.random.default_rng(8))
    corners = drift[[0, 0, -1, -1], [0, -1, 0, -1]]
    assert drift[15, 20] == pytest.approx(corners.mean())
    assert len(set(corners.tolist())) == 4
    assert np.abs(drift).max() <= bending.BEND_CORNER
