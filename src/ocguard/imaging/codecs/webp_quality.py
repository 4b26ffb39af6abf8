"""Estimate the quality setting of a lossy WebP from its coded picture header.

The header states the base quantizer index through an arithmetic (bool) coder; libwebp's encoder
derives that index from its quality by a fixed curve, inverted here. libwebp spreads the index over
segments by texture; the mean over segments is used.

References
----------
RFC 6386, "VP8 Data Format and Decoding Guide", 2011, sections 7 and 9;
libwebp, ``src/enc/quant_enc.c``, ``QualityToCompression``.
"""

from __future__ import annotations

__all__ = ["estimated_quality"]

_FRAME_TAG_BYTES = 10  # 3 of frame tag, 3 of start code, 4 of size
_MAX_INDEX = 127


class _BoolReader:
    """Reads bits of equal probability from a VP8 bool-coded partition."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 2
        self._value = int.from_bytes(data[:2], "big")
        self._range = 255
        self._shifted = 0

    def bit(self) -> int:
        """Return the next bit (RFC 6386, section 7.3, probability one half)."""
        split = 1 + (((self._range - 1) * 128) >> 8)
        if self._value >= split << 8:
            bit, self._range = 1, self._range - split
            self._value -= split << 8
        else:
            bit, self._range = 0, split
        while self._range < 128:
            self._value <<= 1
            self._range <<= 1
            self._shifted += 1
            if self._shifted == 8:
                self._shifted = 0
                self._value |= self._data[self._at] if self._at < len(self._data) else 0
                self._at += 1
        return bit

    def bits(self, count: int) -> int:
        """Return an unsigned number, most significant bit first."""
        number = 0
        for _ in range(count):
            number = 2 * number + self.bit()
        return number

    def optional(self, count: int) -> int:
        """Return a number with sign behind a flag, 0 where the flag is off."""
        if not self.bit():
            return 0
        size = self.bits(count)
        return -size if self.bit() else size


def estimated_quality(vp8: bytes) -> int | None:
    """Return the libwebp quality that a lossy picture was probably written at.

    Parameters
    ----------
    vp8 : bytes
        Start of a ``VP8`` chunk's content; 100 bytes are enough.

    Returns
    -------
    int or None
        0..100; None where this is no VP8 key frame.
    """
    if len(vp8) < _FRAME_TAG_BYTES + 2 or vp8[0] & 1 or vp8[3:6] != b"\x9d\x01\x2a":
        return None
    index = _mean_quantizer_index(_BoolReader(vp8[_FRAME_TAG_BYTES:]))
    linear = (1 - index / _MAX_INDEX) ** 3
    return round(100 * (linear * 1.5 if linear < 0.5 else (linear + 1) / 2))


def _mean_quantizer_index(reader: _BoolReader) -> float:
    """Walk through the header fields up to the quantizer indices (RFC 6386, section 9)."""
    reader.bits(2)  # color space, clamping
    segments: list[int] = []
    is_absolute = False
    if reader.bit():  # segmentation
        has_map, has_data = reader.bit(), reader.bit()
        if has_data:
            is_absolute = bool(reader.bit())
            segments = [reader.optional(7) for _ in range(4)]
            for _ in range(4):
                reader.optional(6)  # loop filter
        if has_map:
            for _ in range(3):
                if reader.bit():
                    reader.bits(8)
    reader.bits(1 + 6 + 3)  # loop filter: type, level, sharpness
    if reader.bit() and reader.bit():
        for _ in range(8):
            reader.optional(6)
    reader.bits(2)  # number of partitions
    base = reader.bits(7)
    indices = [s if is_absolute else base + s for s in segments] or [base]
    return sum(min(_MAX_INDEX, max(0, index)) for index in indices) / len(indices)
