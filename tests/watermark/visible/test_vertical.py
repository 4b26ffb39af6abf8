"""Promises of ocguard.watermark.visible.vertical: columns as East Asian books have them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import features

from ocguard.errors import FontError
from ocguard.watermark.visible.block import SetBlock
from ocguard.watermark.visible.mark import VisibleMark, visible_mark
from ocguard.watermark.visible.vertical import set_columns

needs_fribidi = pytest.mark.skipif(
    not features.check("raqm"),
    reason="vertical text needs FriBiDi (Debian: apt install libfribidi0)",
)

HAN = "小狐狸画室"


def ink(block: SetBlock | None) -> NDArray[np.uint8]:
    """Lay all pieces of a block on a page whose middle is the block's."""
    assert block is not None
    page = np.zeros((1200, 1200), np.uint8)
    for piece in block.groups[0]:
        height, width = piece.mask.shape
        there = np.s_[
            600 + piece.top : 600 + piece.top + height, 600 + piece.left : 600 + piece.left + width
        ]
        page[there] = np.maximum(page[there], piece.mask)
    return page


def box(page: NDArray[np.uint8]) -> tuple[int, int, int, int]:
    """Left, top, width and height of the ink."""
    x, y, width, height = cv2.boundingRect((page > 60).astype(np.uint8))
    return x, y, width, height


@needs_fribidi
def test_characters_stand_below_each_other(needs_font: Callable[[str], None]) -> None:
    """One em wide, as high as there are characters."""
    needs_font(HAN)
    _, _, width, height = box(ink(set_columns(HAN, 60.0, (900, 900))))
    assert width < 62
    assert height == pytest.approx(5 * 60, abs=14)


@needs_fribidi
def test_the_first_column_is_the_right_one(needs_font: Callable[[str], None]) -> None:
    """A long first line and a short second one: the short one is on the left."""
    needs_font(HAN)
    page = ink(set_columns(f"{HAN}\n一", 60.0, (900, 900)))
    left, right = (page[:, :600] > 60).sum(), (page[:, 600:] > 60).sum()
    assert right > 4 * left > 0


@needs_fribidi
def test_punctuation_takes_its_vertical_form(needs_font: Callable[[str], None]) -> None:
    """The long vowel sign of katakana is upright in a column."""
    needs_font("ミラー")
    _, _, width, height = box(ink(set_columns("ー", 80.0, (900, 900))))
    assert height > 3 * width


@needs_fribidi
def test_latin_words_lie_on_their_side() -> None:
    """Turned clockwise: higher than wide, with the base line to the left."""
    page = ink(set_columns("Ll", 80.0, (900, 900)))
    x, _, width, height = box(page)
    assert height < 80
    rows = page[:, x : x + width] > 60
    assert rows[:, : width // 4].sum() > rows[:, -width // 4 :].sum()  # the foot of the L


@needs_fribidi
def test_columns_shrink_to_their_room_or_are_left_out(needs_font: Callable[[str], None]) -> None:
    """Never higher or wider than allowed."""
    needs_font(HAN)
    block = set_columns(HAN * 3, 60.0, (300, 400))
    assert block is not None
    assert block.size_px[1] <= 400
    assert box(ink(block))[3] <= 402
    assert set_columns(HAN * 3, 60.0, (300, 60)) is None


@needs_fribidi
def test_a_column_stands_in_the_corner(
    needs_font: Callable[[str], None], marked: Callable[..., tuple[VisibleMark, NDArray[Any]]]
) -> None:
    """Bottom right, within its margins, upright."""
    needs_font(HAN)
    ground = np.zeros((800, 1000, 3), np.uint8)
    _, result = marked(ground, layout="corner", text=HAN, is_vertical=True)
    x, y, width, height = box(result.max(axis=2))
    assert x + width == pytest.approx(1000 - 0.026 * 800, abs=3)
    assert y + height == pytest.approx(800 - 0.026 * 800, abs=3)
    assert height > 3 * width


def test_only_a_corner_text_can_be_vertical() -> None:
    """Bands and tiles lie aslant; a logo has no columns."""
    art = np.zeros((400, 400, 3), np.uint8)
    logo = np.full((9, 9, 4), 255, np.uint8)
    for options in ({"layout": "band", "text": "M"}, {"layout": "corner", "logo_rgba": logo}):
        with pytest.raises(ValueError, match="vertical"):
            visible_mark(art, (400, 400), is_vertical=True, **options)  # type: ignore[arg-type]


@pytest.mark.skipif(features.check("raqm"), reason="FriBiDi is installed")
def test_without_fribidi_the_error_names_what_to_install() -> None:
    """Pillow's wheel brings everything else."""
    with pytest.raises(FontError, match=r"apt install libfribidi0.*--vertical"):
        set_columns("Ll", 80.0, (900, 900))
