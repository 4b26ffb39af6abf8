"""Distortions that cover parts of the picture or change its ground; nothing moves.

References
----------
.. [1] Z. Zhong et al., "Random Erasing Data Augmentation", AAAI 2020,
   doi:10.1609/aaai.v34i07.7000.
"""

from __future__ import annotations

import math
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.distortions.kind import Kind, Rgb, Size, as_rgb, size_of, to_uint8
from ocguard.distortions.scenery import scene, text_block

Ground = Literal["black", "white", "photo"]

BORDER_WIDTH = 0.04  # of the short side
CORNER_RADIUS = 0.08  # of the short side
ERASED_ASPECT = (0.5, 2.0)  # height to width of the erased box [1]_
GROUND_TOLERANCE = 6  # grey levels by which a flat ground may vary
TEXT_LINES = 3


def blend(top: Rgb, bottom: Rgb, alpha: NDArray[np.uint8]) -> Rgb:
    """Return ``top`` over ``bottom``; ``alpha`` is the (H, W) coverage of ``top``, 0-255."""
    share = alpha[..., None].astype(np.float32) / 255
    return to_uint8(top * share + bottom * (1 - share))


def flatten_alpha(rgb: Rgb, alpha: NDArray[np.uint8], ground: Ground, seed: int) -> Rgb:
    """Return the picture as a site that drops transparency shows it.

    Parameters
    ----------
    rgb : (H, W, 3) uint8 array
        Color, also under transparent pixels.
    alpha : (H, W) uint8 array
        0 is transparent.
    ground : str
        ``"black"``, ``"white"`` or ``"photo"`` (a scene drawn from ``seed``).
    seed : int
        Decides the scene.

    Returns
    -------
    (H, W, 3) uint8 array
        The opaque picture.
    """
    if ground == "photo":
        return blend(rgb, scene(size_of(rgb), np.random.default_rng(seed)), alpha)
    return blend(rgb, np.full_like(rgb, {"black": 0, "white": 255}[ground]), alpha)


def erase(rgb: Rgb, percent: int, generator: np.random.Generator) -> Rgb:
    """Return the picture with a box of ``percent`` of its area filled with one color [1]_."""
    erased = rgb.copy()
    aspect = math.exp(generator.uniform(*np.log(ERASED_ASPECT)))
    rows, columns = _random_box(size_of(rgb), percent / 100, aspect, generator)
    erased[rows, columns] = generator.integers(0, 256, 3)
    return erased


