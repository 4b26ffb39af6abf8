"""EXIF as what it is, a small TIFF structure: read entries, drop thumbnails, turn tags, add tags.

Changes are made without moving anything that is there: a value is overwritten in place, or a new
directory is appended and the header pointed to it. So maker notes, which hold absolute offsets,
stay readable. Input is untrusted: offsets and counts are checked, directories are bounded.

References
----------
CIPA DC-008 (Exif 2.32), section 4.6; Adobe, "TIFF revision 6.0", 1992, section 2.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass

__all__ = [
    "EXIF_IFD",
    "GPS_IFD",
    "ORIENTATION",
    "Entry",
    "build_exif",
    "byte_order",
    "cut_tags",
    "directory",
    "exif_dpi",
    "number",
    "pack_directory",
    "read_orientation",
    "with_dpi",
    "with_entries",
    "with_orientation",
    "with_pixel_size",
    "without_thumbnail",
]

ORIENTATION = 0x0112
EXIF_IFD = 0x8769
GPS_IFD = 0x8825
_X_RESOLUTION, _Y_RESOLUTION, _RESOLUTION_UNIT = 0x011A, 0x011B, 0x0128
_PIXEL_SIZE_TAGS = (0xA002, 0xA003)  # PixelXDimension, PixelYDimension, in the Exif directory
_THUMBNAIL_RANGES = ((0x0201, 0x0202), (0x0111, 0x0117))  # offsets and byte counts, JPEG or strips
_SHORT, _LONG, _RATIONAL = 3, 4, 5
_TYPE_BYTES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_MAX_ENTRIES = 1000  # far more than any real directory; bounds hostile ones
_DPI_STEPS = 10_000  # resolution of the rational numbers that ocguard writes
_CM_PER_INCH = 2.54


@dataclass(frozen=True, slots=True)
class Entry:
    """One tag's value as stored.

    Parameters
    ----------
    kind : int
        TIFF field type: 2 ASCII, 3 SHORT, 4 LONG, 5 RATIONAL, 7 UNDEFINED and so on.
    count : int
        Number of values.
    value : bytes
        The raw values in the byte order of the structure.
    """

    kind: int
    count: int
    value: bytes


def directory(blob: bytes | memoryview, offset: int | None = None) -> tuple[dict[int, Entry], int]:
    """Read one directory of a TIFF structure.

    Parameters
    ----------
    blob : bytes or memoryview
        The structure, from its ``II`` or ``MM`` on.
    offset : int, optional
        Where the directory starts; by default the first one.

    Returns
    -------
    entries : dict of int to Entry
        By tag; entries that point outside are left out. Empty for a damaged structure, and for
        one whose values together are longer than itself, as only a hostile one's can be.
    next_offset : int
        Where the next directory starts, 0 for none.
    """
    order = byte_order(blob)
    if order is None:
        return {}, 0
    start = struct.unpack_from(order + "I", blob, 4)[0] if offset is None else offset
    if start < 8 or start + 2 > len(blob):
        return {}, 0
    end = start + 2 + 12 * struct.unpack_from(order + "H", blob, start)[0]
    places = [one for one in _places(blob, start, order) if one[3] + one[4] <= len(blob)]
    if end > len(blob) or sum(length for *_, length in places) > len(blob):
        return {}, 0
    entries = {
        tag: Entry(kind, count, bytes(blob[place : place + length]))
        for tag, kind, count, place, length in places
        if length
    }
    following = struct.unpack_from(order + "I", blob, end)[0] if end + 4 <= len(blob) else 0
    return entries, following


def cut_tags(blob: bytes, offset: int) -> set[int]:
    """Return the tags of a directory whose values lie beyond the end, as in a truncated file."""
    order = byte_order(blob)
    if order is None or not 8 <= offset <= len(blob) - 2:
        return set()
    places = _places(blob, offset, order)
    return {tag for tag, _, _, place, length in places if place + length > len(blob)}


def _places(
    blob: bytes | memoryview, start: int, order: str
) -> list[tuple[int, int, int, int, int]]:
    """Return (tag, type, count, place, bytes) of all entries of a directory."""
    places = []
    count = min(struct.unpack_from(order + "H", blob, start)[0], _MAX_ENTRIES)
    for at in range(start + 2, min(start + 2 + 12 * count, len(blob) - 11), 12):
        tag, kind, number = struct.unpack_from(order + "HHI", blob, at)
        length = _TYPE_BYTES.get(kind, 0) * number
        place = at + 8 if length <= 4 else struct.unpack_from(order + "I", blob, at + 8)[0]
        places.append((tag, kind, number, place, length))
    return places


def number(blob: bytes, entry: Entry | None) -> int | None:
    """Return the first value of a SHORT or LONG entry."""
    if entry is None or entry.kind not in {_SHORT, _LONG}:
        return None
    code = "H" if entry.kind == _SHORT else "I"
    return int(struct.unpack_from((byte_order(blob) or "<") + code, entry.value)[0])


def read_orientation(blob: bytes | None) -> int:
    """Return the orientation tag, 1..8; 1 where there is none or it is out of range."""
    if not blob:
        return 1
    value = number(blob, directory(blob)[0].get(ORIENTATION)) or 1
    return value if 1 <= value <= 8 else 1


def with_orientation(blob: bytes, orientation: int) -> bytes:
    """Return the structure with another orientation, unchanged where it already says that."""
    if read_orientation(blob) == orientation:
        return blob
    order = byte_order(blob) or "<"
    entry = Entry(_SHORT, 1, struct.pack(order + "H", orientation))
    return with_entries(blob, {ORIENTATION: entry})


def with_pixel_size(blob: bytes, size: tuple[int, int]) -> bytes:
    """Return the structure with another width and height in pixels, where it says any.

    Both are of the picture as stored, before its orientation is applied. They are overwritten in
    place; a size that does not fit its field stays.
    """
    order = byte_order(blob)
    start = number(blob, directory(blob)[0].get(EXIF_IFD))
    if order is None or start is None or not 8 <= start <= len(blob) - 2:
        return blob
    changed = bytearray(blob)
    for tag, kind, count, place, _ in _places(blob, start, order):
        if tag in _PIXEL_SIZE_TAGS and kind in {_SHORT, _LONG} and count == 1:
            value = size[_PIXEL_SIZE_TAGS.index(tag)]
            if kind == _LONG or value < 1 << 16:
                struct.pack_into(order + ("H" if kind == _SHORT else "I"), changed, place, value)
    return bytes(changed)


def exif_dpi(blob: bytes | None, offset: int | None = None) -> tuple[float, float] | None:
    """Return a directory's resolution in pixels per inch, None where it is missing or senseless."""
    if not blob:
        return None
    entries, _ = directory(blob, offset)
    unit = number(blob, entries.get(_RESOLUTION_UNIT)) or 2
    both = [_rational(blob, entries.get(tag)) for tag in (_X_RESOLUTION, _Y_RESOLUTION)]
    if unit not in {2, 3} or not all(both):
        return None
    scale = _CM_PER_INCH if unit == 3 else 1.0
    return both[0] * scale, both[1] * scale


