"""Tests of TIFF: compressions, layouts, directories, pages."""

from io import BytesIO

import cv2
import numpy as np
import pytest
import tifffile
from PIL import Image

from ocguard.errors import ImageReadError
from ocguard.imaging.formats import decode, encode_picture
from ocguard.imaging.picture import Carried, Frame, Picture


def made(pixels, **options):
    """A TIFF as tifffile writes it."""
    out = BytesIO()
    tifffile.imwrite(out, pixels, metadata=None, **options)
    return out.getvalue()


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
def test_byte_orders_and_planes_are_read(drawings, order, layout):
    """Big-endian and planar files give the same pixels."""
    deep = drawings.deep(40, 30)
    pixels = deep if layout == "contig" else deep.transpose(2, 0, 1)
    data = made(pixels, byteorder=order, photometric="rgb", planarconfig=layout)
    picture = decode(data)
    assert np.array_equal(picture.frames[0].pixels, deep)
    assert picture.frames[0].pixels.dtype == np.uint16


def test_white_may_be_zero(drawings):
    """Inverted grey is seen the right way."""
    grey = drawings.grey(40, 30)
    picture = decode(made(255 - grey, photometric="miniswhite"))
    assert np.array_equal(picture.frames[0].pixels[..., 0], grey)


@pytest.mark.parametrize("deep", [False, True])
def test_ink_with_alpha_stays_so(drawings, deep):
    """CMYK with alpha, 8 and 16 bits, comes back exactly."""
    ink = np.dstack([drawings.cmyk(20, 10), drawings.grey(20, 10)])
    ink = ink.astype(np.uint16) * 257 if deep else ink
    data = made(ink, photometric="separated", extrasamples=["unassalpha"])
    picture = decode(data)
    assert (picture.color, picture.has_alpha) == ("cmyk", True)
    assert np.array_equal(decode(encode_picture(picture).data).frames[0].pixels, ink)


