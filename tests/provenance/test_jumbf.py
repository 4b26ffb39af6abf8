"""Promises of ocguard.provenance.jumbf."""

from __future__ import annotations

import struct

from hypothesis import given
from hypothesis import strategies as st

from ocguard.provenance.jumbf import read_superboxes


def box(kind: bytes, body: bytes) -> bytes:
    """Serialize a box."""
    return struct.pack(">I4s", 8 + len(body), kind) + body


def superbox(kind: bytes, label: bytes, *inside: bytes) -> bytes:
    """Serialize a box that holds others."""
    description = kind + b"\0\x11\0\x10\x80\0\0\xaa\0\x38\x9b\x71\x03" + label + b"\0"
    return box(b"jumb", box(b"jumd", description) + b"".join(inside))


def test_boxes_in_boxes_are_read_with_names_and_contents() -> None:
    """In their order; of several contents of one type the first."""
    leaf = superbox(b"cbor", b"c2pa.actions", box(b"cbor", b"one"), box(b"cbor", b"two"))
    (store,) = read_superboxes(superbox(b"c2pa", b"c2pa", superbox(b"c2ma", b"urn:1", leaf)))
    assert (store.kind, store.label) == (b"c2pa", "c2pa")
    actions = store.boxes[0].inner("c2pa.claim", "c2pa.actions")
    assert actions is not None
    assert actions.content == {b"cbor": b"one"}
    assert store.inner("other") is None


def test_sizes_may_be_long_or_open() -> None:
    """A size of 1 stands in eight more bytes, a size of 0 reaches to the end."""
    inside = superbox(b"c2ma", b"urn:1")[8:]
    long = struct.pack(">I4sQ", 1, b"jumb", 16 + len(inside)) + inside
    open_ended = struct.pack(">I4s", 0, b"jumb") + inside
    assert [one.label for one in read_superboxes(long + open_ended)] == ["urn:1", "urn:1"]


def test_damage_ends_the_reading() -> None:
    """What stood before it is kept; nesting without end is cut off."""
    good = superbox(b"c2ma", b"urn:1")
    assert [one.label for one in read_superboxes(good + b"\0\0\0\x07jumbxxx")] == ["urn:1"]
    assert [one.label for one in read_superboxes(good + good[:-1])] == ["urn:1"]
    assert read_superboxes(box(b"jumb", box(b"free", b""))) == ()
    deep = b""
    for _ in range(200):
        deep = superbox(b"c2ma", b"x", deep)
    assert len(read_superboxes(deep)) == 1


@given(st.binary(max_size=200))
def test_random_bytes_never_raise(data: bytes) -> None:
    """Behind a good beginning too."""
    for start in (b"", superbox(b"c2pa", b"c2pa")[:-3]):
        read_superboxes(start + data)
