"""Promises of ocguard.distortions.filtering."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from ocguard.distortions import filtering
from ocguard.distortions.kind import Rgb

SMOOTHERS = {
    "blur": lambda rgb: filtering.blur(rgb, 2.0),
    "median": lambda rgb: filtering.median(rgb, 5, np.random.default_rng(0)),
    "denoise": lambda rgb: filtering.denoise(rgb, 12),
    "bilateral": filtering.bilateral,
    "edge_preserving": filtering.edge_preserving,
}
EDGE_KEEPERS = ("median", "denoise", "bilateral", "edge_preserving")


def step(height: int = 40, width: int = 60) -> Rgb:
    """Return a dark and a light half."""
    rgb = np.full((height, width, 3), 60, np.uint8)
    rgb[:, width // 2 :] = 200
    return rgb


@pytest.mark.parametrize("name", SMOOTHERS)
def test_a_smoother_removes_half_of_the_grain(name: str) -> None:
    """Grain of six levels on grey loses at least half of its spread, and no brightness."""
    grain = filtering.noise(np.full((60, 60, 3), 128, np.uint8), 6, np.random.default_rng(1))
    smooth = SMOOTHERS[name](grain)
    assert smooth.std() < grain.std() / 2
    assert smooth.mean() == pytest.approx(grain.mean(), abs=1)


@pytest.mark.parametrize("name", EDGE_KEEPERS)
def test_filters_for_pictures_keep_edges_that_a_blur_loses(name: str) -> None:
    """The middle of a step stays steeper than after the Gaussian."""

    def steepest(apply: Callable[[Rgb], Rgb]) -> int:
        return int(np.diff(apply(step())[20, :, 0].astype(int)).max())

    assert steepest(SMOOTHERS[name]) > 2 * steepest(SMOOTHERS["blur"])


def test_sharpening_overshoots_on_both_sides_of_an_edge() -> None:
    """The dark side becomes darker, the light one lighter; flat areas stay."""
    sharp = filtering.sharpen(step())
    assert sharp.min() < 60
    assert sharp.max() > 200
    assert (sharp[:, 0] == 60).all()
    assert (sharp[:, -1] == 200).all()


def test_noise_is_without_bias_and_as_strong_as_asked() -> None:
    """Mean and spread around middle grey."""
    grain = filtering.noise(np.full((120, 120, 3), 128, np.uint8), 7, np.random.default_rng(2))
    assert grain.mean() == pytest.approx(128, abs=0.2)
    assert grain.std() == pytest.approx(7, rel=0.03)


def test_an_even_window_becomes_the_next_odd_one() -> None:
    """A median has a middle."""
    rgb = np.random.default_rng(3).integers(0, 256, (30, 30, 3), dtype=np.uint8)
    four, five = (filtering.median(rgb, px, np.random.default_rng(0)) for px in (4, 5))
    assert np.array_equal(four, five)
