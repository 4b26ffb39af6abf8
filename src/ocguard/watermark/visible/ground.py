"""Read the ground beneath a mark and choose the ink that stands out from it.

Works on a small rendition of the picture: light or dark is a matter of areas, not of pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.watermark.visible.focus import Focus, focus_of
from ocguard.watermark.visible.ink import ANYWHERE, DARK, DARK_ANYWHERE, GREY, LIGHT, Ink
from ocguard.watermark.visible.palette import palette
from ocguard.watermark.visible.pieces import Piece

__all__ = ["Beneath", "Ground", "choose_ink", "is_light"]

_MAX_GREY_FOR_LIGHT_INK = 150
"""Brightest luma (0..255) that still takes light ink. White and black stand out alike from
118 (WCAG 2 contrast 4.5 each); on middle tones white within a rim is the calmer of the two, so the
border lies where white alone still has a contrast of 3."""

_RASTER_PX = 384
"""Longest side of the raster that is looked at, in pixels: letters are a few pixels tall there."""

_MAX_MINORITY = 0.2
"""Largest share of ground on the other side of that border (0..1) that a fine rim bridges."""

_MIN_OPACITY = 0.9
"""Below this mean opacity (0..1) the ground counts as the page that the picture will lie on."""

_CLEAR_OPACITY = 0.5
"""Below this mean opacity (0..1) there is more page than art under a group of pieces."""


@dataclass(frozen=True)
class Beneath:
    """What lies under a group of pieces.

    Parameters
    ----------
    light : float
        Share of what is not transparent there that is light ground, 0..1.
    opacity : float
        Mean opacity under the ink, 0..1; 0 as well where the pieces lie outside the picture.
    color : (float, float, float)
        Mean RGB of what is not transparent there; black where nothing is.
    """

    light: float
    opacity: float
    color: tuple[float, float, float] = (0.0, 0.0, 0.0)


@dataclass(frozen=True, eq=False)
class Ground:
    """A small view of the picture that the mark is made for.

    Parameters
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
        ink = covered = light = 0.0
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
            covered += float((weight * opacity).sum())
            light += float((weight * opacity)[grey > _MAX_GREY_FOR_LIGHT_INK].sum())
            color += np.tensordot(weight * opacity, self.rgb[there], 2)
        if not covered:
            return Beneath(0.0, 0.0)
        red, green, blue = (float(value) / covered for value in color)
        return Beneath(light / covered, covered / ink, (red, green, blue))


def choose_ink(
    beneath: Beneath, fill_is_light: bool | None = None, *, is_faint: bool = False
) -> Ink:
    """Choose the ink that stands out: a fine rim on even ground, a wide one elsewhere.

    Parameters
    ----------
    beneath : Beneath
        The ground.
    fill_is_light : bool, optional
        Whether the fill is light already, for logos, which keep their colors; by default the ink
        is free to choose.
    is_faint : bool
        Whether the mark is a net over the picture, which may be less plain where no art is.

    Returns
    -------
    Ink
        Never of the same lightness as most of the ground, or with a wide rim.
    """
    if is_faint and fill_is_light is None and beneath.opacity < _CLEAR_OPACITY:
        return GREY
    is_even = not _MAX_MINORITY < beneath.light < 1 - _MAX_MINORITY
    is_even = is_even and beneath.opacity >= _MIN_OPACITY
    is_light_ground = beneath.light > 0.5
    if fill_is_light is None:
        fill_is_light = not (is_even and is_light_ground)
    if is_even and fill_is_light != is_light_ground:
        return LIGHT if fill_is_light else DARK
    return ANYWHERE if fill_is_light else DARK_ANYWHERE


def is_light(piece: Piece) -> bool | None:
    """Say whether a logo is light on the whole; None for text, which takes any color."""
    if piece.colors is None:
        return None
    grey = cv2.cvtColor(piece.colors, cv2.COLOR_RGB2GRAY)
    return float(np.average(grey, weights=piece.mask)) > _MAX_GREY_FOR_LIGHT_INK
