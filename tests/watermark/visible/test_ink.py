"""Promises of ocguard.watermark.visible.ink."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.choices import Edge
from ocguard.watermark.visible.fonts import runs_of
from ocguard.watermark.visible.ink import ANYWHERE, DARK, LIGHT, edged, paint
from ocguard.watermark.visible.pieces import Piece, text_piece


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
    mask = np.zeros((92, 92), np.uint8)
    cv2.polylines(
        mask, [np.array([[22, 68], [22, 24], [46, 50], [70, 24], [70, 68]])], False, 255, 9
    )
    piece = Piece(0, 0, mask, None, 4.8)
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


def test_a_shadow_on_ground_of_light_and_dark_closes_around_the_letters() -> None:
    """White letters over white art keep a dark edge on their upper left side too."""
    piece = text_piece(runs_of("M"), 60.0, (0.0, 0.0))
    (stamp,) = paint(piece, edged(ANYWHERE, "shadow"), 1.0)
    edge = cv2.dilate(piece.mask, np.ones((3, 3), np.uint8)) > 128
    just_outside = edge & (piece.mask < 8)
    assert stamp.rgba[just_outside, 3].min() > 100
