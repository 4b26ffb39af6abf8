"""Read the ground beneath a mark and choose the ink that stands out from it.

Works on a small rendition of the picture: light or dark is a matter of areas, not of pixels.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.watermark.visible.focus import Focus, focus_of
from ocguard.watermark.visible.ink import ANYWHERE, DARK, DARK_ANYWHERE, GREY, LIGHT, Ink
from ocguard.watermark.visible.palette import palette
from ocguard.watermark.visible.pieces import Piece

__all__ = ["Beneath", "Color", "Ground", "choose_ink", "outline_color"]

_MAX_GREY_FOR_LIGHT_INK = 150
"""Brightest luma (0..255) that still takes light ink. White and black stand out alike from
118 (WCAG 2 contrast 4.5 each); on middle tones white within a rim is the calmer of the two, so the
border lies where white alone still has a contrast of 3."""

_STANDS_OUT = 40.0
"""CIELAB distance from which the outline of a logo is told from its ground at a glance; half of it
must be lightness, which everybody sees. Found by looking: red, navy, ivory on black and white."""

_OUTLINE_SHARE = 0.06
"""Width of what counts as a logo's outline, as a share of its shorter side."""

_BLACK, _WHITE = (0.0, 0.0, 0.0), (255.0, 255.0, 255.0)

_RASTER_PX = 384
"""Longest side of the raster that is looked at, in pixels: letters are a few pixels tall there."""

_MAX_MINORITY = 0.2
"""Largest share of ground on the other side of that border (0..1) that a fine rim bridges."""

_EVEN_DEVIATION = 12.0
"""Standard deviation of the luma, in levels, up to which ground is even wherever that border runs
through it: either ink has nearly the same contrast all over."""

_MIN_OPACITY = 0.9
"""Below this mean opacity (0..1) the ground counts as the page that the picture will lie on."""

_CLEAR_OPACITY = 0.5
"""Below this mean opacity (0..1) there is more page than art under a group of pieces."""


Color = tuple[float, float, float]
"""RGB, 0..255."""


@dataclass(frozen=True)
class Beneath:
    """What lies under a group of pieces.

    Attributes
    ----------
    light : float
        Share of what is not transparent there that is light ground, 0..1.
    opacity : float
        Mean opacity under the ink, 0..1; 0 as well where the pieces lie outside the picture.
    color : (float, float, float)
        Mean RGB of what is not transparent there; black where nothing is.
    deviation : float
        Standard deviation of its luma, in levels.
    """

    light: float
    opacity: float
    color: Color = _BLACK
    deviation: float = 0.0

    @property
    def is_even(self) -> bool:
        """Whether one ink with a fine rim stands out from all of it."""
        is_one_sided = not _MAX_MINORITY < self.light < 1 - _MAX_MINORITY
        is_even = is_one_sided or self.deviation <= _EVEN_DEVIATION
        return is_even and self.opacity >= _MIN_OPACITY


