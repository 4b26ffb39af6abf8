"""The small 8-bit sRGB view of a picture that marks, hashes and matching look at.

Shrinks by area averaging in the picture's own color model (with alpha as the weight, so that hidden
color never bleeds into the edge), then reduces to 8 bits, then converts the small result to sRGB
through the embedded color profile. The order matters: a 268-megapixel CMYK picture costs one pass
over its pixels and a color conversion of one megapixel.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.imaging.color import to_srgb
from ocguard.imaging.picture import Picture, Pixels, eight_bits

__all__ = ["Rendition", "fitted_size", "flatten", "own_color", "rendition"]

_OPAQUE = 255  # alpha of what hides its ground
_STRIP_PX = 1 << 20  # pixels converted to float at a time; bounds the memory of huge pictures
_HIDDEN_WEIGHT = 2.0**-12  # weight of color under alpha 0, so that it has an average too


@dataclass(frozen=True, slots=True, eq=False)
class Rendition:
    """A small view of one frame.

    Attributes
    ----------
    rgb : (h, w, 3) uint8 array
        Upright sRGB, not premultiplied.
    alpha : (h, w) uint8 array or None
        Opacity, 255 is opaque; None for pictures without alpha.
    """

    rgb: NDArray[np.uint8]
    alpha: NDArray[np.uint8] | None


def rendition(picture: Picture, long_side_px: int, frame: int = 0) -> Rendition:
    """Shrink one frame to 8-bit sRGB with a given long side.

    Never enlarges: a smaller picture keeps its size. Thin pictures keep at least one pixel.

    Parameters
    ----------
    picture : Picture
        Any picture.
    long_side_px : int
        Longest side of the result in pixels, at least 1.
    frame : int
        Which frame of an animation.

    Returns
    -------
    Rendition
        Own memory, never a view of the picture.

    Raises
    ------
    ValueError
        If `long_side_px` is below 1.

    Notes
    -----
    About 0.003 CPU-seconds a megapixel for 8-bit RGB, 0.03 with alpha, plus 0.03 a megapixel of
    the *result* where a color profile has to be applied.
    """
    pixels = picture.frames[frame].pixels
    size = fitted_size(picture.size, long_side_px)
    small = _shrunk_by_alpha(pixels, size) if picture.has_alpha else _shrunk(pixels, size)
    eight = eight_bits(small)
    colors = picture.color_channels
    rgb = to_srgb(eight[..., :colors], picture.color, picture.carried.icc_profile)
    alpha = eight[..., colors].copy() if picture.has_alpha else None
    return Rendition(rgb, alpha)


def fitted_size(size: tuple[int, int], long_side_px: int) -> tuple[int, int]:
    """Return (width, height) fitted to a long side in pixels, never larger than `size`."""
    if long_side_px < 1:
        raise ValueError(f"long_side_px must be at least 1, not {long_side_px}")
    scale = min(1.0, long_side_px / max(size))
    width, height = (max(1, round(side * scale)) for side in size)
    return width, height


def flatten(
    rgb: NDArray[np.uint8],
    alpha: NDArray[np.uint8] | None,
    ground: tuple[int, int, int] = (255, 255, 255),
) -> NDArray[np.uint8]:
    """Lay a picture with alpha on a plain ground.

    Parameters
    ----------
    rgb : (h, w, 3) uint8 array
        Colors, not premultiplied.
    alpha : (h, w) uint8 array or None
        Opacity; with None, `rgb` itself is returned.
    ground : (int, int, int)
        RGB color below, 0..255 each.

    Returns
    -------
    (h, w, 3) uint8 array
        What a viewer shows on that ground.
    """
    if alpha is None:
        return rgb
    laid, below = rgb.copy(), np.asarray(ground, np.float32)
    laid[alpha == 0] = ground
    veiled = (alpha > 0) & (alpha < _OPAQUE)  # few pixels of most pictures, and all that need work
    opacity = alpha[veiled][:, None].astype(np.float32) / _OPAQUE
    laid[veiled] = np.rint(below + (rgb[veiled] - below) * opacity).astype(np.uint8)
    return laid


def own_color(rgb: NDArray[np.uint8], alpha: NDArray[np.uint8] | None) -> tuple[int, int, int]:
    """Return the mean color of what is visible of an (h, w, 3) picture; black where nothing is."""
    visible = None if alpha is None else (alpha > 0).astype(np.uint8)
    red, green, blue, _ = cv2.mean(rgb, visible)
    return round(red), round(green), round(blue)


def _shrunk(pixels: Pixels, size: tuple[int, int]) -> Pixels:
    """Average over areas; a copy where the size stays."""
    if (pixels.shape[1], pixels.shape[0]) == size:
        return pixels.copy()
    return _averaged(pixels, size)


def _averaged(pixels: NDArray[Any], size: tuple[int, int]) -> NDArray[Any]:
    """Resize by area averaging; OpenCV takes at most four channels at a time."""
    parts = [
        cv2.resize(pixels[..., first : first + 4], size, interpolation=cv2.INTER_AREA)
        for first in range(0, pixels.shape[2], 4)
    ]
    shaped = [part.reshape(size[1], size[0], -1) for part in parts]
    return shaped[0] if len(shaped) == 1 else np.concatenate(shaped, axis=2)


def _shrunk_by_alpha(pixels: Pixels, size: tuple[int, int]) -> Pixels:
    """Average over areas with alpha as the weight; strip-wise across, then down in one go."""
    height, width = pixels.shape[:2]
    if (width, height) == size:
        return pixels.copy()
    top = float(np.iinfo(pixels.dtype).max)
    rows = max(1, _STRIP_PX // width)
    across = np.empty((height, size[0], pixels.shape[2]), np.float32)
    for start in range(0, height, rows):
        strip = pixels[start : start + rows].astype(np.float32)
        strip[..., -1] = strip[..., -1] / top + _HIDDEN_WEIGHT
        strip[..., :-1] *= strip[..., -1:]
        across[start : start + rows] = _averaged(strip, (size[0], len(strip)))
    small = _averaged(across, size)
    small[..., :-1] /= small[..., -1:]
    small[..., -1] = (small[..., -1] - _HIDDEN_WEIGHT) * top
    return cast(Pixels, np.clip(np.rint(small), 0, top).astype(pixels.dtype))
