"""Tests of JPEG: quality, segments, and what is left out."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from ocguard.errors import ImageWriteError
from ocguard.imaging.formats import decode, encode_picture
from ocguard.imaging.picture import Carried, Picture


def tables(data):
    """Quantization tables and sampling of a JPEG."""
    with Image.open(BytesIO(data)) as image:
        return image.quantization, {(part[1], part[2]) for part in image.layer}


@pytest.mark.parametrize(
    ("source", "asked", "written"),
    [(85, None, 85), (98, None, 98), (40, None, 75), (98, 60, 60)],
)
def test_a_jpeg_keeps_its_quality(saved, drawings, source, asked, written):
    """The source's own, at least 75, or what was asked for; always at full chroma resolution."""
    picture = decode(saved(drawings.cel(32, 32), "JPEG", quality=source))
    data = encode_picture(picture, quality=asked).data
    reference = tables(saved(drawings.cel(32, 32), "JPEG", quality=written))[0]
    assert tables(data) == (reference, {(1, 1)})


def test_other_sources_are_written_at_95(drawings, saved):
    """A PNG becomes a JPEG of quality 95, 4:4:4."""
    data = encode_picture(Picture.from_array(drawings.cel(32, 32)), "jpeg").data
    assert tables(data) == (tables(saved(drawings.cel(8, 8), "JPEG", quality=95))[0], {(1, 1)})


def test_progressive_files_stay_progressive(saved, drawings):
    """And others do not become so."""
    for flag in (False, True):
        picture = decode(saved(drawings.cel(32, 32), "JPEG", progressive=flag))
        with Image.open(BytesIO(encode_picture(picture).data)) as image:
            assert bool(image.info.get("progressive")) == flag


def test_inverted_and_plain_ink_read_alike(saved, drawings):
    """Adobe's inverted CMYK is seen as ink amounts, and written so that others see the same."""
    ink = drawings.cmyk(32, 32)
    picture = decode(saved(ink, "JPEG", "CMYK", quality=95, subsampling=0))
    assert np.abs(picture.frames[0].pixels.astype(int) - ink).mean() < 2
    data = encode_picture(picture).data
    assert b"Adobe" in data
    with Image.open(BytesIO(data)) as image:
        assert np.abs(np.asarray(image).astype(int) - ink).mean() < 2


def test_xmp_of_any_size_is_kept(drawings):
    """Beyond one segment the rest goes to extended XMP, and comes back as one packet."""
    rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    xmp = (
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{rdf}">'
        '<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" rdf:about="">'
        f"<dc:title>Fox</dc:title><dc:description>{'long ' * 40_000}</dc:description>"
        "</rdf:Description></rdf:RDF></x:xmpmeta>"
    ).encode()
    picture = Picture.from_array(drawings.cel(16, 16), carried=Carried(xmp=xmp))
    encoded = encode_picture(picture, "jpeg")
    again = decode(encoded.data).carried.xmp
    assert encoded.warnings == ()
    assert again is not None
    assert again.count(b"long ") == 40_000
    assert b"<dc:title>Fox</dc:title>" in again


def test_xmp_that_cannot_be_split_is_refused(drawings):
    """Dropping it would drop the opt-out, so nothing is written."""
    picture = Picture.from_array(drawings.cel(16, 16), carried=Carried(xmp=b"x" * 70_000))
    with pytest.raises(ImageWriteError, match="XMP is too long"):
        encode_picture(picture, "jpeg")


def test_long_profiles_span_segments(drawings):
    """A profile of several segments comes back whole."""
    profile = bytes(range(256)) * 600
    picture = Picture.from_array(drawings.cel(16, 16), carried=Carried(icc_profile=profile))
    assert decode(encode_picture(picture, "jpeg").data).carried.icc_profile == profile


def test_what_no_segment_holds_is_named(drawings):
    """EXIF, profiles and comments beyond the format's limits are dropped by name."""
    carried = Carried(
        exif=b"II*\0\x08\0\0\0" + b"\0" * 70_000,
        icc_profile=b"p" * 17_000_000,
        text=(("Comment", "x" * 70_000), ("Title", "Fox")),
    )
    encoded = encode_picture(Picture.from_array(drawings.cel(8, 8), carried=carried), "jpeg")
    for word in ("EXIF", "profile", "text"):
        assert any(word in warning for warning in encoded.warnings)
    assert decode(encoded.data).carried.icc_profile is None


def segment(marker, content):
    """A JPEG segment."""
    return bytes([0xFF, marker]) + (len(content) + 2).to_bytes(2, "big") + content


def resource(number, content):
    """A Photoshop image resource."""
    head = b"8BIM" + number.to_bytes(2, "big") + b"\0\0" + len(content).to_bytes(4, "big")
    return head + content + b"\0" * (len(content) % 2)


def test_iptc_is_kept_and_photoshop_thumbnails_go(saved, drawings):
    """Captions survive; the thumbnail of the unmarked picture does not."""
    plain = saved(drawings.cel(16, 16), "JPEG")
    caption, thumbnail = resource(0x0404, b"\x1c\x02\x78\0\x03Fox"), resource(0x040C, b"preview")
    source = plain[:2] + segment(0xED, b"Photoshop 3.0\0" + thumbnail + caption) + plain[2:]
    encoded = encode_picture(decode(source))
    assert decode(encoded.data).carried.iptc == caption
    assert b"preview" not in encoded.data
    assert any("Photoshop thumbnail" in warning for warning in encoded.warnings)


def test_further_pictures_and_credentials_are_dropped_by_name(saved, drawings):
    """Gain maps and signatures of the source do not fit the marked picture."""
    plain = saved(drawings.cel(16, 16), "JPEG")
    more = segment(0xE2, b"MPF\0index") + segment(0xEB, b"JPcredentials")
    encoded = encode_picture(decode(plain[:2] + more + plain[2:]))
    assert any("Further pictures" in warning for warning in encoded.warnings)
    assert any("Content Credentials" in warning for warning in encoded.warnings)
    assert b"MPF" not in encoded.data


def test_comments_of_old_encodings_are_read(saved, drawings):
    """Bytes that are no UTF-8 count as Latin-1."""
    picture = decode(saved(drawings.cel(8, 8), "JPEG", comment=b"\xa9 me"))
    assert picture.carried.text == (("Comment", "\xa9 me"),)


def test_damaged_exif_is_dropped_by_name(saved, drawings):
    """EXIF that is no TIFF structure is not carried on."""
    picture = decode(saved(drawings.cel(8, 8), "JPEG", exif=b"Exif\0\0garbage!"))
    assert picture.carried.exif is None
    assert picture.carried.lost == ("The EXIF data was dropped: it is damaged.",)


@pytest.mark.parametrize("progressive", [False, True])
def test_bytes_after_the_end_are_told(saved, drawings, progressive):
    """Phones append videos; padding is nothing, and no picture ends early."""
    data = saved(drawings.cel(64, 48), "JPEG", progressive=progressive, restart_marker_blocks=2)
    assert not decode(data + bytes(16)).carried.lost
    (sentence,) = decode(data + b"\xff\xd9 ftypmp42" + bytes(90) + b"x").carried.lost
    assert sentence.startswith("102 bytes after the end of the JPEG")
