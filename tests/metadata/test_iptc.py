"""Promises of ocguard.metadata.iptc."""

from __future__ import annotations

from ocguard.metadata.iptc import (
    IPTC_RESOURCE,
    application_texts,
    blocks_of,
    fields_of,
    packed_block,
    without_fields,
)


def field(number: int, text: bytes) -> bytes:
    """Serialize a field of the application record."""
    return b"\x1c\2" + bytes([number]) + len(text).to_bytes(2, "big") + text


BLOCK = packed_block(IPTC_RESOURCE, field(90, b"Bremen") + field(80, b"Mo") + field(25, b"odd"))


def test_blocks_are_split_and_packed_alike() -> None:
    """Also of odd length; a damaged one ends the list."""
    other = packed_block(1005, b"abc")
    assert blocks_of(BLOCK + other + b"8BIM\4\4") == [(IPTC_RESOURCE, BLOCK), (1005, other)]


def test_fields_are_known_and_left_out() -> None:
    """Every other field stays as it is."""
    assert fields_of(BLOCK) == {90, 80, 25}
    left = without_fields(BLOCK, {90})
    assert fields_of(left) == {80, 25}
    assert b"Bremen" not in left


def test_texts_are_read_by_name() -> None:
    """Several of one name together; other fields and other blocks are passed over."""
    block = packed_block(IPTC_RESOURCE, field(80, b"Mo") + field(25, b"odd") + field(80, b"Lin"))
    texts = application_texts(packed_block(1005, field(80, b"no")) + block, {80: "By-line"})
    assert texts == {"By-line": "Mo; Lin"}


def test_damaged_fields_end_the_list() -> None:
    """A length that leads beyond the end."""
    block = packed_block(IPTC_RESOURCE, field(80, b"Mo") + b"\x1c\2\x5a\x7f\xff")
    assert fields_of(block) == {80}
