"""WebP: lossy and lossless, still and animated, with alpha, profile, EXIF and XMP.

Lossless files stay lossless, with the color under alpha 0; lossy ones keep their own quality,
read from the coded pictures (:mod:`.webp_quality`).

References
----------
RFC 9649, "WebP Image Format", 2024.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from PIL import WebPImagePlugin

from ocguard.errors import ImageReadError
from ocguard.imaging.codecs.cleaning import clean_exif, clean_xmp
from ocguard.imaging.codecs.pillow_frames import encoded, frames_of
from ocguard.imaging.codecs.webp_quality import estimated_quality
from ocguard.imaging.picture import Carried, Picture
from ocguard.imaging.pillow_arrays import (
    color_of,
    pixel_limit,
    plain_mode,
    require_size,
)
from ocguard.language.message import Message
from ocguard.metadata.exif import exif_dpi, read_orientation

__all__ = ["read", "write"]

MAX_SIDE_PX = 16_383
DEFAULT_QUALITY = 95
MIN_QUALITY = 75
"""A lossy source of lower quality is written at this one, as in :mod:`.jpeg`."""

_LOSSY_METHOD = 4  # libwebp's own default
_LOSSLESS_METHOD = 2  # 4 takes twice the time on marked art and saves 2 %
_FRAME_HEAD_BYTES = 16  # of an ANMF chunk, before the chunks of its picture
_MAX_CHUNKS = 1_000_000  # bounds hostile files


def read(data: bytes) -> Picture:
    """Read a WebP."""
    lost: list[str] = []
    kinds = dict(_chunks(data))
    with pixel_limit(), WebPImagePlugin.WebPImageFile(BytesIO(data)) as image:
        count = getattr(image, "n_frames", 1)
        require_size(image.size, count)
        exif = clean_exif(image.info.get("exif"), lost)
        orientation = read_orientation(exif)
        mode = plain_mode(image)
        is_lossless = b"VP8L" in kinds
        if b"C2PA" in kinds:
            lost.append(Message("Content Credentials were dropped: they end with any change."))
        carried = Carried(
            file_format="WEBP",
            icc_profile=image.info.get("icc_profile"),
            exif=exif,
            xmp=clean_xmp(image.info.get("xmp"), lost),
            dpi=exif_dpi(exif),
            orientation=orientation,
            loop=image.info.get("loop", 0) if count > 1 else None,
            is_lossless=is_lossless,
            quality=None if is_lossless else estimated_quality(kinds.get(b"VP8 ", b"")),
            lost=tuple(lost),
        )
        frames = frames_of(image, count, mode, orientation)
    color, has_alpha = color_of(mode)
    return Picture(frames, color, has_alpha, carried)


def write(picture: Picture, quality: int | None, lost: list[str]) -> bytes:
    """Write an 8-bit RGB picture of at most 16,383 pixels a side."""
    carried = picture.carried
    lossless = quality is None and carried.is_lossless and carried.file_format == "WEBP"
    options: dict[str, Any] = {
        "lossless": lossless,
        "quality": 75 if lossless else _quality(carried, quality),
        "method": _LOSSLESS_METHOD if lossless else _LOSSY_METHOD,
        "exact": True,
    }
    if picture.has_alpha and carried.is_lossless and not lossless:
        lost.append(Message("Lossy WebP changes the color of fully transparent pixels."))
    return encoded(picture, "WEBP", options)


def _quality(carried: Carried, quality: int | None) -> int:
    """Choose the quality: as asked, else the source's own, else the default."""
    if quality is not None:
        return quality
    if carried.file_format != "WEBP" or carried.quality is None:
        return DEFAULT_QUALITY
    return max(MIN_QUALITY, carried.quality)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield (type, first bytes) of chunks, those inside animation frames too."""
    at, seen = 12, 0
    while at + 8 <= len(data):
        kind, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        seen += 1
        if seen > _MAX_CHUNKS:
            raise ImageReadError("is damaged: it has too many WebP chunks; export it again")
        yield kind, data[at + 8 : at + 8 + min(size, 256)]
        at += 8 + (_FRAME_HEAD_BYTES if kind == b"ANMF" else size + size % 2)
