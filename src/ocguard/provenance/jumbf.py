"""Read JUMBF, the boxes in boxes with names in which Content Credentials lie, from strangers.

References
----------
ISO/IEC 19566-5:2023, "JPEG universal metadata box format (JUMBF)".
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

__all__ = ["Superbox", "read_superboxes"]

MAX_DEPTH: Final = 16
"""Deepest nesting that is followed; a manifest with all its ingredients has 4 levels."""

MAX_BOXES: Final = 10_000
"""Most boxes of one level that are read."""

_SUPERBOX: Final = b"jumb"
_DESCRIPTION: Final = b"jumd"
_TYPE_BYTES: Final = 16
_HAS_LABEL: Final = 2


@dataclass(frozen=True)
class Superbox:
    """A box that holds others.

    Attributes
    ----------
    kind : bytes
        First four bytes of its type: ``c2ma`` is a manifest, ``c2as`` its statements.
    label : str
        Its name; empty where it has none.
    boxes : tuple of Superbox
        Boxes in it that hold others.
    content : mapping of bytes to bytes
        What the other boxes in it hold, by their type: ``cbor``, ``json``. The first of each type.
    """

    kind: bytes
    label: str
    boxes: tuple[Superbox, ...]
    content: Mapping[bytes, bytes]

    def inner(self, *labels: str) -> Superbox | None:
        """Return the first box inside whose name begins with one of some; None where none is."""
        return next((box for box in self.boxes if box.label.startswith(labels)), None)


def read_superboxes(data: bytes, depth: int = 0) -> tuple[Superbox, ...]:
    """Read the boxes at one level, with all that is in them.

    Parameters
    ----------
    data : bytes
        Boxes, one after the other; untrusted. Damage ends the reading without an error.
    depth : int
        How deep they lie.
    """
    if depth > MAX_DEPTH:
        return ()
    found = (_superbox(body, depth) for kind, body in _boxes(data) if kind == _SUPERBOX)
    return tuple(one for one in found if one is not None)


def _superbox(body: bytes, depth: int) -> Superbox | None:
    """Read a box that holds others; None where it does not say what it is."""
    inside = list(_boxes(body))
    if not inside or inside[0][0] != _DESCRIPTION:
        return None
    description = inside[0][1]
    if len(description) <= _TYPE_BYTES:
        return None
    has_label = description[_TYPE_BYTES] & _HAS_LABEL
    label = description[_TYPE_BYTES + 1 :].split(b"\0")[0] if has_label else b""
    content: dict[bytes, bytes] = {}
    for kind, one in inside[1:]:
        content.setdefault(kind, one)
    boxes = read_superboxes(body, depth + 1)
    return Superbox(description[:4], label.decode("utf-8", "replace"), boxes, content)


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield type and content of the boxes at one level, up to the first damaged one."""
    at = 0
    for _ in range(MAX_BOXES):
        if at + 8 > len(data):
            return
        size, kind = struct.unpack_from(">I4s", data, at)
        head = 8
        if size == 1 and at + 16 <= len(data):
            (size,), head = struct.unpack_from(">Q", data, at + 8), 16
        end = len(data) if size == 0 else at + size
        if end > len(data) or end < at + head:
            return
        yield kind, data[at + head : end]
        at = end
