"""Promises of ocguard.distortions.repaint."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocguard.distortions import repaint
from ocguard.distortions.kind import Rgb


def disk() -> Rgb:
    """Return a red disk with grain on pale ground."""
    rgb = np.full((100, 120, 3), (230, 225, 210), np.uint8)
    cv2.circle(rgb, (60, 50), 30, (180, 40, 40), -1)
    grain = np.random.default_rng(1).normal(0, 5, rgb.shape)
    return np.clip(rgb + grain, 0, 255).astype(np.uint8)


def colors(rgb: Rgb) -> int:
    """Count different colors."""
    return len(np.unique(rgb.reshape(-1, 3), axis=0))


def test_regions_are_numbered_from_dark_to_light() -> None:
    """Labels index the centers, and neighbors in number are neighbors in lightness."""
    labels, centers = repaint.color_regions(disk(), 2, np.random.default_rng(2))
    assert centers[0, 0] < centers[1, 0]
    assert labels[50, 60] == 0
    assert labels[5, 5] == 1


def test_posterizing_leaves_no_more_colors_than_asked() -> None:
    """Flat areas replace grain."""
    assert colors(repaint.posterize(disk(), 5, np.random.default_rng(3))) <= 5


def test_recoloring_keeps_lightness_and_turns_hues() -> None:
    """The luma of the disk stays within the bend of the color space; its color does not."""
    rgb = disk()
    shown = repaint.recolor(rgb, np.random.default_rng(4))
    before, after = (
        cv2.cvtColor(one, cv2.COLOR_RGB2LAB)[40:60, 50:70].astype(float) for one in (rgb, shown)
    )
    assert np.abs(before[..., 0] - after[..., 0]).mean() < 25
    assert np.abs(before[..., 1:] - after[..., 1:]).mean() > 10


def test_line_art_has_ink_at_edges_only() -> None:
    """Grey, white inside flat areas, dark around the disk."""
    clean = cv2.medianBlur(disk(), 9)
    lines = repaint.line_art(clean)
    assert (lines[..., 0] == lines[..., 1]).all()
    assert lines[45:55, 55:65].min() > 200
    assert lines[50, 26:34].min() < 60


def test_coloring_in_gives_each_closed_area_a_color_of_its_own() -> None:
    """The disk and the ground differ, both are pale, and neither is the original color."""
    filled = repaint.color_in(cv2.medianBlur(disk(), 9), np.random.default_rng(5)).astype(int)
    assert np.abs(filled[50, 60] - filled[5, 5]).max() > 5
    assert filled[50, 60].min() >= 100


def test_a_pencil_drawing_is_grey() -> None:
    """All three channels agree."""
    drawing = repaint.pencil(disk())
    assert (drawing == drawing[..., :1]).all()


@pytest.mark.parametrize("change", [repaint.stylize, None], ids=["stylize", "watercolor"])
def test_brushwork_is_lost_and_the_figure_stays(change) -> None:
    """The grain within the disk falls by half, the disk stays darker than its ground."""
    rgb = disk()
    shown = change(rgb) if change else repaint.watercolor(rgb, np.random.default_rng(6))
    assert (
        shown[40:60, 50:70].std(axis=(0, 1)).mean() < rgb[40:60, 50:70].std(axis=(0, 1)).mean() / 2
    )
    assert shown[50, 60].mean() < shown[5, 5].mean() - 50


def test_a_bottleneck_keeps_the_size_and_forgets_fine_detail() -> None:
    """Lines of one pixel do not pass 16 pixels."""
    rgb = np.full((96, 128, 3), 255, np.uint8)
    rgb[:, ::2] = 0
    shown = repaint.bottleneck(rgb, 16, np.random.default_rng(7))
    assert shown.shape == rgb.shape
    assert shown[20:-20, 20:-20].std() < 20


def test_renoising_removes_the_grain_that_it_adds() -> None:
    """The result is smoother than the noise and differs from the input."""
    rgb = cv2.medianBlur(disk(), 9)
    shown = repaint.renoise(rgb, 20, np.random.default_rng(8))
    error = np.abs(shown.astype(int) - rgb).mean()
    assert 0 < error < 8
