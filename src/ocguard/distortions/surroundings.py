"""Distortions that show the whole picture inside a larger one: windows, collages, memes, screens.

Each knows where it put the picture, so that a reader's answer can be compared with the truth.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np

from ocguard.distortions.codec import jpeg
from ocguard.distortions.geometry import (
    place_perspective,
    resize,
    scaling,
    translation,
    warp,
)
from ocguard.distortions.kind import Kind, PixelMap, Rgb, Size, as_rgb, size_of, to_uint8
from ocguard.distortions.scenery import scene, text_block

BAND_HEIGHT = 0.18  # of the picture's height: one of a meme's two text bands
BORDER_WIDTH = 0.06  # of the short side
CELL_GAP = 0.02  # of the short side: between the cells of a collage
MOIRE_CONTRAST = 0.06  # share of the level
MOIRE_PERIODS = (9.0, 31.0)  # pixels, shortest and longest
SCREEN_ASPECT = 16 / 9
SCREEN_GAMMA, SCREEN_NOISE, SCREEN_QUALITY = 1.1, 3.0, 80
SCREEN_PERSPECTIVE = 4  # percent
WINDOW_BAR, WINDOW_SIDE = 0.09, 0.16  # shares of the height (title bar) and width (side list)
WINDOW_QUALITY = 85
WINDOW_SCALE = 0.8


def inside(canvas: Size, box: tuple[int, int, int, int], size: Size) -> PixelMap:
    """Place a picture of ``size`` into ``box`` (left, top, width, height) of a canvas."""
    return PixelMap(canvas, scaling(size, box[2:]) @ translation(-box[0], -box[1]))


def place_border(size: Size, _value: int, _: np.random.Generator) -> PixelMap:
    """Add an equal border all around."""
    edge = max(1, round(BORDER_WIDTH * min(size)))
    return inside((size[0] + 2 * edge, size[1] + 2 * edge), (edge, edge, *size), size)


def place_letterbox(size: Size, _value: int, _: np.random.Generator) -> PixelMap:
    """Center the picture on a 16:9 canvas."""
    width = max(size[0], round(size[1] * SCREEN_ASPECT))
    height = max(size[1], round(size[0] / SCREEN_ASPECT))
    return inside((width, height), ((width - size[0]) // 2, (height - size[1]) // 2, *size), size)


def place_meme(size: Size, _value: int, _: np.random.Generator) -> PixelMap:
    """Add a band above and one below."""
    band = max(1, round(BAND_HEIGHT * size[1]))
    return inside((size[0], size[1] + 2 * band), (0, band, *size), size)


def place_collage(size: Size, percent: int, generator: np.random.Generator) -> PixelMap:
    """Put the picture at ``percent`` of its sides somewhere on a canvas of its own size."""
    width, height = (max(1, round(length * percent / 100)) for length in size)
    left, top = generator.integers(0, (size[0] - width + 1, size[1] - height + 1))
    return inside(size, (int(left), int(top), width, height), size)


def place_grid(size: Size, cells: int, generator: np.random.Generator) -> PixelMap:
    """Put the picture into one cell of a square grid of ``cells`` on a canvas of its own size."""
    side = round(cells**0.5)
    gap = round(CELL_GAP * min(size))
    width, height = (max(1, length // side - gap) for length in size)
    column, row = generator.integers(0, side, 2)
    left, top = int(column) * (size[0] // side), int(row) * (size[1] // side)
    return inside(size, (left, top, width, height), size)


def place_screenshot(size: Size, _value: int, _: np.random.Generator) -> PixelMap:
    """Show the picture at `WINDOW_SCALE` under a title bar and beside a list."""
    width, height = (max(1, round(length * WINDOW_SCALE)) for length in size)
    side, bar = round(width * WINDOW_SIDE), round(height * WINDOW_BAR)
    canvas = (width + round(1.3 * side), height + round(1.6 * bar))
    return inside(canvas, (side, bar, width, height), size)


def place_screen_photo(size: Size, _value: int, generator: np.random.Generator) -> PixelMap:
    """See the picture at a slight angle."""
    return place_perspective(size, SCREEN_PERSPECTIVE, generator)


def paste(rgb: Rgb, canvas: Rgb, pixel_map: PixelMap) -> Rgb:
    """Return the canvas with the picture where an unturned pixel map says."""
    to_canvas = np.linalg.inv(pixel_map.matrix)
    size = size_of(rgb)
    near, far = (to_canvas @ (x - 0.5, y - 0.5, 1) + 0.5 for x, y in ((0, 0), size))
    left, top, right, bottom = (round(float(edge)) for edge in (*near[:2], *far[:2]))
    pasted = canvas.copy()
    pasted[top:bottom, left:right] = resize(rgb, (right - left, bottom - top))
    return pasted


def draw_border(size: Size, generator: np.random.Generator) -> Rgb:
    """Return a canvas of one random color."""
    return np.full((size[1], size[0], 3), generator.integers(0, 256, 3), dtype=np.uint8)


def draw_black(size: Size, _: np.random.Generator) -> Rgb:
    """Return a black canvas."""
    return np.zeros((size[1], size[0], 3), dtype=np.uint8)


def draw_text_page(size: Size, generator: np.random.Generator) -> Rgb:
    """Return black capitals on white."""
    letters = text_block(size, max(6.0, size[1] / 12), generator)
    return as_rgb(cv2.cvtColor(255 - letters, cv2.COLOR_GRAY2RGB))


def draw_grid(size: Size, generator: np.random.Generator) -> Rgb:
    """Return four scenes on white with gaps between them."""
    canvas = np.full((size[1], size[0], 3), 255, dtype=np.uint8)
    gap = round(CELL_GAP * min(size))
    half = (max(1, size[0] // 2 - gap), max(1, size[1] // 2 - gap))
    for top in (0, size[1] // 2):
        for left in (0, size[0] // 2):
            cell = canvas[top : top + half[1], left : left + half[0]]
            cell[:] = scene(half, generator)[: cell.shape[0], : cell.shape[1]]
    return canvas


def draw_window(size: Size, generator: np.random.Generator) -> Rgb:
    """Return an application's window: grey title bar, side list, small text."""
    width, height = size
    canvas = np.full((height, width, 3), 244, dtype=np.uint8)
    lines = text_block(size, max(5.0, height / 40), generator)
    canvas[lines > 0] = 90
    canvas[: max(1, height // 20)] = (52, 58, 72)
    return canvas


def photograph_screen(rgb: Rgb, value: int, generator: np.random.Generator) -> Rgb:
    """Return the picture as a camera sees it on a screen: angle, moire, gamma, noise, JPEG."""
    seen = warp(rgb, place_screen_photo(size_of(rgb), value, generator)).astype(np.float32)
    rows, columns = np.indices(rgb.shape[:2], dtype=np.float32)
    for channel in range(3):
        period, angle = generator.uniform(*MOIRE_PERIODS), generator.uniform(0, np.pi)
        phase = columns * np.cos(angle) + rows * np.sin(angle)
        bend = (columns / rgb.shape[1] - 0.5) * (rows / rgb.shape[0] - 0.5)
        seen[..., channel] *= 1 + MOIRE_CONTRAST * np.sin(2 * np.pi * (phase / period + 3 * bend))
    levels = 255 * (np.clip(seen, 0, 255) / 255) ** SCREEN_GAMMA
    grain = SCREEN_NOISE * generator.standard_normal(rgb.shape, dtype=np.float32)
    return jpeg(to_uint8(levels + grain), SCREEN_QUALITY)


_Place = Callable[[Size, int, np.random.Generator], PixelMap]
_Draw = Callable[[Size, np.random.Generator], Rgb]


def _layout(
    stem: str,
    place: _Place,
    draw: _Draw,
    listed: tuple[int, ...] = (),
    limits: tuple[int, int] = (0, 0),
) -> Kind:
    """Return the kind that draws a canvas and pastes the picture where ``place`` says."""

    def paint(rgb: Rgb, value: int, generator: np.random.Generator) -> Rgb:
        pixel_map = place(size_of(rgb), value, generator)
        return paste(rgb, draw(pixel_map.size, generator), pixel_map)

    return Kind(stem, "layout", paint, listed, limits, place)


def _compressed(kind: Kind, quality: int) -> Kind:
    """Return the kind with a JPEG at the end, as messengers send it."""
    return replace(
        kind, paint=lambda rgb, value, generator: jpeg(kind.paint(rgb, value, generator), quality)
    )


KINDS = (
    _layout("border", place_border, draw_border),
    _layout("letterbox", place_letterbox, draw_black),
    _layout("meme", place_meme, draw_text_page),
    _layout("collage", place_collage, scene, (60,), limits=(10, 100)),
    _layout("grid", place_grid, draw_grid, (4,), limits=(4, 4)),
    _compressed(_layout("screenshot", place_screenshot, draw_window), WINDOW_QUALITY),
    Kind("screen-photo", "layout", photograph_screen, place=place_screen_photo),
)
