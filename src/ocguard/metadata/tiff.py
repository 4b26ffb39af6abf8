"""Read and extend the tag directories of TIFF, which EXIF shares, without moving anything else.

EXIF holds offsets that nobody but a camera maker understands, so rewriting it breaks maker notes.
Here the old bytes stay where they are: a new first directory is appended behind them and the
header points to it. Sub-directories, the thumbnail and maker notes keep their places and bytes.

Input is untrusted: offsets and counts are checked, and directories are bounded.

References
----------
Adobe, "TIFF Revision 6.0", 1992, section 2. CIPA DC-008, "Exif 2.32", 2019, section 4.6.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ocguard.language.message import Message

__all__ = [
    "ASCII",
    "LONG",
    "RATIONAL",
    "SHORT",
    "BrokenTiffError",
    "Directory",
    "Field",
    "append_directory",
    "byte_order",
    "cut_tags",
    "pack_directory",
    "read_directory",
]

ASCII, SHORT, LONG, RATIONAL = 2, 3, 4, 5
_IFD = 13
_CODES = {SHORT: "H", LONG: "I", _IFD: "I"}
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
"""Bytes of one value, by field type."""

_MAX_FIELDS = 1000
"""Most fields read of one directory: far more than any real one has."""


class BrokenTiffError(ValueError):
    """The bytes are no TIFF structure, or a directory is damaged; says how."""


@dataclass(frozen=True, slots=True)
class Field:
    """The values of one tag, as stored.

    Attributes
    ----------
    kind : int
        Field type: 2 ASCII, 3 SHORT, 4 LONG, 5 RATIONAL, 7 UNDEFINED and so on.
    count : int
        Number of values.
    value : bytes
        The raw values in the byte order of the structure.
    """

    kind: int
    count: int
    value: bytes


@dataclass(frozen=True)
class Directory:
    """One image file directory.

    Attributes
    ----------
    order : {"<", ">"}
        Byte order, as in :mod:`struct`.
    fields : dict of int to Field
        By tag, the last one where a tag is there twice. Fields of an unknown type and fields whose
        values lie beyond the end of the structure are left out.
    next_offset : int
        Where the next directory lies, 0 for none.
    places : dict of int to int
        Where the values of each field start.
    rows : dict of int to bytes
        The twelve bytes of each field, those of unknown types included: what a directory that
        replaces this one takes over.
    """

    order: str
    fields: Mapping[int, Field] = field(default_factory=dict)
    next_offset: int = 0
    places: Mapping[int, int] = field(default_factory=dict)
    rows: Mapping[int, bytes] = field(default_factory=dict)

    def value(self, tag: int) -> bytes:
        """Return the bytes of a tag's values; empty where there are none."""
        found = self.fields.get(tag)
        return b"" if found is None else found.value

    def numbers(self, tag: int) -> tuple[int, ...]:
        """Return the whole numbers (SHORT, LONG, IFD) of a tag; empty where there are none."""
        found = self.fields.get(tag)
        if found is None or found.kind not in _CODES:
            return ()
        return struct.unpack(f"{self.order}{found.count}{_CODES[found.kind]}", found.value)

    def number(self, tag: int) -> int | None:
        """Return the first whole number of a tag, such as the offset of a sub-directory."""
        return next(iter(self.numbers(tag)), None)

    def rational(self, tag: int) -> float:
        """Return the first RATIONAL of a tag, 0 where it is missing or senseless."""
        found = self.fields.get(tag)
        if found is None or found.kind != RATIONAL:
            return 0.0
        over, under = struct.unpack_from(f"{self.order}II", found.value)
        return over / under if under else 0.0


def byte_order(data: bytes | memoryview) -> str | None:
    """Return the struct code of the byte order, None where this is no TIFF structure."""
    orders = {b"II*\0": "<", b"MM\0*": ">"}
    return orders.get(bytes(data[:4])) if len(data) >= 8 else None


