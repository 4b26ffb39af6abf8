"""Promises of ocguard.distortions.tone."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from ocguard.distortions import tone
from ocguard.distortions.kind import Rgb

Change = Callable[[Rgb, int, np.random.Generator], Rgb]
ANY = np.random.default_rng(0)


@pytest.mark.parametrize(
    ("change", "nothing"),
    [
        (tone.brightness, 100),
        (tone.contrast, 100),
        (tone.gamma, 100),
        (tone.hue, 0),
        (tone.hue, 360),
        (tone.saturation, 100),
    ],
)
def test_the_neutral_number_changes_nothing(change: Change, nothing: int, drawings) -> None:
    """One hundred percent, or no turn, is within one level of the picture."""
    rgb = drawings.painterly(40, 30)
    assert np.abs(change(rgb, nothing, ANY).astype(int) - rgb).max() <= 1


@pytest.mark.parametrize(
    ("change", "value"), [(tone.brightness, 130), (tone.contrast, 70), (tone.gamma, 140)]
)
def test_tone_curves_keep_the_order_of_levels(change: Change, value: int) -> None:
    """No level overtakes a lighter one, and none wraps around."""
    levels = np.arange(256, dtype=np.uint8).reshape(1, 256, 1).repeat(3, axis=2)
    assert (np.diff(change(levels, value, ANY)[0, :, 0].astype(int)) >= 0).all()


def test_contrast_turns_about_middle_grey_and_gamma_holds_the_ends() -> None:
    """Their fixed points."""
    level = np.array([[[0] * 3, [128] * 3, [255] * 3]], np.uint8)
    assert tone.contrast(level, 40, ANY)[0, 1, 0] == 128
    assert tone.gamma(level, 250, ANY)[0, [0, 2], 0].tolist() == [0, 255]
    assert tone.gamma(level, 50, ANY)[0, 1, 0] > 128 > tone.gamma(level, 200, ANY)[0, 1, 0]


def test_a_hue_turns_through_the_primaries() -> None:
    """Red becomes green at 120 degrees and blue at 240; grey has no hue."""
    red = np.array([[[255, 0, 0], [90, 90, 90]]], np.uint8)
    assert tone.hue(red, 120, ANY).tolist() == [[[0, 255, 0], [90, 90, 90]]]
    assert tone.hue(red, -120, ANY).tolist() == [[[0, 0, 255], [90, 90, 90]]]


def test_grey_is_the_luma_of_television() -> None:
    """0.299 red, 0.587 green, 0.114 blue (ITU-R BT.601)."""
    primaries = np.eye(3, dtype=np.uint8)[None] * 255
    assert tone.grey(primaries)[0, :, 0].tolist() == [76, 150, 29]


def test_sepia_is_brown_and_never_wraps() -> None:
    """Red over green over blue for every grey, and white stays light."""
    greys = np.array([[[60] * 3, [255] * 3]], np.uint8)
    brown = tone.sepia(greys, 0, ANY)[0].astype(int)
    assert (np.diff(brown[0]) < 0).all()
    assert brown[1].min() > 230


def test_a_palette_of_two_has_two_colors_from_the_picture() -> None:
    """Black and white stay black and white."""
    board = np.zeros((8, 8, 3), np.uint8)
    board[:, 4:] = 255
    assert np.array_equal(tone.palette(board, 2, ANY), board)


def test_a_negative_of_a_negative_is_the_picture(drawings) -> None:
    """Inverting is its own inverse."""
    rgb = drawings.cel(30, 20)
    negative = tone.invert(rgb, 0, ANY)
    assert np.array_equal(tone.invert(negative, 0, ANY), rgb)
    assert (rgb.astype(int) + negative == 255).all()
