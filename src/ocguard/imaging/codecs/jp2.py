"""JPEG 2000, bare and in its container, which is read and not written.

Pillow decodes the pixels, at 8 bits but for grey. It shows nothing of the container, so the color
profile and the metadata are taken out of its boxes here.

References
----------
ITU-T T.800 (2024), annexes A and I; Adobe, "XMP specification part 3", 2020, section 1.1.6.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Final

import numpy as np
from PIL import Jpeg2KImagePlugin

from ocguard.imaging.codecs.cleaning import clean_exif, clean_xmp
from ocguard.imaging.codecs.turn import upright
from ocguard.imaging.picture import Carried, Frame, Picture
from ocguard.imaging.pillow_arrays import array_of, color_of, plain_mode, require_size
from ocguard.language.message import Message
from ocguard.metadata.exif import exif_dpi, read_orientation

__all__ = ["read"]

_SIZE_MARKER: Final = b"\xff\x4f\xff\x51"
_DEPTH_AT: Final = 42  # from the codestream's start to the depth of the first component
_XMP_ID: Final = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_EXIF_ID: Final = b"JpgTiffExif->JP2"
_ICC_METHODS: Final = {2, 3}  # restricted and any profile
_MAX_BOXES: Final = 10_000  # bounds hostile files


def read(data: bytes) -> Picture:
    """Read a JPEG 2000."""
    lost: list[str] = []
    profile, exif, xmp = _boxes(data)
    exif = clean_exif(exif, lost)
    with Jpeg2KImagePlugin.Jpeg2KImageFile(BytesIO(data)) as image:
        require_size(image.size)
        is_deep_grey = image.mode.startswith("I;16")
        mode = "L" if is_deep_grey else plain_mode(image)
        if not is_deep_grey and _depth(data) > 8:
            lost.append(Message("A JPEG 2000 of more than 8 bits was reduced to 8 bits."))
        carried = Carried(
            file_format="JP2",
            icc_profile=profile,
            exif=exif,
            xmp=clean_xmp(xmp, lost),
            dpi=exif_dpi(exif),
            orientation=read_orientation(exif),
            is_lossless=False,
            lost=tuple(lost),
        )
        pixels = np.asarray(image, np.uint16)[..., None] if is_deep_grey else array_of(image, mode)
    frame = Frame(upright(pixels, carried.orientation))
    return Picture((frame,), *color_of(mode), carried)


def _depth(data: bytes) -> int:
    """Return the bits a sample of the first component; 8 where that is not found."""
    at = data.find(_SIZE_MARKER) + _DEPTH_AT
    return (data[at] & 0x7F) + 1 if _DEPTH_AT <= at < len(data) else 8


def _boxes(data: bytes) -> tuple[bytes | None, bytes | None, bytes | None]:
    """Return color profile, EXIF and XMP of the container; None for each that is not there."""
    profile = exif = xmp = None
    for kind, content in _walk(memoryview(data)):
        if kind == b"colr" and content[:1] and content[0] in _ICC_METHODS:
            profile = profile or bytes(content[3:])
        elif kind == b"uuid" and bytes(content[:16]) == _EXIF_ID:
            exif = bytes(content[16:])
        elif kind == b"uuid" and bytes(content[:16]) == _XMP_ID:
            xmp = bytes(content[16:])
    return profile, exif, xmp


def _walk(data: memoryview) -> Iterator[tuple[bytes, memoryview]]:
    """Yield type and content of every box, those within the header's box too."""
    at = 0
    for _ in range(_MAX_BOXES):
        length, kind = int.from_bytes(data[at : at + 4], "big"), bytes(data[at + 4 : at + 8])
        head = 16 if length == 1 else 8
        if length == 1:
            length = int.from_bytes(data[at + 8 : at + 16], "big")
        end = len(data) if length == 0 else at + length
        if end < at + head or end > len(data) or not kind:
            return
        content = data[at + head : end]
        if kind == b"jp2h":
            yield from _walk(content)
        else:
            yield kind, content
        at = end
