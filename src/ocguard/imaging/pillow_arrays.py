"""Between Pillow images and arrays, without more than one copy of the pixels at a time.

Pillow keeps RGB in four bytes a pixel and converts through intermediate byte strings; at 268
megapixels each of them is a gigabyte. Both functions here work in strips or hand over memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ocguard.errors import ImageReadError
from ocguard.imaging.picture import MAX_PIXELS, Color, Pixels
from ocguard.language.message import translatable

__all__ = [
    "array_of",
    "at_most_pixels",
    "color_of",
    "image_of",
    "pixel_limit",
    "plain_mode",
    "raw_image",
    "require_size",
]

_STRIP_PX = 1 << 21  # pixels copied out of Pillow at a time
_COLOR_OF_MODE: dict[str, tuple[Color, bool]] = {
    "L": ("grey", False),
    "LA": ("grey", True),
    "RGB": ("rgb", False),
    "RGBA": ("rgb", True),
    "CMYK": ("cmyk", False),
}
_PLAIN_MODE = {"1": "L", "P": "RGB", "PA": "RGBA", "La": "LA", "RGBa": "RGBA", "RGBX": "RGB"}
_ALPHA_MODE = {"1": "LA", "L": "LA", "P": "RGBA", "RGB": "RGBA"}


def color_of(mode: str) -> tuple[Color, bool]:
    """Return color model and alpha of a Pillow mode that :func:`array_of` gives."""
    return _COLOR_OF_MODE[mode]


def plain_mode(image: Image.Image) -> str:
    """Return the mode without palette or color key that holds an image without loss.

    Raises
    ------
    ImageReadError
        For modes that ocguard does not handle (Lab, floating point and their like).
    """
    if "transparency" in image.info and image.mode in _ALPHA_MODE:
        return _ALPHA_MODE[image.mode]
    mode = _PLAIN_MODE.get(image.mode, image.mode)
    if mode not in _COLOR_OF_MODE:
        raise ImageReadError(
            "has {mode} pixels, which ocguard does not handle; convert it to RGB first",
            mode=image.mode,
        )
    return mode


def array_of(image: Image.Image, mode: str | None = None) -> NDArray[np.uint8]:
    """Copy a Pillow image into an array.

    Parameters
    ----------
    image : Image
        Any mode that :func:`plain_mode` accepts.
    mode : str, optional
        L, LA, RGB, RGBA or CMYK to convert to; by default the image's :func:`plain_mode`.

    Returns
    -------
    (H, W, C) uint8 array
        Own memory.
    """
    mode = mode or plain_mode(image)
    channels = Image.getmodebands(mode)
    result = np.empty((image.height, image.width, channels), np.uint8)
    rows = max(1, _STRIP_PX // image.width)
    for top in range(0, image.height, rows):
        bottom = min(image.height, top + rows)
        strip = image.crop((0, top, image.width, bottom))
        if strip.mode != mode:
            strip = strip.convert(mode)
        result[top:bottom] = np.asarray(strip).reshape(bottom - top, image.width, channels)
    return result


def image_of(pixels: Pixels) -> Image.Image:
    """Hand an (H, W, C) 8-bit array of 1 to 4 channels to Pillow as L, LA, RGB or RGBA.

    RGBA and L share the array's memory; the others are copied once.
    """
    mode = ("L", "LA", "RGB", "RGBA")[pixels.shape[2] - 1]
    return raw_image(pixels, mode)


def raw_image(pixels: Pixels, mode: str) -> Image.Image:
    """Hand an array to Pillow in a given mode with as many channels."""
    solid = np.ascontiguousarray(pixels)
    size = (solid.shape[1], solid.shape[0])
    return Image.frombuffer(mode, size, solid, "raw", mode, 0, 1)


class _PixelLimit:
    """Counts who relies on our pixel limit, so that threads do not restore it under each other."""

    lock = Lock()
    users = 0
    outside: int | None = None


@contextmanager
def pixel_limit() -> Iterator[None]:
    """Replace Pillow's own limit of 89 megapixels by :data:`~.picture.MAX_PIXELS` for a while."""
    with _PixelLimit.lock:
        if _PixelLimit.users == 0:
            _PixelLimit.outside, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, MAX_PIXELS
        _PixelLimit.users += 1
    try:
        yield
    finally:
        with _PixelLimit.lock:
            _PixelLimit.users -= 1
            if _PixelLimit.users == 0:
                Image.MAX_IMAGE_PIXELS = _PixelLimit.outside


_most_pixels = ContextVar("_most_pixels", default=MAX_PIXELS)


@contextmanager
def at_most_pixels(limit: int) -> Iterator[None]:
    """Refuse pictures of more pixels than `limit` for a while, in this thread or task alone."""
    token = _most_pixels.set(limit)
    try:
        yield
    finally:
        _most_pixels.reset(token)


def require_size(size: tuple[int, int], frames: int = 1) -> None:
    """Refuse pictures beyond :data:`~.picture.MAX_PIXELS`, all frames together.

    :func:`at_most_pixels` lowers that limit.

    Raises
    ------
    ImageReadError
        Before any pixel is decoded.
    """
    width, height = size
    if width < 1 or height < 1:
        raise ImageReadError("has no pixels ({width} x {height})", width=width, height=height)
    most = min(MAX_PIXELS, _most_pixels.get())
    if width * height * frames > most:
        many = translatable(
            "is too large ({width} x {height}, {frames} frames; the limit is {most:,} pixels in"
            " all); make it smaller or split it"
        )
        one = translatable(
            "is too large ({width} x {height}; the limit is {most:,} pixels in all); make it"
            " smaller or split it"
        )
        given = {"width": width, "height": height, "frames": frames, "most": most}
        raise ImageReadError(many if frames > 1 else one, **given)
