"""Back to a palette: at most 256 colors, alpha kept exactly, the rest spread by dithering.

A mark changes flat colors by a level or two, so a marked palette picture has thousands of colors.
Error diffusion (Floyd and Steinberg) keeps their local mean, and with it the low frequencies that
carry the mark. In animations it would flicker, and make still regions move: there an ordered
pattern (Bayer) does the same with an error that depends on the place alone.

References
----------
R. W. Floyd and L. Steinberg, "An adaptive algorithm for spatial greyscale", Proceedings of the SID
17(2), 1976. B. E. Bayer, "An optimum method for two-level rendition of continuous-tone pictures",
IEEE ICC 1973.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ocguard.imaging.picture import Pixels
from ocguard.imaging.pillow_arrays import image_of

__all__ = ["indexed_frames", "palette_image"]

_Sample = TypeVar("_Sample", bound=np.generic)

MAX_COLORS = 256
_MAX_ALPHA_LEVELS = 128  # with more, too few colors are left for each
_DITHER_FROM_COLORS = 8  # fewer cannot carry an error pattern that is worth its cost
_SAMPLE_SIDE_PX = 512  # frames are shrunk to this to choose an animation's palette
_BAYER_STEPS = 3  # 8 x 8 pattern


def palette_image(pixels: Pixels) -> Image.Image | None:
    """Turn RGB or RGBA pixels into a palette image of the same alpha.

    Parameters
    ----------
    pixels : (H, W, 3 or 4) uint8 array
        Exact if it has at most 256 colors, dithered otherwise.

    Returns
    -------
    Image or None
        Mode P, transparency in ``info``; None if it has too many levels of alpha.
    """
    exact = _exact(pixels)
    if exact is not None:
        return _image(*exact)
    if pixels.shape[2] == 3:
        return _dithered(pixels)
    return _dithered_with_alpha(pixels)


def indexed_frames(
    frames: Sequence[Pixels],
) -> tuple[list[NDArray[np.uint8]], NDArray[np.uint8]]:
    """Turn the frames of an animation into indices of one palette.

    Parameters
    ----------
    frames : sequence of (H, W, 3 or 4) uint8 arrays
        Alpha below 128 becomes transparent, the rest opaque.

    Returns
    -------
    indices : list of (H, W) uint8 arrays
        255 stands for transparent; pixels that are equal in two frames get equal indices.
    palette : (255, 3) uint8 array
        Colors, repeated where there are fewer.
    """
    colors = [np.ascontiguousarray(frame[..., :3]) for frame in frames]
    palette = _exact_palette(colors)
    spread = 0.0
    if palette is None:
        palette = _adaptive_palette(colors)
        spread = _typical_step(palette)
    palette = np.resize(palette, (MAX_COLORS - 1, 3))
    holder = Image.new("P", (1, 1))
    holder.putpalette(palette.tobytes())
    indices = []
    for frame, color in zip(frames, colors, strict=True):
        source = image_of(_patterned(color, spread))
        index = np.array(source.quantize(palette=holder, dither=Image.Dither.NONE))
        if frame.shape[2] == 4:
            index[frame[..., 3] < 128] = MAX_COLORS - 1
        indices.append(index)
    return indices, palette


def _exact(
    pixels: Pixels,
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]] | None:
    """Return (indices, palette) without any loss, None if there are too many colors."""
    packed = _packed(pixels)
    if len(np.unique(_sample(packed))) > MAX_COLORS:
        return None
    found, inverse = np.unique(packed, return_inverse=True)
    if len(found) > MAX_COLORS:
        return None
    palette = found.view(np.uint8).reshape(-1, 4)[:, : pixels.shape[2]]
    return inverse.reshape(pixels.shape[:2]).astype(np.uint8), palette


def _exact_palette(frames: Sequence[Pixels]) -> NDArray[np.uint8] | None:
    """Return all colors of all frames if they leave room for transparency."""
    found = np.unique(np.concatenate([np.unique(_packed(frame)) for frame in frames]))
    if len(found) >= MAX_COLORS:
        return None
    return found.view(np.uint8).reshape(-1, 4)[:, :3]


def _packed(pixels: Pixels) -> NDArray[np.uint32]:
    """Return each pixel as one number."""
    four = np.zeros((*pixels.shape[:2], 4), np.uint8)
    four[..., : pixels.shape[2]] = pixels
    return four.view(np.uint32)[..., 0]


def _adaptive_palette(frames: Sequence[Pixels]) -> NDArray[np.uint8]:
    """Choose 255 colors for all frames together by median cut."""
    tiles = [_sample(frame) for frame in frames]
    chosen = image_of(np.concatenate(tiles)).quantize(MAX_COLORS - 1, Image.Quantize.MEDIANCUT)
    return _palette_of(chosen)


def _sample(frame: NDArray[_Sample]) -> NDArray[_Sample]:
    """Take every n-th pixel, so that flat colors stay what they are."""
    height, width = frame.shape[:2]
    step = -(-max(height, width) // _SAMPLE_SIDE_PX)
    return frame[::step, ::step]


def _typical_step(palette: NDArray[np.uint8]) -> float:
    """Return the median distance of a palette color to its nearest other, in grey levels."""
    points = palette.astype(np.float32)
    distances = np.abs(points[:, None] - points[None]).max(axis=2)
    np.fill_diagonal(distances, np.inf)
    return float(np.median(distances.min(axis=1)))


def _patterned(pixels: Pixels, spread: float) -> Pixels:
    """Add a Bayer pattern of zero mean and a given width in grey levels."""
    if spread == 0:
        return pixels
    pattern: NDArray[np.floating] = np.zeros((1, 1), np.float32)
    for _ in range(_BAYER_STEPS):
        pattern = np.block([[4 * pattern, 4 * pattern + 2], [4 * pattern + 3, 4 * pattern + 1]])
    pattern = ((pattern + 0.5) / pattern.size - 0.5) * spread
    side = len(pattern)
    height, width = pixels.shape[:2]
    tiled = np.tile(pattern, (-(-height // side), -(-width // side)))[:height, :width, None]
    patterned: Pixels = np.clip(np.rint(pixels + tiled), 0, 255).astype(np.uint8)
    return patterned


def _dithered(pixels: Pixels) -> Image.Image:
    """Choose colors by median cut, then diffuse the error."""
    image = image_of(pixels)
    chosen = image.quantize(MAX_COLORS, Image.Quantize.MEDIANCUT)
    return image.quantize(palette=chosen, dither=Image.Dither.FLOYDSTEINBERG)


def _dithered_with_alpha(pixels: Pixels) -> Image.Image | None:
    """Give every level of alpha colors by its share of the visible pixels; dither the large ones."""
    alpha = pixels[..., 3]
    levels, counts = np.unique(alpha, return_counts=True)
    if len(levels) > _MAX_ALPHA_LEVELS:
        return None
    visible = counts * (levels > 0)
    budgets = 1 + (MAX_COLORS - len(levels)) * visible // max(1, int(visible.sum()))
    index = np.zeros(alpha.shape, np.uint8)
    palette = np.zeros((0, 4), np.uint8)
    for level, budget in zip(levels.tolist(), budgets.tolist(), strict=True):
        at = alpha == level
        chosen = image_of(pixels[at][None, :, :3]).quantize(budget, Image.Quantize.MEDIANCUT)
        if budget < _DITHER_FROM_COLORS:
            index[at] = np.array(chosen)[0] + len(palette)
        else:
            index[at] = _dithered_where(pixels[..., :3], at, chosen)[at] + len(palette)
        palette = np.concatenate([palette, np.insert(_palette_of(chosen), 3, level, axis=1)])
    return _image(index, palette)


def _dithered_where(
    rgb: Pixels, where: NDArray[np.bool_], chosen: Image.Image
) -> NDArray[np.uint8]:
    """Dither to a chosen palette; pixels elsewhere take on a mean color first."""
    mean = cv2.mean(rgb, where.astype(np.uint8))[:3]
    filled = np.where(where[..., None], rgb, np.array(mean, np.uint8))
    return np.array(image_of(filled).quantize(palette=chosen, dither=Image.Dither.FLOYDSTEINBERG))


def _palette_of(image: Image.Image) -> NDArray[np.uint8]:
    """Return the used palette of an image as (n, 3)."""
    used = int(np.array(image).max()) + 1
    return np.array(image.getpalette(), np.uint8).reshape(-1, 3)[:used]


def _image(index: NDArray[np.uint8], palette: NDArray[np.uint8]) -> Image.Image:
    """Build a palette image; alpha below 255 anywhere goes to its transparency table."""
    image = Image.frombytes("P", (index.shape[1], index.shape[0]), index.tobytes())
    image.putpalette(palette[:, :3].tobytes())
    if palette.shape[1] == 4 and palette[:, 3].min() < 255:
        image.info["transparency"] = palette[:, 3].tobytes()
    return image
