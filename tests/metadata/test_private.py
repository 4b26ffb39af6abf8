"""Promises of ocguard.metadata.private."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from ocguard.metadata.iptc import IPTC_RESOURCE, packed_block
from ocguard.metadata.private import (
    private_kind,
    without_private_exif,
    without_private_iptc,
    without_private_xmp,
)
from ocguard.metadata.xmp import find_property, parse_packet

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


def exif(main: dict[int, object], inner: dict[int, object], gps: dict[int, object]) -> bytes:
    """Write EXIF as Pillow does."""
    made = Image.Exif()
    made.update(main)
    if inner:
        made[0x8769] = inner
    if gps:
        made[0x8825] = gps
    return made.tobytes().removeprefix(b"Exif\0\0")


def read(blob: bytes) -> Image.Exif:
    """Read EXIF as Pillow does."""
    read = Image.Exif()
    read.load(blob)
    return read


def test_exif_loses_places_numbers_and_names_and_nothing_else() -> None:
    """Not a byte of them is left; the artist and the turn are."""
    inner = {0xA430: "Ina Muster", 0xA431: "SN-4711", 0x927C: b"maker SN-4711", 0x9286: b"mine"}
    blob = exif({0x0110: "Camera 5", 0x013B: "Mo", 0x0112: 6}, inner, {1: "N", 2: (48.0, 8.0, 0.0)})
    cleaned, kinds = without_private_exif(blob)
    assert cleaned is not None
    assert len(kinds) == 5
    left = read(cleaned)
    assert (left[0x013B], left[0x0112]) == ("Mo", 6)
    assert dict(left.get_ifd(0x8769)) == {0x9286: b"mine"}
    assert not left.get_ifd(0x8825)
    assert not any(word in cleaned for word in (b"SN-4711", b"Ina", b"Camera 5"))


def test_harmless_exif_stays_as_it_is() -> None:
    """The same object; nothing is told."""
    blob = exif({0x013B: "Mo"}, {}, {})
    assert without_private_exif(blob) == (blob, set())


def test_what_cannot_be_read_goes() -> None:
    """Nobody can say what it tells."""
    assert without_private_exif(b"II*\0\xff\xff\xff\0")[0] is None
    assert without_private_xmp(b"<!DOCTYPE x><gps/>")[0] is None


@pytest.mark.parametrize("is_attribute", [True, False])
def test_xmp_loses_what_is_private_in_any_form(is_attribute) -> None:
    """As an attribute, an element, or deep within a structure."""
    name = 'exif:GPSLatitude="48,8N"' if is_attribute else ""
    child = "" if is_attribute else "<aux:SerialNumber>SN-4711</aux:SerialNumber>"
    packet = (
        f'<rdf:RDF xmlns:rdf="{RDF}"><rdf:Description xmlns:exif="http://ns.adobe.com/exif/1.0/"'
        ' xmlns:aux="http://ns.adobe.com/exif/1.0/aux/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        f' dc:source="mine" {name}>{child}<dc:relation rdf:parseType="Resource">'
        "<aux:filePath>C:/Users/Ina/a.psd</aux:filePath></dc:relation></rdf:Description></rdf:RDF>"
    ).encode()
    cleaned, kinds = without_private_xmp(packet)
    assert cleaned is not None
    assert len(kinds) == 2
    assert not any(word in cleaned for word in (b"48,8N", b"SN-4711", b"Ina"))
    dc_source = "{http://purl.org/dc/elements/1.1/}source"
    assert find_property(parse_packet(cleaned), dc_source) == "mine"


def test_iptc_loses_the_place() -> None:
    """City to country; headlines stay, copies of other metadata go."""
    city, title = b"\x1c\2\x5a\0\6Bremen", b"\x1c\2\5\0\3Fox"
    resources = packed_block(IPTC_RESOURCE, city + title) + packed_block(0x0422, b"II*\0gps")
    cleaned, kinds = without_private_iptc(resources)
    assert cleaned == packed_block(IPTC_RESOURCE, title)
    assert len(kinds) == 2
    plain = packed_block(IPTC_RESOURCE, title)
    assert without_private_iptc(plain) == (plain, set())


@pytest.mark.parametrize(
    ("name", "is_private"),
    [
        *(("exif:GPSLatitude", True), ("drone-dji:GpsLongitude", True), ("OwnerName", True)),
        *(("aux:LensSerialNumber", True), ("photoshop:City", True), ("tiff:Model", True)),
        *(("Title", False), ("Author", False), ("xmpRights:Owner", True), ("dc:creator", False)),
    ],
)
def test_names_tell_what_is_private(name, is_private) -> None:
    """With and without a prefix, in any case."""
    assert (private_kind(name) is not None) is is_private


def test_a_real_file_is_taken_apart_alike() -> None:
    """Through a JPEG, as a camera writes it."""
    out = BytesIO()
    made = Image.Exif()
    made[0x8825] = {1: "N", 2: (48.0, 8.0, 0.0)}
    Image.new("RGB", (8, 8)).save(out, "JPEG", exif=made)
    blob = Image.open(BytesIO(out.getvalue())).info["exif"].removeprefix(b"Exif\0\0")
    assert without_private_exif(blob)[0] is None
