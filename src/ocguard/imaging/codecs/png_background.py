"""The background color of a PNG: one color, stored in whatever way the pixels are.

Viewers may show it behind transparent pixels. It is carried as RGB, so that it stays the same color
when marking gives the picture another palette or none.

References
----------
W3C, "Portable Network Graphics (PNG) Specification (Third Edition)", 2025, section 11.3.4.1.
"""

from __future__ import annotations

import struct

import numpy as np

from ocguard.imaging.codecs.png_chunks import chunk, chunks
from ocguard.language.message import Message

__all__ = ["read_background", "with_background"]

_TOP = 65_535  # of a carried sample
_MAX_ERROR = 6_168  # 24 of 255 levels: further off, an entry of a palette is another color
_INDEXED = 3  # color type
_GREY = {0, 4}


def read_background(
    content: bytes, bits: int, color_type: int, palette: bytes
) -> tuple[int, int, int] | None:
    """Decode a bKGD chunk.

    Parameters
    ----------
    content : bytes
        Of the chunk.
    bits, color_type : int
        From the header.
    palette : bytes
        The PLTE chunk before it, or nothing.

    Returns
    -------
    (int, int, int) or None
        RGB samples, 0 to 65535; None where the chunk is damaged.
    """
    samples: tuple[int, ...]
    if color_type == _INDEXED:
        samples, bits = tuple(palette[3 * content[0] :][:3]) if content else (), 8
    else:
        samples = tuple(
            value for (value,) in struct.iter_unpack(">H", content[: len(content) & ~1])
        )
    if len(samples) != (1 if color_type in _GREY else 3):
        return None
    top = 2**bits - 1
    red, green, blue = (round((value & top) * _TOP / top) for value in (samples * 3)[:3])
    return red, green, blue


def with_background(png: bytes, color: tuple[int, int, int], lost: list[str]) -> bytes:
    """Insert a bKGD chunk into a PNG, in the way that its pixels are stored.

    Parameters
    ----------
    png : bytes
        Without such a chunk.
    color : (int, int, int)
        RGB samples, 0 to 65535.
    lost : list of str
        Gets a sentence where a palette has no such color.

    Returns
    -------
    bytes
        The same bytes in that case.
    """
    at, bits, color_type, palette = 8, 8, 0, b""
    for kind, content in chunks(png):
        if kind == b"IHDR":
            bits, color_type = content[8], content[9]
        elif kind == b"PLTE":
            palette = bytes(content)
        elif kind == b"IDAT":
            break
        at += 12 + len(content)
    if color_type == _INDEXED:
        entries = np.frombuffer(palette, np.uint8).reshape(-1, 3).astype(np.int64) * 257
        errors = np.abs(entries - color).max(axis=1)
        if errors.min() > _MAX_ERROR:
            lost.append(
                Message("The background color was dropped: the palette has no color near it.")
            )
            return png
        stored = bytes([int(errors.argmin())])
    else:
        samples = color[:1] if color_type in _GREY else color
        top = 2**bits - 1
        stored = struct.pack(f">{len(samples)}H", *(round(v * top / _TOP) for v in samples))
    view = memoryview(png)
    return b"".join([view[:at], chunk(b"bKGD", stored), view[at:]])
