"""Promises of ocguard.watermark.visible.palette."""

from __future__ import annotations

import numpy as np
import pytest

from ocguard.watermark.visible.ink import DARK, LIGHT
from ocguard.watermark.visible.palette import palette, tinted

LUMA = np.array([0.299, 0.587, 0.114])


def halves() -> np.ndarray:
    """A picture of two colors."""
    art = np.full((60, 80, 3), (180, 40, 30), np.uint8)
    art[:, 40:] = (30, 60, 170)
    return art


def test_the_palette_is_the_pictures_own() -> None:
    """Two colors give those two; hidden color does not count."""
    opaque = np.full((60, 80), 255, np.uint8)
    found = {tuple(np.rint(color).astype(int)) for color in palette(halves(), opaque)}
    assert found == {(180, 40, 30), (30, 60, 170)}
    opaque[:, 40:] = 0
    assert np.allclose(palette(halves(), opaque), [(180, 40, 30)], atol=0.5)


def test_a_clear_picture_has_no_palette() -> None:
    """The ink stays as it is."""
    colors = palette(halves(), np.zeros((60, 80), np.uint8))
    assert len(colors) == 0
    assert tinted(LIGHT, (10.0, 10.0, 10.0), colors) is LIGHT


@pytest.mark.parametrize("color", [(180, 40, 30), (30, 60, 170), (240, 230, 90)])
def test_ink_takes_the_hue_and_keeps_its_lightness(color: tuple[int, int, int]) -> None:
    """Light stays light enough to be read, dark stays dark."""
    colors = np.array([color], np.float32)
    light, dark = (tinted(ink, (*map(float, color),), colors) for ink in (LIGHT, DARK))  # type: ignore[arg-type]
    assert LUMA @ light.fill > 185
    assert LUMA @ dark.fill < 75
    strongest = int(np.argmax(color))
    for ink in (light, dark):
        assert ink.fill[strongest] == max(ink.fill)
    assert light.rim_reach == LIGHT.rim_reach
