"""Make a picture fit a file format, and say by name what that costs.

One table says what each format holds; every conversion (depth, color model, alpha, turn) and
every loss of metadata follows from it. A conversion that would throw away frames or pixels is
refused instead.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ocguard.errors import ImageWriteError
from ocguard.imaging.color import to_srgb
from ocguard.imaging.picture import MAX_PIXELS, Carried, Color, Picture, Pixels, eight_bits
from ocguard.language.message import Message, translatable
from ocguard.metadata.exif import exif_dpi, with_dpi, with_orientation
from ocguard.metadata.xmp import upright_packet

__all__ = ["can_hold", "fitted"]

_STRIP_PX = 1 << 20  # pixels converted at a time


@dataclass(frozen=True, slots=True)
class _Format:
    """What a file format holds, through the codecs that ocguard has."""

    colors: frozenset[Color]
    max_side_px: int
    max_px: int = MAX_PIXELS
    is_deep: bool = False
    has_alpha: bool = True
    has_grey_alpha: bool = True
    is_animated: bool = True
    holds: frozenset[str] = frozenset()


_GREY_RGB: frozenset[Color] = frozenset({"grey", "rgb"})
_ALL_COLORS: frozenset[Color] = frozenset({"grey", "rgb", "cmyk"})
_FORMATS = {
    "PNG": _Format(
        _GREY_RGB,
        2**31 - 1,
        is_deep=True,
        holds=frozenset(
            {"icc_profile", "exif", "xmp", "dpi", "text", "color_chunks", "background"}
        ),
    ),
    "JPEG": _Format(
        _ALL_COLORS,
        65_500,
        has_alpha=False,
        is_animated=False,
        holds=frozenset({"icc_profile", "exif", "xmp", "iptc", "dpi", "text"}),
    ),
    "WEBP": _Format(frozenset({"rgb"}), 16_383, holds=frozenset({"icc_profile", "exif", "xmp"})),
    "AVIF": _Format(
        _GREY_RGB,
        65_536,
        has_grey_alpha=False,
        max_px=8192 * 8192,  # its encoder takes 30 bytes a pixel: 2 GiB for these
        holds=frozenset({"icc_profile", "exif", "xmp"}),
    ),
    "TIFF": _Format(
        _ALL_COLORS,
        2**31 - 1,
        is_deep=True,
        holds=frozenset({"icc_profile", "exif", "xmp", "iptc", "dpi"}),
    ),
    "GIF": _Format(_GREY_RGB, 65_535, holds=frozenset({"icc_profile", "xmp", "text"})),
}
_SEVERAL = {"text", "color_chunks"}  # () where absent, the others None
_CANNOT_HOLD = {
    "icc_profile": translatable("{file_format} cannot hold the color profile: it was dropped."),
    "exif": translatable("{file_format} cannot hold the EXIF data: it was dropped."),
    "xmp": translatable("{file_format} cannot hold the XMP: it was dropped."),
    "iptc": translatable("{file_format} cannot hold the IPTC data: it was dropped."),
    "dpi": translatable("{file_format} cannot hold the resolution: it was dropped."),
    "text": translatable("{file_format} cannot hold the text: it was dropped."),
    "color_chunks": translatable(
        "{file_format} cannot hold the PNG color description: it was dropped."
    ),
    "background": translatable("{file_format} cannot hold the background color: it was dropped."),
}


def fitted(picture: Picture, file_format: str, lost: list[str]) -> Picture:
    """Convert what a format cannot hold.

    Parameters
    ----------
    picture : Picture
        Any picture.
    file_format : str
        PNG, JPEG, WEBP, AVIF, TIFF or GIF.
    lost : list of str
        Gets a sentence for every loss.

    Returns
    -------
    Picture
        The same picture where it fits.

    Raises
    ------
    ImageWriteError
        If it is too large for the format, or animated and the format is not.
    """
    target = _FORMATS[file_format]
    _require_room(picture, file_format, target)
    if picture.bit_depth == 16 and not (target.is_deep and picture.color in target.colors):
        picture = _mapped(picture, eight_bits)
        lost.append(
            Message(
                "The picture was reduced from 16 to 8 bits for {file_format}.",
                file_format=file_format,
            )
        )
    if picture.has_alpha and not target.has_alpha:
        picture = _flattened(picture)
        lost.append(
            Message(
                "{file_format} has no transparency: the picture was laid on white.",
                file_format=file_format,
            )
        )
    is_soft_grey = picture.color == "grey" and picture.has_alpha
    if picture.color not in target.colors or (is_soft_grey and not target.has_grey_alpha):
        picture = _in_srgb(picture, file_format, lost)
    return replace(picture, carried=_carried(picture.carried, file_format, lost))


def can_hold(file_format: str, name: str) -> bool:
    """Tell whether a format has a place for something that :class:`Carried` names."""
    return name in _FORMATS[file_format].holds


def _require_room(picture: Picture, file_format: str, target: _Format) -> None:
    """Refuse what could only be written by dropping pixels or frames."""
    width, height = picture.size
    if max(width, height) > target.max_side_px:
        raise ImageWriteError(
            "{file_format} ends at {limit:,} pixels a side, this picture has "
            "{width:,} x {height:,}; choose PNG",
            file_format=file_format,
            limit=target.max_side_px,
            width=width,
            height=height,
        )
    if width * height > target.max_px:
        raise ImageWriteError(
            "{file_format} is written up to {limit:,} pixels, this picture has {width:,}; "
            "choose PNG",
            file_format=file_format,
            limit=target.max_px,
            width=width * height,
        )
    if picture.is_animated and not target.is_animated:
        raise ImageWriteError(
            "{file_format} holds no animation; choose PNG or WebP (--format)",
            file_format=file_format,
        )


def _carried(carried: Carried, file_format: str, lost: list[str]) -> Carried:
    """Drop what the format has no place for, and move what another place can hold."""
    changes: dict[str, Any] = {}
    if carried.file_format != file_format and carried.orientation != 1:
        changes["orientation"] = 1
        if carried.exif:
            changes["exif"] = with_orientation(carried.exif, 1)
        if carried.xmp:
            changes["xmp"] = upright_packet(carried.xmp)
    holds = _FORMATS[file_format].holds
    if carried.dpi and "dpi" not in holds and "exif" in holds:
        exif = changes.get("exif", carried.exif)
        if exif_dpi(exif) != carried.dpi:
            changes["exif"] = with_dpi(exif, carried.dpi)
        changes["dpi"] = None
    for name, sentence in _CANNOT_HOLD.items():
        if name not in holds and changes.get(name, getattr(carried, name)):
            changes[name] = () if name in _SEVERAL else None
            if name != "color_chunks" or not _is_plain_srgb(carried):
                lost.append(Message(sentence, file_format=file_format))
    return replace(carried, **changes)


def _is_plain_srgb(carried: Carried) -> bool:
    """Tell whether PNG's description of the colors says what readers assume without it."""
    kinds = {kind for kind, _ in carried.color_chunks}
    return carried.icc_profile is not None or ("sRGB" in kinds and "cICP" not in kinds)


