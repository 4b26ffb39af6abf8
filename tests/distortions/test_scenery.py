"""Promises of ocguard.distortions.scenery."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocguard.distortions.scenery import scene, text_block


@pytest.mark.parametrize("size", [(1, 1), (3, 200), (90, 60)])
def test_a_scene_has_the_size_asked_for(size: tuple[int, int]) -> None:
    """Width first, at any proportions."""
    drawn = scene(size, np.random.default_rng(0))
    assert drawn.shape == (size[1], size[0], 3)
    assert drawn.dtype == np.uint8


def test_a_scene_is_no_flat_ground_and_differs_by_seed() -> None:
    """It has light, color and grain; two seeds have little in common."""
    one, two = (scene((120, 90), np.random.default_rng(seed)).astype(float) for seed in (1, 2))
    assert one.std() > 15
    assert np.ptp(one.mean(axis=(0, 1))) > 0
    smooth = cv2.GaussianBlur(one, (0, 0), 1.5)
    assert (one - smooth).std() > 2
    assert abs(np.corrcoef(one.ravel(), two.ravel())[0, 1]) < 0.7


def test_text_fills_its_block_with_lines() -> None:
    """Six lines of 20 pixels: rows of ink with free rows between them."""
    block = text_block((200, 120), 20.0, np.random.default_rng(3))
    assert block.shape == (120, 200)
    has_ink = (block > 0).any(axis=1)
    starts = np.count_nonzero(has_ink[1:] & ~has_ink[:-1]) + int(has_ink[0])
    assert starts == 6
    assert 0.05 < (block > 0).mean() < 0.6


def test_larger_lines_have_thicker_strokes() -> None:
    """The share of ink stays, so letters do not thin out when enlarged."""
    small, large = (
        (text_block((400, 400), line_px, np.random.default_rng(4)) > 0).mean()
        for line_px in (20.0, 100.0)
    )
    assert large == pytest.approx(small, rel=0.5)
