"""Promises of ocguard.imaging.codecs.jpeg_xmp."""

import pytest
from lxml import etree

from ocguard.imaging.codecs.jpeg_xmp import merged_extension, split_packet

DC, RDF = "http://purl.org/dc/elements/1.1/", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


def packet(inside, attributes=""):
    """A packet with some properties."""
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        f'xmlns:rdf="{RDF}"><rdf:Description rdf:about="" xmlns:dc="{DC}" '
        'xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:tiff="http://ns.adobe.com/tiff/1.0/" '
        f"{attributes}>{inside}</rdf:Description></rdf:RDF></x:xmpmeta>"
    ).encode()


def texts(xmp):
    """All property texts of a packet, sorted."""
    root = etree.fromstring(xmp)
    return sorted(
        e.text for e in root.iter() if isinstance(e.tag, str) and e.text and e.text.strip()
    )


def test_small_packets_are_not_split(xmp_packet):
    """What fits stays whole, byte for byte."""
    assert split_packet(xmp_packet, 65_000) == (xmp_packet, b"")


def test_large_packets_are_split_and_joined():
    """The large property moves, the small one stays, and joining gives both back."""
    large = packet(f"<dc:title>Fox</dc:title><dc:description>{'x' * 90_000}</dc:description>")
    split = split_packet(large, 65_000)
    assert split is not None
    main, extension = split
    assert len(main) <= 65_000 < len(extension)
    assert texts(main) == ["Fox"]
    joined = merged_extension(main, extension)
    assert texts(joined) == ["Fox", "x" * 90_000]
    assert b"HasExtendedXMP" not in joined


@pytest.mark.parametrize("stubborn", [b"x" * 70_000, packet("", f'dc:title="{"x" * 70_000}"')])
def test_packets_in_one_piece_cannot_be_split(stubborn):
    """Without properties to move there is no split."""
    assert split_packet(stubborn, 65_000) is None


@pytest.mark.parametrize("extension", [b"<broken", b"<!DOCTYPE x><x/>", b"<x/>"])
def test_damaged_extensions_are_ignored(xmp_packet, extension):
    """The main packet stays as it is, also where the other is refused as unsafe or is no XMP."""
    assert merged_extension(xmp_packet, extension) is xmp_packet
