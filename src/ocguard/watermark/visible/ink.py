"""Color the pieces of a mark for the ground they lie on, and make stamps of them.

Around the fill of a piece lies a soft rim of the opposite lightness: on even ground nobody sees it;
on mid-tones, busy art and where light meets dark it keeps the letters readable. By choice the rim
is an outline, a shadow, or none.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.choices import Edge
from ocguard.imaging.blending import Stamp
from ocguard.watermark.visible.pieces import Piece

__all__ = [
    "ANYWHERE",
    "DARK",
    "DARK_ANYWHERE",
    "GREY",
    "LIGHT",
    "Ink",
    "edged",
    "paint",
]

_RIM_RASTER_PX = 8.0
"""Reach above which a rim is made on a smaller raster, in pixels."""

_CELL_PX = 1024
"""Side of the squares that large pieces are cut into; empty ones are dropped to save memory."""

_OUTLINE = (0.95, 0.9)
"""Strength and reach of an outline: as strong as the fill, and hardly wider than a stem."""

_SHADOW = (0.6, 1.5)
"""Strength and reach of a shadow."""

_SHADOW_OFFSET = 1.05
"""How far a shadow falls to the right and down, in reaches of a fine rim."""


@dataclass(frozen=True)
class Ink:
    """Colors of the fill and of the rim.

    Attributes
    ----------
    fill : (int, int, int)
        RGB of the letters; logos keep their own colors.
    rim : (int, int, int)
        RGB of what surrounds them.
    rim_strength : float
        Opacity of the rim where it touches the fill, 0..1.
    rim_reach : float
        How far the rim reaches, in reaches of a fine rim (``Piece.rim_px``), up to 2.4: pieces
        leave room for that much.
    edge : {"auto", "none", "outline", "shadow"}
        The rim's shape: soft all around, nothing, hard all around, or soft to the lower right.
    """

    fill: tuple[int, int, int]
    rim: tuple[int, int, int]
    rim_strength: float
    rim_reach: float
    edge: Edge = "auto"


LIGHT = Ink((255, 255, 255), (12, 12, 20), 0.5, 1.0)
"""For dark and middle ground."""

DARK = Ink((16, 16, 24), (255, 255, 255), 0.5, 1.0)
"""For light ground."""

ANYWHERE = Ink((255, 255, 255), (12, 12, 20), 0.9, 2.4)
"""For ground of light and dark, or transparent ground that may lie on a white or a black page:
light letters in a shadow that closes between them."""

DARK_ANYWHERE = Ink((16, 16, 24), (255, 255, 255), 0.8, 2.4)
"""The same for dark logos: a glow around them."""

GREY = Ink((128, 128, 134), (128, 128, 134), 0.0, 1.0)
"""For faint letters on clear ground: seen on a white page and on a black one, heavy on neither."""


def edged(ink: Ink, edge: Edge) -> Ink:
    """Give an ink the rim that was chosen; ``"auto"`` leaves it as the ground asked for it.

    A shadow is as strong and wide as the ground asks for, if that is more than a usual one.
    """
    if edge == "none":
        return replace(ink, rim_strength=0.0, edge=edge)
    if edge == "auto":
        return ink
    strength, reach = _OUTLINE if edge == "outline" else _SHADOW
    if edge == "shadow":
        strength, reach = max(strength, ink.rim_strength), max(reach, ink.rim_reach)
    return replace(ink, rim_strength=strength, rim_reach=reach, edge=edge)


def paint(piece: Piece, ink: Ink, opacity: float) -> tuple[Stamp, ...]:
    """Color a piece.

    Parameters
    ----------
    piece : Piece
        Text or logo.
    ink : Ink
        Chosen for the ground.
    opacity : float
        Of the whole, 0..1. Fill and rim are joined first, so the rim never shines through.

    Returns
    -------
    tuple of Stamp
        From the point around which the block is laid: one stamp, or several side by side for a
        large piece, leaving out what is empty.
    """
    rim = _rim(piece.mask, ink, piece.rim_px)
    stamps = []
    for top in range(0, len(rim), _CELL_PX):
        for left in range(0, rim.shape[1], _CELL_PX):
            cell = np.s_[top : top + _CELL_PX, left : left + _CELL_PX]
            if not rim[cell].any():
                continue
            colors = None if piece.colors is None else piece.colors[cell]
            dusty = opacity if piece.grain is None else opacity / 255 * piece.grain[cell]
            rgba = _mixed(piece.mask[cell], rim[cell], colors, ink, dusty)
            stamps.append(Stamp(piece.left + left, piece.top + top, rgba))
    return tuple(stamps)


def _rim(mask: NDArray[np.uint8], ink: Ink, fine_px: float) -> NDArray[np.uint8]:
    """Widen and soften a mask; wide rims are made on a smaller raster, where nobody can tell."""
    if ink.edge == "none":
        return mask
    reach_px = ink.rim_reach * fine_px
    height, width = mask.shape
    shrink = max(1.0, reach_px / _RIM_RASTER_PX)
    reach = reach_px / shrink
    size = (max(1, round(width / shrink)), max(1, round(height / shrink)))
    small = mask if shrink == 1 else cv2.resize(mask, size, interpolation=cv2.INTER_AREA)
    core = max(1, round(0.5 * reach))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * core + 1, 2 * core + 1))
    wide = cv2.dilate(small, disc)
    soft = cv2.GaussianBlur(wide, (0, 0), 0.4 if ink.edge == "outline" else 0.4 * reach)
    if ink.edge == "shadow":
        fall = _SHADOW_OFFSET * fine_px / shrink
        move = np.array([[1, 0, fall], [0, 1, fall]], np.float32)
        fallen = cv2.warpAffine(soft, move, size)
        # Where the ground asks for a wide rim, letters need it on their bright side too.
        soft = cv2.max(soft, fallen) if ink.rim_reach > _SHADOW[1] else fallen
    return cv2.resize(soft, (width, height)).astype(np.uint8, copy=False)


def _mixed(
    mask: NDArray[np.uint8],
    rim: NDArray[np.uint8],
    colors: NDArray[np.uint8] | None,
    ink: Ink,
    opacity: float | NDArray[np.float32],
) -> NDArray[np.uint8]:
    """Lay the fill over the rim and fade both."""
    fill = mask.astype(np.float32) / 255
    alpha = fill + (ink.rim_strength / 255) * rim.astype(np.float32) * (1 - fill)
    share = fill / np.maximum(alpha, 1e-6)
    mixed = np.empty((*mask.shape, 4), np.uint8)
    for channel, (inside, outside) in enumerate(zip(ink.fill, ink.rim, strict=True)):
        color = inside if colors is None else colors[..., channel].astype(np.float32)
        mixed[..., channel] = share * (color - outside) + (outside + 0.5)
    mixed[..., 3] = alpha * (255 * opacity) + 0.5
    return mixed
