"""Change a picture's pixels in its own depth and color model: add light, lay stamps on it.

Both functions walk over the picture in strips, so that beside the picture and the result they need
a few megabytes only, and both return a new picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.imaging.color import from_srgb
from ocguard.imaging.picture import Picture, Pixels

__all__ = ["Stamp", "add_luma", "compose"]

_STRIP_PX = 1 << 18  # pixels worked on at a time; a strip's floats stay in a 2nd-level cache
_CUBIC_A = -0.75  # Keys' free parameter as OpenCV sets it, so that rows and columns agree
_MIN_INK_GAIN = 0.25  # below this, ink hardly changes the light; the change is not driven further
_LUMA_RGB = (0.299, 0.587, 0.114)  # ITU-R BT.601-7


@dataclass(frozen=True, slots=True, eq=False)
class Stamp:
    """A small picture to lay on a large one.

    Attributes
    ----------
    left, top : int
        Where its top left pixel goes, in pixels of the upright full-size picture; may be negative.
    rgba : (h, w, 4) uint8 array
        sRGB and opacity, not premultiplied; may overhang the picture on any side.
    """

    left: int
    top: int
    rgba: NDArray[np.uint8]


def add_luma(
    picture: Picture, delta: NDArray[np.float32] | Sequence[NDArray[np.float32]]
) -> Picture:
    """Make a picture lighter and darker by a smooth field.

    The field is enlarged bicubically (pixel centers aligned as :func:`cv2.resize` does, so that
    it fits :func:`~ocguard.imaging.rendition.rendition`) and added to every color channel; grey
    values are rounded to the nearest and clipped. Pixels of alpha 0 stay exactly as they are, and
    alpha itself never changes. CMYK pictures get the change of ink that changes the light as much,
    in black ink where the picture is printed in black and in the colored inks elsewhere.

    Parameters
    ----------
    picture : Picture
        Any picture.
    delta : (h, w) float32 array, or a sequence of them
        Change in grey levels of the 8-bit scale, positive is lighter, on a raster that covers the
        whole upright picture and is not larger than it; either one for all frames or one a frame.

    Returns
    -------
    Picture
        New pixels, everything else shared.

    Raises
    ------
    ValueError
        If a field is larger than the picture, or the number of fields does not fit.

    Notes
    -----
    About 0.005 CPU-seconds a megapixel for 8-bit RGB, 0.015 with alpha.

    References
    ----------
    R. Keys, "Cubic convolution interpolation for digital image processing", IEEE Transactions on
    Acoustics, Speech, and Signal Processing 29(6), 1981, doi:10.1109/TASSP.1981.1163711.
    """
    fields = [delta] if isinstance(delta, np.ndarray) else list(delta)
    if len(fields) not in {1, len(picture.frames)}:
        raise ValueError(f"{len(fields)} fields do not fit {len(picture.frames)} frames")
    for one in fields:
        if one.ndim != 2 or one.shape[0] > picture.height or one.shape[1] > picture.width:
            raise ValueError(f"a field of shape {one.shape} does not fit {picture.size} pixels")
    per_frame = fields * len(picture.frames) if len(fields) == 1 else fields
    return picture.with_pixels(
        _lighter(picture, frame.pixels, field)
        for frame, field in zip(picture.frames, per_frame, strict=True)
    )


def compose(picture: Picture, stamps: Sequence[Stamp]) -> Picture:
    """Lay stamps on every frame of a picture, in order (Porter-Duff "over").

    Parameters
    ----------
    picture : Picture
        Any picture.
    stamps : sequence of Stamp
        Converted to the picture's depth and colors, through its color profile where it has one.

    Returns
    -------
    Picture
        New pixels where there are stamps; the same picture without any. Where the picture has
        alpha, a stamp on transparent ground becomes visible there.

    Notes
    -----
    About 0.05 CPU-seconds a megapixel of stamps.

    References
    ----------
    T. Porter and T. Duff, "Compositing digital images", SIGGRAPH 1984, doi:10.1145/800031.808606.
    """
    if not stamps:
        return picture
    return picture.with_pixels(_stamped(picture, frame.pixels, stamps) for frame in picture.frames)


def _lighter(picture: Picture, pixels: Pixels, field: NDArray[np.float32]) -> Pixels:
    """Add an enlarged field to one frame."""
    height, width = pixels.shape[:2]
    result = np.empty_like(pixels)
    rows = max(8, _STRIP_PX // width)
    for start in range(0, height, rows):
        strip = pixels[start : start + rows]
        light = _enlarged(field, (width, height), start, start + len(strip))
        if picture.has_alpha:
            light[strip[..., -1] == 0] = 0
        if pixels.dtype == np.uint16:
            light *= 257
        colors = strip[..., : picture.color_channels]
        into = result[start : start + rows]
        into[..., : picture.color_channels] = (
            _less_ink(colors, light) if picture.color == "cmyk" else _added(colors, light)
        )
        if picture.has_alpha:
            into[..., -1] = strip[..., -1]
    return result


def _enlarged(
    field: NDArray[np.float32], size: tuple[int, int], start: int, stop: int
) -> NDArray[np.float32]:
    """Return rows `start` to `stop` of the field enlarged to `size`, bicubically, own memory."""
    width, height = size
    if field.shape == (height, width):
        return field[start:stop].astype(np.float32)
    centers = (np.arange(start, stop) + 0.5) * (len(field) / height) - 0.5
    below = np.floor(centers).astype(np.intp)
    down = np.zeros((stop - start, field.shape[1]), np.float32)
    for tap, weight in zip(range(-1, 3), _cubic_weights(centers - below), strict=True):
        taken = field[np.clip(below + tap, 0, len(field) - 1)]
        down += taken * weight[:, None].astype(np.float32)
    enlarged = cv2.resize(down, (width, len(down)), interpolation=cv2.INTER_CUBIC)
    return np.asarray(enlarged, np.float32)


def _cubic_weights(offset: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Weights of the four neighbors at -1, 0, 1, 2 for an offset in [0, 1) (Keys 1981)."""
    a, t, u = _CUBIC_A, offset, 1 - offset
    far_left = a * (((t + 1) - 5) * (t + 1) + 8) * (t + 1) - 4 * a
    left = ((a + 2) * t - (a + 3)) * t * t + 1
    right = ((a + 2) * u - (a + 3)) * u * u + 1
    return [far_left, left, right, 1 - far_left - left - right]


