"""Tests of the eight orientations."""

import numpy as np
import pytest
from PIL import Image, ImageOps

from ocguard.imaging.codecs.turn import stored, upright


@pytest.mark.parametrize("orientation", range(9))
def test_turns_agree_with_pillow_and_undo_each_other(orientation):
    """Upright is what Pillow's transposition shows; storing turns back exactly."""
    pixels = np.arange(24, dtype=np.uint8).reshape(4, 6, 1)
    image = Image.fromarray(pixels[..., 0])
    image.getexif()[0x0112] = orientation
    seen = upright(pixels, orientation)
    assert np.array_equal(seen[..., 0], np.asarray(ImageOps.exif_transpose(image)))
    assert np.array_equal(stored(seen, orientation), pixels)
    assert seen.flags.c_contiguous
