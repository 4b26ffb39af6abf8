"""Promises of ocguard.watermark.visible.block."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from ocguard.watermark.visible.block import (
    Place,
    SetBlock,
    drawn_text,
    font_names,
    scaled_logo,
    set_logo,
    set_text,
)
from ocguard.watermark.visible.fonts import runs_of
from ocguard.watermark.visible.typesetting import fit_text

TEXT = "Mira Vale 2026 mira.example"
LOGO = np.full((60, 240, 4), 200, np.uint8)


def place(layout: str, size_px: tuple[int, int] = (800, 600)) -> Place:
    """Return a place with a margin of ten pixels."""
    return Place(layout, size_px, 10.0)  # type: ignore[arg-type]


def ink_box(block: SetBlock) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom of all that is inked, from the block's center."""
    edges = []
    for piece in (piece for group in block.groups for piece in group):
        rows, columns = np.nonzero(piece.mask > 30)
        x, y = columns + piece.left, rows + piece.top
        edges.append((x.min(), y.min(), x.max(), y.max()))
    left, top, right, bottom = zip(*edges, strict=True)
    return min(left), min(top), max(right), max(bottom)


@pytest.mark.parametrize("layout", ["corner", "tile"])
def test_a_text_is_drawn_around_its_center_within_its_size(layout: str) -> None:
    """The ink fills most of the width that the block says, and no more, on either side."""
    block = set_text(TEXT, 30.0, place(layout))
    assert block is not None
    if layout == "corner":
        left, top, right, bottom = ink_box(block)
        width, height = block.size_px
        assert -width / 2 - 2 <= left < -0.4 * width
        assert 0.4 * width < right <= width / 2 + 2
        assert -height / 2 - 2 <= top
        assert bottom <= height / 2 + 2
    room = place(layout).room_px
    assert block.size_px[0] <= room[0] + 1e-6
    assert block.size_px[1] <= room[1] + 1e-6


def test_a_band_is_cut_into_parts_that_choose_their_own_ink() -> None:
    """Light letters over dark hair and dark ones beside it; other layouts share one ink."""
    long = set_text(TEXT * 2, 30.0, place("band"))
    corner = set_text(TEXT, 30.0, place("corner"))
    assert long is not None
    assert corner is not None
    assert len(long.groups) > 2
    assert all(len(group) == 1 for group in long.groups)
    assert len(corner.groups) == 1


def test_lines_start_where_they_are_aligned() -> None:
    """Left, centered or right: the short line moves by half and by all of what is free."""
    block = fit_text("MMMMMMMM\nM", 20.0, (400.0, 100.0), max_lines=2)
    assert block is not None
    free = block.width_px - block.lines[1].width_em * block.size_px
    starts = [drawn_text(block, align=align).groups[0][1].left for align in (0, 0.5, 1)]
    assert starts[1] - starts[0] == pytest.approx(free / 2, abs=1.5)
    assert starts[2] - starts[0] == pytest.approx(free, abs=1.5)


def test_a_quarter_turn_lays_the_text_upwards() -> None:
    """Width and height of the ink change places."""
    block = fit_text(TEXT, 20.0, (400.0, 60.0), max_lines=1)
    assert block is not None
    flat, turned = ink_box(drawn_text(block)), ink_box(drawn_text(block, angle_degrees=90))
    assert turned[3] - turned[1] == pytest.approx(flat[2] - flat[0], abs=3)
    assert turned[2] - turned[0] == pytest.approx(flat[3] - flat[1], abs=3)


def test_a_text_without_room_is_not_set() -> None:
    """None, instead of letters that nobody can read."""
    assert set_text(TEXT, 30.0, place("corner", (24, 18))) is None


def test_a_block_names_each_font_once() -> None:
    """By file, without the folders of this machine."""
    runs = [*runs_of("Mira"), *runs_of("Vale")]
    (name,) = font_names(runs)
    assert name == (Path(runs[0][0].path).name or "built-in")
    block = set_text("Mira\nVale", 30.0, place("corner"))
    assert block is not None
    assert block.fonts == (name,) or len(set(block.fonts)) == len(block.fonts)


def test_a_logo_has_the_area_of_its_square_and_keeps_its_proportions() -> None:
    """Whatever its shape, it weighs as much as a text of that size."""
    block = set_logo(LOGO, 40.0, place("corner"))
    assert block is not None
    assert math.prod(block.size_px) == pytest.approx(40.0**2)
    assert block.size_px[0] / block.size_px[1] == pytest.approx(4)
    assert block.em_px == pytest.approx(40)


def test_a_logo_shrinks_into_its_room_or_is_not_set() -> None:
    """Both sides fit; below eight pixels it shows nothing."""
    tight = place("corner", (150, 150))
    block = set_logo(LOGO, 120.0, tight)
    assert block is not None
    assert block.size_px[0] <= tight.room_px[0] + 1e-6
    assert block.size_px[1] <= tight.room_px[1] + 1e-6
    assert block.size_px[0] / block.size_px[1] == pytest.approx(4)
    assert set_logo(LOGO, 15.9, place("corner")) is None
    assert set_logo(LOGO, 16.1, place("corner")) is not None


def test_the_area_counts_every_pixel_that_is_painted() -> None:
    """Masks with the room around them."""
    block = scaled_logo(LOGO, (80.0, 20.0))
    assert block.area_px == sum(piece.mask.size for piece in block.groups[0])
    assert block.area_px >= 80 * 20