def _added(colors: Pixels, light: NDArray[np.float32]) -> Pixels:
    """Add light to grey or RGB samples, rounded and clipped."""
    step = np.rint(light).astype(np.int32)
    steps = cv2.merge([step] * colors.shape[2])
    depth = cv2.CV_8U if colors.dtype == np.uint8 else cv2.CV_16U
    return cast(Pixels, cv2.add(colors, steps, dtype=depth).reshape(colors.shape))


def _less_ink(inks: Pixels, light: NDArray[np.float32]) -> Pixels:
    """Change inks so that the light changes by `light`, black ink taking the share it has."""
    top = float(np.iinfo(inks.dtype).max)
    amount = inks.astype(np.float32) / top
    black = amount[..., 3]
    colored = sum(weight * amount[..., i] for i, weight in enumerate(_LUMA_RGB))
    gain = np.maximum((1 - black) ** 2 + (1 - colored) * black, _MIN_INK_GAIN)
    shift = light / gain
    change = np.empty_like(amount)
    change[..., :3] = (shift * (1 - black))[..., None]
    change[..., 3] = shift * black
    return cast(Pixels, np.clip(np.rint(inks - change), 0, top).astype(inks.dtype))


def _stamped(picture: Picture, pixels: Pixels, stamps: Sequence[Stamp]) -> Pixels:
    """Lay all stamps on one frame, each strip-wise."""
    result = pixels.copy()
    for stamp in stamps:
        left, top = max(stamp.left, 0), max(stamp.top, 0)
        visible = stamp.rgba[top - stamp.top :, left - stamp.left :]
        visible = visible[: max(0, picture.height - top), : max(0, picture.width - left)]
        if visible.size == 0:
            continue
        height, width = visible.shape[:2]
        rows = max(1, _STRIP_PX // width)
        for start in range(0, height, rows):
            strip = visible[start : start + rows]
            into = result[top + start : top + start + len(strip), left : left + width]
            into[...] = _over(picture, into, strip)
    return result


def _over(picture: Picture, below: Pixels, rgba: NDArray[np.uint8]) -> Pixels:
    """Return a strip of the picture with a strip of a stamp over it."""
    scale = 257 if below.dtype == np.uint16 else 1
    ink = from_srgb(rgba[..., :3], picture.color, picture.carried.icc_profile)
    paint = ink.astype(np.float32) * scale
    opacity = rgba[..., 3:].astype(np.float32) / 255
    base = below.astype(np.float32)
    if not picture.has_alpha:
        return cast(Pixels, np.rint(base + (paint - base) * opacity).astype(below.dtype))
    top = float(np.iinfo(below.dtype).max)
    base_alpha = base[..., -1:] / top
    alpha = opacity + base_alpha * (1 - opacity)
    share = opacity / np.where(alpha > 0, alpha, 1)
    base[..., :-1] += (paint - base[..., :-1]) * share
    base[..., -1:] = alpha * top
    touched = opacity[..., 0] > 0
    return cast(Pixels, np.where(touched[..., None], np.rint(base), below).astype(below.dtype))