def with_dpi(blob: bytes | None, dpi: tuple[float, float]) -> bytes:
    """Return the structure (or a new one) with resolution tags in pixels per inch."""
    order = byte_order(blob or b"") or "<"
    across, down = (
        Entry(_RATIONAL, 1, struct.pack(order + "II", round(value * _DPI_STEPS), _DPI_STEPS))
        for value in dpi
    )
    unit = Entry(_SHORT, 1, struct.pack(order + "H", 2))
    added = {_X_RESOLUTION: across, _Y_RESOLUTION: down, _RESOLUTION_UNIT: unit}
    return with_entries(blob, added)


def with_entries(blob: bytes | None, entries: Mapping[int, Entry]) -> bytes:
    """Add tags to the first directory, or replace them.

    Parameters
    ----------
    blob : bytes or None
        An EXIF structure; None or a damaged one starts a new one, little-endian.
    entries : mapping of int to Entry
        Values in the byte order of `blob` (see its first two bytes).

    Returns
    -------
    bytes
        Everything else stays at its offset.
    """
    order = byte_order(blob or b"")
    if blob is None or order is None:
        blob, order = b"II*\0\0\0\0\0", "<"
    before, following = directory(blob)
    merged = {**before, **entries}
    padded = blob + b"\0" * (len(blob) % 2)
    appended = pack_directory(merged, len(padded), order, following)
    return padded[:4] + struct.pack(order + "I", len(padded)) + padded[8:] + appended


