"""Promises of ocguard.imaging.codecs.tiff_pixels."""

from io import BytesIO

import cv2
import numpy as np
import pytest
from PIL import Image

from ocguard.errors import ImageReadError
from ocguard.imaging.formats import decode, encode_picture


@pytest.mark.parametrize("compression", [None, "tiff_lzw", "tiff_adobe_deflate", "packbits"])
@pytest.mark.parametrize("kind", ["cel", "cutout", "grey"])
def test_compressions_read_exactly(drawings, saved, compression, kind):
    """What needs no loss has none; uncompressed files stay uncompressed."""
    art = getattr(drawings, kind)(40, 30)
    picture = decode(saved(art, "TIFF", compression=compression))
    assert np.array_equal(picture.frames[0].pixels.reshape(art.shape), art)
    again = decode(encode_picture(picture).data)
    assert np.array_equal(again.frames[0].pixels.reshape(art.shape), art)
    assert again.carried.is_compressed == (compression is not None)


def test_lossy_and_fax_compressions_are_read(drawings, saved):
    """JPEG in TIFF, and one bit by fax, which becomes grey by name."""
    art = drawings.cel(40, 30)
    lossy = decode(saved(art, "TIFF", compression="jpeg")).frames[0].pixels
    assert np.abs(lossy.astype(int) - art).mean() < 8
    out = BytesIO()
    bits = Image.fromarray((drawings.grey(40, 30) > 99).astype(np.uint8) * 255).convert("1")
    bits.save(out, "TIFF", compression="group4")
    picture = decode(out.getvalue())
    assert picture.carried.is_bilevel
    assert np.array_equal(picture.frames[0].pixels[..., 0], np.asarray(bits) * np.uint8(255))
    assert any("8-bit grey" in warning for warning in encode_picture(picture).warnings)


def test_deep_lzw_is_read(drawings):
    """16 bits under LZW, which OpenCV writes."""
    deep = drawings.deep(40, 30)
    lzw = [cv2.IMWRITE_TIFF_COMPRESSION, 5]
    data = cv2.imencode(".tif", deep[..., ::-1], lzw)[1].tobytes()
    assert np.array_equal(decode(data).frames[0].pixels, deep)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("layout", ["contig", "separate"])
def test_byte_orders_and_planes_are_read(drawings, order, layout, tiff_file):
    """Big-endian and planar files give the same pixels."""
    deep = drawings.deep(40, 30)
    pixels = deep if layout == "contig" else deep.transpose(2, 0, 1)
    data = tiff_file(pixels, byteorder=order, photometric="rgb", planarconfig=layout)
    picture = decode(data)
    assert np.array_equal(picture.frames[0].pixels, deep)
    assert picture.frames[0].pixels.dtype == np.uint16


def test_white_may_be_zero(drawings, tiff_file):
    """Inverted grey is seen the right way."""
    grey = drawings.grey(40, 30)
    picture = decode(tiff_file(255 - grey, photometric="miniswhite"))
    assert np.array_equal(picture.frames[0].pixels[..., 0], grey)


@pytest.mark.parametrize("deep", [False, True])
def test_ink_with_alpha_stays_so(drawings, deep, tiff_file):
    """CMYK with alpha, 8 and 16 bits, comes back exactly."""
    ink = np.dstack([drawings.cmyk(20, 10), drawings.grey(20, 10)])
    ink = ink.astype(np.uint16) * 257 if deep else ink
    data = tiff_file(ink, photometric="separated", extrasamples=["unassalpha"])
    picture = decode(data)
    assert (picture.color, picture.has_alpha) == ("cmyk", True)
    assert np.array_equal(decode(encode_picture(picture).data).frames[0].pixels, ink)


def test_premultiplied_alpha_is_divided_out(drawings, tiff_file):
    """Associated alpha becomes plain alpha, by name."""
    art = drawings.cutout(20, 16)
    soft = art.copy()
    soft[..., 3] = np.maximum(soft[..., 3] // 2, 64)
    scaled = np.rint(soft[..., :3] * (soft[..., 3:] / 255)).astype(np.uint8)
    data = tiff_file(
        np.dstack([scaled, soft[..., 3]]), photometric="rgb", extrasamples=["assocalpha"]
    )
    picture = decode(data)
    assert np.abs(picture.frames[0].pixels.astype(int) - soft).max() <= 2
    assert any("Premultiplied" in sentence for sentence in picture.carried.lost)


def test_extra_channels_are_dropped_by_name(drawings, tiff_file):
    """Saved selections are not transparency."""
    art = np.dstack([drawings.cel(20, 10), drawings.grey(20, 10)])
    picture = decode(tiff_file(art, photometric="rgb", extrasamples=["unspecified"]))
    assert not picture.has_alpha
    assert any("Extra channels" in sentence for sentence in picture.carried.lost)


@pytest.mark.parametrize(
    ("pixels", "options"),
    [
        (np.zeros((8, 8), np.float32), {"photometric": "minisblack"}),
        (np.zeros((8, 8), np.uint32), {"photometric": "minisblack"}),
        (
            np.zeros((8, 8, 5), np.uint8),
            {"photometric": "separated", "extratags": [(332, 3, 1, 2, True)]},
        ),
    ],
)
def test_what_is_no_ordinary_picture_is_refused(pixels, options, tiff_file):
    """Floating point, 32 bits and spot colors are named."""
    with pytest.raises(ImageReadError, match=r"^map\.tif (is a TIFF that|has inks)"):
        decode(tiff_file(pixels, **options), "map.tif")


def test_what_to_save_instead_fits_the_cause(drawings, tiff_file):
    """Floating point is named, and the advice does not say to use what the file is already."""
    with pytest.raises(ImageReadError, match=r"32 bits floating point, RGB.*save it with 8"):
        decode(tiff_file(drawings.cel(8, 8).astype(np.float32), photometric="rgb"), "map.tif")
