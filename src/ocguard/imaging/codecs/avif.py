"""AVIF: 8-bit grey and RGB, alpha, animation, profile, EXIF and XMP.

Orientation lives in the container (``irot``, ``imir``); Pillow gives and takes it as an EXIF tag.
AVIF does not keep the color under alpha 0, and Pillow reads and writes 8 bits only; both are
reported.

References
----------
AOMedia, "AV1 Image File Format (AVIF) v1.2", 2024; ISO/IEC 14496-12 for boxes.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

from PIL import AvifImagePlugin

from ocguard.imaging.codecs.cleaning import clean_exif, clean_xmp
from ocguard.imaging.codecs.pillow_frames import encoded, frames_of
from ocguard.imaging.picture import Carried, Picture
from ocguard.imaging.pillow_arrays import (
    color_of,
    plain_mode,
    require_size,
)
from ocguard.language.message import Message
from ocguard.metadata.exif import (
    exif_dpi,
    read_orientation,
)

__all__ = ["read", "write"]

MAX_SIDE_PX = 65_536
DEFAULT_QUALITY = 90
_SPEED = 8  # libavif's scale, 0 slow to 10 fast
_BOX_SEARCH_BYTES = 1 << 16  # the codec configuration stands near the start of the file
_DEEP_FLAG = 0x40  # high_bitdepth in the third byte of the AV1 configuration


def read(data: bytes) -> Picture:
    """Read an AVIF."""
    lost: list[str] = []
    with AvifImagePlugin.AvifImageFile(BytesIO(data)) as image:
        count = getattr(image, "n_frames", 1)
        require_size(image.size, count)
        exif = clean_exif(image.info.get("exif"), lost)
        orientation = read_orientation(exif)
        mode = plain_mode(image)
        if _is_deep(data):
            lost.append(Message("An AVIF of 10 or 12 bits was reduced to 8 bits."))
        carried = Carried(
            file_format="AVIF",
            icc_profile=image.info.get("icc_profile"),
            exif=exif,
            xmp=clean_xmp(image.info.get("xmp"), lost),
            dpi=exif_dpi(exif),
            orientation=orientation,
            loop=0 if count > 1 else None,
            is_lossless=False,
            lost=tuple(lost),
        )
        frames = frames_of(image, count, mode, orientation)
    color, has_alpha = color_of(mode)
    return Picture(frames, color, has_alpha, carried)


def write(picture: Picture, quality: int | None, lost: list[str]) -> bytes:
    """Write an 8-bit grey or RGB picture."""
    carried = picture.carried
    options: dict[str, Any] = {
        "quality": DEFAULT_QUALITY if quality is None else quality,
        "subsampling": "4:0:0" if picture.color == "grey" else "4:4:4",
        "speed": _SPEED,
    }
    if picture.is_animated and carried.loop:
        lost.append(Message("The number of loops was dropped: AVIF plays without end."))
    if picture.has_alpha and any((frame.pixels[..., -1] == 0).any() for frame in picture.frames):
        lost.append(Message("AVIF does not keep the color of fully transparent pixels."))
    return encoded(picture, "AVIF", options)


def _is_deep(data: bytes) -> bool:
    """Tell whether the (first) AV1 configuration box says 10 or 12 bits."""
    at = data.find(b"av1C", 0, _BOX_SEARCH_BYTES)
    return 0 <= at < len(data) - 7 and bool(data[at + 6] & _DEEP_FLAG)
