"""Pixels of one TIFF page, by whichever library reads its compression.

tifffile reads what needs no further package. Other compressions (LZW, JPEG, fax), palettes and
depths below 8 bits go to Pillow, other compressions at 16 bits to OpenCV; what none of them reads
exactly is refused by name.
"""

from __future__ import annotations

import struct
from io import BytesIO
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import TiffImagePlugin

from ocguard.errors import ImageReadError
from ocguard.imaging.codecs.cost import require_unpacked
from ocguard.imaging.picture import MAX_PIXELS, Color, Pixels
from ocguard.imaging.pillow_arrays import array_of, color_of, pixel_limit, plain_mode
from ocguard.language.message import Message, translatable
from ocguard.metadata.exif import ORIENTATION

__all__ = ["page_pixels"]

_COLORS: dict[int, Color] = {0: "grey", 1: "grey", 2: "rgb", 5: "cmyk"}  # by photometric
_COLOR_NAMES = {
    **dict.fromkeys((0, 1), Message("grey")),
    **{2: "RGB", 3: Message("a palette"), 4: Message("a mask"), 5: "CMYK", 6: "YCbCr"},
    **dict.fromkeys((8, 9, 10), "Lab"),
    **dict.fromkeys((32803, 34892), Message("a sensor's mosaic")),
}
_CHANNELS: dict[Color, int] = {"grey": 1, "rgb": 3, "cmyk": 4}
_WHITE_IS_ZERO, _PALETTE = 0, 3
_UNSIGNED = 1  # sample format
_SAMPLES = {
    2: translatable("{bits} bits with sign"),
    3: translatable("{bits} bits floating point"),
}
_PLANAR = 2
_PREMULTIPLIED, _PLAIN_ALPHA = 1, 2  # kinds of extra samples
_INKS_CMYK = 1
_INK_SET = 332
_MAX_SEGMENTS = 1 << 18  # strips or tiles of a page; 16,384 rows of a pixel each stay far below
_MAX_TILE_PX = 1 << 22  # a tile may be larger than a small picture: 2048 x 2048
_MAX_SAMPLES = 16  # a pixel: CMYK, alpha, and some saved selections
_TIFFFILE_READS = {1, 8, 32773, 32946, 34925}  # none, ZIP, PackBits, old ZIP, LZMA


def page_pixels(data: bytes, page: Any, lost: list[str]) -> tuple[Pixels, Color, bool]:
    """Decode one page as it is stored, not turned.

    Parameters
    ----------
    data : bytes
        The whole file.
    page : tifffile.TiffPage
        The page.
    lost : list of str
        Gets a sentence for everything that is dropped.

    Returns
    -------
    pixels : (H, W, C) uint8 or uint16 array
    color : {"grey", "rgb", "cmyk"}
    has_alpha : bool

    Raises
    ------
    ImageReadError
        For Lab, floating point, spot colors, and 16-bit CMYK in a compression that only further
        packages read; before anything is decoded for strips and tiles that would cost more than
        their picture.
    """
    _require_segments(data, page)
    photometric, bits = int(page.photometric), int(page.bitspersample)
    is_plain = photometric in _COLORS and bits in {8, 16} and int(page.sampleformat) == _UNSIGNED
    if is_plain and int(page.compression) in _TIFFFILE_READS:
        samples = np.asarray(page.asarray(maxworkers=1))
        return _arranged(page, _interleaved(page, samples), lost)
    if bits <= 8:
        return _by_pillow(data, page)
    if is_plain and photometric != 5 and int(page.planarconfig) != _PLANAR:
        return _arranged(page, _by_opencv(data), lost)
    color = _COLOR_NAMES.get(photometric, Message("colors of a rare kind"))
    samples_kind = _SAMPLES.get(int(page.sampleformat), translatable("{bits} bits"))
    raise ImageReadError(
        "is a TIFF that ocguard does not read ({samples}, {color}); save it "
        "with 8 or 16 bits, as RGB, or as CMYK without LZW",
        samples=Message(samples_kind, bits=bits),
        color=color,
    )


