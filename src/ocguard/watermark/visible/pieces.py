"""Draw text and logos as pieces of a mark, above their final size, turned and averaged down once.

A piece is a coverage mask with the colors inside it, so edges stay smooth at any angle. Ink makes
stamps of it, see :mod:`ocguard.watermark.visible.ink`.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from ocguard.watermark.visible.fonts import Run
from ocguard.watermark.visible.variation import STEADY, Variation, grain, warped

__all__ = ["Piece", "column_piece", "logo_piece", "text_piece"]

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

_MAX_REACH = 2.4
"""Widest rim of any ink, in reaches of a fine rim: room for it is left around every piece."""


@dataclass(frozen=True, eq=False)
class Piece:
    """One part of a mark, ready to be painted for the ground it will lie on.

    Attributes
    ----------
    left, top : int
        Of the mask, from the point around which the block is laid, in pixels.
    mask : (h, w) uint8 array
        Coverage, 255 inside; with room for the rim on every side.
    colors : (h, w, 3) uint8 array or None
        A logo's own colors; None for text.
    rim_px : float
        Reach of the rim, in pixels.
    grain : (h, w) uint8 array or None
        What is left of the opacity, 255 all of it; None where the ink is even.
    """

    left: int
    top: int
    mask: NDArray[np.uint8]
    colors: NDArray[np.uint8] | None
    rim_px: float
    grain: NDArray[np.uint8] | None = None


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
    return _lettering(page, size_px, corner, angle_degrees, varied, name)


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
    return _lettering(page, size_px, corner, 0.0, varied, name)


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


def _lettering(
    page: Image.Image,
    size_px: float,
    corner_px: tuple[float, float],
    angle_degrees: float,
    varied: Variation,
    name: str,
) -> Piece:
    """Bend and turn letters that were drawn on a page, whose top left is `corner_px`."""
    fine = _fineness(size_px)
    rim_px = max(1.0, _RIM_EM * size_px)
    bent = warped(np.asarray(page), fine, size_px, varied, name)
    left, top, mask = _turned(bent, fine, corner_px, angle_degrees, rim_px)
    return Piece(left, top, mask, None, rim_px, grain(mask.shape, size_px, varied, name))


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
