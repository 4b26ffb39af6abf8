"""Promises of ocguard.watermark.visible.layout."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocguard.watermark.visible.layout import LAYOUTS, angle_degrees, points, room

SIZES = st.tuples(st.integers(1, 16_384), st.integers(1, 16_384))


@pytest.mark.parametrize("layout", ["band", "tile"])
@pytest.mark.parametrize("size", [(1000, 1000), (300, 1800), (1800, 300), (16_384, 16_384)])
def test_the_center_of_the_picture_is_marked_first(layout: str, size: tuple[int, int]) -> None:
    """A crop to the middle always keeps a block of the mark."""
    found = points(layout, size, (200.0, 40.0), 30.0)  # type: ignore[arg-type]
    assert found[0] == (size[0] / 2, size[1] / 2)


def test_a_band_runs_along_the_rising_diagonal() -> None:
    """Its blocks lie on the line from bottom left to top right, to half a pixel."""
    width, height = 1200, 700
    for x, y in points("band", (width, height), (180.0, 30.0), 50.0):
        assert abs(x * height + y * width - width * height) / math.hypot(width, height) < 1
    assert angle_degrees("band", (width, height)) == pytest.approx(30.26, abs=0.01)


@pytest.mark.parametrize("turn", [-3.0, 0.0, 3.0])
@pytest.mark.parametrize("across", [-1.0, 1.0])
@pytest.mark.parametrize("is_upright", [False, True])
def test_a_band_reaches_every_panel_of_a_strip(
    turn: float, across: float, is_upright: bool
) -> None:
    """The first and the last of six are not left out, wherever the seed moves the band."""
    size, panel = (2400, 400), 400
    if is_upright:
        size = size[::-1]
    found = points("band", size, (160.0, 30.0), 40.0, turn_degrees=turn, shift=(0.0, across))
    long = [(y if is_upright else x, x if is_upright else y) for x, y in found]
    panels = {along // panel for along, aside in long if 0 <= aside <= panel}
    assert panels >= set(range(6))


@pytest.mark.parametrize("size", [(1000, 1000), (300, 1800), (2000, 400)])
def test_tiles_leave_no_gap_larger_than_a_tile(size: tuple[int, int]) -> None:
    """Every point of the picture has the center of a tile within one cell's diagonal."""
    block, margin = (150.0, 30.0), 60.0
    found = points("tile", size, block, margin)
    reach = math.hypot(block[0] + margin, block[1] + margin)
    for x in range(0, size[0] + 1, 50):
        for y in range(0, size[1] + 1, 50):
            assert min(math.hypot(x - a, y - b) for a, b in found) < reach


@settings(max_examples=40, deadline=None)
@given(SIZES, st.floats(8, 400), st.floats(8, 100))
def test_the_number_of_tiles_is_bounded(
    size: tuple[int, int], block_width: float, block_height: float
) -> None:
    """However small the tile and large the picture, there are a few thousand at most."""
    assert 0 < len(points("tile", size, (block_width, block_height), 0.0)) < 8000


@given(SIZES, st.floats(0, 100))
def test_a_corner_mark_has_room_within_its_margins(size: tuple[int, int], margin: float) -> None:
    """The room never reaches past the margins."""
    width, height = room("corner", size, margin)
    assert width <= size[0] - 2 * margin
    assert height <= size[1] - 2 * margin


def test_faint_layouts_are_bold_and_the_credit_line_is_clear() -> None:
    """Large marks are faint (up to about a third), the line in the corner is nearly opaque."""
    assert LAYOUTS["corner"].look.opacity_percent > 80
    assert all(LAYOUTS[name].look.opacity_percent < 35 for name in ("band", "tile"))
    assert LAYOUTS["band"].is_bold
    assert LAYOUTS["tile"].is_bold