def test_premultiplied_alpha_is_divided_out(drawings):
    """Associated alpha becomes plain alpha, by name."""
    art = drawings.cutout(20, 16)
    soft = art.copy()
    soft[..., 3] = np.maximum(soft[..., 3] // 2, 64)
    scaled = np.rint(soft[..., :3] * (soft[..., 3:] / 255)).astype(np.uint8)
    data = made(np.dstack([scaled, soft[..., 3]]), photometric="rgb", extrasamples=["assocalpha"])
    picture = decode(data)
    assert np.abs(picture.frames[0].pixels.astype(int) - soft).max() <= 2
    assert any("Premultiplied" in sentence for sentence in picture.carried.lost)


def test_extra_channels_are_dropped_by_name(drawings):
    """Saved selections are not transparency."""
    art = np.dstack([drawings.cel(20, 10), drawings.grey(20, 10)])
    picture = decode(made(art, photometric="rgb", extrasamples=["unspecified"]))
    assert not picture.has_alpha
    assert any("Extra channels" in sentence for sentence in picture.carried.lost)


def test_palettes_become_full_color(drawings):
    """A TIFF palette is read and written as RGB, by name."""
    image = Image.fromarray(drawings.cel(20, 10)).quantize(16)
    out = BytesIO()
    image.save(out, "TIFF")
    picture = decode(out.getvalue())
    assert np.array_equal(picture.frames[0].pixels, np.asarray(image.convert("RGB")))
    assert any("palette was dropped" in warning for warning in encode_picture(picture).warnings)


def test_exif_directories_survive(saved, drawings, make_exif):
    """Lens and artist, in the directory and beside it, are read by Pillow afterwards."""
    exif = Image.Exif()
    exif.load(make_exif(6))
    source = saved(drawings.cel(20, 10), "TIFF", exif=exif)
    picture = decode(source)
    data = encode_picture(picture).data
    with Image.open(BytesIO(data)) as image:
        seen = image.getexif()
        assert seen[0x013B] == "A. Artist"
        assert seen.get_ifd(0x8769)[0xA434] == "Imaginary 50mm"
    assert decode(data).carried.exif == picture.carried.exif


def test_exif_of_a_jpeg_reaches_a_tiff_in_its_byte_order(saved, drawings, make_exif):
    """Directories are copied as they are, big-endian ones too."""
    jpeg = decode(saved(drawings.cel(20, 10), "JPEG", exif=make_exif(1)))
    carried = Carried(file_format="TIFF", exif=jpeg.carried.exif)
    data = encode_picture(Picture.from_array(drawings.cel(20, 10), carried=carried)).data
    with Image.open(BytesIO(data)) as image:
        assert image.getexif().get_ifd(0x8769)[0xA434] == "Imaginary 50mm"


def test_iptc_survives_in_both_places(drawings):
    """Photoshop's resources are kept; bare IPTC records are wrapped into one."""
    records = b"\x1c\x02\x78\0\x03Fox"
    art = drawings.cel(20, 10)
    bare = decode(made(art, photometric="rgb", extratags=[(33723, 7, 8, records, True)]))
    assert bare.carried.iptc is not None
    assert bare.carried.iptc.endswith(records)
    again = decode(encode_picture(bare).data)
    assert again.carried.iptc == bare.carried.iptc


def test_pages_of_one_size_are_frames(drawings):
    """Every page is read, marked and written."""
    frames = drawings.frames(40, 30)
    picture = decode(made(np.stack(frames), photometric="rgb"))
    assert len(picture.frames) == 3
    again = decode(encode_picture(picture).data)
    for old, new in zip(frames, again.frames, strict=True):
        assert np.array_equal(old, new.pixels)


def test_thumbnail_pages_are_removed_by_name(drawings):
    """A reduced page would show the unmarked picture."""
    out = BytesIO()
    with tifffile.TiffWriter(out) as tiff:
        tiff.write(drawings.cel(40, 30), photometric="rgb", metadata=None)
        tiff.write(drawings.cel(20, 15), photometric="rgb", subfiletype=1, metadata=None)
    picture = decode(out.getvalue())
    assert len(picture.frames) == 1
    assert any("thumbnail" in sentence for sentence in picture.carried.lost)


def test_pages_of_different_sizes_are_refused(drawings):
    """Dropping a page would lose art."""
    out = BytesIO()
    with tifffile.TiffWriter(out) as tiff:
        tiff.write(drawings.cel(40, 30), photometric="rgb", metadata=None)
        tiff.write(drawings.cel(20, 30), photometric="rgb", metadata=None)
    with pytest.raises(ImageReadError, match="pages of different sizes"):
        decode(out.getvalue())


def test_too_many_pages_are_refused(drawings, monkeypatch):
    """The number of pages is bounded."""
    monkeypatch.setattr("ocguard.imaging.codecs.tiff._MAX_PAGES", 2)
    with pytest.raises(ImageReadError, match="more than 2 pages"):
        decode(made(np.stack(drawings.frames(40, 30)), photometric="rgb"))


def test_cut_metadata_is_a_truncated_file(drawings, xmp_packet):
    """Pixels that are all there do not excuse a profile or XMP that is not."""
    data = made(drawings.cel(8, 6), photometric="rgb", compression="zlib")
    tail = made(
        drawings.cel(8, 6),
        photometric="rgb",
        extratags=[(700, 1, len(xmp_packet), xmp_packet, True)],
    )
    at = tail.index(xmp_packet)
    assert decode(data).size == (8, 6)
    moved = tail[:at] + b"\0" * len(xmp_packet) + tail[at + len(xmp_packet) :] + xmp_packet
    place = moved.index(at.to_bytes(4, "little"))
    moved = moved[:place] + len(tail).to_bytes(4, "little") + moved[place + 4 :]
    assert decode(moved).carried.xmp == xmp_packet
    with pytest.raises(ImageReadError, match="truncated: its metadata"):
        decode(moved[:-10])


def test_photoshop_layers_are_dropped_by_name(drawings):
    """Layers hold the unmarked picture."""
    layers = [(37724, 7, 12, b"8BIM" * 3, True)]
    picture = decode(made(drawings.cel(20, 10), photometric="rgb", extratags=layers))
    assert any("layers" in sentence for sentence in picture.carried.lost)
    assert b"8BIM" not in encode_picture(picture).data


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
def test_what_is_no_ordinary_picture_is_refused(pixels, options):
    """Floating point, 32 bits and spot colors are named."""
    with pytest.raises(ImageReadError, match=r"^map\.tif (is a TIFF that|has inks)"):
        decode(made(pixels, **options), "map.tif")


def test_what_to_save_instead_fits_the_cause(drawings):
    """Floating point is named, and the advice does not say to use what the file is already."""
    with pytest.raises(ImageReadError, match=r"32 bits floating point.*save it with 8 or 16 bits"):
        decode(made(drawings.cel(8, 8).astype(np.float32), photometric="rgb"), "map.tif")


def test_frames_carry_pages_of_deep_grey():
    """Sixteen-bit grey pages, two of them."""
    pages = np.arange(2 * 6 * 5, dtype=np.uint16).reshape(2, 6, 5, 1) * 1000
    carried = Carried(file_format="TIFF")
    picture = Picture(tuple(Frame(page) for page in pages), "grey", False, carried)
    again = decode(encode_picture(picture).data)
    assert np.array_equal(np.stack([f.pixels for f in again.frames]), pages)
