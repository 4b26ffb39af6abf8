"""Promises of ocguard.distortions.codec."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from ocguard.distortions import codec
from ocguard.distortions.kind import Rgb

Encode = Callable[[Rgb, int], Rgb]
CODECS = pytest.mark.parametrize("encode", [codec.jpeg, codec.webp, codec.avif])


@CODECS
def test_size_and_color_stay_and_pixels_change(encode: Encode, drawings) -> None:
    """A codec is lossy, not a filter: the mean color remains within two levels."""
    rgb = drawings.painterly(61, 43)
    shown = encode(rgb, 50)
    assert shown.shape == rgb.shape
    assert not np.array_equal(shown, rgb)
    assert np.abs(shown.mean(axis=(0, 1)) - rgb.mean(axis=(0, 1))).max() < 2


@CODECS
def test_lower_quality_is_farther_from_the_picture(encode: Encode, drawings) -> None:
    """The mean error grows from quality 90 through 50 to 15."""
    rgb = drawings.painterly(64, 64)
    errors = [np.abs(encode(rgb, quality).astype(int) - rgb).mean() for quality in (90, 50, 15)]
    assert errors == sorted(errors)
    assert errors[0] < errors[2]


def test_jpeg_halves_the_resolution_of_color() -> None:
    """Columns of one pixel in two colors of one luma run together, as on platforms."""
    rgb = np.zeros((32, 32, 3), np.uint8)
    rgb[:, 0::2], rgb[:, 1::2] = (200, 60, 60), (32, 132, 120)
    shown = codec.jpeg(rgb, 95).astype(int)
    assert np.abs(shown[8:-8, 8:-8:2, 0] - shown[8:-8, 9:-7:2, 0]).max() < 60
