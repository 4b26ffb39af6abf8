"""Promises of ocguard.watermark.visible.ink."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from ocguard.watermark.visible.fonts import runs_of
from ocguard.watermark.visible.ink import (
    ANYWHERE,
    DARK,
    LIGHT,
    Edge,
    Piece,
    edged,
    logo_piece,
    paint,
    text_piece,
)


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


def test_the_rim_surrounds_the_fill_and_is_not_cut_off() -> None:
    """There is rim on every side of the letters, and nothing at the border of the stamp."""
    for ink in (LIGHT, DARK, ANYWHERE):
        (stamp,) = paint(text_piece(runs_of("Mira"), 40.0, (0.0, 0.0)), ink, 1.0)
        alpha = stamp.rgba[..., 3]
        border = np.concatenate([alpha[0], alpha[-1], alpha[:, 0], alpha[:, -1]])
        assert border.max() <= 4
        rim = np.all(np.abs(stamp.rgba[..., :3].astype(int) - ink.rim) < 3, axis=2)
        assert (alpha[rim] > 40).any()


def test_opacity_fades_fill_and_rim_alike() -> None:
    """At half opacity every pixel is half as opaque, in the same colors."""
    piece = text_piece(runs_of("Mira"), 40.0, (0.0, 0.0))
    (full,), (half,) = paint(piece, LIGHT, 1.0), paint(piece, LIGHT, 0.5)
    assert np.array_equal(full.rgba[..., :3], half.rgba[..., :3])
    assert np.abs(full.rgba[..., 3] / 2.0 - half.rgba[..., 3]).max() <= 0.6


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


def test_large_pieces_are_cut_into_stamps_without_seams() -> None:
    """Put together again, the stamps are what one stamp would have been."""
    rng = np.random.default_rng(3)
    mask = np.zeros((1500, 2500), np.uint8)
    mask[100:1300, 200:900] = rng.integers(0, 256, (1200, 700))
    stamps = paint(Piece(-50, 30, mask, None, 6.0), LIGHT, 1.0)
    joined = np.zeros((1500, 2500), np.uint8)
    for stamp in stamps:
        height, width = stamp.rgba.shape[:2]
        left, top = stamp.left + 50, stamp.top - 30
        joined[top : top + height, left : left + width] = stamp.rgba[..., 3]
    assert (joined >= mask.astype(int) - 1).all()
    assert sum(stamp.rgba[..., 3].size for stamp in stamps) < mask.size


def test_an_edge_by_choice_is_an_outline_a_shadow_or_none() -> None:
    """Hard all around, soft to the lower right, or nothing at all."""
    piece = text_piece(runs_of("M"), 60.0, (0.0, 0.0))
    outside = piece.mask < 8
    rows, columns = np.nonzero(piece.mask > 128)
    middle = rows.mean(), columns.mean()

    def ring(edge: Edge) -> NDArray[np.uint8]:
        (stamp,) = paint(piece, edged(LIGHT, edge), 1.0)
        return np.where(outside, stamp.rgba[..., 3], 0)

    assert ring("none").max() <= 8
    assert edged(LIGHT, "auto") is LIGHT
    outline = ring("outline")
    assert outline.max() > 200
    assert 0 < (outline > 20).sum() < 1.4 * (outline > 180).sum()
    shadow = ring("shadow").astype(float)
    y, x = np.indices(shadow.shape)
    assert (shadow * y).sum() / shadow.sum() > middle[0] + 2
    assert (shadow * x).sum() / shadow.sum() > middle[1] + 2
