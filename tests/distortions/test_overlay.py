"""Promises of ocguard.distortions.overlay."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocguard.distortions import overlay


def grey(level: int, height: int = 60, width: int = 80) -> np.ndarray:
    """Return a flat RGB picture."""
    return np.full((height, width, 3), level, np.uint8)


def test_coverage_mixes_top_and_bottom() -> None:
    """0 shows the bottom, 255 the top, a fifth a fifth of it."""
    alpha = np.array([[0, 51, 255]], np.uint8)
    mixed = overlay.blend(grey(200, 1, 3), grey(100, 1, 3), alpha)
    assert mixed[0, :, 0].tolist() == [100, 120, 200]


@pytest.mark.parametrize("percent", [5, 20, 60, 100])
def test_an_erased_box_has_one_color_and_the_area_asked_for(percent: int) -> None:
    """Inside one color, outside every pixel as it was."""
    rgb = np.random.default_rng(1).integers(0, 256, (120, 150, 3), dtype=np.uint8)
    erased = overlay.erase(rgb, percent, np.random.default_rng(2))
    changed = (erased != rgb).any(axis=2)
    assert changed.mean() == pytest.approx(percent / 100, abs=0.02)
    rows, columns = np.nonzero(changed)
    box = erased[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    assert len(np.unique(box.reshape(-1, 3), axis=0)) == 1


def test_text_is_white_with_a_black_edge_within_a_band() -> None:
    """Letters stay readable on any ground and touch nothing outside their band."""
    covered = overlay.cover_with_text(grey(128, 200, 200), 20, np.random.default_rng(3))
    changed = (covered != 128).any(axis=2)
    rows = np.flatnonzero(changed.any(axis=1))
    assert rows[-1] - rows[0] + 1 <= 0.21 * 200
    levels = covered[changed]
    assert (levels == 255).all(axis=1).any()
    assert (levels == 0).all(axis=1).any()


def test_a_sticker_is_round() -> None:
    """Its box is filled to pi / 4, and the corners of the box stay free."""
    rgb = grey(128, 200, 200)
    covered = overlay.cover_with_sticker(rgb, 20, np.random.default_rng(4))
    rows, columns = np.nonzero((covered != rgb).any(axis=2))
    box = (rows.max() - rows.min() + 1) * (columns.max() - columns.min() + 1)
    assert len(rows) / box == pytest.approx(np.pi / 4, abs=0.03)


def test_a_frame_covers_the_edge_only() -> None:
    """Four percent of the short side, in one color."""
    rgb = np.random.default_rng(5).integers(0, 256, (100, 150, 3), dtype=np.uint8)
    framed = overlay.frame(rgb, 0, np.random.default_rng(6))
    assert np.array_equal(framed[4:-4, 4:-4], rgb[4:-4, 4:-4])
    assert (framed[:4] == framed[0, 0]).all()
    assert (framed[:, -4:] == framed[0, 0]).all()


def test_rounded_corners_are_white_and_symmetric() -> None:
    """All four alike, and the middles of the edges stay."""
    rounded = overlay.round_corners(grey(0, 100, 140), 0, np.random.default_rng(0))
    assert (rounded[0, 0] == 255).all()
    assert (rounded[0, 70] == 0).all()
    assert (rounded[50, 0] == 0).all()
    assert np.array_equal(rounded, rounded[::-1])
    assert np.array_equal(rounded, rounded[:, ::-1])


def test_the_ground_is_what_the_corners_reach() -> None:
    """A hole of the ground's color inside the figure belongs to the figure."""
    rgb = grey(255)
    cv2.circle(rgb, (40, 30), 20, (200, 30, 30), 6)
    mask = overlay.ground_mask(rgb)
    assert mask[0, 0] == mask[-1, -1] == 255
    assert mask[30, 40] == 0


def test_a_flat_ground_may_vary_a_little_and_not_drift() -> None:
    """Each pixel is compared with the corner: a slow gradient is no flat ground."""
    rgb = np.repeat(np.linspace(100, 200, 80)[None, :, None], 60, axis=0).repeat(3, axis=2)
    mask = overlay.ground_mask(rgb.astype(np.uint8))
    assert mask[30, 2] == 255
    assert mask[30, 40] == 0


def test_another_ground_color_leaves_the_figure() -> None:
    """The whole ground turns into one color."""
    rgb = grey(255)
    rgb[20:40, 30:50] = (10, 200, 30)
    changed = overlay.ground_color(rgb, 0, np.random.default_rng(7))
    assert np.array_equal(changed[20:40, 30:50], rgb[20:40, 30:50])
    assert (changed[:20] == changed[0, 0]).all()
    assert not (changed[0, 0] == 255).all()
