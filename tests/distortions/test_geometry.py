"""Promises of ocguard.distortions.geometry."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocguard.distortions import geometry
from ocguard.distortions.kind import PixelMap

ANY = np.random.default_rng(0)
sides = st.integers(1, 500)


def at(placement: PixelMap, x: float, y: float) -> np.ndarray:
    """Return where a point of the original lies in the distorted picture."""
    point = np.linalg.inv(placement.matrix) @ (x, y, 1)
    return np.asarray(point[:2] / point[2])


@given(sides, sides, st.integers(1, 400))
def test_a_resized_picture_keeps_its_borders(width: int, height: int, percent: int) -> None:
    """The outer edges of the first and last pixels fall on the edges of the canvas."""
    placement = geometry.place_resize((width, height), percent, ANY)
    assert at(placement, -0.5, -0.5) == pytest.approx((-0.5, -0.5))
    edge = at(placement, width - 0.5, height - 0.5)
    assert edge == pytest.approx((placement.size[0] - 0.5, placement.size[1] - 0.5))


@given(sides, sides, st.integers(16, 600))
def test_a_fitted_picture_is_no_longer_than_asked_and_never_enlarged(
    width: int, height: int, long_side_px: int
) -> None:
    """Small pictures pass as they are."""
    size = geometry.place_fit((width, height), long_side_px, ANY).size
    assert max(size) == min(max(width, height), long_side_px)
    assert min(size) <= min(width, height)


@given(sides, sides, st.integers(1, 100), st.integers(0, 9))
def test_a_crop_lies_inside_the_picture(width: int, height: int, percent: int, seed: int) -> None:
    """For every size, share and seed, without scaling."""
    placement = geometry.place_crop((width, height), percent, np.random.default_rng(seed))
    left, top = placement.matrix[:2, 2]
    assert min(left, top) >= 0
    assert left + placement.size[0] <= width
    assert top + placement.size[1] <= height
    assert np.array_equal(placement.matrix[:2, :2], np.eye(2))


@given(sides, sides, st.integers(-360, 360))
def test_a_turned_picture_lies_on_its_canvas_whole(width: int, height: int, degrees: int) -> None:
    """All four outer corners are inside, and the middles coincide."""
    placement = geometry.place_rotate((width, height), degrees, ANY)
    across, down = placement.size
    for x in (-0.5, width - 0.5):
        for y in (-0.5, height - 0.5):
            there = at(placement, x, y)
            assert -0.5 - 1e-3 <= there[0] <= across - 0.5 + 1e-3
            assert -0.5 - 1e-3 <= there[1] <= down - 0.5 + 1e-3
    middle = at(placement, (width - 1) / 2, (height - 1) / 2)
    assert middle == pytest.approx(((across - 1) / 2, (down - 1) / 2))


def test_a_positive_angle_turns_counterclockwise() -> None:
    """What is right of the middle goes up."""
    placement = geometry.place_rotate((101, 101), 30, ANY)
    x, y = at(placement, 100, 50) - at(placement, 50, 50)
    assert x == pytest.approx(50 * np.cos(np.pi / 6))
    assert y == pytest.approx(-50 * np.sin(np.pi / 6))


def test_shear_slants_and_stretch_widens() -> None:
    """A column leans by the tangent; a width changes alone."""
    placement = geometry.place_shear((100, 80), 10, ANY)
    step = at(placement, 10, 60) - at(placement, 10, 10)
    assert step == pytest.approx((50 * np.tan(np.radians(10)), 50))
    assert geometry.place_stretch((100, 80), 150, ANY).size == (150, 80)


def test_perspective_moves_corners_by_its_percentage_at_most() -> None:
    """Each corner by up to five percent of its side, and not all of them nowhere."""
    moves = []
    for seed in range(10):
        placement = geometry.place_perspective((201, 101), 5, np.random.default_rng(seed))
        corners = ((0, 0), (200, 0), (200, 100), (0, 100))
        moves += [np.abs(at(placement, *corner) - corner) / (200, 100) for corner in corners]
    assert 0.03 < np.max(moves) <= 0.05 + 1e-6


def test_a_warp_shows_white_paper_where_the_picture_ends() -> None:
    """A black picture moved right leaves white on its left."""
    black = np.zeros((20, 30, 3), np.uint8)
    moved = geometry.warp(black, PixelMap((30, 20), geometry.translation(-10, 0)))
    assert (moved[:, :10] == 255).all()
    assert (moved[:, 11:] == 0).all()


def test_shrinking_averages_areas() -> None:
    """A checkerboard of single pixels becomes grey instead of flickering."""
    board = np.zeros((40, 40, 3), np.uint8)
    board[::2, ::2] = board[1::2, 1::2] = 255
    assert np.abs(geometry.resize(board, (20, 20)).astype(int) - 128).max() <= 1


def test_resizing_to_the_same_size_gives_a_copy() -> None:
    """The caller may draw on the result."""
    rgb = np.full((4, 6, 3), 7, np.uint8)
    same = geometry.resize(rgb, (6, 4))
    assert np.array_equal(same, rgb)
    assert not np.shares_memory(same, rgb)


def test_a_shift_beyond_the_picture_leaves_paper() -> None:
    """Nothing wraps around."""
    assert (geometry.shift(np.zeros((5, 5, 3), np.uint8), 9, ANY) == 255).all()


@pytest.mark.parametrize("turns", [-1, 0, 1, 2, 3])
def test_quarter_turns_are_exact_and_lie_where_they_say(turns: int) -> None:
    """No pixel is resampled, and the matrix leads each to its origin."""
    rgb = np.random.default_rng(1).integers(0, 256, (5, 8, 3), dtype=np.uint8)
    turned = geometry.rotate(rgb, 90 * turns, ANY)
    assert np.array_equal(turned, np.rot90(rgb, turns))
    placement = geometry.place_rotate((8, 5), 90 * turns, ANY)
    assert placement.size == (turned.shape[1], turned.shape[0])
    x, y, _ = np.rint(placement.matrix @ (1, 2, 1)).astype(int)
    assert np.array_equal(turned[2, 1], rgb[y, x])


@pytest.mark.parametrize("degrees", [1, 91, -89])
def test_what_is_no_quarter_turn_is_turned_by_its_degrees(degrees: int) -> None:
    """The canvas grows, and holds as much ink as before."""
    black = np.zeros((60, 80, 3), np.uint8)
    turned = geometry.rotate(black, degrees, ANY)
    assert sorted(turned.shape[:2]) > [60, 80]
    assert (255 - turned[..., 0].astype(int)).sum() / 255 == pytest.approx(60 * 80, rel=0.02)
