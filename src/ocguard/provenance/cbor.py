"""Decode CBOR, the binary form of the statements in Content Credentials, from strangers.

Only what such statements hold is understood: whole numbers, fractions, texts, bytes, lists, maps,
tags (whose content is given). Depth and number of items are bounded, so that hostile data ends.

References
----------
C. Bormann, P. Hoffman, "Concise Binary Object Representation (CBOR)", RFC 8949, 2020,
https://doi.org/10.17487/RFC8949.
"""

from __future__ import annotations

import struct
from typing import Any, Final

__all__ = ["BrokenCborError", "decode_cbor"]

MAX_DEPTH: Final = 32
"""Deepest nesting that is followed; real statements stay below 10."""

MAX_ITEMS: Final = 100_000
"""Most values of one document; real statements have some hundreds."""

_BREAK: Final = object()
_SIMPLE: Final = {20: False, 21: True, 22: None, 23: None}
_FLOATS: Final = {25: ">e", 26: ">f", 27: ">d"}
_UNSIGNED, _NEGATIVE, _BYTES, _TEXT, _LIST, _MAP, _TAG = range(7)


class BrokenCborError(ValueError):
    """The bytes are no CBOR that is understood; says why."""


def decode_cbor(data: bytes) -> Any:
    """Decode one value.

    Parameters
    ----------
    data : bytes
        Untrusted. What follows the value is ignored.

    Returns
    -------
    int, float, str, bytes, bool, None, list, or dict with keys of text
        Text that is no UTF-8 is decoded with replacement characters.

    Raises
    ------
    BrokenCborError
        It ends early, is nested too deeply, or holds too much.

    Examples
    --------
    >>> decode_cbor(bytes.fromhex("a1616101"))
    {'a': 1}
    """
    value = _Reader(data).value(0)
    if value is _BREAK:
        raise BrokenCborError("it ends what never began")
    return value


class _Reader:
    """Reads one value after the other."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at, self._items = data, 0, 0

    def value(self, depth: int) -> Any:
        """Read a value at some depth."""
        self._items += 1
        if depth > MAX_DEPTH or self._items > MAX_ITEMS:
            raise BrokenCborError("it is nested too deeply, or holds too much")
        head = self._take(1)[0]
        kind, info = head >> 5, head & 31
        if kind > _TAG:
            return self._simple(info)
        size = None if info == 31 else self._number(info)
        return self._endless(kind, depth) if size is None else self._sized(kind, size, depth)

    def _sized(self, kind: int, size: int, depth: int) -> Any:
        """Read what says its size, or number, at its beginning."""
        if kind in {_UNSIGNED, _NEGATIVE}:
            return size if kind == _UNSIGNED else -1 - size
        if kind in {_BYTES, _TEXT}:
            return self._string(kind, size)
        if kind == _LIST:
            return [self._inner(depth) for _ in range(size)]
        if kind == _MAP:
            return dict(self._pair(self._inner(depth), depth) for _ in range(size))
        return self._inner(depth)

    def _take(self, size: int) -> bytes:
        taken = self._data[self._at : self._at + size]
        if len(taken) < size:
            raise BrokenCborError("it ends early")
        self._at += size
        return taken

    def _number(self, info: int) -> int:
        """Read the number that follows a head."""
        if info < 24:
            return info
        if info > 27:
            raise BrokenCborError("a head is reserved")
        return int.from_bytes(self._take(1 << (info - 24)), "big")

    def _string(self, kind: int, size: int) -> bytes | str:
        taken = self._take(size)
        return taken if kind == _BYTES else taken.decode("utf-8", "replace")

    def _inner(self, depth: int) -> Any:
        """Read a value inside another."""
        value = self.value(depth + 1)
        if value is _BREAK:
            raise BrokenCborError("it ends what never began")
        return value

    def _pair(self, key: Any, depth: int) -> tuple[str, Any]:
        return key if isinstance(key, str) else str(key), self._inner(depth)

    def _endless(self, kind: int, depth: int) -> Any:
        """Read what ends with a break instead of beginning with its size."""
        parts: list[Any] = []
        while (part := self.value(depth + 1)) is not _BREAK:
            parts.append(part if kind != _MAP else self._pair(part, depth))
        if kind in {_LIST, _MAP}:
            return parts if kind == _LIST else dict(parts)
        if kind == _TEXT and all(isinstance(part, str) for part in parts):
            return "".join(parts)
        if kind == _BYTES and all(isinstance(part, bytes) for part in parts):
            return b"".join(parts)
        raise BrokenCborError("its pieces do not fit together")

    def _simple(self, info: int) -> Any:
        if info == 31:
            return _BREAK
        if info in _FLOATS:
            return struct.unpack(_FLOATS[info], self._take(1 << (info - 24)))[0]
        return _SIMPLE.get(self._number(info))
