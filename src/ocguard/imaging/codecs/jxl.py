"""JPEG XL, which is read and not written; needs the extra ``jxl``.

The decoder takes memory for all pixels at once, so the size is read from the codestream first. A
JPEG that was packed into JPEG XL comes back as that very JPEG.

References
----------
ISO/IEC 18181-1:2024, "JPEG XL image coding system - Core coding system", annex D.2 (image size);
ISO/IEC 18181-2:2024, "File format".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import numpy as np

from ocguard.errors import ImageReadError, MissingExtraError
from ocguard.imaging.codecs import jpeg
from ocguard.imaging.codecs.cleaning import clean_exif, clean_xmp
from ocguard.imaging.picture import Carried, Frame, Picture, Pixels
from ocguard.imaging.pillow_arrays import color_of, require_size
from ocguard.metadata.exif import exif_dpi, with_orientation

__all__ = ["read"]

_CODESTREAM: Final = b"\xff\x0a"
_SIZE_BITS: Final = (9, 13, 18, 30)
_RATIOS: Final = ((1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))
_HEADER_BYTES: Final = 16  # of the codestream: more than the longest size
_SAMPLES: Final = {"L": "L", "LA": "LA", "RGB": "RGB", "RGBA": "RGBA", "I;16": "L"}


def read(data: bytes) -> Picture:
    """Read the first frame of a JPEG XL; the decoder turns it upright.

    Raises
    ------
    MissingExtraError
        Without the extra ``jxl``.
    """
    require_size(_size(_codestream(data)))
    try:
        from pillow_jxl import Decoder
    except ImportError as error:
        raise MissingExtraError("JPEG XL pictures", "jxl") from error
    is_jpeg, info, decoded, icc_profile, boxes = Decoder(num_threads=0)(data)
    if is_jpeg:
        picture = jpeg.read(bytes(decoded))
        return replace(picture, carried=replace(picture.carried, file_format="JXL"))
    if info.mode not in _SAMPLES:
        raise ImageReadError(
            "has {mode} samples, which ocguard does not read; save it as PNG", mode=info.mode
        )
    carried = _carried(icc_profile, {bytes(box.box_type): bytes(box.data) for box in boxes})
    color, has_alpha = color_of(_SAMPLES[info.mode])
    depth = np.uint16 if info.mode == "I;16" else np.uint8
    samples: Pixels = np.frombuffer(decoded, depth)
    pixels = samples.reshape(info.height, info.width, -1).copy()
    return Picture((Frame(pixels),), color, has_alpha, carried)


def _carried(icc_profile: Any, boxes: dict[bytes, bytes]) -> Carried:
    """Collect everything but pixels."""
    lost: list[str] = []
    exif = clean_exif(boxes.get(b"Exif", b"")[4:], lost)  # after where the structure begins
    return Carried(
        file_format="JXL",
        icc_profile=bytes(icc_profile) if icc_profile else None,
        exif=with_orientation(exif, 1) if exif else None,
        xmp=clean_xmp(boxes.get(b"xml "), lost),
        dpi=exif_dpi(exif),
        is_lossless=False,
        lost=tuple(lost),
    )


def _codestream(data: bytes) -> bytes:
    """Return the first bytes of the codestream, bare or within its container."""
    if data.startswith(_CODESTREAM):
        return data[:_HEADER_BYTES]
    at = 0
    while at + 8 <= len(data):
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        head = 16 if length == 1 else 8
        if kind in {b"jxlc", b"jxlp"}:
            start = at + head + (4 if kind == b"jxlp" else 0)
            return data[start : start + _HEADER_BYTES]
        if length == 1:
            length = int.from_bytes(data[at + 8 : at + 16], "big")
        if length < head:
            break
        at += length
    raise ImageReadError("is damaged: there is no picture in its container; export it again")


def _size(codestream: bytes) -> tuple[int, int]:
    """Read width and height from the beginning of a codestream."""
    bits = _bits(codestream[len(_CODESTREAM) :].ljust(_HEADER_BYTES, b"\0"))
    is_small = _number(bits, 1)
    height = _side(bits, is_small)
    ratio = _number(bits, 3)
    if not ratio:
        return _side(bits, is_small), height
    across, down = _RATIOS[ratio - 1]
    return height * across // down, height


def _side(bits: Iterator[int], is_small: int) -> int:
    """Read one side in pixels."""
    if is_small:
        return (_number(bits, 5) + 1) * 8
    return _number(bits, _SIZE_BITS[_number(bits, 2)]) + 1


def _bits(data: bytes) -> Iterator[int]:
    """Give bits, the lowest of every byte first."""
    return (byte >> place & 1 for byte in data for place in range(8))


def _number(bits: Iterator[int], count: int) -> int:
    """Take a number of so many bits, its lowest bit first."""
    return sum(next(bits) << place for place in range(count))
