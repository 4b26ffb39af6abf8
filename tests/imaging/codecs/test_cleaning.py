"""Promises of ocguard.imaging.codecs.cleaning."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocguard.imaging.codecs.cleaning import clean_exif, clean_iptc, clean_xmp, iptc_resource


def resource(number, content, name=b""):
    """A Photoshop image resource block."""
    label = bytes([len(name)]) + name
    label += b"\0" * (len(label) % 2)
    size = len(content).to_bytes(4, "big")
    return b"8BIM" + number.to_bytes(2, "big") + label + size + content + b"\0" * (len(content) % 2)


CAPTION = resource(0x0404, b"\x1c\x02\x78\0\3fox")
THUMBNAILS = [resource(0x0409, b"JFIF-old"), resource(0x040C, b"JFIF-new", b"odd name")]


@pytest.mark.parametrize("clean", [clean_exif, clean_xmp, clean_iptc])
@pytest.mark.parametrize("nothing", [None, b""])
def test_nothing_stays_nothing(clean, nothing):
    """Absent data is None, without a sentence."""
    lost = []
    assert clean(nothing, lost) is None
    assert lost == []


def test_exif_loses_prefix_and_thumbnail_by_name(make_exif):
    """The prefix of JPEG goes silently, the thumbnail with a sentence."""
    lost = []
    plain = make_exif(6)
    assert clean_exif(plain, lost) == plain.removeprefix(b"Exif\0\0")
    assert lost == []
    cleaned = clean_exif(make_exif(6, with_thumbnail=True), lost)
    assert b"\xff\xd8\xff" not in cleaned
    assert [sentence for sentence in lost if "EXIF thumbnail" in sentence] == lost
    assert len(lost) == 1


def test_exif_that_is_no_tiff_structure_is_dropped_by_name():
    """Garbage is not carried on."""
    lost = []
    assert clean_exif(b"Exif\0\0nonsense", lost) is None
    assert lost == ["The EXIF data was dropped: it is damaged."]


def test_xmp_without_thumbnails_is_left_alone(xmp_packet):
    """The very same bytes, without a sentence."""
    lost = []
    assert clean_xmp(xmp_packet, lost) is xmp_packet
    assert lost == []


def test_xmp_thumbnails_go_by_name(xmp_packet):
    """Previews in the packet show the unmarked picture too."""
    lost = []
    preview = b'<x:t xmlns:x="http://ns.adobe.com/xap/1.0/"><x:Thumbnails>QUJD</x:Thumbnails></x:t>'
    packet = xmp_packet.replace(b"</rdf:Description>", preview + b"</rdf:Description>")
    assert b"QUJD" not in clean_xmp(packet, lost)
    assert any("XMP thumbnail" in sentence for sentence in lost)


def test_photoshop_thumbnails_go_and_fields_stay():
    """Old and new kinds of thumbnail, with names and odd sizes."""
    lost = []
    tail = resource(0x03ED, b"odd")
    assert clean_iptc(THUMBNAILS[0] + CAPTION + THUMBNAILS[1] + tail, lost) == CAPTION + tail
    assert len(lost) == 2
    assert all("Photoshop thumbnail" in sentence for sentence in lost)


def test_resources_of_thumbnails_alone_are_nothing():
    """An empty block is not carried on."""
    assert clean_iptc(THUMBNAILS[0], []) is None


@pytest.mark.parametrize("cut", range(1, len(THUMBNAILS[1])))
def test_a_thumbnail_that_is_cut_off_is_not_carried_on(cut):
    """What stands before the damage stays, the damaged block goes."""
    assert clean_iptc(CAPTION + THUMBNAILS[1][:cut], []) == CAPTION


@given(st.binary(max_size=60))
def test_bare_records_become_a_resource_that_is_kept(records):
    """Records of odd and even length, followed by another block."""
    wrapped = iptc_resource(records) + CAPTION
    assert clean_iptc(wrapped, []) == wrapped
    assert len(iptc_resource(records)) % 2 == 0


@given(st.binary(max_size=80))
def test_any_resources_are_cleaned_without_an_error(blob):
    """Hostile bytes keep nothing that stands behind the first damage."""
    kept = clean_iptc(b"8BIM" + blob, []) or b""
    assert len(kept) <= len(blob) + 5
