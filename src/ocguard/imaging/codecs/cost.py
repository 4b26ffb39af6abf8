"""What a file may cost to read, known before it costs it.

A few bytes can ask for hours or for more memory than there is: a strip that inflates to gigabytes,
a progressive JPEG whose every scan walks over all of a huge picture, a header that claims what its
data cannot hold. Each bound here lies far above what honest files need.

References
----------
ITU-T T.81, 1992, annexes B and G; zlib.net, "Technical details"; Adobe, "TIFF revision 6.0", 1992,
section 9 (PackBits).
"""

from __future__ import annotations

import lzma
import re
import zlib
from collections.abc import Iterator
from typing import Final

from ocguard.errors import ImageReadError
from ocguard.imaging.picture import MAX_PIXELS

__all__ = [
    "MAX_DEFLATE_RATIO",
    "MAX_SCANS",
    "require_fitting_data",
    "require_jpeg_scans",
    "require_jpeg_segments",
    "require_unpacked",
]

MAX_DEFLATE_RATIO: Final = 1032
"""zlib cannot pack tighter."""

MAX_SCANS: Final = 30
"""Most scans of a progressive JPEG of the pixel limit, in proportion more of smaller ones; encoders
make 6 to 12. A scan that changes nothing takes 0.4 ms a megapixel."""

MAX_SEGMENTS: Final = 4096
"""Most segments before the pixels of a JPEG: 255 of a color profile, 1,000 of the longest XMP."""

_MIN_JPEG_BYTES_A_PIXEL: Final = 1 / 2048
"""A block of 8 x 8 samples takes at least a bit; a fourth of that, since the first component may be
stored at half the size."""

_LZMA_MEMORY_BYTES: Final = 128 << 20
"""The highest preset of xz asks for 65 MB."""

_STEP_BYTES: Final = 1 << 20
_ZIP, _PACKBITS, _OLD_ZIP, _LZMA = 8, 32773, 32946, 34925  # TIFF compressions

_NEXT_MARKER = re.compile(rb"\xff+([^\x00\xff\xd0-\xd7])")
_START_OF_SCAN, _END_OF_IMAGE = 0xDA, 0xD9


def require_fitting_data(needed_bytes: float, data_bytes: int) -> None:
    """Refuse a header that claims more pixels than the data can hold.

    Parameters
    ----------
    needed_bytes : float
        The least that any encoder makes of a picture of the claimed size.
    data_bytes : int
        What is there.

    Raises
    ------
    ImageReadError
        Before memory for the pixels is taken.
    """
    if needed_bytes > data_bytes:
        raise ImageReadError("is damaged: it has too little data for its size; export it again")


def require_jpeg_segments(data: bytes) -> None:
    """Refuse a JPEG with more pieces of metadata than any honest one has.

    Raises
    ------
    ImageReadError
        Before any of them is joined.
    """
    for segments, marker in enumerate(_jpeg_markers(data), 1):
        if marker == _START_OF_SCAN:
            return
        if segments > MAX_SEGMENTS:
            raise ImageReadError(
                "is a JPEG with more than {limit:,} pieces of metadata; save it without",
                limit=MAX_SEGMENTS,
            )


def require_jpeg_scans(data: bytes, size: tuple[int, int]) -> None:
    """Refuse a JPEG of too many scans, or with too little data, for its size.

    Parameters
    ----------
    data : bytes
        The whole file.
    size : (int, int)
        Width and height that its header claims, in pixels.

    Raises
    ------
    ImageReadError
        Before any pixel is decoded.

    Notes
    -----
    About 0.5 ms a megabyte.
    """
    pixels = size[0] * size[1]
    require_fitting_data(pixels * _MIN_JPEG_BYTES_A_PIXEL, len(data))
    scans = sum(marker == _START_OF_SCAN for marker in _jpeg_markers(data))
    if scans * pixels > MAX_SCANS * MAX_PIXELS:
        raise ImageReadError(
            "is a JPEG of {scans:,} scans, which no program makes of a picture of its "
            "size; save it anew",
            scans=scans,
        )


def require_unpacked(compression: int, packed: bytes, most_bytes: int) -> None:
    """Refuse packed samples of a TIFF that unpack to more than their strip or tile holds.

    Parameters
    ----------
    compression : int
        The TIFF tag's value; only ZIP, PackBits and LZMA are looked at.
    packed : bytes
        One strip or tile as it lies in the file.
    most_bytes : int
        What the strip or tile holds when unpacked.

    Raises
    ------
    ImageReadError
        As soon as the bound is passed; memory stays within a few megabytes.

    Notes
    -----
    Data that cannot pass the bound is not looked at; other data is unpacked once more.
    """
    if compression in {_ZIP, _OLD_ZIP}:
        if len(packed) * MAX_DEFLATE_RATIO <= most_bytes + _STEP_BYTES:
            return
        sizes = _inflated_sizes(packed)
    elif compression == _LZMA:
        sizes = _lzma_sizes(packed)
    elif compression == _PACKBITS and len(packed) * 64 > most_bytes + _STEP_BYTES:
        sizes = _packbits_sizes(packed)
    else:
        return
    total = 0
    for size in sizes:
        total += size
        if total > most_bytes + _STEP_BYTES:
            raise ImageReadError(
                "is damaged: a part of the TIFF unpacks to more than its place; export it again"
            )


def _jpeg_markers(data: bytes) -> Iterator[int]:
    """Yield the markers of the first picture up to its end, skipping what segments hold."""
    at = 2
    while found := _NEXT_MARKER.search(data, at):
        marker = found[1][0]
        if marker == _END_OF_IMAGE:
            return
        yield marker
        at = found.end() + int.from_bytes(data[found.end() : found.end() + 2], "big")


def _inflated_sizes(packed: bytes) -> Iterator[int]:
    """Inflate in steps and yield their sizes; damaged data ends them."""
    worker, rest = zlib.decompressobj(), packed
    while rest and not worker.eof:
        try:
            step = worker.decompress(rest, _STEP_BYTES)
        except zlib.error:
            return
        rest = worker.unconsumed_tail
        yield len(step)


def _lzma_sizes(packed: bytes) -> Iterator[int]:
    """Unpack LZMA in steps and yield their sizes; damaged data ends them."""
    worker, rest = lzma.LZMADecompressor(memlimit=_LZMA_MEMORY_BYTES), packed
    try:
        while not worker.eof and (rest or not worker.needs_input):
            yield len(worker.decompress(rest, _STEP_BYTES))
            rest = b""
    except lzma.LZMAError as error:
        if "emory" in str(error):
            raise ImageReadError("asks for too much memory (LZMA); save it as ZIP") from error


def _packbits_sizes(packed: bytes) -> Iterator[int]:
    """Walk over runs without making them."""
    at = 0
    while at < len(packed):
        length = packed[at]
        if length < 128:
            yield length + 1
            at += length + 2
        else:
            yield 257 - length if length > 128 else 0
            at += 2 if length > 128 else 1
