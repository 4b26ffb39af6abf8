"""Give a picture more room: a plain strip below it."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import numpy as np

from ocguard.imaging.color import from_srgb
from ocguard.imaging.picture import MAX_PIXELS, Carried, Frame, Picture, Pixels
from ocguard.metadata.exif import with_pixel_size

__all__ = ["with_strip_below"]

_FIRST_SIDEWAYS = 5
"""EXIF orientations from here on store the picture on its side."""


def with_strip_below(picture: Picture, height_px: int, paper: tuple[int, int, int]) -> Picture:
    """Add a plain strip below every frame of a picture.

    Parameters
    ----------
    picture : Picture
        Any picture; depth, color model, alpha, durations and all that it carries stay, but for the
        size in pixels that its EXIF data may name.
    height_px : int
        Height of the strip, in pixels.
    paper : (int, int, int)
        sRGB of the strip; converted through the picture's color profile. Opaque.

    Returns
    -------
    Picture
        Higher by the strip; the same picture where `height_px` is 0.

    Raises
    ------
    ValueError
        If the strip is negative, or the picture would be larger than ocguard reads.
    """
    if height_px == 0:
        return picture
    rows = picture.height + height_px
    if height_px < 0 or picture.width * rows * len(picture.frames) > MAX_PIXELS:
        raise ValueError(f"a strip of {height_px} px does not fit a picture of {picture.size} px")
    return replace(
        picture,
        carried=_resized(picture.carried, (picture.width, rows)),
        frames=tuple(
            Frame(_extended(picture, frame.pixels, height_px, paper), frame.duration_ms)
            for frame in picture.frames
        ),
    )


def _resized(carried: Carried, size: tuple[int, int]) -> Carried:
    """Let EXIF data that names the picture's size name the new one, as stored before its turn."""
    if carried.exif is None:
        return carried
    stored = size if carried.orientation < _FIRST_SIDEWAYS else size[::-1]
    return replace(carried, exif=with_pixel_size(carried.exif, stored))


def _extended(
    picture: Picture, pixels: Pixels, height_px: int, paper: tuple[int, int, int]
) -> Pixels:
    """Copy one frame onto a higher one."""
    top = int(np.iinfo(pixels.dtype).max)
    color = from_srgb(np.array([[paper]], np.uint8), picture.color, picture.carried.icc_profile)
    result = np.empty((pixels.shape[0] + height_px, *pixels.shape[1:]), pixels.dtype)
    result[: len(pixels)] = pixels
    result[len(pixels) :, :, : picture.color_channels] = color[0, 0].astype(int) * (top // 255)
    if picture.has_alpha:
        result[len(pixels) :, :, -1] = top
    return cast(Pixels, result)
