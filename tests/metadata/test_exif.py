"""Promises of ocguard.metadata.exif."""

import struct
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from ocguard.metadata.exif import (
    EXIF_IFD,
    build_exif,
    exif_directory,
    exif_dpi,
    read_orientation,
    with_dpi,
    with_fields,
    with_orientation,
    without_thumbnail,
)
from ocguard.metadata.tiff import Field

ARTIST, COPYRIGHT, LENS = 0x013B, 0x8298, 0xA434


def tags(blob):
    """Tags of the first directory and the lens, as Pillow reads them."""
    exif = Image.Exif()
    exif.load(b"Exif\0\0" + blob)
    return {**exif, LENS: exif.get_ifd(EXIF_IFD).get(LENS)}


@pytest.fixture
def blob(make_exif):
    """EXIF of a turned picture."""
    return make_exif(6)[6:]


def test_fields_are_read_raw(blob):
    """Values come as bytes, with type and count."""
    first = exif_directory(blob)
    assert first.fields[ARTIST] == Field(2, 10, b"A. Artist\0")
    assert first.next_offset == 0


@pytest.mark.parametrize("orientation", [1, 3, 8])
def test_orientation_changes_and_nothing_else(blob, orientation):
    """Every other tag stays."""
    changed = with_orientation(blob, orientation)
    assert read_orientation(changed) == orientation
    assert {**tags(changed), 0x0112: 6} == tags(blob)


def test_orientation_that_is_right_is_left_alone(blob):
    """The same object comes back."""
    assert with_orientation(blob, 6) is blob


@pytest.mark.parametrize("value", [0, 9, 65535])
def test_senseless_orientations_count_as_upright(value):
    """Out of range means 1; so does no EXIF."""
    field = Field(3, 1, struct.pack("<H", value))
    assert read_orientation(with_fields(None, {0x0112: field})) == 1
    assert read_orientation(None) == 1


def test_thumbnails_are_gone_with_their_bytes(make_exif):
    """No reader finds a thumbnail, nor does anyone who searches the bytes for one."""
    blob = make_exif(6, with_thumbnail=True)[6:]
    cleared = without_thumbnail(blob)
    assert b"\xff\xd8\xff" in blob
    assert b"\xff\xd8\xff" not in cleared
    assert exif_directory(cleared).next_offset == 0
    assert tags(cleared) == tags(blob)
    assert len(cleared) < len(blob)


def test_thumbnails_before_other_values_are_blanked(make_exif):
    """A thumbnail that does not stand last is overwritten, and what follows stays in place."""
    blob = make_exif(with_thumbnail=True)[6:]
    cleared = without_thumbnail(blob + b"maker notes")
    assert cleared.endswith(b"maker notes")
    assert len(cleared) == len(blob) + 11
    assert b"\xff\xd8\xff" not in cleared


def test_exif_without_thumbnail_is_left_alone(blob):
    """The same object comes back."""
    assert without_thumbnail(blob) is blob


@pytest.mark.parametrize("dpi", [(300.0, 300.0), (72.5, 96.25)])
def test_resolution_there_and_back(blob, dpi):
    """Resolution is added to EXIF, and to none."""
    assert exif_dpi(with_dpi(blob, dpi)) == dpi
    assert exif_dpi(with_dpi(None, dpi)) == dpi
    assert tags(with_dpi(blob, dpi))[ARTIST] == "A. Artist"


def test_resolution_per_centimeter_is_converted():
    """Unit 3 is a centimeter; without numbers there is no resolution."""
    ratio = Field(5, 1, struct.pack("<II", 100, 1))
    fields = {0x011A: ratio, 0x011B: ratio, 0x0128: Field(3, 1, struct.pack("<H", 3))}
    assert exif_dpi(with_fields(None, fields)) == pytest.approx((254, 254))
    zero = {**fields, 0x011A: Field(5, 1, struct.pack("<II", 0, 0))}
    assert exif_dpi(with_fields(None, zero)) is None


@pytest.mark.parametrize("order", ["<", ">"])
def test_structures_are_built_in_either_byte_order(order):
    """Pillow reads what is built, the directory pointed to included."""
    lens = Field(2, 6, b"50 mm\0")
    artist = Field(2, 3, b"me\0")
    built = build_exif({ARTIST: artist}, {EXIF_IFD: {LENS: lens}, 0x8825: {}}, order)
    assert tags(built)[ARTIST] == "me"
    assert tags(built)[LENS] == "50 mm"
    assert 0x8825 not in tags(built)


@given(st.binary(max_size=80), st.sampled_from([b"II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08", b""]))
def test_hostile_structures_do_no_harm(body, head):
    """Any bytes can be read and changed without an error."""
    blob = head + body
    exif_directory(blob)
    exif_dpi(blob)
    assert isinstance(without_thumbnail(blob), bytes)
    if head:
        assert read_orientation(with_orientation(blob, 3)) == 3


@given(
    st.dictionaries(
        st.integers(1, 0x0100),
        st.binary(min_size=1, max_size=12).map(lambda v: Field(7, len(v), v)),
        max_size=6,
    )
)
def test_any_fields_there_and_back(fields):
    """What is packed is read again, and JPEG files with it open."""
    blob = with_fields(None, fields)
    assert exif_directory(blob).fields == fields
    out = BytesIO()
    Image.new("L", (2, 2)).save(out, "JPEG", exif=b"Exif\0\0" + blob)
