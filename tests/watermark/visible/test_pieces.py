"""Promises of ocguard.watermark.visible.pieces."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from ocguard.watermark.visible.fonts import runs_of
from ocguard.watermark.visible.pieces import logo_piece, text_piece


def disk(side: int = 200, color: tuple[int, int, int] = (230, 90, 40)) -> NDArray[np.uint8]:
    """A round logo on clear ground whose hidden color is not that of the disk."""
    y, x = np.mgrid[:side, :side] - (side - 1) / 2
    logo = np.full((side, side, 4), (0, 255, 0, 0), np.uint8)
    logo[np.hypot(x, y) < side * 0.45] = (*color, 255)
    return logo


@pytest.mark.parametrize("angle", [0.0, 30.0, 45.0, 80.5])
def test_turning_keeps_the_amount_of_ink(angle: float) -> None:
    """Rotation neither clips letters nor makes them bolder."""
    runs = runs_of("Mira Vale")
    straight = text_piece(runs, 40.0, (-90.0, 10.0)).mask.sum(dtype=np.int64)
    turned = text_piece(runs, 40.0, (-90.0, 10.0), angle).mask.sum(dtype=np.int64)
    assert turned == pytest.approx(straight, rel=0.01)


def test_turning_goes_around_the_center_of_the_block() -> None:
    """A piece right of the center comes to lie above it after a quarter turn."""
    piece = text_piece(runs_of("M"), 40.0, (100.0, 0.0), 90.0)
    height, width = piece.mask.shape
    assert piece.top + height < -80
    assert -60 < piece.left < piece.left + width < 60


def test_edges_are_smooth() -> None:
    """Letters are drawn with many shades, not with stairs."""
    mask = text_piece(runs_of("Vale"), 24.0, (0.0, 0.0), 30.0).mask
    shades = np.unique(mask)
    assert len(shades) > 60
    assert shades[-1] > 230


def test_a_logo_keeps_its_colors_and_hidden_color_does_not_bleed() -> None:
    """Shrunk and turned, its inside is the old color and its edge has no green."""
    piece = logo_piece(disk(), (61.0, 61.0), 30.0)
    assert piece.colors is not None
    inside = piece.colors[piece.mask > 250]
    assert np.abs(inside.astype(int) - (230, 90, 40)).max() <= 3
    edge = piece.colors[(piece.mask > 60) & (piece.mask < 200)].astype(int)
    assert (edge[:, 1] < edge[:, 0]).all()


def test_a_logo_gets_the_size_that_was_asked_for() -> None:
    """Smaller or larger than the file, to the pixel."""
    for side in (30.0, 450.0):
        mask = logo_piece(disk(), (side, side)).mask
        assert (mask.max(axis=0) > 127).sum() == pytest.approx(0.9 * side, abs=1.5)
