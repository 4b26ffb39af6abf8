"""GIF as a list of blocks: what lies beside the frames, and how to put a file together.

References
----------
CompuServe, "Graphics Interchange Format, version 89a", 1990; Adobe, "XMP specification part 3",
2020, section 1.1.2; ICC.1:2022, annex B.6.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from ocguard.errors import ImageReadError

__all__ = ["GifFacts", "application", "comment", "facts", "frame", "header"]

COMMENT, APPLICATION, CONTROL = 0xFE, 0xFF, 0xF9
KEEP, CLEAR = 1, 2  # what becomes of a frame when the next one comes
XMP = b"XMP DataXMP"
LOOP = b"NETSCAPE2.0"
PROFILE = b"ICCRGBG1012"
XMP_TRAILER = b"\x01" + bytes(range(255, -1, -1)) + b"\0"  # leads readers of blocks to the end
_IMAGE, _EXTENSION, _TRAILER = b",!;"
_NEXT_BLOCK = re.compile(rb"[,!;]")  # readers pass over what is none of these
_MAX_FRAMES = 10_000  # bounds hostile files before any frame is composed


@dataclass
class GifFacts:
    """What the blocks of a GIF say."""

    frames: int = 0
    canvas: tuple[int, int] = (0, 0)  # width and height that hold the screen and every frame
    has_trailer: bool = False
    loop: int | None = None
    comments: list[bytes] = field(default_factory=list)
    xmp: bytes | None = None
    icc_profile: bytes | None = None
    rest: bytes = b""  # after the trailer
    image_data: bytes = b""  # of the first frame, from its code size to its terminator


def facts(data: bytes) -> GifFacts:
    """Walk over all blocks.

    Raises
    ------
    ImageReadError
        If there are more frames than any honest file has.
    """
    found = GifFacts(canvas=struct.unpack("<HH", data[6:10].ljust(4, b"\0")))
    at = 13 + _color_table_bytes(data[10] if len(data) > 10 else 0)
    while block := _NEXT_BLOCK.search(data, at):
        at = block.start()
        if data[at] == _TRAILER or at + 2 >= len(data):
            break
        if data[at] == _IMAGE:
            flags = data[at + 9] if at + 9 < len(data) else 0
            found.canvas = _widened(found.canvas, data[at + 1 : at + 9])
            start = at + 10 + _color_table_bytes(flags)
            at = _end_of_blocks(data, start + 1)
            found.frames += 1
            found.image_data = found.image_data or data[start:at]
            if found.frames > _MAX_FRAMES:
                raise ImageReadError(
                    "has more than {limit:,} frames; shorten the animation",
                    limit=_MAX_FRAMES,
                )
        else:
            end = _end_of_blocks(data, at + 2)
            _take_extension(found, data[at + 1], data[at + 2 : end])
            at = end
    found.has_trailer = block is not None and data[at] == _TRAILER
    found.rest = data[at + 1 :] if found.has_trailer else b""
    return found


def header(size: tuple[int, int], palette: bytes) -> bytes:
    """Serialize the start of a file with a global table of 256 colors."""
    return b"GIF89a" + struct.pack("<HHBBB", *size, 0xF7, 0, 0) + palette


def comment(text: bytes) -> bytes:
    """Serialize a comment."""
    return bytes([_EXTENSION, COMMENT]) + _blocked(text)


def application(name: bytes, content: bytes) -> bytes:
    """Serialize an application's data; XMP goes in raw, as its rules ask."""
    body = content + XMP_TRAILER if name == XMP else _blocked(content)
    return bytes([_EXTENSION, APPLICATION, len(name)]) + name + body


def frame(
    place: tuple[int, int, int, int],
    image_data: bytes,
    *,
    table: bytes = b"",
    hundredths: int,
    transparent: int | None,
    disposal: int,
) -> bytes:
    """Serialize one frame.

    Parameters
    ----------
    place : (int, int, int, int)
        Left, top, width and height in pixels.
    image_data : bytes
        Compressed indices, from the code size to the terminator.
    table : bytes
        Colors of this frame alone, 4 to 256, a power of two; without, those of the header hold.
    hundredths : int
        Duration in 1/100 s.
    transparent : int or None
        Index that leaves the pixel below.
    disposal : int
        :data:`KEEP` or :data:`CLEAR`.
    """
    flags = disposal << 2 | (transparent is not None)
    control = struct.pack(
        "<BBBBHBB", _EXTENSION, CONTROL, 4, flags, hundredths, transparent or 0, 0
    )
    bits = (len(table) // 3).bit_length() - 1
    local = 0x80 | (bits - 1) if table else 0
    return control + struct.pack("<BHHHHB", _IMAGE, *place, local) + table + image_data


def _take_extension(found: GifFacts, label: int, body: bytes) -> None:
    """Sort one extension."""
    if label == COMMENT:
        found.comments.append(b"".join(_unblocked(body)))
    elif label == APPLICATION:
        name, content = body[1:12], body[12:]
        if name == XMP:
            found.xmp = content.removesuffix(b"\0").removesuffix(XMP_TRAILER[:-1]) or None
        elif name == LOOP:
            first = next(_unblocked(content), b"")
            found.loop = struct.unpack("<H", first[1:3])[0] if len(first) >= 3 else found.loop
        elif name == PROFILE:
            found.icc_profile = b"".join(_unblocked(content)) or None


def _widened(canvas: tuple[int, int], place: bytes) -> tuple[int, int]:
    """Return the canvas that holds a frame too; readers grow theirs when one sticks out."""
    left, top, width, height = struct.unpack("<HHHH", place.ljust(8, b"\0"))
    return max(canvas[0], left + width), max(canvas[1], top + height)


def _color_table_bytes(flags: int) -> int:
    """Return the size of a color table that a flag byte announces."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _end_of_blocks(data: bytes, at: int) -> int:
    """Return where a chain of sub-blocks ends, its terminator included."""
    while at < len(data) and data[at]:
        at += data[at] + 1
    return min(len(data), at + 1)


def _unblocked(chain: bytes) -> Iterator[bytes]:
    """Yield the contents of sub-blocks."""
    at = 0
    while at < len(chain) and chain[at]:
        yield chain[at + 1 : at + 1 + chain[at]]
        at += chain[at] + 1


def _blocked(content: bytes) -> bytes:
    """Cut into sub-blocks."""
    parts = (content[at : at + 255] for at in range(0, len(content), 255))
    return b"".join(bytes([len(part)]) + part for part in parts) + b"\0"
