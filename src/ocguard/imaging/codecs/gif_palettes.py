"""The frames of a GIF as indices: what each draws over the one before, and in which colors.

Where all colors of an animation fit into one palette, nothing is lost. Otherwise every frame gets
a palette for what it draws. Pixels that equal the frame before are not drawn, so still regions stay
as they are, whatever the palettes; and a frame keeps the palette before it where that serves as
well.

A color between two of the palette is mixed of them by an ordered pattern (Bayer), whose error
depends on the place alone: error diffusion would flicker. A mark changes flat colors by a level or
two, and their local mean must survive, but mixing with a far color for that would leave specks. So
of all pairs the one is taken that costs least: the square of what the mean is off, and a part of
the variance of the mixture. Where that leaves local means too far off for a mark to be read, as in
grain of all colors, the pattern is added to all pixels instead, as wide as the palette is coarse.

References
----------
B. E. Bayer, "An optimum method for two-level rendition of continuous-tone pictures", IEEE ICC 1973.
S. P. Lloyd, "Least squares quantization in PCM", IEEE Transactions on Information Theory 28(2),
1982.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ocguard.imaging.codecs.palette import (
    FAR_LEVELS,
    MAX_COLORS,
    MAX_FAR_SHARE,
    median_cut,
    packed,
    sample,
    unpacked,
)
from ocguard.imaging.picture import Pixels
from ocguard.imaging.pillow_arrays import image_of

__all__ = ["TRANSPARENT", "Drawn", "drawn_frames"]

TRANSPARENT = MAX_COLORS - 1
"""Index that shows nothing, or the frame before."""

_OPAQUE_FROM = 128  # alpha; GIF knows opaque and transparent only
_COLORS = MAX_COLORS - 1
_NOISE_COST = 0.2  # of a mixture's variance; 0.05 left specks and 3 dB less, 1 would mix nothing
_MOST_OFF_LEVELS = 0.4  # rms of what means of blocks are off; paintings had 0.25, a mark's are 0.3
_SPREAD = 1.5  # of an added pattern, in steps of the palette; 1 lost marks, 2 cost 3 dB
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)
_PARTNERS = 24  # nearest colors of the palette that a color is mixed with
_BAYER_STEPS = 3  # 8 x 8 pattern
_BLOCK_PX = 8
_REFINEMENTS = 4  # of a palette (Lloyd); more gained 0.1 dB each
_EVENING = 0.5  # exponent of a color's pixels; see `median_cut`
_MOST_COLORS = 1 << 13  # colors that are compared with a palette at a time
_KEPT_FACTOR, _KEPT_SLACK = 1.25, 0.5  # how much worse, in squared levels, a kept palette may be
_GRAINY_SQUARE = 255**2 / 10**4  # mean squared error of 40 dB

_Colors = NDArray[np.float32]
_Index = NDArray[np.uint8]
_Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """What one frame draws.

    Attributes
    ----------
    index : (H, W) uint8 array
        Of the whole canvas; :data:`TRANSPARENT` where nothing is drawn.
    palette : (n, 3) uint8 array
        At most 255 colors; the very object of the frame before where it was kept.
    clears : bool
        Whether the canvas is empty again before the next frame.
    is_exact : bool
        Whether no color was changed.
    is_grainy : bool
        Whether one sees that colors were changed.
    """

    index: _Index
    palette: NDArray[np.uint8]
    clears: bool
    is_exact: bool
    is_grainy: bool


def drawn_frames(frames: Sequence[Pixels]) -> Iterator[Drawn]:
    """Tell frame by frame what to draw.

    Parameters
    ----------
    frames : sequence of (H, W, 3 or 4) uint8 arrays
        Alpha below 128 becomes transparent, the rest opaque.

    Yields
    ------
    Drawn
        One for each frame. Where at most 255 colors are seen in all, one palette serves all.

    Notes
    -----
    About 0.4 CPU-seconds a megapixel that is drawn and has more colors.
    """
    colors = _all_colors(frames)
    palette = None if colors is None else _bytes(colors)
    before, is_empty = frames[0], True
    for number, frame in enumerate(frames):
        shown = _opaque(frame)
        drawn = shown if is_empty else shown & (_differs(before, frame) | ~_opaque(before))
        last = number + 1 == len(frames)
        is_empty = not last and bool((shown & ~_opaque(frames[number + 1])).any())
        one = _drawn(frame, drawn, palette, clears=is_empty)
        yield one
        before, palette = frame, one.palette


def _all_colors(frames: Sequence[Pixels]) -> NDArray[np.uint32] | None:
    """Return what colors are seen, packed and sorted; None if they are too many for a palette."""
    found = np.empty(0, np.uint32)
    for frame in frames:
        found = np.union1d(found, packed(frame[..., :3])[_opaque(frame)])
        if len(found) > _COLORS:
            return None
    return found


def _drawn(frame: Pixels, drawn: _Mask, before: NDArray[np.uint8] | None, *, clears: bool) -> Drawn:
    """Choose a palette for what a frame draws, and index it."""
    index = np.full(drawn.shape, TRANSPARENT, np.uint8)
    codes, places = np.unique(packed(frame[..., :3])[drawn], return_inverse=True)
    if before is not None and (not len(codes) or np.isin(codes, _codes(before)).all()):
        index[drawn] = _exact(codes, before)[places]
        return Drawn(index, before, clears, is_exact=True, is_grainy=False)
    if len(codes) <= _COLORS:
        palette = _bytes(codes)
        index[drawn] = _exact(codes, palette)[places]
        return Drawn(index, palette, clears, is_exact=True, is_grainy=False)
    palette = _chosen(frame, drawn, before)
    pattern = _pattern(drawn.shape)
    nearest, other, share = _mixtures(_floats(codes), palette.astype(np.float32))
    mixes = pattern[drawn] < share[places]
    index[drawn] = np.where(mixes, other[places], nearest[places])
    error = palette[index[drawn]].astype(np.int16) - frame[..., :3][drawn]
    if _means_off(error, drawn) > _MOST_OFF_LEVELS:
        index[drawn] = _patterned(frame[..., :3], palette, pattern)[drawn]
        error = palette[index[drawn]].astype(np.int16) - frame[..., :3][drawn]
    is_grainy = bool(
        (np.abs(error).max(axis=1) > FAR_LEVELS).mean() > MAX_FAR_SHARE
        or np.square(error, dtype=np.float32).mean() > _GRAINY_SQUARE
    )
    return Drawn(index, palette, clears, is_exact=False, is_grainy=is_grainy)


def _patterned(colors: Pixels, palette: NDArray[np.uint8], pattern: NDArray[np.float32]) -> _Index:
    """Add a pattern of zero mean to all pixels, and return the nearest entries."""
    points = palette.astype(np.float32)
    apart = np.abs(points[:, None] - points[None]).max(axis=2)
    np.fill_diagonal(apart, np.inf)
    spread = _SPREAD * float(np.median(apart.min(axis=1)))
    added = np.clip(np.rint(colors + ((pattern - 0.5) * spread)[..., None]), 0, 255)
    holder = Image.new("P", (1, 1))
    holder.putpalette(np.resize(palette, (MAX_COLORS, 3)).tobytes())
    image = image_of(added.astype(np.uint8)).quantize(palette=holder, dither=Image.Dither.NONE)
    index: _Index = (np.array(image) % len(palette)).astype(np.uint8)
    return index


def _means_off(error: NDArray[np.int16], drawn: _Mask) -> float:
    """Return how far the luma is off on the mean of small blocks: the rms, in levels."""
    luma = np.zeros(drawn.shape, np.float32)
    luma[drawn] = error.astype(np.float32) @ _LUMA
    size = tuple(-(-length // _BLOCK_PX) for length in drawn.shape[::-1])
    means = cv2.resize(luma, size, interpolation=cv2.INTER_AREA)
    share = cv2.resize(drawn.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    return float(np.sqrt(np.square(means).sum() / max(1.0, float(share.sum()))))


def _chosen(frame: Pixels, drawn: _Mask, before: NDArray[np.uint8] | None) -> NDArray[np.uint8]:
    """Choose 255 colors, or the palette before where it serves nearly as well."""
    taken = _taken(frame, drawn)
    codes, counts = np.unique(packed(taken[None]), return_counts=True)
    colors, weights = _floats(codes), counts**_EVENING
    palette = np.unique(median_cut(taken, _COLORS), axis=0).astype(np.float32)
    for _ in range(_REFINEMENTS):
        nearest, _ = _nearest(colors, palette)
        sums = np.bincount(nearest, weights, len(palette))
        means = [
            np.bincount(nearest, weights * colors[:, channel], len(palette)) for channel in range(3)
        ]
        moved = np.stack(means, axis=1) / np.maximum(sums, np.finfo(np.float64).tiny)[:, None]
        palette = np.where(sums[:, None] > 0, moved, palette).astype(np.float32)
    chosen = np.rint(palette).astype(np.uint8)
    if before is not None and len(before):
        own, kept = (
            float(np.average(_nearest(colors, one.astype(np.float32))[1], weights=counts))
            for one in (chosen, before)
        )
        if kept <= _KEPT_FACTOR * own + _KEPT_SLACK:
            return before
    return chosen


def _taken(frame: Pixels, drawn: _Mask) -> Pixels:
    """Take a sample of what is drawn."""
    taken = sample(frame[..., :3])[sample(drawn)]
    return taken if len(taken) >= _COLORS else frame[..., :3][drawn]


def _mixtures(colors: _Colors, palette: _Colors) -> tuple[_Index, _Index, NDArray[np.float32]]:
    """Return the nearest entry for each color, another, and the share that the other gets."""
    apart = np.square(palette[:, None] - palette[None]).sum(axis=2)
    partners = np.argsort(apart, axis=1, kind="stable")[:, 1 : _PARTNERS + 1]
    nearest, _ = _nearest(colors, palette)
    others, shares = np.empty(len(colors), np.uint8), np.empty(len(colors), np.float32)
    for first in range(0, len(colors), _MOST_COLORS):
        part = slice(first, first + _MOST_COLORS)
        at = nearest[part]
        error = colors[part] - palette[at]
        way = palette[partners[at]] - palette[at][:, None]
        length = np.maximum(np.square(way).sum(axis=2), 1)
        along = (error[:, None] * way).sum(axis=2)
        share = (along - _NOISE_COST * length / 2) / (length * (1 - _NOISE_COST))
        share = share.clip(0, 0.5)
        cost = share * (share * length - 2 * along + _NOISE_COST * (1 - share) * length)
        best = cost.argmin(axis=1)[:, None]
        others[part] = np.take_along_axis(partners[at], best, axis=1)[:, 0]
        shares[part] = np.take_along_axis(share, best, axis=1)[:, 0]
    return nearest.astype(np.uint8), others, shares


def _nearest(colors: _Colors, palette: _Colors) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """Return the nearest entry for each color, and the square of its distance."""
    found = np.empty(len(colors), np.intp)
    for first in range(0, len(colors), _MOST_COLORS):
        part = slice(first, first + _MOST_COLORS)
        found[part] = (np.square(palette).sum(axis=1) - 2 * colors[part] @ palette.T).argmin(axis=1)
    return found, np.square(colors - palette[found]).sum(axis=1)


def _pattern(shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Return a Bayer pattern of thresholds between 0 and 1."""
    pattern: NDArray[np.floating] = np.zeros((1, 1), np.float32)
    for _ in range(_BAYER_STEPS):
        pattern = np.block([[4 * pattern, 4 * pattern + 2], [4 * pattern + 3, 4 * pattern + 1]])
    side = len(pattern)
    tiles = np.tile((pattern + 0.5) / pattern.size, [-(-length // side) for length in shape])
    return tiles[: shape[0], : shape[1]].astype(np.float32)


def _exact(codes: NDArray[np.uint32], palette: NDArray[np.uint8]) -> _Index:
    """Return the entries of colors that the palette has."""
    known = _codes(palette)
    order = np.argsort(known, kind="stable")
    return order[np.searchsorted(known, codes, sorter=order)].astype(np.uint8)


def _codes(palette: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """Pack the colors of a palette."""
    codes: NDArray[np.uint32] = packed(palette[None])[0]
    return codes


def _bytes(codes: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """Unpack colors."""
    return np.ascontiguousarray(unpacked(codes)[:, :3])


def _floats(codes: NDArray[np.uint32]) -> _Colors:
    """Unpack colors to reckon with them."""
    return _bytes(codes).astype(np.float32)


def _differs(before: Pixels, frame: Pixels) -> _Mask:
    """Tell where two frames have other colors."""
    changed: _Mask = (before[..., :3] != frame[..., :3]).any(axis=2)
    return changed


def _opaque(frame: Pixels) -> _Mask:
    """Tell where a frame is seen."""
    if frame.shape[2] < 4:
        return np.ones(frame.shape[:2], np.bool_)
    seen: _Mask = frame[..., 3] >= _OPAQUE_FROM
    return seen
