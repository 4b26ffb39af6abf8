"""Formats that ocguard reads and does not write: BMP, PSD and TGA."""

from __future__ import annotations

from io import BytesIO

from PIL import BmpImagePlugin, PsdImagePlugin, TgaImagePlugin

from ocguard.errors import ImageReadError
from ocguard.imaging.codecs.cleaning import clean_exif, clean_xmp
from ocguard.imaging.picture import Carried, Frame, Picture
from ocguard.imaging.pillow_arrays import array_of, color_of, plain_mode, require_size
from ocguard.language.message import Message
from ocguard.metadata.exif import exif_dpi

__all__ = ["is_tga", "read_bmp", "read_psd", "read_tga"]

_PSD_RESOLUTION, _PSD_EXIF, _PSD_XMP = 1005, 1058, 1060  # image resource numbers
_PSD_BITS_AT = slice(22, 24)  # depth in the file header
_PSD_VERSION_AT, _PSB_VERSION = slice(4, 6), 2
_TGA_HEADER_BYTES = 18
_TGA_KINDS = {1, 2, 3, 9, 10, 11}  # palette, color and grey, plain and run-length coded
_TGA_DEPTHS = {8, 15, 16, 24, 32}
_TGA_FOOTER = b"TRUEVISION-XFILE.\0"


def read_bmp(data: bytes) -> Picture:
    """Read a BMP."""
    with BmpImagePlugin.BmpImageFile(BytesIO(data)) as image:
        require_size(image.size)
        mode = plain_mode(image)
        dpi = image.info.get("dpi")
        carried = Carried(file_format="BMP", dpi=dpi if dpi and all(dpi) else None)
        frame = Frame(array_of(image, mode))
    return Picture((frame,), *color_of(mode), carried)


def is_tga(data: bytes) -> bool:
    """Tell whether a whole file can be a TGA, which has no signature but, mostly, a footer."""
    if len(data) < _TGA_HEADER_BYTES or data[2] not in _TGA_KINDS or data[16] not in _TGA_DEPTHS:
        return False
    has_palette = data[2] in {1, 9}
    has_size = any(data[12:14]) and any(data[14:16])
    is_sound = data[1] in {0, 1} and (data[1] == 1 or not has_palette) and has_size
    return data.endswith(_TGA_FOOTER) or (is_sound and data[17] & 0xC0 == 0)


def read_tga(data: bytes) -> Picture:
    """Read a TGA."""
    with TgaImagePlugin.TgaImageFile(BytesIO(data)) as image:
        require_size(image.size)
        mode = plain_mode(image)
        frame = Frame(array_of(image, mode))
    return Picture((frame,), *color_of(mode), Carried(file_format="TGA"))


def read_psd(data: bytes) -> Picture:
    """Read the flat composite that a PSD stores beside its layers."""
    if int.from_bytes(data[_PSD_VERSION_AT], "big") == _PSB_VERSION:
        raise ImageReadError("is a large Photoshop file (PSB); export it as PNG")
    bits = int.from_bytes(data[_PSD_BITS_AT], "big")
    if bits != 8:
        raise ImageReadError(
            "is a PSD of {bits} bits; save it as 16-bit TIFF or PNG first", bits=bits
        )
    lost: list[str] = [Message("The layers of the PSD were flattened.")]
    with PsdImagePlugin.PsdImageFile(BytesIO(data)) as image:
        require_size(image.size)
        resources = {int(number): bytes(content) for number, _, content in image.resources}
        exif = clean_exif(resources.get(_PSD_EXIF), lost)
        mode = plain_mode(image)
        carried = Carried(
            file_format="PSD",
            icc_profile=image.info.get("icc_profile"),
            exif=exif,
            xmp=clean_xmp(resources.get(_PSD_XMP), lost),
            dpi=_psd_dpi(resources.get(_PSD_RESOLUTION, b"")) or exif_dpi(exif),
            lost=tuple(lost),
        )
        frame = Frame(array_of(image, mode))
    return Picture((frame,), *color_of(mode), carried)


def _psd_dpi(resource: bytes) -> tuple[float, float] | None:
    """Decode the resolution resource: 16.16 fixed point, always stored per inch."""
    if len(resource) < 12:
        return None
    across = int.from_bytes(resource[0:4], "big") / 65_536
    down = int.from_bytes(resource[8:12], "big") / 65_536
    return (across, down) if across and down else None
