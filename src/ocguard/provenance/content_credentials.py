"""Tell whether a file carries Content Credentials (a C2PA manifest), without opening them.

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

__all__ = ["has_content_credentials"]

_UUID = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
"""Type of the ISO box that holds a manifest store (AVIF, HEIC)."""

_TIFF_TAG = 0xCD41
_JPEG_APP11 = 0xEB
_JPEG_SCAN = 0xDA
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
    for start, magic, is_in in _CONTAINERS:
        if data[start : start + len(magic)] == magic:
            try:
                return is_in(data)
            except (struct.error, ValueError):
                return False
    return False


def _in_png(data: bytes) -> bool:
    return any(kind == b"caBX" for kind, _ in _png_chunks(data))


def _in_jpeg(data: bytes) -> bool:
    """Look for JUMBF in APP11 whose first box is labelled c2pa."""
    for marker, start, end in _jpeg_segments(data):
        body = data[start : min(end, start + 256)]
        if marker == _JPEG_APP11 and body.startswith(b"JP") and b"c2pa" in body:
            return True
    return False


def _in_riff(data: bytes) -> bool:
    return any(kind == b"C2PA" for kind, _ in _riff_chunks(data))


def _in_gif(data: bytes) -> bool:
    return b"\x21\xff\x0bC2PA_GIF" in data


def _in_iso(data: bytes) -> bool:
    boxes = _iso_boxes(data)
    return any(kind == b"uuid" and data[body : body + 16] == _UUID for kind, body in boxes)


def _in_tiff(data: bytes) -> bool:
    return _TIFF_TAG in read_directory(data).rows


_CONTAINERS: tuple[tuple[int, bytes, Callable[[bytes], bool]], ...] = (
    (0, b"\x89PNG", _in_png),
    (0, b"\xff\xd8", _in_jpeg),
    (0, b"RIFF", _in_riff),
    (0, b"GIF8", _in_gif),
    (4, b"ftyp", _in_iso),
    (0, b"II*\0", _in_tiff),
    (0, b"MM\0*", _in_tiff),
)
"""Where a container says what it is, and how to look into it."""


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, int]]:
    """Yield type and start of body of every chunk."""
    offset = 8
    for _ in range(_MAX_PARTS):
        if offset + 8 > len(data):
            return
        size, kind = struct.unpack_from(">I4s", data, offset)
        yield kind, offset + 8
        offset += 12 + size


def _riff_chunks(data: bytes) -> Iterator[tuple[bytes, int]]:
    """Yield type and start of body of every chunk at the top level."""
    offset = 12
    for _ in range(_MAX_PARTS):
        if offset + 8 > len(data):
            return
        kind, size = struct.unpack_from("<4sI", data, offset)
        yield kind, offset + 8
        offset += 8 + size + size % 2


def _iso_boxes(data: bytes) -> Iterator[tuple[bytes, int]]:
    """Yield type and start of body of every box at the top level."""
    offset = 0
    for _ in range(_MAX_PARTS):
        if offset + 16 > len(data):
            return
        size, kind = struct.unpack_from(">I4s", data, offset)
        head = 8
        if size == 1:
            (size,), head = struct.unpack_from(">Q", data, offset + 8), 16
        yield kind, offset + head
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
