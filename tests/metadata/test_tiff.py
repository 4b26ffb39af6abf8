"""Promises of ocguard.metadata.tiff."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocguard.metadata.tiff import offset_of, read_directory, value_of, with_texts

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
    assert value_of(new, after, 0x013B) == b"Mira Vale\0"
    assert value_of(new, after, 0x8298) == b"(c)\0"
    assert after.next_offset == before.next_offset == 500
    kept = [entry for tag, entry in after.entries if tag not in {0x013B, 0x8298}]
    assert kept == [entry for tag, entry in before.entries if tag != 0x013B]


@ORDERS
def test_tags_are_sorted_and_the_directory_lies_on_a_word(
    order: str, camera_exif: Callable[[str], bytes]
) -> None:
    """As TIFF demands, whatever the length of the texts."""
    for text in (b"M", b"Mir", b"Mira", b"Mira V"):
        new = with_texts(camera_exif(order) + b"\1", {0x8298: text})
        tags = [tag for tag, _ in read_directory(new).entries]
        assert tags == sorted(tags)
        assert int.from_bytes(new[4:8], {"<": "little", ">": "big"}[order]) % 2 == 0


@ORDERS
def test_values_and_offsets_are_read(order: str, camera_exif: Callable[[str], bytes]) -> None:
    """Inline and distant values; what is not there is empty."""
    data = camera_exif(order)
    directory = read_directory(data)
    assert value_of(data, directory, 0x0110) == b"Camera X\0"
    assert value_of(data, directory, 0x013B) == b"Old\0"
    assert value_of(data, directory, 0x9999) == b""
    assert offset_of(directory, 0x8769) == 300
    assert offset_of(directory, 0x9999) is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"II*\0",
        b"XX*\0\x08\0\0\0",
        b"II*\0\xff\xff\xff\xff",
        b"MM\0*\0\0\0\x08\xff\xff",
        b"II*\0\x08\0\0\0\x01\0" + b"\0" * 12,
    ],
)
def test_damaged_structures_are_refused(data: bytes) -> None:
    """A directory that does not lie within the data is a ValueError."""
    with pytest.raises(ValueError, match="it"):
        read_directory(data)


@given(st.binary(max_size=200), st.binary(max_size=20).map(lambda b: b.replace(b"\0", b"")))
def test_random_structures_are_extended_or_refused(tail: bytes, text: bytes) -> None:
    """Whatever the bytes, the text can be read back or the structure is refused."""
    for head in (b"II*\0", b"MM\0*"):
        try:
            new = with_texts(head + tail, {0x8298: text})
        except ValueError:
            continue
        assert value_of(new, read_directory(new), 0x8298) == text + b"\0"
        assert new[8 : 4 + len(tail)] == tail[4:]