def _mapped(picture: Picture, change: Callable[[Pixels], Pixels], **changes: Any) -> Picture:
    """Change all pixels strip by strip, and with them what the picture says of them."""
    frames = []
    for frame in picture.frames:
        height, width = frame.pixels.shape[:2]
        rows = max(1, _STRIP_PX // width)
        result = np.empty(0, np.uint8)
        for top in range(0, height, rows):
            strip = change(frame.pixels[top : top + rows])
            if top == 0:
                result = np.empty((height, width, strip.shape[2]), strip.dtype)
            result[top : top + rows] = strip
        frames.append(replace(frame, pixels=result))
    return replace(picture, frames=tuple(frames), **changes)


def _flattened(picture: Picture) -> Picture:
    """Lay a picture with alpha on white (CMYK: on bare paper), in its own depth and colors."""

    def laid(strip: Pixels) -> Pixels:
        top = np.iinfo(strip.dtype).max
        ground = 0.0 if picture.color == "cmyk" else float(top)
        opacity = strip[..., -1:].astype(np.float32) / top
        flat: Pixels = np.rint(ground + (strip[..., :-1] - ground) * opacity).astype(strip.dtype)
        return flat

    return _mapped(picture, laid, has_alpha=False)


def _in_srgb(picture: Picture, file_format: str, lost: list[str]) -> Picture:
    """Convert 8-bit grey or CMYK to RGB; through the color profile where there is one."""
    profile, count = picture.carried.icc_profile, picture.color_channels
    lost.append(
        Message(
            "{file_format} holds RGB only here: {color} pixels became sRGB.",
            file_format=file_format,
            color=picture.color,
        )
    )

    def converted(strip: Pixels) -> Pixels:
        rgb = to_srgb(eight_bits(strip[..., :count]), picture.color, profile)
        return np.concatenate([rgb, strip[..., count:]], axis=2)

    carried = replace(picture.carried, icc_profile=None)
    return _mapped(picture, converted, color="rgb", carried=carried)
