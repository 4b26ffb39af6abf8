"""Find Content Credentials (a C2PA manifest store) in a picture file, without opening them.

Walks the headers of the container and looks for the place where the C2PA specification puts the
manifest store. That a manifest is there says nothing about who signed it or whether it is valid.

References
----------
C2PA, "Content Credentials: C2PA Technical Specification 2.1", section "Embedding manifests into
various file formats".
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator

from ocguard.metadata.tiff import read_directory

__all__ = ["has_content_credentials", "manifest_store"]

_UUID = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
"""Type of the ISO box that holds a manifest store (AVIF, HEIC)."""

_PURPOSE = b"manifest\0"
_PURPOSE_AT, _OFFSET_BYTES = 20, 8  # in that box: after its type, version and flags; what follows

_TIFF_TAG = 0xCD41
_JPEG_APP11 = 0xEB
_JPEG_SCAN = 0xDA
_JPEG_HEAD_BYTES = 8  # of a piece of JUMBF: JP, number of the box, number of the piece
_GIF_MARK = b"\x21\xff\x0bC2PA_GIF\x01\x00\x00"

_MAX_PARTS = 100_000
"""Most chunks, segments or boxes walked over; real files stay below a tenth of it."""


def has_content_credentials(data: bytes) -> bool:
    """Say whether the bytes of a picture file carry a C2PA manifest store.

    Parameters
    ----------
    data : bytes
        A whole file; untrusted. PNG, JPEG, WebP, TIFF, GIF, AVIF and HEIC are understood.

    Returns
    -------
    bool
        False for anything else, and for damaged files up to the damage.

    Notes
    -----
    Reads headers only: microseconds, whatever the size.
    """
    return manifest_store(data) is not None


def manifest_store(data: bytes) -> bytes | None:
    """Return the manifest store of a picture file, None where it carries none.

    Parameters
    ----------
    data : bytes
        As for `has_content_credentials`.

    Returns
    -------
    bytes or None
        JUMBF boxes; perhaps damaged, and empty where only the place for it is there.
    """
    for start, magic, store_in in _CONTAINERS:
        if data[start : start + len(magic)] == magic:
            try:
                return store_in(data)
            except (struct.error, ValueError):
                return None
    return None


def _in_png(data: bytes) -> bytes | None:
    return next((data[at:end] for kind, at, end in _png_chunks(data) if kind == b"caBX"), None)


def _in_jpeg(data: bytes) -> bytes | None:
    """Put the pieces of the JUMBF box together whose first is labelled c2pa."""
    store, number = None, b""
    for marker, start, end in _jpeg_segments(data):
        body = data[start:end]
        if marker != _JPEG_APP11 or not body.startswith(b"JP"):
            continue
        if store is None and b"c2pa" in body[:256]:
            store, number = body[_JPEG_HEAD_BYTES:], body[2:4]
        elif store is not None and body[2:4] == number:
            head = 16 if store[:4] == b"\0\0\0\x01" else 8  # every piece repeats the box's head
            store += body[_JPEG_HEAD_BYTES + head :]
    return store


def _in_riff(data: bytes) -> bytes | None:
    return next((data[at:end] for kind, at, end in _riff_chunks(data) if kind == b"C2PA"), None)


def _in_gif(data: bytes) -> bytes | None:
    """Join the blocks of an application extension; each begins with its length."""
    at = data.find(_GIF_MARK)
    if at < 0:
        return None
    store = bytearray()
    at += len(_GIF_MARK)
    while at < len(data) and data[at]:
        store += data[at + 1 : at + 1 + data[at]]
        at += 1 + data[at]
    return bytes(store)


def _in_iso(data: bytes) -> bytes | None:
    for kind, at, end in _iso_boxes(data):
        if kind == b"uuid" and data[at : at + 16] == _UUID:
            body = data[at:end]
            after = body[_PURPOSE_AT:].removeprefix(_PURPOSE)
            return after[_OFFSET_BYTES:] if len(after) < len(body) - _PURPOSE_AT else b""
    return None


def _in_tiff(data: bytes) -> bytes | None:
    directory = read_directory(data)
    return directory.value(_TIFF_TAG) if _TIFF_TAG in directory.rows else None


_CONTAINERS: tuple[tuple[int, bytes, Callable[[bytes], bytes | None]], ...] = (
    (0, b"\x89PNG", _in_png),
    (0, b"\xff\xd8", _in_jpeg),
    (0, b"RIFF", _in_riff),
    (0, b"GIF8", _in_gif),
    (4, b"ftyp", _in_iso),
    (0, b"II*\0", _in_tiff),
    (0, b"MM\0*", _in_tiff),
)
"""Where a container says what it is, and how to look into it."""


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Yield type, start and end of body of every chunk."""
    offset = 8
    for _ in range(_MAX_PARTS):
        if offset + 8 > len(data):
            return
        size, kind = struct.unpack_from(">I4s", data, offset)
        yield kind, offset + 8, offset + 8 + size
        offset += 12 + size


def _riff_chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Yield type, start and end of body of every chunk at the top level."""
    offset = 12
    for _ in range(_MAX_PARTS):
        if offset + 8 > len(data):
            return
        kind, size = struct.unpack_from("<4sI", data, offset)
        yield kind, offset + 8, offset + 8 + size
        offset += 8 + size + size % 2


def _iso_boxes(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Yield type, start and end of body of every box at the top level."""
    offset = 0
    for _ in range(_MAX_PARTS):
        if offset + 16 > len(data):
            return
        size, kind = struct.unpack_from(">I4s", data, offset)
        head = 8
        if size == 1:
            (size,), head = struct.unpack_from(">Q", data, offset + 8), 16
        yield kind, offset + head, offset + size if size else len(data)
        if size < head:
            return
        offset += size


def _jpeg_segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield marker, start and end of body of every segment before the first scan."""
    offset = 2
    for _ in range(_MAX_PARTS):
        if offset + 4 > len(data) or data[offset] != 0xFF:
            return
        marker = data[offset + 1]
        if marker == _JPEG_SCAN:
            return
        (size,) = struct.unpack_from(">H", data, offset + 2)
        yield marker, offset + 4, offset + 2 + size
        offset += 2 + size