def cover_with_text(rgb: Rgb, percent: int, generator: np.random.Generator) -> Rgb:
    """Return the picture with white, black-edged capitals over a band of ``percent`` of it."""
    rows, columns = _random_box(size_of(rgb), percent / 100, percent / 100, generator)
    band = rgb[rows, columns]
    height = band.shape[0]
    letters = text_block(size_of(band), max(height / TEXT_LINES, 4), generator)
    pen = np.ones((3, 3), dtype=np.uint8)
    edge = as_rgb(cv2.dilate(letters, pen, iterations=1 + height // 120))
    covered = rgb.copy()
    inked = blend(np.zeros_like(band), band, edge)
    covered[rows, columns] = blend(np.full_like(band, 255), inked, letters)
    return covered


def cover_with_sticker(rgb: Rgb, percent: int, generator: np.random.Generator) -> Rgb:
    """Return the picture with a round, patterned sticker over ``percent`` of its area."""
    width, height = size_of(rgb)
    box = _random_box((width, height), min(1.0, percent / 100 * 4 / math.pi), 1.0, generator)
    rows, columns = np.indices((height, width), dtype=np.float32)
    (top, bottom), (left, right) = ((part.start, part.stop) for part in box)
    distance = np.hypot(
        (columns - (left + right - 1) / 2) / max(1, right - left),
        (rows - (top + bottom - 1) / 2) / max(1, bottom - top),
    )
    dark, light = generator.integers(0, 128, 3), generator.integers(128, 256, 3)
    stripes = ((rows + columns) // max(2, (bottom - top) // 8) % 2).astype(bool)
    sticker = np.where(stripes[..., None] & (distance < 0.42)[..., None], dark, light)
    return blend(sticker.astype(np.uint8), rgb, np.where(distance <= 0.5, 255, 0).astype(np.uint8))


def frame(rgb: Rgb, _value: int, generator: np.random.Generator) -> Rgb:
    """Return the picture with a one-colored border drawn over its edge."""
    edge = max(1, round(BORDER_WIDTH * min(rgb.shape[:2])))
    framed = np.empty_like(rgb)
    framed[:] = generator.integers(0, 256, 3)
    framed[edge:-edge, edge:-edge] = rgb[edge:-edge, edge:-edge]
    return framed


def round_corners(rgb: Rgb, _value: int, _: np.random.Generator) -> Rgb:
    """Return the picture with rounded corners on white."""
    width, height = size_of(rgb)
    radius = CORNER_RADIUS * min(width, height)
    rows, columns = np.indices((height, width), dtype=np.float32)
    past_x = radius - np.minimum(columns, width - 1 - columns)
    past_y = radius - np.minimum(rows, height - 1 - rows)
    is_outside = (past_x > 0) & (past_y > 0) & (np.hypot(past_x, past_y) > radius)
    return np.where(is_outside[..., None], np.uint8(255), rgb)


def replace_ground(rgb: Rgb, ground: Rgb) -> Rgb:
    """Return the picture with the flat area that touches its border replaced by ``ground``."""
    return blend(rgb, ground, 255 - ground_mask(rgb))


def ground_mask(rgb: Rgb) -> NDArray[np.uint8]:
    """Return 255 where a flat ground connected with one of the four corners lies, else 0."""
    width, height = size_of(rgb)
    mask = np.zeros((height + 2, width + 2), dtype=np.uint8)
    tolerance = (GROUND_TOLERANCE,) * 3
    flags = 4 | cv2.FLOODFILL_MASK_ONLY | cv2.FLOODFILL_FIXED_RANGE | 255 << 8
    for corner in ((0, 0), (width - 1, 0), (0, height - 1), (width - 1, height - 1)):
        if not mask[corner[1] + 1, corner[0] + 1]:
            cv2.floodFill(rgb.copy(), mask, corner, 0, tolerance, tolerance, flags)
    return mask[1:-1, 1:-1]


def ground_color(rgb: Rgb, _value: int, generator: np.random.Generator) -> Rgb:
    """Return the picture on another flat color."""
    return replace_ground(rgb, np.broadcast_to(generator.integers(0, 256, 3), rgb.shape))


def ground_photo(rgb: Rgb, _value: int, generator: np.random.Generator) -> Rgb:
    """Return the picture in front of a photo-like scene."""
    return replace_ground(rgb, scene(size_of(rgb), generator))


def _random_box(
    size: Size, area: float, aspect: float, generator: np.random.Generator
) -> tuple[slice, slice]:
    """Return rows and columns of a box of that share of the area at a random place.

    ``aspect`` is height to width in shares of the sides; a box that does not fit is made as long
    as the picture and as broad as the area asks.
    """
    tall = min(1.0, max(math.sqrt(area * aspect), area))
    parts = (tall, area / tall)
    starts_and_stops = []
    for length, part in zip((size[1], size[0]), parts, strict=True):
        extent = min(length, max(1, round(length * part)))
        start = int(generator.integers(0, length - extent + 1))
        starts_and_stops.append(slice(start, start + extent))
    return starts_and_stops[0], starts_and_stops[1]


KINDS = (
    Kind("erase", "overlay", erase, (25,), (1, 100)),
    Kind("text", "overlay", cover_with_text, (15, 20), (1, 100)),
    Kind("sticker", "overlay", cover_with_sticker, (15, 20), (1, 78)),
    Kind("frame", "overlay", frame),
    Kind("rounded", "overlay", round_corners),
    Kind("ground-color", "overlay", ground_color),
    Kind("ground-photo", "overlay", ground_photo),
)