def build_exif(
    main: Mapping[int, Entry], parts: Mapping[int, Mapping[int, Entry]], order: str
) -> bytes:
    """Build a structure from a first directory and those it points to.

    Parameters
    ----------
    main : mapping of int to Entry
        First directory, without pointers.
    parts : mapping of int to mapping of int to Entry
        Directories by the tag that points to them (:data:`EXIF_IFD`, :data:`GPS_IFD`).
    order : {"<", ">"}
        Byte order of all values.

    Returns
    -------
    bytes
        An EXIF structure without thumbnail.
    """
    body = (b"II*\0" if order == "<" else b"MM\0*") + b"\0" * 4
    pointers = {}
    for tag, entries in parts.items():
        if entries:
            pointers[tag] = Entry(_LONG, 1, struct.pack(order + "I", len(body)))
            body += pack_directory(entries, len(body), order)
    last = pack_directory({**main, **pointers}, len(body), order)
    return body[:4] + struct.pack(order + "I", len(body)) + body[8:] + last


def pack_directory(
    entries: Mapping[int, Entry], offset: int, order: str, following: int = 0
) -> bytes:
    """Serialize a directory that will start at an (even) offset, its long values behind it."""
    head = [struct.pack(order + "H", len(entries))]
    tail = b""
    values_at = offset + 2 + 12 * len(entries) + 4
    for tag in sorted(entries):
        entry = entries[tag]
        if len(entry.value) <= 4:
            field = entry.value.ljust(4, b"\0")
        else:
            field = struct.pack(order + "I", values_at + len(tail))
            tail += entry.value + b"\0" * (len(entry.value) % 2)
        head.append(struct.pack(order + "HHI", tag, entry.kind, entry.count) + field)
    return b"".join(head) + struct.pack(order + "I", following) + tail


def without_thumbnail(blob: bytes) -> bytes:
    """Remove the thumbnail, which would show the unmarked picture; its bytes are blanked too.

    Parameters
    ----------
    blob : bytes
        An EXIF structure.

    Returns
    -------
    bytes
        The same object where there was no thumbnail.
    """
    order = byte_order(blob)
    _, following = directory(blob)
    if order is None or following == 0:
        return blob
    first = struct.unpack_from(order + "I", blob, 4)[0]
    pointer = first + 2 + 12 * struct.unpack_from(order + "H", blob, first)[0]
    cleared = bytearray(blob)
    for start, length in _thumbnail_ranges(blob, following, order):
        if pointer + 4 <= start and start + length >= len(cleared):
            del cleared[start:]
        elif start >= 8:
            cleared[start : start + length] = bytes(len(cleared[start : start + length]))
    struct.pack_into(order + "I", cleared, pointer, 0)
    return bytes(cleared)


def _thumbnail_ranges(blob: bytes, offset: int, order: str) -> list[tuple[int, int]]:
    """Return (start, length) of the bytes that a thumbnail's directory points to."""
    entries, _ = directory(blob, offset)
    ranges = []
    for offsets_tag, lengths_tag in _THUMBNAIL_RANGES:
        starts, lengths = (_numbers(order, entries.get(t)) for t in (offsets_tag, lengths_tag))
        ranges += list(zip(starts, lengths, strict=False))
    return ranges


def _numbers(order: str, entry: Entry | None) -> list[int]:
    """Return all values of a SHORT or LONG entry."""
    if entry is None or entry.kind not in {_SHORT, _LONG}:
        return []
    code = "H" if entry.kind == _SHORT else "I"
    return list(struct.unpack(f"{order}{entry.count}{code}", entry.value))


def _rational(blob: bytes, entry: Entry | None) -> float:
    """Return the first RATIONAL of an entry, 0 where it is missing or senseless."""
    if entry is None or entry.kind != _RATIONAL:
        return 0.0
    over, under = struct.unpack_from((byte_order(blob) or "<") + "II", entry.value)
    return over / under if under else 0.0


def byte_order(blob: bytes | memoryview) -> str | None:
    """Return the struct code of the byte order, None where this is no TIFF structure."""
    orders = {b"II*\0": "<", b"MM\0*": ">"}
    return orders.get(bytes(blob[:4])) if len(blob) >= 8 else None
