"""Back to a palette: at most 256 colors, alpha kept exactly, the rest spread by dithering.

A mark changes flat colors by a level or two, so a marked palette picture has thousands of colors.
Error diffusion (Floyd and Steinberg) keeps their local mean, and with it the low frequencies that
carry the mark. Flat colors and white paper keep their entries; the others are chosen by median cut
from a sample in which rare colors count for more than their pixels: an eye or a jewel needs an
entry of its own. The frames of a GIF have a module of their own,
:mod:`ocguard.imaging.codecs.gif_palettes`.

References
----------
R. W. Floyd and L. Steinberg, "An adaptive algorithm for spatial greyscale", Proceedings of the SID
17(2), 1976.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ocguard.imaging.picture import Pixels
from ocguard.imaging.pillow_arrays import array_of, image_of
from ocguard.language.message import Message

__all__ = [
    "DITHERED",
    "FAR_LEVELS",
    "MAX_COLORS",
    "MAX_FAR_SHARE",
    "has_room_for",
    "is_near",
    "median_cut",
    "packed",
    "palette_image",
    "sample",
    "unpacked",
]

DITHERED = Message("The marked picture has more colors than a palette holds: they were dithered.")
"""What is said of every picture that goes back to a palette with a loss."""

_NEAREST, _DIFFUSED = Image.Dither.NONE, Image.Dither.FLOYDSTEINBERG
_Sample = TypeVar("_Sample", bound=np.generic)

MAX_COLORS = 256
_MAX_ALPHA_LEVELS = 128  # with more, too few colors are left for each
_DITHER_FROM_COLORS = 8  # fewer cannot carry an error pattern that is worth its cost
_SAMPLE_SIDE_PX = 1024  # a palette is chosen by pixels on a grid of at most this many a side
_STRIP_PX = 1 << 18  # pixels whose colors are sorted at a time
_CELL_BITS = 5  # of each channel: colors that are sampled as one
_EVENING = 1 / 3  # exponent of a cell's pixels; 1 lost accents, 1/2 was worse by 1 dB on portraits
FAR_LEVELS = 24
"""An error that one sees in a single pixel."""
MAX_FAR_SHARE = 0.001
"""Of the visible pixels, those that may have it."""


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
    return _dithered(pixels) if pixels.shape[2] == 3 else _dithered_with_alpha(pixels)


def has_room_for(pixels: Pixels) -> bool:
    """Tell whether a palette holds every color, so that nothing has to be dithered."""
    return _colors(pixels, MAX_COLORS) is not None


def is_near(pixels: Pixels, image: Image.Image) -> bool:
    """Tell whether a palette image shows hardly a pixel far from its color.

    Far is more than 24 levels, weighted by alpha; hardly is one visible pixel in a thousand.
    """
    seen = array_of(image, "RGBA")
    far = visible = 0
    for rows in _strips(pixels):
        error = np.abs(seen[rows][..., :3].astype(np.int16) - pixels[rows][..., :3]).max(axis=2)
        alpha = seen[rows][..., 3].astype(np.int32)
        far += int((error * alpha > FAR_LEVELS * 255).sum())
        visible += int((alpha > 0).sum())
    return far <= MAX_FAR_SHARE * visible


def _exact(
    pixels: Pixels,
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]] | None:
    """Return (indices, palette) without any loss, None if there are too many colors."""
    found = _colors(pixels, MAX_COLORS)
    if found is None:
        return None
    index = np.empty(pixels.shape[:2], np.uint8)
    for rows in _strips(pixels):
        index[rows] = np.searchsorted(found, packed(pixels[rows]))
    return index, unpacked(found)[:, : pixels.shape[2]]


def _colors(pixels: Pixels, limit: int) -> NDArray[np.uint32] | None:
    """Return all colors, packed and sorted; None as soon as there are more than `limit`."""
    found = np.empty(0, np.uint32)
    for rows in _strips(pixels):
        found = np.union1d(found, packed(pixels[rows]))
        if len(found) > limit:
            return None
    return found


def _strips(pixels: Pixels) -> Iterator[slice]:
    """Yield rows to look at in one go."""
    rows = max(1, _STRIP_PX // pixels.shape[1])
    return (slice(top, top + rows) for top in range(0, len(pixels), rows))


def packed(pixels: Pixels) -> NDArray[np.uint32]:
    """Return each pixel as one number."""
    four = np.zeros((*pixels.shape[:2], 4), np.uint8)
    four[..., : pixels.shape[2]] = pixels
    return four.view(np.uint32)[..., 0]


def unpacked(colors: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """Return numbers as colors of four channels."""
    return colors.view(np.uint8).reshape(-1, 4)


def median_cut(colors: Pixels, count: int) -> NDArray[np.uint8]:
    """Choose at most `count` colors for (n, 3) pixels, as (m, 3).

    What fills as much as an even share of the palette, white paper or a flat color, is an entry as
    it is. The others are cut, and every cell of similar ones counts by a root of its size.
    """
    flat = _flat_colors(colors, count)
    others = colors[~np.isin(packed(colors[None])[0], flat)]
    if not len(others):
        return unpacked(flat)[:, :3]
    cells = others.astype(np.int32) >> (8 - _CELL_BITS)
    cells = (cells[:, 0] << 2 * _CELL_BITS) | (cells[:, 1] << _CELL_BITS) | cells[:, 2]
    order = np.argsort(cells, kind="stable")
    _, starts, sizes = np.unique(cells[order], return_index=True, return_counts=True)
    kept = np.ceil(sizes**_EVENING).astype(np.int64)
    place = np.arange(kept.sum()) - np.repeat(np.cumsum(kept) - kept, kept)  # within its cell
    taken = order[np.repeat(starts, kept) + place * np.repeat(sizes, kept) // np.repeat(kept, kept)]
    cut = image_of(others[taken][None]).quantize(count - len(flat), Image.Quantize.MEDIANCUT)
    used = int(np.array(cut).max()) + 1
    chosen = np.array(cut.getpalette(), np.uint8).reshape(-1, 3)[:used]
    return np.concatenate([unpacked(flat)[:, :3], chosen])


def _flat_colors(colors: Pixels, count: int) -> NDArray[np.uint32]:
    """Return the colors, packed, each of which fills an even share of a palette, half of it."""
    found, sizes = np.unique(packed(colors[None])[0], return_counts=True)
    most = np.argsort(-sizes, kind="stable")[: count // 2]
    return np.asarray(found[most][sizes[most] * count >= len(colors)], np.uint32)


def sample(frame: NDArray[_Sample]) -> NDArray[_Sample]:
    """Take every n-th pixel of every n-th row, so that flat colors stay what they are."""
    height, width = frame.shape[:2]
    step = -(-max(height, width) // _SAMPLE_SIDE_PX)
    return frame[::step, ::step]


def _dithered(pixels: Pixels) -> Image.Image:
    """Choose colors by median cut, then diffuse the error."""
    chosen = median_cut(sample(pixels).reshape(-1, 3), MAX_COLORS)
    return _image(_index_of(pixels, chosen, _DIFFUSED), chosen)


def _index_of(rgb: Pixels, chosen: NDArray[np.uint8], dither: Image.Dither) -> NDArray[np.uint8]:
    """Return the entries of a palette of (n, 3) for the pixels of a picture.

    Pillow looks for the nearest entry of a cell of 4 x 4 x 4 colors, so white can become the grey
    beside it: a pixel that has an entry of its own gets that.
    """
    last = len(chosen) - 1
    every = np.concatenate([chosen, np.repeat(chosen[-1:], MAX_COLORS - len(chosen), axis=0)])
    chart = _image(np.zeros((1, 1), np.uint8), every)
    index = np.array(image_of(rgb).quantize(palette=chart, dither=dither), np.uint8)
    entries, first = np.unique(packed(chosen[None])[0], return_index=True)
    for rows in _strips(rgb):
        wanted = packed(rgb[rows])
        at = np.minimum(np.searchsorted(entries, wanted), len(entries) - 1)
        own = first.astype(np.uint8)[at]
        index[rows] = np.where(entries[at] == wanted, own, np.minimum(index[rows], np.uint8(last)))
    return index


def _dithered_with_alpha(pixels: Pixels) -> Image.Image | None:
    """Give every level of alpha colors by its share of pixels, and dither the large ones."""
    alpha = np.ascontiguousarray(pixels[..., 3])
    counts = cv2.calcHist([alpha], [0], None, [256], [0, 256]).astype(np.int64).ravel()
    levels = np.flatnonzero(counts)
    if len(levels) > _MAX_ALPHA_LEVELS:
        return None
    visible = counts[levels] * (levels > 0)
    budgets = 1 + (MAX_COLORS - len(levels)) * visible // max(1, int(visible.sum()))
    index = np.zeros(alpha.shape, np.uint8)
    palette = np.zeros((0, 4), np.uint8)
    for level, budget in zip(levels.tolist(), budgets.tolist(), strict=True):
        at = alpha == level
        taken = pixels[at][:: 1 + int(at.sum()) // _SAMPLE_SIDE_PX**2, :3]
        chosen = median_cut(taken, budget)
        if budget < _DITHER_FROM_COLORS:
            few = np.ascontiguousarray(pixels[at][None, :, :3])
            index[at] = _index_of(few, chosen, _NEAREST)[0] + len(palette)
        else:
            index[at] = _dithered_where(pixels[..., :3], at, chosen)[at] + len(palette)
        palette = np.concatenate([palette, np.insert(chosen, 3, level, axis=1)])
    return _image(index, palette)


def _dithered_where(
    rgb: Pixels, where: NDArray[np.bool_], chosen: NDArray[np.uint8]
) -> NDArray[np.uint8]:
    """Dither to a chosen palette; pixels elsewhere take on a color of it, which has no error."""
    return _index_of(np.where(where[..., None], rgb, chosen[0]), chosen, _DIFFUSED)


def _image(index: NDArray[np.uint8], palette: NDArray[np.uint8]) -> Image.Image:
    """Build a palette image; alpha below 255 anywhere goes to its transparency table."""
    image = Image.frombytes("P", (index.shape[1], index.shape[0]), index.tobytes())
    image.putpalette(palette[:, :3].tobytes())
    if palette.shape[1] == 4 and palette[:, 3].min() < 255:
        image.info["transparency"] = palette[:, 3].tobytes()
    return image
