"""Tests of formats that are read only: BMP, PSD, HEIC, TGA."""

import io
import struct

import numpy as np
import pytest
from PIL import Image

from ocguard.errors import ImageReadError
from ocguard.imaging.formats import decode, encode_picture

"""``Drawings.cutout(48, 32)`` of tests/conftest.py with EXIF orientation 6, XMP and the wide RGB
profile of tests/imaging/conftest.py, written by pillow-heif 1.8.1 at quality 80."""


def psd(pixels, bits=8, resources=()):
    """A flat PSD with image resources."""
    height, width, channels = pixels.shape
    head = b"8BPS" + struct.pack(">H6xHIIHH", 1, channels, height, width, bits, 3)
    blocks = b""
    for number, content in resources:
        blocks += b"8BIM" + struct.pack(">HHI", number, 0, len(content)) + content
        blocks += b"\0" * (len(content) % 2)
    body = struct.pack(">I", 0) + struct.pack(">I", len(blocks)) + blocks + struct.pack(">I", 0)
    return head + body + b"\0\0" + pixels.transpose(2, 0, 1).tobytes()


def test_bmp_becomes_png(drawings, saved):
    """BMP is read with its resolution and written as PNG."""
    picture = decode(saved(drawings.cel(20, 10), "BMP", dpi=(150, 150)))
    encoded = encode_picture(picture)
    assert encoded.file_format == "PNG"
    assert encoded.suffix == ".png"
    assert encoded.warnings == ("BMP is only read: the file is now PNG.",)
    after = decode(encoded.data)
    assert np.array_equal(after.frames[0].pixels, drawings.cel(20, 10))
    assert after.carried.dpi == pytest.approx((150, 150), rel=1e-3)


def test_psd_composites_are_read(drawings, profiles, xmp_packet, make_exif):
    """The flat picture, its profile, XMP, EXIF and resolution; layers are named as lost."""
    resolution = struct.pack(">iHHiHH", 300 << 16, 1, 1, 300 << 16, 1, 1)
    data = psd(
        drawings.cel(20, 10),
        resources=[
            (1039, profiles.rgb()),
            (1060, xmp_packet),
            (1058, make_exif()[6:]),
            (1005, resolution),
        ],
    )
    picture = decode(data)
    assert np.array_equal(picture.frames[0].pixels, drawings.cel(20, 10))
    assert picture.carried.icc_profile == profiles.rgb()
    assert picture.carried.xmp == xmp_packet
    assert picture.carried.exif == make_exif()[6:]
    assert picture.carried.dpi == (300, 300)
    encoded = encode_picture(picture)
    assert encoded.file_format == "PNG"
    assert encoded.warnings == (
        "The layers of the PSD were flattened.",
        "PSD is only read: the file is now PNG.",
    )


def test_psd_without_resources_is_read(drawings):
    """No resolution is no resolution."""
    assert decode(psd(drawings.cel(20, 10))).carried.dpi is None


def test_deep_psd_is_refused(drawings):
    """Sixteen bits are named, with the way out."""
    with pytest.raises(ImageReadError, match=r"PSD of 16 bits; save it as 16-bit TIFF"):
        decode(psd(drawings.cel(20, 10), bits=16))


@pytest.mark.parametrize("options", [{}, {"compression": "tga_rle"}])
@pytest.mark.parametrize("has_footer", [True, False])
def test_tga_is_read(drawings, options, has_footer):
    """Plain and run-length coded, of the first version too, which has no footer."""
    pixels = drawings.cutout(40, 30)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "TGA", **options)
    picture = decode(out.getvalue() if has_footer else out.getvalue()[:-26])
    assert picture.carried.file_format == "TGA"
    assert np.array_equal(picture.frames[0].pixels, pixels)


def test_a_large_photoshop_file_says_what_to_do():
    """Its composite is stored another way."""
    with pytest.raises(ImageReadError, match="PSB"):
        decode(b"8BPS\0\2" + bytes(40))
