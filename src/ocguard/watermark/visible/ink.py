"""Turn text and logos into pieces of a mark, and pieces into stamps for the ground they lie on.

A piece is a coverage mask with the colors inside it. It is drawn above the final resolution,
turned there, and averaged down once, so edges stay smooth at any angle. Around its fill lies a
soft rim of the opposite lightness: on even ground nobody sees it; on mid-tones, busy art and where
light meets dark it keeps the letters readable. By choice the rim is an outline, a shadow, or none.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from ocguard.imaging.blending import Stamp
from ocguard.watermark.visible.fonts import Run
from ocguard.watermark.visible.variation import STEADY, Variation, grain, warped

__all__ = [
    "ANYWHERE",
    "DARK",
    "DARK_ANYWHERE",
    "EDGES",
    "LIGHT",
    "Edge",
    "Ink",
    "Piece",
    "column_piece",
    "edged",
    "logo_piece",
    "paint",
    "text_piece",
]

_FINE_PX = 320
"""Em (or longer side of a logo) up to which pieces are drawn larger than needed, in pixels."""

_MAX_FINE = 4
"""Most times that a piece is drawn above its final resolution."""

_RIM_EM = 0.08
"""Reach of the soft rim, in em: about the width of a stem, so that counters stay open."""

_RIM_OF_LOGO = 0.05
"""Reach of a logo's rim, as a share of its shorter side."""

_EM_OF_LOGO = 0.4
"""What counts as the em of a logo when it is bent and grained, as a share of its shorter side."""

_RIM_RASTER_PX = 8.0
"""Reach above which a rim is made on a smaller raster, in pixels."""

_MAX_REACH = 2.4
"""Widest rim of any ink, in reaches of a fine rim: room for it is left around every piece."""

_CELL_PX = 1024
"""Side of the squares that large pieces are cut into; empty ones are dropped to save memory."""

Edge = Literal["auto", "none", "outline", "shadow"]
"""What surrounds letters and logos: a soft rim as the ground asks for it, or one by choice."""

EDGES: Final[tuple[Edge, ...]] = ("auto", "none", "outline", "shadow")

_OUTLINE = (0.95, 0.9)
"""Strength and reach of an outline: as strong as the fill, and hardly wider than a stem."""

_SHADOW = (0.6, 1.5)
"""Strength and reach of a shadow."""

_SHADOW_OFFSET = 0.7
"""How far a shadow falls to the right and down, in its reaches."""


