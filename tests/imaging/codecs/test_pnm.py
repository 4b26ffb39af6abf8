"""Tests of reading PBM, PGM and PPM."""

import io

import numpy as np
import pytest
from PIL import Image

from ocguard.errors import ImageReadError
from ocguard.imaging.files import read_picture


@pytest.mark.parametrize("mode", ["1", "L", "RGB"])
def test_pixels_come_back(drawings, mode):
    """Bits, grey and color."""
    image = Image.fromarray(drawings.cel(40, 30)).convert(mode)
    out = io.BytesIO()
    image.save(out, "PPM")
    picture = read_picture(out.getvalue())
    expected = np.asarray(image.convert("RGB" if mode == "RGB" else "L")).reshape(30, 40, -1)
    assert picture.carried.file_format == "PNM"
    assert np.array_equal(picture.frames[0].pixels, expected)


def test_deep_color_stays_deep():
    """Pillow would reduce it without a word."""
    deep = np.arange(3600, dtype=np.uint16).reshape(30, 40, 3)
    picture = read_picture(b"P6\n# deep\n40 30\n65535\n" + deep.astype(">u2").tobytes())
    assert np.array_equal(picture.frames[0].pixels, deep)


@pytest.mark.parametrize(
    ("head", "said"), [(b"P6 40 30 255\n", "truncated"), (b"P5 99999 99999 255\n", "too large")]
)
def test_false_sizes_are_refused(head, said):
    """Before memory is taken."""
    with pytest.raises(ImageReadError, match=said):
        read_picture(head + bytes(100))
