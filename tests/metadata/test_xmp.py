"""Promises of ocguard.metadata.xmp."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocguard.metadata.xmp import (
    BrokenPacketError,
    find_property,
    parse_packet,
    remove_property,
    upright_packet,
    values_of,
    without_thumbnails,
    write_packet,
)

DC = "{http://purl.org/dc/elements/1.1/}"
BOMB = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">&b;&c;</rdf:RDF>"""


def properties(inside: str, attributes: str = "") -> bytes:
    """A packet with some properties in one description."""
    return packet(
        '<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" '
        f'xmlns:tiff="http://ns.adobe.com/tiff/1.0/" {attributes}>{inside}</rdf:Description>'
    )


def packet(body: str) -> bytes:
    """A bare RDF tree around some descriptions."""
    return (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/">{body}</rdf:RDF>'
    ).encode()


def test_a_packet_survives_reading_and_writing(photoshop_packet: bytes) -> None:
    """What was read is written again, in one wrapper, and reads the same."""
    once = write_packet(parse_packet(photoshop_packet))
    assert write_packet(parse_packet(once)) == once
    assert once.startswith(b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>')
    assert once.endswith(b'<?xpacket end="w"?>')
    assert once.count(b"<?xpacket") == 2
    assert "無断転載禁止".encode() in once
    assert b'x:xmptk="Adobe XMP Core 9.1"' in once


@pytest.mark.parametrize("wide", [False, True])
def test_entity_bombs_and_file_entities_are_refused_unread(wide: bool) -> None:
    """A document type is refused before anything is parsed, in UTF-16 as well."""
    data = BOMB.decode().encode("utf-16") if wide else BOMB
    start = time.perf_counter()
    with pytest.raises(BrokenPacketError):
        parse_packet(data)
    assert time.perf_counter() - start < 1


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0\0",
        b"no xml",
        b"<a/>",
        b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>",
        b"<rdf:RDF>",
        packet("<dc:a>&undefined;</dc:a>"),
        packet("<dc:a>" * 400 + "</dc:a>" * 400),
        b"<a>" + b" " * (17 << 20),
    ],
)
def test_what_is_no_xmp_is_refused_with_a_reason(data: bytes) -> None:
    """Not well-formed, not RDF, too deep or too large."""
    with pytest.raises(BrokenPacketError) as caught:
        parse_packet(data)
    assert str(caught.value)


@given(st.binary(max_size=300))
def test_random_bytes_are_refused_and_nothing_else(data: bytes) -> None:
    """Whatever the bytes, there is a tree or a BrokenPacketError."""
    for sample in (data, packet("") + data, b"<?xpacket?>" + data):
        try:
            parse_packet(sample)
        except BrokenPacketError:
            continue


@pytest.mark.parametrize(
    "body",
    [
        '<rdf:Description dc:creator="Mira"/>',
        "<rdf:Description><dc:creator>Mira</dc:creator></rdf:Description>",
        "<rdf:Description/><rdf:Description><dc:creator><rdf:Seq><rdf:li>Mira</rdf:li></rdf:Seq>"
        "</dc:creator></rdf:Description>",
        '<rdf:Description><dc:creator rdf:resource="Mira"/></rdf:Description>',
    ],
)
def test_a_property_is_found_in_every_spelling_and_removed(body: str) -> None:
    """Attribute, element, array and reference, in any description."""
    rdf = parse_packet(packet(body))
    assert values_of(find_property(rdf, f"{DC}creator")) == ["Mira"]
    remove_property(rdf, f"{DC}creator")
    assert find_property(rdf, f"{DC}creator") is None
    assert values_of(None) == []


def test_thumbnails_are_removed():
    """Previews go, everything else stays."""
    thumbnail = "<xmp:Thumbnails><rdf:Alt><rdf:li>base64</rdf:li></rdf:Alt></xmp:Thumbnails>"
    cleaned = without_thumbnails(properties(f"<dc:title>Fox</dc:title>{thumbnail}"))
    assert values_of(find_property(parse_packet(cleaned), f"{DC}title")) == ["Fox"]
    assert b"base64" not in cleaned


@pytest.mark.parametrize(
    "untouched", [properties("<dc:title>Thumbnails</dc:title>"), b"<Thumbnails"]
)
def test_packets_without_thumbnails_are_left_alone(untouched):
    """The word alone changes nothing, nor does XML that cannot be parsed."""
    assert without_thumbnails(untouched) is untouched


@pytest.mark.parametrize(
    "turned",
    [properties("<tiff:Orientation>6</tiff:Orientation>"), properties("", 'tiff:Orientation="6"')],
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


def test_a_refused_packet_is_never_changed():
    """A document type or an unusual size: nothing is parsed, expanded or lost."""
    bomb = (
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
        b'<x xmlns:xmp="http://ns.adobe.com/xap/1.0/"><xmp:Thumbnails>&b;</xmp:Thumbnails></x>'
    )
    large = properties("<xmp:Thumbnails/><tiff:Orientation>6</tiff:Orientation>" + " " * (17 << 20))
    for refused in (bomb, large):
        assert without_thumbnails(refused) is refused
        assert upright_packet(refused) is refused


def test_a_document_type_in_an_encoding_that_hides_it_is_refused():
    """UTF-7 spells it without the word; the parser sees it all the same."""
    head, body = b'<?xml version="1.0" encoding="UTF-7"?>', packet("")
    assert values_of(find_property(parse_packet(head + body), f"{DC}title")) == []
    with pytest.raises(BrokenPacketError, match="document type"):
        parse_packet(head + b"+ADwAIQ-+AEQ-OCTYPE a>" + body)