@dataclass(frozen=True)
class Ink:
    """Colors of the fill and of the rim.

    Parameters
    ----------
    fill : (int, int, int)
        RGB of the letters; logos keep their own colors.
    rim : (int, int, int)
        RGB of what surrounds them.
    rim_strength : float
        Opacity of the rim where it touches the fill, 0..1.
    rim_reach : float
        How far the rim reaches, in reaches of a fine rim (``Piece.rim_px``), up to ``_MAX_REACH``.
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


@dataclass(frozen=True, eq=False)
class Piece:
    """One part of a mark, ready to be painted for the ground it will lie on.

    Parameters
    ----------
    left, top : int
        Of the mask, from the point around which the block is laid, in pixels.
    mask : (h, w) uint8 array
        Coverage, 255 inside; with room for the rim on every side.
    colors : (h, w, 3) uint8 array or None
        A logo's own colors; None for text.
    rim_px : float
        Reach of the rim, in pixels.
    grain : (h, w) float32 array or None
        Factors on the opacity, 0..1; None where the ink is even.
    """

    left: int
    top: int
    mask: NDArray[np.uint8]
    colors: NDArray[np.uint8] | None
    rim_px: float
    grain: NDArray[np.float32] | None = None


def edged(ink: Ink, edge: Edge) -> Ink:
    """Give an ink the rim that was chosen; ``"auto"`` leaves it as the ground asked for it."""
    if edge == "none":
        return replace(ink, rim_strength=0.0, edge=edge)
    if edge == "auto":
        return ink
    strength, reach = _OUTLINE if edge == "outline" else _SHADOW
    return replace(ink, rim_strength=strength, rim_reach=reach, edge=edge)


def text_piece(
    runs: tuple[Run, ...],
    size_px: float,
    origin_px: tuple[float, float],
    angle_degrees: float = 0.0,
    *,
    varied: Variation = STEADY,
    name: str = "",
) -> Piece:
    """Draw a stretch of text.

    Parameters
    ----------
    runs : tuple of (Face, str)
        Text of one line.
    size_px : float
        Em, in pixels.
    origin_px : (float, float)
        Where the base line starts, from the center of the block and before turning, in pixels.
    angle_degrees : float
        Turn of the block around its center, counterclockwise.
    varied : Variation
        How the letters are bent and grained.
    name : str
        Tells this piece from the others of the mark, which are bent in other ways.

    Returns
    -------
    Piece
        Without colors.
    """
    fine = _fineness(size_px)
    fonts = [face.at(size_px * fine) for face, _ in runs]
    advances = [font.getlength(text) for font, (_, text) in zip(fonts, runs, strict=True)]
    side, ascent, descent = (int(size_px * fine * em) + 2 for em in (0.3, 1.2, 0.5))
    page = Image.new("L", (int(sum(advances)) + 2 * side, ascent + descent))
    pen = ImageDraw.Draw(page)
    x = float(side)
    for font, (_, text), advance in zip(fonts, runs, advances, strict=True):
        pen.text((x, ascent), text, fill=255, font=font, anchor="ls")
        x += advance
    corner = (origin_px[0] - side / fine, origin_px[1] - ascent / fine)
    rim_px = max(1.0, _RIM_EM * size_px)
    bent = warped(np.asarray(page), fine, size_px, varied, name)
    left, top, mask = _turned(bent, fine, corner, angle_degrees, rim_px)
    return Piece(left, top, mask, None, rim_px, grain(mask.shape, size_px, varied, name))


def column_piece(
    runs: tuple[Run, ...],
    size_px: float,
    top_px: tuple[float, float],
    *,
    varied: Variation = STEADY,
    name: str = "",
) -> Piece:
    """Draw upright characters below each other, with the vertical forms of the font.

    Parameters
    ----------
    runs : tuple of (Face, str)
        Wide characters of one column.
    size_px : float
        Em, in pixels.
    top_px : (float, float)
        The middle of the column's top, from the center of the block, in pixels.
    varied, name
        As for :func:`text_piece`.

    Returns
    -------
    Piece
        Without colors.
    """
    fine = _fineness(size_px)
    fonts = [face.at(size_px * fine) for face, _ in runs]
    lengths = [
        font.getlength(text, direction="ttb") for font, (_, text) in zip(fonts, runs, strict=True)
    ]
    side = int(size_px * fine) + 2
    page = Image.new("L", (2 * side, int(sum(lengths)) + 2 * side))
    pen = ImageDraw.Draw(page)
    y = float(side)
    for font, (_, text), length in zip(fonts, runs, lengths, strict=True):
        pen.text((side, y), text, fill=255, font=font, direction="ttb", anchor="mt")
        y += length
    corner = (top_px[0] - side / fine, top_px[1] - side / fine)
    rim_px = max(1.0, _RIM_EM * size_px)
    bent = warped(np.asarray(page), fine, size_px, varied, name)
    left, top, mask = _turned(bent, fine, corner, 0.0, rim_px)
    return Piece(left, top, mask, None, rim_px, grain(mask.shape, size_px, varied, name))


def logo_piece(
    rgba: NDArray[np.uint8],
    size_px: tuple[float, float],
    angle_degrees: float = 0.0,
    *,
    varied: Variation = STEADY,
    name: str = "",
) -> Piece:
    """Scale a logo, centered on its block.

    Parameters
    ----------
    rgba : (h, w, 4) uint8 array
        Not premultiplied.
    size_px : (float, float)
        Width and height it gets, in pixels.
    angle_degrees : float
        Turn around its center, counterclockwise.
    varied, name
        As for :func:`text_piece`.

    Returns
    -------
    Piece
        With the logo's colors.
    """
    fine = _fineness(max(size_px))
    target = (max(1, round(size_px[0] * fine)), max(1, round(size_px[1] * fine)))
    method = cv2.INTER_AREA if target[0] <= rgba.shape[1] else cv2.INTER_CUBIC
    weight = rgba[..., 3:].astype(np.uint16)
    premultiplied = np.dstack([(rgba[..., :3] * weight + 127) // 255, weight]).astype(np.uint8)
    large = cv2.resize(premultiplied, target, interpolation=method)
    corner = (-target[0] / fine / 2, -target[1] / fine / 2)
    rim_px = max(1.0, _RIM_OF_LOGO * min(size_px))
    em_px = _EM_OF_LOGO * min(size_px)
    bent = warped(large.astype(np.uint8), fine, em_px, varied, name)
    left, top, layers = _turned(bent, fine, corner, angle_degrees, rim_px)
    mask = layers[..., 3]
    colors = layers[..., :3] * (255 / np.maximum(mask, 1)[..., None].astype(np.float32))
    dust = grain(mask.shape, em_px, varied, name)
    return Piece(left, top, mask, np.minimum(colors, 255).astype(np.uint8), rim_px, dust)


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
    rim = _rim(piece.mask, ink.rim_reach * piece.rim_px, ink.edge)
    stamps = []
    for top in range(0, len(rim), _CELL_PX):
        for left in range(0, rim.shape[1], _CELL_PX):
            cell = np.s_[top : top + _CELL_PX, left : left + _CELL_PX]
            if not rim[cell].any():
                continue
            colors = None if piece.colors is None else piece.colors[cell]
            dusty = opacity if piece.grain is None else opacity * piece.grain[cell]
            rgba = _mixed(piece.mask[cell], rim[cell], colors, ink, dusty)
            stamps.append(Stamp(piece.left + left, piece.top + top, rgba))
    return tuple(stamps)


def _rim(mask: NDArray[np.uint8], reach_px: float, edge: Edge) -> NDArray[np.uint8]:
    """Widen and soften a mask; wide rims are made on a smaller raster, where nobody can tell."""
    if edge == "none":
        return mask
    height, width = mask.shape
    shrink = max(1.0, reach_px / _RIM_RASTER_PX)
    reach = reach_px / shrink
    size = (max(1, round(width / shrink)), max(1, round(height / shrink)))
    small = mask if shrink == 1 else cv2.resize(mask, size, interpolation=cv2.INTER_AREA)
    core = max(1, round(0.5 * reach))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * core + 1, 2 * core + 1))
    wide = cv2.dilate(small, disc)
    soft = cv2.GaussianBlur(wide, (0, 0), 0.4 if edge == "outline" else 0.4 * reach)
    if edge == "shadow":
        fall = _SHADOW_OFFSET * reach
        move = np.array([[1, 0, fall], [0, 1, fall]], np.float32)
        soft = cv2.warpAffine(soft, move, size)
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


def _fineness(size_px: float) -> int:
    """How many times larger than needed a piece of this size is drawn."""
    return int(np.clip(np.ceil(_FINE_PX / size_px), 1, _MAX_FINE))


def _turned(
    layers: NDArray[np.uint8],
    fine: int,
    corner_px: tuple[float, float],
    angle_degrees: float,
    rim_px: float,
) -> tuple[int, int, NDArray[np.uint8]]:
    """Turn layers drawn `fine` times too large about (0, 0) and average them down.

    `corner_px` is where their top left corner lies before turning. Returned are left, top and the
    layers, on whole pixels, with room for the rim.
    """
    height, width = layers.shape[:2]
    angle = np.deg2rad(angle_degrees)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    corners = (np.array([[0, 0], [width, 0], [0, height], [width, height]]) / fine) + corner_px
    extent = corners @ turn.T
    pad = int(np.ceil(2 * _MAX_REACH * rim_px)) + 1
    low = np.floor(extent.min(axis=0)).astype(int) - pad
    size = np.ceil(extent.max(axis=0)).astype(int) + pad - low
    half = np.array([0.5, 0.5])  # OpenCV counts from pixel centers
    move = fine * (turn @ np.array(corner_px) - low) + turn @ half - half
    matrix = np.hstack([turn, move[:, None]])
    canvas = (int(size[0]) * fine, int(size[1]) * fine)
    large = cv2.warpAffine(layers, matrix, canvas, flags=cv2.INTER_LINEAR)
    small = cv2.resize(large, (int(size[0]), int(size[1])), interpolation=cv2.INTER_AREA)
    return _trimmed(small.astype(np.uint8, copy=False), int(low[0]), int(low[1]), pad)


def _trimmed(
    layers: NDArray[np.uint8], left: int, top: int, pad: int
) -> tuple[int, int, NDArray[np.uint8]]:
    """Cut empty borders off, but for the room that the rim needs."""
    mask = layers if layers.ndim == 2 else np.ascontiguousarray(layers[..., 3])
    x, y, width, height = cv2.boundingRect(mask)
    if not width:
        return left, top, layers[:1, :1]
    x0, y0 = max(0, x - pad), max(0, y - pad)
    return left + x0, top + y0, layers[y0 : y + height + pad, x0 : x + width + pad].copy()