@dataclass(frozen=True, eq=False)
class Ground:
    """A small view of the picture that the mark is made for.

    Attributes
    ----------
    rgb : (h, w, 3) uint8 array
        The picture, shrunk.
    grey : (h, w) uint8 array
        Its luma.
    opacity : (h, w) uint8 array
        255 is opaque.
    scale : (float, float)
        Pixels of these arrays per pixel of the full-size picture, across and down.
    """

    rgb: NDArray[np.uint8]
    grey: NDArray[np.uint8]
    opacity: NDArray[np.uint8]
    scale: tuple[float, float]

    @classmethod
    def of(
        cls, rgb: NDArray[np.uint8], alpha: NDArray[np.uint8] | None, size_px: tuple[int, int]
    ) -> Ground:
        """Take the ground from the rendition of a picture of ``size_px``."""
        shrink = max(1.0, max(rgb.shape[:2]) / _RASTER_PX)
        size = (max(1, round(rgb.shape[1] / shrink)), max(1, round(rgb.shape[0] / shrink)))
        small = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
        grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.uint8, copy=False)
        opacity = np.full_like(grey, 255)
        if alpha is not None:
            opacity[...] = cv2.resize(alpha, size, interpolation=cv2.INTER_AREA)
        rgb = np.asarray(small, np.uint8)
        return cls(rgb, grey, opacity, (size[0] / size_px[0], size[1] / size_px[1]))

    @cached_property
    def colors(self) -> NDArray[np.float32]:
        """The picture's palette."""
        return palette(self.rgb, self.opacity)

    @cached_property
    def focus(self) -> Focus:
        """What a mark should cross and what it should keep off."""
        return focus_of(self.rgb, self.opacity)

    def footprint(self, piece: Piece) -> NDArray[np.float32]:
        """Shrink a piece's mask to the scale of the rendition; reusable for every place."""
        height, width = piece.mask.shape
        size = (max(1, round(width * self.scale[0])), max(1, round(height * self.scale[1])))
        return cv2.resize(piece.mask, size, interpolation=cv2.INTER_AREA).astype(np.float32)

    def beneath(
        self, pieces: Sequence[tuple[Piece, NDArray[np.float32]]], at_px: tuple[int, int]
    ) -> Beneath:
        """Read the ground under pieces (with their footprints) laid around one point."""
        ink = covered = light = squares = 0.0
        color = np.zeros(3)
        for piece, footprint in pieces:
            left = round((at_px[0] + piece.left) * self.scale[0])
            top = round((at_px[1] + piece.top) * self.scale[1])
            height, width = footprint.shape
            there = np.s_[max(0, top) : max(0, top + height), max(0, left) : max(0, left + width)]
            grey, opacity = self.grey[there], self.opacity[there].astype(np.float32) / 255
            y, x = max(0, -top), max(0, -left)
            weight = footprint[y : y + grey.shape[0], x : x + grey.shape[1]]
            ink += float(weight.sum())
            seen = weight * opacity
            covered += float(seen.sum())
            light += float(seen[grey > _MAX_GREY_FOR_LIGHT_INK].sum())
            squares += float((seen * np.square(grey, dtype=np.float32)).sum())
            color += np.tensordot(seen, self.rgb[there], 2)
        if not covered:
            return Beneath(0.0, 0.0)
        red, green, blue = (float(value) / covered for value in color)
        variance = squares / covered - _luma((red, green, blue)) ** 2
        deviation = math.sqrt(max(0.0, variance))
        return Beneath(light / covered, covered / ink, (red, green, blue), deviation)


def choose_ink(beneath: Beneath, logo: Color | None = None, *, is_faint: bool = False) -> Ink:
    """Choose the ink that stands out: a fine rim on even ground, a wide one elsewhere.

    Parameters
    ----------
    beneath : Beneath
        The ground.
    logo : (float, float, float), optional
        RGB of a logo's outline, which keeps its colors; by default the ink is free to choose.
    is_faint : bool
        Whether the mark is a net over the picture, which may be less plain where no art is.

    Returns
    -------
    Ink
        Never of the same lightness as most of the ground, or with a wide rim; for a logo that
        stands out by itself, without any.
    """
    if logo is not None:
        return _logo_ink(beneath, logo)
    if is_faint and beneath.opacity < _CLEAR_OPACITY:
        return GREY
    if not beneath.is_even:
        return ANYWHERE
    return DARK if beneath.light > 0.5 else LIGHT


def _logo_ink(beneath: Beneath, logo: Color) -> Ink:
    """Help a logo only where it would vanish: a glow around its own colors is no ornament."""
    is_light_logo = _luma(logo) > _MAX_GREY_FOR_LIGHT_INK
    grounds: tuple[Color, ...] = ()
    if beneath.is_even:
        grounds = (beneath.color,)
    elif beneath.opacity < _CLEAR_OPACITY:
        grounds = (_BLACK, _WHITE)  # pages that the picture may lie on
    if grounds and all(_stands_out(logo, ground) for ground in grounds):
        return replace(LIGHT if is_light_logo else DARK, rim_strength=0.0)
    return ANYWHERE if is_light_logo else DARK_ANYWHERE


def _luma(color: Color) -> float:
    return float(np.dot(color, (0.299, 0.587, 0.114)))


def _stands_out(logo: Color, ground: Color) -> bool:
    """Compare two colors in CIELAB (CIE 15:2004)."""
    pair = np.array([[logo, ground]], np.float32) / 255
    first, second = np.asarray(cv2.cvtColor(pair, cv2.COLOR_RGB2Lab), np.float64)[0]
    is_lighter_or_darker = abs(first[0] - second[0]) >= _STANDS_OUT / 2
    return bool(is_lighter_or_darker and np.linalg.norm(first - second) >= _STANDS_OUT)


def outline_color(piece: Piece) -> Color | None:
    """Give the mean color along a logo's outline; None for text, which takes any color."""
    if piece.colors is None:
        return None
    width = max(1, round(_OUTLINE_SHARE * min(piece.mask.shape)))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * width + 1, 2 * width + 1))
    inner = cv2.erode(piece.mask, disc, borderValue=0)
    ring = piece.mask.astype(np.float64) - inner
    red, green, blue = (float(v) for v in np.average(piece.colors, axis=(0, 1), weights=ring))
    return red, green, blue
