"""Promises of ocguard.watermark.visible.variation: seeded, bounded, never twice the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from ocguard.watermark.visible.mark import VisibleMark
from ocguard.watermark.visible.variation import STEADY, grain, variation, warped

Marked = Callable[..., tuple[VisibleMark, NDArray[Any]]]
SEED, OTHER = b"a" * 16, b"b" * 16
LAYOUTS = ("corner", "band", "tile")


def stripes() -> NDArray[np.uint8]:
    """Upright lines on a page."""
    page = np.zeros((300, 600), np.uint8)
    page[:, ::40] = 255
    return page


def test_without_a_seed_nothing_varies() -> None:
    """The mark of other tools, to compare with."""
    page = stripes()
    assert variation("tile", b"") == STEADY
    assert np.array_equal(warped(page, 4, 26.0, STEADY, "0"), page)
    assert grain((40, 60), 26.0, STEADY, "0") is None


@pytest.mark.parametrize("layout", LAYOUTS)
@settings(max_examples=30, deadline=None)
@given(seed=st.binary(min_size=16, max_size=16))
def test_the_pose_stays_within_what_looks_right(layout: Any, seed: bytes) -> None:
    """Size, opacity and angle move a little; the same seed is the same pose."""
    varied = variation(layout, seed)
    assert varied == variation(layout, seed)
    assert 0.9 < varied.size < 1.1
    assert 0.85 < varied.opacity < 1.15
    assert abs(varied.angle_degrees) <= 5


def test_a_credit_line_stays_level() -> None:
    """A tilted one looks like a mistake."""
    assert {variation("corner", bytes([n]) * 16).angle_degrees for n in range(9)} == {0.0}


def test_the_warp_moves_letters_by_up_to_two_pixels() -> None:
    """Seen as a living hand, not as a fault; and never the same for two pieces."""
    varied = variation("band", SEED)
    bent = warped(stripes(), 4, 26.0, varied, "0")
    moved = [
        abs(int(np.argmax(row[x - 18 : x + 19])) - 18) / 4
        for row in bent[::20]
        for x in range(80, 560, 40)
    ]
    assert 0.3 < np.percentile(moved, 90) < 2.2
    assert not np.array_equal(bent, warped(stripes(), 4, 26.0, varied, "1"))


def test_grain_only_takes_ink_away() -> None:
    """It never makes a mark stronger than asked for."""
    varied = variation("tile", SEED)
    dust = grain((90, 200), 30.0, varied, "0")
    assert dust is not None
    assert dust.shape == (90, 200)
    assert 255 * (1 - varied.grain) - 1 <= dust.min() < dust.max() <= 255
    assert dust.std() > 12


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_seed_draws_another_mark(layout: str, drawings: Any, marked: Marked) -> None:
    """The owner of the seed draws the very same one again; nobody else does."""
    art = drawings.painterly(640, 480)
    ours = marked(art, layout=layout, seed=SEED)[1]
    assert np.array_equal(ours, marked(art, layout=layout, seed=SEED)[1])
    theirs = marked(art, layout=layout, seed=OTHER)[1]
    assert (ours != theirs).any(axis=2).sum() > 0.5 * (ours != art).any(axis=2).sum()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_record_tells_how_and_never_the_seed(
    layout: str, drawings: Any, marked: Marked
) -> None:
    """Who reads the portfolio cannot draw the mark."""
    mark, _ = marked(drawings.cel(640, 480), layout=layout, seed=SEED)
    assert {"method", "seed_sha256", "size", "opacity", "angle_degrees", "em_px"} <= set(mark.facts)
    assert SEED.hex() not in str(mark.facts)
    assert SEED.decode() not in "".join(mark.facts.values())
    assert marked(drawings.cel(640, 480), layout=layout)[0].facts == {}


@pytest.mark.parametrize("grey", [0, 64, 128, 160, 200, 255])
def test_a_varied_credit_line_is_still_readable(
    grey: int, marked: Marked, text_contrast: Callable[..., float]
) -> None:
    """Warp, grain and color leave it the contrast of small text (WCAG 2.2, 1.4.3)."""
    ground = np.full((700, 900, 3), grey, np.uint8)
    for seed in (SEED, OTHER):
        assert text_contrast(ground, marked(ground, layout="corner", seed=seed)[1]) >= 4.5


@pytest.mark.parametrize("color", [(150, 40, 30), (20, 40, 160), (250, 220, 90), (90, 200, 120)])
def test_a_credit_line_is_readable_on_colored_ground(
    color: tuple[int, int, int], marked: Marked, text_contrast: Callable[..., float]
) -> None:
    """It takes the hue of its ground and keeps its own lightness."""
    ground = np.full((700, 900, 3), color, np.uint8)
    assert text_contrast(ground, marked(ground, layout="corner", seed=SEED)[1]) >= 4.5


def test_a_varied_credit_line_stays_in_its_corner(marked: Marked) -> None:
    """It moves inwards by less than its margin, never out of the picture."""
    ground = np.zeros((800, 1000, 3), np.uint8)
    for n in range(12):
        _, result = marked(ground, layout="corner", seed=bytes([n]) * 16)
        rows, columns = np.nonzero((result > 90).any(axis=2))
        assert 1000 - 2.2 * 0.026 * 800 < columns.max() < 1000 - 0.5 * 0.026 * 800
        assert 800 - 2.2 * 0.026 * 800 < rows.max() < 800 - 0.5 * 0.026 * 800