def _require_segments(data: bytes, page: Any) -> None:
    """Refuse strips and tiles that take more than the picture that they make up."""
    height, width, samples = (int(page.imagelength), int(page.imagewidth), page.samplesperpixel)
    across, down = (int(page.tilewidth), int(page.tilelength)) if page.is_tiled else (width, height)
    if across * down > max(_MAX_TILE_PX, 4 * width * height):
        raise ImageReadError(
            "has tiles of {across} x {down} pixels; save it without tiles", across=across, down=down
        )
    if samples > _MAX_SAMPLES or width * height * samples > 4 * MAX_PIXELS:
        raise ImageReadError("has {samples} samples a pixel; save it as RGB", samples=samples)
    if len(page.dataoffsets) > _MAX_SEGMENTS:
        raise ImageReadError(
            "has more than {limit:,} strips or tiles; save it anew",
            limit=_MAX_SEGMENTS,
        )
    rows = down if page.is_tiled else min(int(page.rowsperstrip) or height, height)
    segment_bytes = across * rows * samples * max(8, int(page.bitspersample)) // 8
    for start, length in zip(page.dataoffsets, page.databytecounts, strict=False):
        require_unpacked(int(page.compression), data[start : start + length], segment_bytes)


def _interleaved(page: Any, samples: NDArray[Any]) -> NDArray[Any]:
    """Return (H, W, samples)."""
    height, width = int(page.imagelength), int(page.imagewidth)
    if int(page.planarconfig) == _PLANAR:
        return samples.reshape(-1, height, width).transpose(1, 2, 0)
    return samples.reshape(height, width, -1)


def _arranged(page: Any, samples: NDArray[Any], lost: list[str]) -> tuple[Pixels, Color, bool]:
    """Sort colors and alpha out of the samples of a page."""
    photometric = int(page.photometric)
    color = _COLORS[photometric]
    channels = _CHANNELS[color]
    if color == "cmyk" and int(page.tags.valueof(_INK_SET, _INKS_CMYK)) != _INKS_CMYK:
        raise ImageReadError("has inks other than CMYK, which ocguard does not handle")
    extra = [int(kind) for kind in page.extrasamples]
    if not extra and color == "rgb" and samples.shape[2] == channels + 1:
        extra = [_PLAIN_ALPHA]  # writers that forget to say so mean alpha
    alpha = next((i for i, kind in enumerate(extra) if kind in {1, 2}), None)
    taken = [*range(channels)] + ([] if alpha is None else [channels + alpha])
    if samples.shape[2] > len(taken):
        lost.append(Message("Extra channels of the TIFF (masks or spot colors) were dropped."))
    depth = np.uint8 if samples.dtype.itemsize == 1 else np.uint16
    chosen = samples if samples.shape[2] == len(taken) else samples[..., taken]
    pixels: Pixels = np.ascontiguousarray(chosen, dtype=depth)
    if photometric == _WHITE_IS_ZERO:
        pixels[..., 0] = np.iinfo(depth).max - pixels[..., 0]
    if alpha is not None and extra[alpha] == _PREMULTIPLIED:
        pixels = _not_premultiplied(pixels)
        lost.append(Message("Premultiplied alpha of the TIFF is now stored as plain alpha."))
    return pixels, color, alpha is not None


def _not_premultiplied(pixels: Pixels) -> Pixels:
    """Divide color by alpha, row by row."""
    top = float(np.iinfo(pixels.dtype).max)
    result = pixels.copy()
    for row in result:
        alpha = np.maximum(row[:, -1:], 1)
        row[:, :-1] = np.minimum(np.rint(row[:, :-1] * (top / alpha)), top)
    return result


def _by_pillow(data: bytes, page: Any) -> tuple[Pixels, Color, bool]:
    """Decode through libtiff; the orientation tag is neutralized, as Pillow would turn."""
    unturned = bytearray(data)
    tag = page.tags.get(ORIENTATION)
    if tag is not None:
        struct.pack_into(page.parent.byteorder + "H", unturned, tag.valueoffset, 1)
    with pixel_limit(), TiffImagePlugin.TiffImageFile(BytesIO(unturned)) as image:
        image.seek(page.index)
        mode = plain_mode(image)
        pixels = array_of(image, mode)
    return pixels, *color_of(mode)


def _by_opencv(data: bytes) -> NDArray[np.uint16]:
    """Decode the first page at 16 bits."""
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if pixels is None or pixels.dtype != np.uint16:
        raise ImageReadError("is damaged: its TIFF pixels cannot be decoded; export it again")
    solid = cast("NDArray[np.uint16]", pixels.reshape(*pixels.shape[:2], -1))
    if solid.shape[2] >= 3:
        for row in solid:
            row[:, [0, 2]] = row[:, [2, 0]]
    return solid
