"""PNG as a list of chunks: read what lies around the pixels, and put it back into a new file.

Pixel codecs (Pillow, OpenCV) see only the chunks that describe pixels, so large or hostile text
never reaches them, and none of them decides what survives.

References
----------
W3C, "Portable Network Graphics (PNG) Specification (Third Edition)", 2025.
"""

from __future__ import annotations

import binascii
import struct
import zlib
from collections.abc import Iterable, Iterator

from ocguard.errors import ImageReadError

__all__ = [
    "AROUND_BYTES",
    "PIXEL_KINDS",
    "SIGNATURE",
    "XMP_KEYWORD",
    "chunk",
    "chunks",
    "has_language",
    "inflated",
    "is_compressed_text",
    "pixel_chunks",
    "read_text",
    "spliced",
    "text_chunk",
    "xmp_chunk",
]

SIGNATURE = b"\x89PNG\r\n\x1a\n"
XMP_KEYWORD = "XML:com.adobe.xmp"
AROUND_BYTES = 12
"""Length, type and checksum of a chunk."""
_HEADER_END = 8 + 25  # signature and IHDR
PIXEL_KINDS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"acTL", b"fcTL", b"fdAT"}
MAX_INFLATED_BYTES = 16 << 20  # of one compressed text or profile; real ones are far smaller
_COMPRESS_FROM_BYTES = 1 << 10  # shorter texts are stored plainly


def chunks(data: bytes) -> Iterator[tuple[bytes, memoryview]]:
    """Yield (type, content) of every chunk up to IEND.

    Raises
    ------
    ImageReadError
        If the file ends before IEND.
    """
    view = memoryview(data)
    at = len(SIGNATURE)
    kind = b""
    while kind != b"IEND":
        if at + AROUND_BYTES > len(view):
            raise ImageReadError("is truncated: it ends before its last chunk; export it again")
        length = int.from_bytes(view[at : at + 4], "big")
        kind = bytes(view[at + 4 : at + 8])
        if at + AROUND_BYTES + length > len(view):
            raise ImageReadError("is truncated: a PNG chunk is cut off; export it again")
        yield kind, view[at + 8 : at + 8 + length]
        at += AROUND_BYTES + length


def pixel_chunks(data: bytes) -> bytes:
    """Return the same PNG with nothing but the chunks that describe pixels."""
    kept: list[bytes | memoryview] = [SIGNATURE]
    for kind, content in chunks(data):
        if kind in PIXEL_KINDS:
            kept += _packed(kind, content)
    return b"".join(kept)


def chunk(kind: bytes, content: bytes) -> bytes:
    """Serialize a chunk."""
    return b"".join(_packed(kind, content))


def spliced(png: bytes, added: Iterable[bytes]) -> bytes:
    """Insert serialized chunks right behind the header, where every kind of chunk may stand."""
    view = memoryview(png)
    return b"".join([view[:_HEADER_END], *added, view[_HEADER_END:]])


def inflated(data: bytes | memoryview, most_bytes: int = MAX_INFLATED_BYTES) -> bytes | None:
    """Decompress a zlib stream, None where it is damaged or larger than any honest one."""
    worker = zlib.decompressobj()
    try:
        content = worker.decompress(data, min(most_bytes, MAX_INFLATED_BYTES))
    except zlib.error:
        return None
    return content if worker.eof else None


def read_text(
    kind: bytes, content: bytes, most_bytes: int = MAX_INFLATED_BYTES
) -> tuple[str, str] | None:
    """Decode a tEXt, zTXt or iTXt chunk into keyword and text, None if damaged or too long."""
    keyword, _, rest = content.partition(b"\0")
    encoding = "latin-1"
    if kind == b"tEXt":
        raw: bytes | None = rest
    elif kind == b"zTXt":
        raw = inflated(rest[1:], most_bytes)
    else:
        parts = rest[2:].split(b"\0", 2)
        raw = parts[2] if len(parts) == 3 else None
        if raw is not None and rest[:1] == b"\1":
            raw = inflated(raw, most_bytes)
        encoding = "utf-8"
    if raw is None or len(raw) > most_bytes or not keyword:
        return None
    return keyword.decode("latin-1"), raw.decode(encoding, errors="replace")


def is_compressed_text(content: bytes) -> bool:
    """Tell whether the text of an iTXt chunk is compressed."""
    return content.partition(b"\0")[2][:1] == b"\1"


def has_language(content: bytes) -> bool:
    """Tell whether an iTXt chunk names a language or a translated keyword."""
    return any(content.partition(b"\0")[2][2:].split(b"\0", 2)[:2])


def text_chunk(keyword: str, text: str) -> bytes:
    """Serialize a text as the plainest chunk that holds it, compressed where it is long."""
    name = keyword.encode("latin-1", errors="replace")[:79] + b"\0"
    try:
        plain = text.encode("latin-1")
    except UnicodeEncodeError:
        packed = zlib.compress(text.encode())
        return chunk(b"iTXt", name + b"\1\0\0\0" + packed)
    if len(plain) < _COMPRESS_FROM_BYTES:
        return chunk(b"tEXt", name + plain)
    return chunk(b"zTXt", name + b"\0" + zlib.compress(plain))


def xmp_chunk(packet: bytes, *, is_compressed: bool = False) -> bytes:
    """Serialize XMP as international text: plain, as scanners expect it, or as the file had it."""
    flag, content = (b"\1", zlib.compress(packet)) if is_compressed else (b"\0", packet)
    return chunk(b"iTXt", XMP_KEYWORD.encode() + b"\0" + flag + b"\0\0\0" + content)


def _packed(kind: bytes, content: bytes | memoryview) -> list[bytes | memoryview]:
    """Return length, type, content and checksum."""
    checksum = binascii.crc32(content, binascii.crc32(kind))
    return [struct.pack(">I", len(content)), kind, content, struct.pack(">I", checksum)]