def read_directory(data: bytes | memoryview, offset: int | None = None) -> Directory:
    """Read a directory of a TIFF structure.

    Parameters
    ----------
    data : bytes or memoryview
        From the byte-order mark on; untrusted.
    offset : int, optional
        Where the directory lies; by default the first one.

    Returns
    -------
    Directory
        At most its first thousand fields.

    Raises
    ------
    BrokenTiffError
        If this is no TIFF structure, the directory does not lie within the data, or its values
        together are longer than the data, as only a hostile one's can be.
    """
    order = byte_order(data)
    if order is None:
        raise BrokenTiffError(Message("it does not start like TIFF"))
    start = struct.unpack_from(f"{order}I", data, 4)[0] if offset is None else offset
    if not 8 <= start <= len(data) - 2:
        raise BrokenTiffError(Message("its directory does not lie within it"))
    end = start + 2 + 12 * struct.unpack_from(f"{order}H", data, start)[0]
    if end > len(data):
        raise BrokenTiffError(Message("its directory does not lie within it"))
    entries = [one for one in _entries(data, start, order) if one.end <= len(data)]
    if sum(one.end - one.place for one in entries) > len(data):
        raise BrokenTiffError(Message("its values are longer than it is"))
    return Directory(
        order,
        {one.tag: one.field(data) for one in entries if one.end > one.place},
        struct.unpack_from(f"{order}I", data, end)[0] if end + 4 <= len(data) else 0,
        {one.tag: one.place for one in entries if one.end > one.place},
        {one.tag: bytes(data[one.at : one.at + 12]) for one in entries},
    )


def cut_tags(data: bytes, offset: int) -> set[int]:
    """Return the tags of a directory whose values lie beyond the end, as in a truncated file."""
    order = byte_order(data)
    if order is None or not 8 <= offset <= len(data) - 2:
        return set()
    return {one.tag for one in _entries(data, offset, order) if one.end > len(data)}


def append_directory(data: bytes, before: Directory, fields: Mapping[int, Field]) -> bytes:
    """Set fields of the first directory and leave every other byte in its place.

    Parameters
    ----------
    data : bytes
        A TIFF structure.
    before : Directory
        Its first directory.
    fields : mapping of int to Field
        What is added or replaced, by tag; values in the byte order of `data`.

    Returns
    -------
    bytes
        Longer by the new directory and the values; only the offset in the header differs before.
    """
    padded = data + b"\0" * (len(data) % 2)
    start = len(padded)
    added = pack_directory(fields, start, before.order, before.next_offset, before.rows)
    return padded[:4] + struct.pack(f"{before.order}I", start) + padded[8:] + added


def pack_directory(
    fields: Mapping[int, Field],
    offset: int,
    order: str,
    next_offset: int = 0,
    rows: Mapping[int, bytes] | None = None,
) -> bytes:
    """Serialize a directory, its long values behind it.

    Parameters
    ----------
    fields : mapping of int to Field
        By tag.
    offset : int
        Where the directory will start; even.
    order : {"<", ">"}
        Byte order of all values.
    next_offset : int
        Where the next directory lies, 0 for none.
    rows : mapping of int to bytes, optional
        Fields that are taken over from another directory of the same structure, where `fields` has
        no such tag; see `Directory`.
    """
    every = dict(rows or {})
    tail = b""
    values_at = offset + 2 + 12 * len(every.keys() | fields.keys()) + 4
    for tag, one in sorted(fields.items()):
        place = one.value.ljust(4, b"\0")
        if len(one.value) > 4:
            place = struct.pack(f"{order}I", values_at + len(tail))
            tail += one.value + b"\0" * (len(one.value) % 2)
        every[tag] = struct.pack(f"{order}HHI", tag, one.kind, one.count) + place
    table = b"".join(every[tag] for tag in sorted(every))
    count, following = struct.pack(f"{order}H", len(every)), struct.pack(f"{order}I", next_offset)
    return count + table + following + tail


@dataclass(frozen=True, slots=True)
class _Row:
    """Where a field of a directory and its values lie."""

    tag: int
    kind: int
    count: int
    at: int
    place: int
    end: int

    def field(self, data: bytes | memoryview) -> Field:
        """Return the field with its values."""
        return Field(self.kind, self.count, bytes(data[self.place : self.end]))


def _entries(data: bytes | memoryview, start: int, order: str) -> Iterator[_Row]:
    """Yield the fields of a directory that lies within the data, values not looked at."""
    count = min(struct.unpack_from(f"{order}H", data, start)[0], _MAX_FIELDS)
    for at in range(start + 2, min(start + 2 + 12 * count, len(data) - 11), 12):
        tag, kind, number = struct.unpack_from(f"{order}HHI", data, at)
        length = _SIZES.get(kind, 0) * number
        place = at + 8 if length <= 4 else struct.unpack_from(f"{order}I", data, at + 8)[0]
        yield _Row(tag, kind, number, at, place, place + length)
