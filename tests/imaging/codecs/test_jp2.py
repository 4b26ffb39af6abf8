"""Tests of reading JPEG 2000."""

import io
import struct

import numpy as np
import pytest
from PIL import Image

from ocguard.imaging.files import read_picture


def coded(pixels, **options):
    """Code without loss."""
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG2000", **options)
    return out.getvalue()


def with_box(data, kind, content):
    """Append a box."""
    return data + struct.pack(">I", 8 + len(content)) + kind + content


@pytest.mark.parametrize("no_jp2", [False, True])
def test_pixels_come_back(drawings, no_jp2):
    """In a container and bare."""
    pixels = drawings.cel(40, 30)
    picture = read_picture(coded(pixels, no_jp2=no_jp2))
    assert picture.carried.file_format == "JP2"
    assert np.array_equal(picture.frames[0].pixels, pixels)


def test_deep_grey_stays_deep():
    """Sixteen bits a sample."""
    deep = np.arange(1200, dtype=np.uint16).reshape(30, 40) * 50
    assert np.array_equal(read_picture(coded(deep)).frames[0].pixels[..., 0], deep)


def test_xmp_is_carried(drawings, xmp_packet):
    """It lies in a box of its own."""
    kind = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
    data = with_box(coded(drawings.cel(40, 30)), b"uuid", kind + xmp_packet)
    assert read_picture(data).carried.xmp == xmp_packet
