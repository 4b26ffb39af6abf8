"""Read and extend the tag directory that EXIF shares with TIFF, without moving anything else.

EXIF holds offsets that nobody but a camera maker understands, so rewriting it breaks maker notes.
Here the old bytes stay where they are: a new first directory is appended behind them and the
header points to it. Sub-directories, the thumbnail and maker notes keep their places and bytes.

References
----------
Adobe, "TIFF Revision 6.0", 1992, section 2. CIPA DC-008, "Exif 2.32", 2019.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

__all__ = ["Directory", "offset_of", "read_directory", "value_of", "with_texts"]

_ASCII = 2
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
"""Bytes of one value, by TIFF field type."""


@dataclass(frozen=True)
class Directory:
    """One image file directory.

    Parameters
    ----------
    order : str
        ``"<"`` or ``">"``, as in :mod:`struct`.
    entries : tuple of (int, bytes)
        Tag and the twelve bytes of each entry, in the order of the file.
    next_offset : int
        Where the next directory lies, 0 for none.
    """

    order: str
    entries: tuple[tuple[int, bytes], ...]
    next_offset: int

    def find(self, tag: int) -> bytes | None:
        """Return the entry of a tag, the first one if there are several."""
        return next((entry for found, entry in self.entries if found == tag), None)


def read_directory(data: bytes, offset: int | None = None) -> Directory:
    """Read a directory of a TIFF structure.

    Parameters
    ----------
    data : bytes
        From the byte-order mark on.
    offset : int, optional
        Where it lies; by default the first one.

    Returns
    -------
    Directory
        Its entries, values not yet followed.

    Raises
    ------
    ValueError
        If this is no TIFF structure, or the directory does not lie within the data.
    """
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(data[:4])
    if order is None:
        raise ValueError("it does not start like TIFF")
    try:
        if offset is None:
            (offset,) = struct.unpack_from(f"{order}I", data, 4)
        (count,) = struct.unpack_from(f"{order}H", data, offset)
        (following,) = struct.unpack_from(f"{order}I", data, offset + 2 + 12 * count)
    except struct.error:
        raise ValueError("its directory does not lie within it") from None
    rows = (data[offset + 2 + 12 * i : offset + 14 + 12 * i] for i in range(count))
    entries = tuple((struct.unpack(f"{order}H", row[:2])[0], row) for row in rows)
    return Directory(order, entries, following)


def value_of(data: bytes, directory: Directory, tag: int) -> bytes:
    """Return the bytes of a tag's value; empty where there is none within the data."""
    entry = directory.find(tag)
    if entry is None:
        return b""
    kind, count, offset = struct.unpack(f"{directory.order}HII", entry[2:])
    size = count * _SIZES.get(kind, 0)
    return entry[8 : 8 + size] if size <= 4 else data[offset : offset + size]


def offset_of(directory: Directory, tag: int) -> int | None:
    """Return the offset that a tag holds, such as that of a sub-directory."""
    entry = directory.find(tag)
    return None if entry is None else int(struct.unpack(f"{directory.order}I", entry[8:])[0])


def with_texts(data: bytes, texts: dict[int, bytes]) -> bytes:
    """Set ASCII tags of the first directory and leave every other byte in its place.

    Parameters
    ----------
    data : bytes
        A TIFF structure.
    texts : dict of int to bytes
        Tag and text without the closing NUL.

    Returns
    -------
    bytes
        Longer by the new directory and the texts; only the offset in the header differs before.

    Raises
    ------
    ValueError
        If `data` has no readable first directory.
    """
    first = read_directory(data)
    order = first.order
    padded = data + b"\0" * (len(data) % 2)
    kept = [(tag, entry) for tag, entry in first.entries if tag not in texts]
    end = len(padded) + 2 + 12 * (len(kept) + len(texts)) + 4
    tail = b""
    for tag, text in texts.items():
        value = text + b"\0"
        place = value.ljust(4, b"\0")
        if len(value) > 4:
            place = struct.pack(f"{order}I", end + len(tail))
            tail += value + b"\0" * (len(value) % 2)
        kept.append((tag, struct.pack(f"{order}HHI", tag, _ASCII, len(value)) + place))
    rows = b"".join(entry for _, entry in sorted(kept, key=lambda pair: pair[0]))
    count, following = (
        struct.pack(f"{order}H", len(kept)),
        struct.pack(f"{order}I", first.next_offset),
    )
    header = padded[:4] + struct.pack(f"{order}I", len(padded))
    return header + padded[8:] + count + rows + following + tail
