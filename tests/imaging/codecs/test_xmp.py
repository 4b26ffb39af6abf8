"""Tests of XMP packets."""

import pytest
from lxml import etree

from ocguard.imaging.codecs.xmp import (
    merged_extension,
    split_packet,
    upright_packet,
    without_thumbnails,
)

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


def test_thumbnails_are_removed():
    """Previews go, everything else stays."""
    thumbnail = "<xmp:Thumbnails><rdf:Alt><rdf:li>base64</rdf:li></rdf:Alt></xmp:Thumbnails>"
    cleaned = without_thumbnails(packet(f"<dc:title>Fox</dc:title>{thumbnail}"))
    assert texts(cleaned) == ["Fox"]
    assert b"base64" not in cleaned


@pytest.mark.parametrize("untouched", [packet("<dc:title>Thumbnails</dc:title>"), b"<Thumbnails"])
def test_packets_without_thumbnails_are_left_alone(untouched):
    """The word alone changes nothing, nor does XML that cannot be parsed."""
    assert without_thumbnails(untouched) is untouched


@pytest.mark.parametrize(
    "turned",
    [packet("<tiff:Orientation>6</tiff:Orientation>"), packet("", 'tiff:Orientation="6"')],
)
def test_orientation_is_set_upright(turned):
    """As an element or an attribute, it says 1 afterwards."""
    changed = upright_packet(turned)
    assert b"6<" not in changed
    assert b'="6"' not in changed
    assert b">1<" in changed or b'="1"' in changed


def test_packets_without_orientation_are_left_alone(xmp_packet):
    """The same object comes back."""
    assert upright_packet(xmp_packet) is xmp_packet


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


def test_damaged_extensions_are_ignored(xmp_packet):
    """The main packet stays as it is."""
    assert merged_extension(xmp_packet, b"<broken") is xmp_packet


def test_entities_are_never_expanded():
    """A packet with a document type is not parsed at all."""
    bomb = (
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
        b'<x xmlns:xmp="http://ns.adobe.com/xap/1.0/"><xmp:Thumbnails>&b;</xmp:Thumbnails></x>'
    )
    assert without_thumbnails(bomb) is bomb
