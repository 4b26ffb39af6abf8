"""Promises of ocguard.watermark.visible.removal: honest figures, and a mark that stays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from ocguard.imaging.blending import Stamp
from ocguard.watermark.visible.ground import Ground
from ocguard.watermark.visible.mark import visible_mark
from ocguard.watermark.visible.removal import (
    coverage,
    inpainted,
    left_of_mark,
    mark_mask,
    removability,
)

NOTICE = "© 2026 Mira Vale"
WANTED_RATIO = 3.0
"""How many times more of our mark must be left than of one that is repeated unchanged."""


def patch(left: int, top: int, side: int = 40) -> Stamp:
    """A red square."""
    return Stamp(left, top, np.full((side, side, 4), (255, 0, 0, 255), np.uint8))


def test_a_perfect_repair_leaves_nothing_and_none_leaves_all() -> None:
    """The scale runs from the unmarked to the marked picture."""
    rng = np.random.default_rng(1)
    original = rng.integers(0, 256, (50, 50, 3)).astype(np.uint8)
    marked = original.copy()
    marked[10:30, 10:30] = 255
    mask = mark_mask([patch(10, 10, 20)], (50, 50))
    assert mask.sum() == 400
    assert left_of_mark(original, original, marked, mask) == 0
    assert left_of_mark(marked, original, marked, mask) == 1
    half = (original.astype(float) + marked) / 2
    assert left_of_mark(half, original, marked, mask) == pytest.approx(0.25)


def test_inpainting_flat_ground_is_easy_and_the_figure_says_so() -> None:
    """Hardly anything is left of a small mark on a plain wall."""
    original = np.full((120, 120, 3), 90, np.uint8)
    marked = original.copy()
    marked[40:60, 40:60] = 255
    mask = mark_mask([patch(40, 40, 20)], (120, 120))
    for method in ("telea", "navier-stokes"):
        assert left_of_mark(inpainted(marked, mask, method), original, marked, mask) < 0.02


def test_coverage_counts_art_alone_and_stamps_once() -> None:
    """Overlapping stamps cover once; clear ground is no art, but it is flat."""
    rgb = np.full((200, 200, 3), 128, np.uint8)
    alpha = np.zeros((200, 200), np.uint8)
    alpha[:, :100] = 255
    ground = Ground.of(rgb, alpha, (200, 200))
    twice = coverage([patch(0, 0), patch(0, 0)], ground, (200, 200))
    assert twice.covered == pytest.approx(1600 / 20_000, rel=0.05)
    assert twice.on_flat == 1.0
    clear = coverage([patch(150, 150)], ground, (200, 200))
    assert clear.covered == 0.0
    outside = coverage([patch(-500, 900)], ground, (200, 200))
    assert (outside.covered, outside.on_flat) == (0.0, 0.0)


def test_coverage_tells_flat_ground_from_texture(drawings: Any) -> None:
    """Hatching is not flat, a wall is."""
    rgb = np.full((200, 200, 3), 128, np.uint8)
    rgb[:, :100][:, ::4] = 20
    ground = Ground.of(rgb, None, (200, 200))
    assert coverage([patch(20, 60)], ground, (200, 200)).on_flat < 0.1
    assert coverage([patch(140, 60)], ground, (200, 200)).on_flat > 0.9


@pytest.mark.parametrize("layout", ["corner", "band", "tile"])
def test_more_is_left_of_a_varied_mark_than_of_a_repeated_one(layout: Any, drawings: Any) -> None:
    """After the average of 20 works is subtracted, at least three times as much."""
    art = drawings.painterly(640, 480, 3)

    def draw(rgb: NDArray[np.uint8], seed: bytes) -> Sequence[Stamp]:
        return visible_mark(rgb, (640, 480), layout=layout, text=NOTICE, seed=seed).stamps

    def plainly(rgb: NDArray[np.uint8], seed: bytes) -> Sequence[Stamp]:
        """White letters of one opacity, as other tools make them."""
        mark = visible_mark(art, (640, 480), layout=layout, text=NOTICE, edge="none")
        return [Stamp(s.left, s.top, white(s.rgba)) for s in mark.stamps]

    varied = removability(art, draw, b"k" * 16)
    repeated = removability(art, plainly, b"")
    assert varied.averaged > WANTED_RATIO * repeated.averaged
    assert varied == removability(art, draw, b"k" * 16)
    assert min(varied.telea, varied.navier_stokes) >= 0


def white(rgba: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The same letters in white."""
    return np.dstack([np.full((*rgba.shape[:2], 3), 255, np.uint8), rgba[..., 3]])
