"""Change files as damage and attackers do, with an eye for how they are built.

A byte flipped anywhere mostly breaks a checksum, and the reader stops there. So parts are found
first (chunks, segments, boxes, directories, lines), then dropped, doubled, swapped, moved, cut, or
given lengths and numbers that lie; checksums of PNG are made again.
"""

from __future__ import annotations

import random
import re
import struct
import zlib
from collections.abc import Callable

EXTREMES = (0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
MAX_BYTES = 4 << 20
"""Doubling goes on no longer than this: what is itself huge is not the subject."""


def mutated(data: bytes, place: random.Random) -> bytes:
    """Change a file once to four times."""
    for _ in range(place.choice((1, 1, 2, 3, 4))):
        parts = split(data)
        if len(parts) > 2 and place.random() < 0.6:
            changed = place.choice(PART_CHANGES)(parts, place)
            data = joined(changed) if data[:4] == b"\x89PNG" else b"".join(changed)
        else:
            data = place.choice(BYTE_CHANGES)(data, place)
        data = data[:MAX_BYTES]
    return data


def split(data: bytes) -> list[bytes]:
    """Cut a file into the parts that its kind is made of; unknown kinds are cut into lines."""
    if data[:4] == b"\x89PNG":
        parts = _sized(data, 8, lambda head: 12 + int.from_bytes(head[:4], "big"))
    elif data[:4] == b"RIFF":
        parts = _sized(
            data, 12, lambda head: 8 + (int.from_bytes(head[4:8], "little") + 1) // 2 * 2
        )
    elif data[4:8] == b"ftyp":
        parts = _sized(data, 0, lambda head: int.from_bytes(head[:4], "big"))
    elif data[:4] in {b"II*\0", b"MM\0*", b"SQLi"}:
        parts = [data[at : at + 12] for at in range(0, len(data), 12)]
    elif (begin := next((b for sign, b in _BEGINNINGS if data.startswith(sign)), None)) is not None:
        parts = [part for part in re.split(begin, data) if part]
    else:
        parts = data.splitlines(keepends=True)
    return parts


_BEGINNINGS = (
    (b"\xff\xd8", rb"(?=\xff[\xc0-\xcf\xd8-\xfe])"),
    (b"PK", rb"(?=PK[\x01-\x06]{2})"),
    (b"GIF", rb"(?=[\x21\x2c][\xf9\xfe\xff\x00])"),
)
"""Of JPEG, ZIP and GIF: how a file begins, and how each of its parts does."""


def _sized(data: bytes, start: int, size: Callable[[bytes], int]) -> list[bytes]:
    """Cut where each part says how long it is."""
    parts, at = ([data[:start]] if start else []), start
    while at < len(data):
        length = max(8, size(data[at : at + 8]))
        parts.append(data[at : at + length])
        at += length
    return parts


def joined(chunks: list[bytes]) -> bytes:
    """Put a PNG together, with true checksums so that readers go on."""
    whole = chunks[:1]
    for part in chunks[1:]:
        body = part[4:-4]
        is_whole = len(part) >= 12
        checksum = struct.pack(">I", zlib.crc32(body))
        whole.append(part[:4] + body + checksum if is_whole else part)
    return b"".join(whole)


def _dropped(parts: list[bytes], place: random.Random) -> list[bytes]:
    at = place.randrange(1, len(parts))
    return parts[:at] + parts[at + 1 :]


def _doubled(parts: list[bytes], place: random.Random) -> list[bytes]:
    at = place.randrange(1, len(parts))
    return parts[:at] + [parts[at]] * place.choice((2, 3, 50, 3000)) + parts[at + 1 :]


def _swapped(parts: list[bytes], place: random.Random) -> list[bytes]:
    one, other = place.randrange(1, len(parts)), place.randrange(1, len(parts))
    parts = list(parts)
    parts[one], parts[other] = parts[other], parts[one]
    return parts


def _changed_inside(parts: list[bytes], place: random.Random) -> list[bytes]:
    at = place.randrange(1, len(parts))
    return [*parts[:at], place.choice(BYTE_CHANGES)(parts[at], place), *parts[at + 1 :]]


def _flipped(data: bytes, place: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(place.choice((1, 1, 8)) if data else 0):
        changed[place.randrange(len(changed))] ^= 1 << place.randrange(8)
    return bytes(changed)


def _lied(data: bytes, place: random.Random) -> bytes:
    """Put an extreme number somewhere, more often near the beginning."""
    kind = place.choice(("<H", ">H", "<I", ">I", "B"))
    size = struct.calcsize(kind)
    if len(data) < size:
        return data
    at = min(place.randrange(len(data)), place.choice((64, 400, len(data)))) % (
        len(data) - size + 1
    )
    value = place.choice(EXTREMES) & (256**size - 1)
    return data[:at] + struct.pack(kind, value) + data[at + size :]


def _cut(data: bytes, place: random.Random) -> bytes:
    return data[: place.randrange(len(data) + 1)]


def _removed(data: bytes, place: random.Random) -> bytes:
    at = place.randrange(len(data) + 1)
    return data[:at] + data[at + place.choice((1, 2, 4, 100)) :]


def _inserted(data: bytes, place: random.Random) -> bytes:
    at = place.randrange(len(data) + 1)
    return data[:at] + place.randbytes(place.choice((1, 2, 4, 300))) + data[at:]


def _number_changed(data: bytes, place: random.Random) -> bytes:
    """Change a number that is written as text."""
    found = list(re.finditer(rb"\d+", data[:20_000]))
    if not found:
        return data
    one = place.choice(found)
    new = place.choice((b"0", b"-1", b"9" * 400, b"1e999", b"99999999", b"nan"))
    return data[: one.start()] + new + data[one.end() :]


PART_CHANGES = (_dropped, _doubled, _swapped, _changed_inside, _changed_inside)
BYTE_CHANGES = (_flipped, _lied, _lied, _cut, _removed, _inserted, _number_changed)
