"""Promises of ocguard.metadata.tiff."""

from __future__ import annotations

import struct
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocguard.metadata.tiff import (
    ASCII,
    SHORT,
    BrokenTiffError,
    Field,
    append_directory,
    cut_tags,
    pack_directory,
    read_directory,
)


def with_texts(data: bytes, texts: dict[int, bytes]) -> bytes:
    """The structure with some ASCII fields."""
    fields = {tag: Field(ASCII, len(text) + 1, text + b"\0") for tag, text in texts.items()}
    return append_directory(data, read_directory(data), fields)


EMPTY = b"II*\0\x08\0\0\0\0\0\0\0\0\0"
"""A structure with an empty directory."""

ORDERS = pytest.mark.parametrize("order", ["<", ">"])


@ORDERS
def test_texts_are_set_and_every_other_byte_stays(
    order: str, camera_exif: Callable[[str], bytes]
) -> None:
    """Only the offset in the header differs; maker note, GPS and thumbnail keep their places."""
    old = camera_exif(order)
    new = with_texts(old, {0x013B: b"Mira Vale", 0x8298: b"(c)"})
    assert new[:4] == old[:4]
    assert new[8 : len(old)] == old[8:]
    before, after = read_directory(old), read_directory(new)
    assert after.value(0x013B) == b"Mira Vale\0"
    assert after.value(0x8298) == b"(c)\0"
    assert after.next_offset == before.next_offset == 500
    kept = {tag: row for tag, row in after.rows.items() if tag not in {0x013B, 0x8298}}
    assert kept == {tag: row for tag, row in before.rows.items() if tag != 0x013B}
    assert 0xC6F3 in kept


@ORDERS
def test_tags_are_sorted_and_the_directory_lies_on_a_word(
    order: str, camera_exif: Callable[[str], bytes]
) -> None:
    """As TIFF demands, whatever the length of the texts."""
    for text in (b"M", b"Mir", b"Mira", b"Mira V"):
        new = with_texts(camera_exif(order) + b"\1", {0x8298: text})
        tags = list(read_directory(new).rows)
        assert tags == sorted(tags)
        assert int.from_bytes(new[4:8], {"<": "little", ">": "big"}[order]) % 2 == 0


@ORDERS
def test_values_and_offsets_are_read(order: str, camera_exif: Callable[[str], bytes]) -> None:
    """Inline and distant values; what is not there is empty."""
    data = camera_exif(order)
    directory = read_directory(data)
    assert directory.value(0x0110) == b"Camera X\0"
    assert directory.value(0x013B) == b"Old\0"
    assert directory.value(0x9999) == b""
    assert directory.number(0x8769) == 300
    assert directory.number(0x9999) is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"II*\0",
        b"XX*\0\x08\0\0\0",
        b"II*\0\xff\xff\xff\xff",
        b"MM\0*\0\0\0\x08\xff\xff",
        b"II*\0\x08\0\0\0\x01\0" + b"\0" * 11,
    ],
)
def test_damaged_structures_are_refused(data: bytes) -> None:
    """A directory that does not lie within the data is an error that says so."""
    with pytest.raises(BrokenTiffError, match="it"):
        read_directory(data)


@given(st.binary(max_size=200), st.binary(max_size=20).map(lambda b: b.replace(b"\0", b"")))
def test_random_structures_are_extended_or_refused(tail: bytes, text: bytes) -> None:
    """Whatever the bytes, the text can be read back or the structure is refused."""
    for head in (b"II*\0", b"MM\0*"):
        try:
            new = with_texts(head + tail, {0x8298: text})
        except BrokenTiffError:
            continue
        assert read_directory(new).value(0x8298) == text + b"\0"
        assert new[8 : 4 + len(tail)] == tail[4:]


def test_a_directory_that_ends_with_the_data_is_the_last() -> None:
    """Writers that leave out the offset of the next directory mean that there is none."""
    data = b"II*\0\x08\0\0\0\x01\0" + b"\x12\1\3\0\1\0\0\0\6\0\0\0"
    directory = read_directory(data)
    assert directory.number(0x0112) == 6
    assert directory.next_offset == 0


def test_fields_that_lie_beyond_the_end_are_left_out_and_named() -> None:
    """They do not come to point at what is appended later."""
    long, short = Field(7, 9, b"123456789"), Field(SHORT, 1, b"\6\0")
    data = append_directory(b"II*\0\0\0\0\0", read_directory(EMPTY), {0x0100: long, 0x0112: short})
    cut = data[:-4]
    assert cut_tags(cut, 8) == {0x0100}
    assert read_directory(cut).fields == {0x0112: short}
    assert with_texts(cut, {0x8298: b"(c)"}).count(b"\0\1\7\0") == 1
    assert list(read_directory(with_texts(cut, {0x8298: b"(c)"})).rows) == [0x0112, 0x8298]


def test_values_that_overlap_are_not_copied_again_and_again() -> None:
    """A directory of many fields that all span the file is refused as hostile."""
    rows = {tag: struct.pack("<HHII", tag, 7, 5000, 8) for tag in range(1, 400)}
    body = b"\0" * 5000
    head = b"II*\0" + struct.pack("<I", 8 + len(body))
    with pytest.raises(BrokenTiffError, match="longer"):
        read_directory(head + body + pack_directory({}, 5008, "<", 0, rows))
