"""EXIF as what it is, a small TIFF structure: its turn, resolution and size, without thumbnail.

Changes are made without moving anything that is there, see :mod:`ocguard.metadata.tiff`: a value is
overwritten in place, or a new first directory is appended. A damaged structure is never an error
here: it says nothing, and what is set is set in a new directory.

References
----------
CIPA DC-008 (Exif 2.32), section 4.6; Adobe, "TIFF revision 6.0", 1992, section 2.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping

from ocguard.metadata.tiff import (
    LONG,
    RATIONAL,
    SHORT,
    BrokenTiffError,
    Directory,
    Field,
    append_directory,
    byte_order,
    pack_directory,
    read_directory,
)

__all__ = [
    "EXIF_IFD",
    "EXIF_PREFIX",
    "GPS_IFD",
    "ORIENTATION",
    "build_exif",
    "exif_directory",
    "exif_dpi",
    "read_orientation",
    "with_dpi",
    "with_fields",
    "with_orientation",
    "with_pixel_size",
    "without_thumbnail",
]

EXIF_PREFIX = b"Exif\0\0"
"""What stands before the structure in a JPEG segment."""

ORIENTATION = 0x0112
EXIF_IFD = 0x8769
GPS_IFD = 0x8825
_EMPTY = b"II*\0\0\0\0\0"
_X_RESOLUTION, _Y_RESOLUTION, _RESOLUTION_UNIT = 0x011A, 0x011B, 0x0128
_PIXEL_SIZE_TAGS = (0xA002, 0xA003)  # PixelXDimension, PixelYDimension, in the Exif directory
_THUMBNAIL_RANGES = ((0x0201, 0x0202), (0x0111, 0x0117))  # offsets and byte counts, JPEG or strips
_DPI_STEPS = 10_000  # resolution of the rational numbers that ocguard writes
_CM_PER_INCH = 2.54


def exif_directory(blob: bytes | memoryview, offset: int | None = None) -> Directory:
    """Read one directory; an empty one where the structure is damaged.

    Parameters
    ----------
    blob : bytes or memoryview
        The structure, from its ``II`` or ``MM`` on; untrusted.
    offset : int, optional
        Where the directory starts; by default the first one.
    """
    try:
        return read_directory(blob, offset)
    except BrokenTiffError:
        return Directory(byte_order(blob) or "<")


def read_orientation(blob: bytes | None) -> int:
    """Return the orientation tag, 1..8; 1 where there is none or it is out of range."""
    value = exif_directory(blob or b"").number(ORIENTATION) or 1
    return value if 1 <= value <= 8 else 1


def with_orientation(blob: bytes, orientation: int) -> bytes:
    """Return the structure with another orientation, unchanged where it already says that."""
    if read_orientation(blob) == orientation:
        return blob
    main = exif_directory(blob)
    there = main.fields.get(ORIENTATION)
    if there is not None and there.kind == SHORT and there.count == 1:
        changed = bytearray(blob)
        struct.pack_into(f"{main.order}H", changed, main.places[ORIENTATION], orientation)
        return bytes(changed)
    order = byte_order(blob) or "<"
    return with_fields(blob, {ORIENTATION: Field(SHORT, 1, struct.pack(f"{order}H", orientation))})


def with_pixel_size(blob: bytes, size: tuple[int, int]) -> bytes:
    """Return the structure with another width and height in pixels, where it says any.

    Both are of the picture as stored, before its orientation is applied. They are overwritten in
    place; a size that does not fit its field stays.
    """
    start = exif_directory(blob).number(EXIF_IFD)
    if start is None:
        return blob
    below = exif_directory(blob, start)
    changed = bytearray(blob)
    for tag, value in zip(_PIXEL_SIZE_TAGS, size, strict=True):
        there = below.fields.get(tag)
        if there is None or there.kind not in {SHORT, LONG} or there.count != 1:
            continue
        if there.kind == LONG or value < 1 << 16:
            code = "H" if there.kind == SHORT else "I"
            struct.pack_into(below.order + code, changed, below.places[tag], value)
    return bytes(changed)


def exif_dpi(blob: bytes | None, offset: int | None = None) -> tuple[float, float] | None:
    """Return a directory's resolution in pixels per inch, None where it is missing or senseless."""
    there = exif_directory(blob or b"", offset)
    unit = there.number(_RESOLUTION_UNIT) or 2
    across, down = there.rational(_X_RESOLUTION), there.rational(_Y_RESOLUTION)
    if unit not in {2, 3} or not across or not down:
        return None
    scale = _CM_PER_INCH if unit == 3 else 1.0
    return across * scale, down * scale


def with_dpi(blob: bytes | None, dpi: tuple[float, float]) -> bytes:
    """Return the structure (or a new one) with resolution tags in pixels per inch."""
    order = byte_order(blob or b"") or "<"
    across, down = (
        Field(RATIONAL, 1, struct.pack(f"{order}II", round(value * _DPI_STEPS), _DPI_STEPS))
        for value in dpi
    )
    unit = Field(SHORT, 1, struct.pack(f"{order}H", 2))
    added = {_X_RESOLUTION: across, _Y_RESOLUTION: down, _RESOLUTION_UNIT: unit}
    return with_fields(blob, added)


def with_fields(blob: bytes | None, fields: Mapping[int, Field]) -> bytes:
    """Add fields to the first directory, or replace them.

    Parameters
    ----------
    blob : bytes or None
        An EXIF structure. A damaged directory is replaced; None, and what is no TIFF structure,
        starts a new one, little-endian.
    fields : mapping of int to Field
        By tag, in the byte order of `blob` (see `byte_order`).

    Returns
    -------
    bytes
        Everything else stays at its offset.
    """
    data = blob if blob is not None and byte_order(blob) else _EMPTY
    return append_directory(data, exif_directory(data), fields)


def build_exif(
    main: Mapping[int, Field], parts: Mapping[int, Mapping[int, Field]], order: str
) -> bytes:
    """Build a structure from a first directory and those it points to.

    Parameters
    ----------
    main : mapping of int to Field
        First directory, without pointers.
    parts : mapping of int to mapping of int to Field
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
    for tag, fields in parts.items():
        if fields:
            pointers[tag] = Field(LONG, 1, struct.pack(f"{order}I", len(body)))
            body += pack_directory(fields, len(body), order)
    return append_directory(body, Directory(order), {**main, **pointers})


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
    main = exif_directory(blob)
    if main.next_offset == 0:
        return blob
    (first,) = struct.unpack_from(f"{main.order}I", blob, 4)
    pointer = first + 2 + 12 * struct.unpack_from(f"{main.order}H", blob, first)[0]
    cleared = bytearray(blob)
    for start, length in _thumbnail_ranges(exif_directory(blob, main.next_offset)):
        if pointer + 4 <= start and start + length >= len(cleared):
            del cleared[start:]
        elif start >= 8:
            cleared[start : start + length] = bytes(len(cleared[start : start + length]))
    struct.pack_into(f"{main.order}I", cleared, pointer, 0)
    return bytes(cleared)


def _thumbnail_ranges(thumbnail: Directory) -> list[tuple[int, int]]:
    """Return (start, length) of the bytes that a thumbnail's directory points to."""
    return [
        pair
        for starts, lengths in _THUMBNAIL_RANGES
        for pair in zip(thumbnail.numbers(starts), thumbnail.numbers(lengths), strict=False)
    ]
