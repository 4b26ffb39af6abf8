"""Tests of reading JPEG XL."""

import io
import sys

import numpy as np
import pytest
from PIL import Image

from ocguard.errors import ImageReadError, MissingExtraError
from ocguard.imaging.files import read_picture


@pytest.fixture
def packed(drawings):
    """Pack a drawing into JPEG XL without loss."""
    pytest.importorskip("pillow_jxl", reason="needs the extra jxl")

    def pack(pixels, **options):
        out = io.BytesIO()
        Image.fromarray(pixels).save(out, "JXL", lossless=True, **options)
        return out.getvalue()

    return pack


@pytest.mark.parametrize("use_container", [False, True])
@pytest.mark.parametrize("size", [(40, 32), (333, 57)])
def test_pixels_come_back(packed, drawings, size, use_container):
    """Of small sizes, which are coded another way, and others; bare and in a container."""
    pixels = drawings.cel(*size)
    picture = read_picture(packed(pixels, use_container=use_container))
    assert picture.carried.file_format == "JXL"
    assert np.array_equal(picture.frames[0].pixels, pixels)


def test_deep_grey_stays_deep(packed):
    """Sixteen bits a sample."""
    deep = np.arange(1200, dtype=np.uint16).reshape(30, 40) * 50
    assert np.array_equal(read_picture(packed(deep)).frames[0].pixels[..., 0], deep)


def test_a_claimed_size_is_refused_before_decoding():
    """The codestream says 2^30 pixels a side."""
    bits = "0" + "11" + "1" * 30 + "100" + "0" * 40  # height, then the ratio 1:1
    head = bytes(int(bits[at : at + 8][::-1], 2) for at in range(0, 72, 8))
    with pytest.raises(ImageReadError, match="is too large"):
        read_picture(b"\xff\x0a" + head)


def test_without_the_extra_it_says_what_to_install(packed, drawings, monkeypatch):
    """A picture that could be read is not just passed over."""
    data = packed(drawings.cel(40, 32))
    monkeypatch.setitem(sys.modules, "pillow_jxl", None)
    with pytest.raises(MissingExtraError, match=r"pip install pillow-jxl-plugin"):
        read_picture(data)


def test_a_container_without_a_picture_is_damaged():
    """Its boxes lead nowhere."""
    with pytest.raises(ImageReadError, match="no picture in its container"):
        read_picture(b"\0\0\0\x0cJXL \r\n\x87\n" + bytes(20))
