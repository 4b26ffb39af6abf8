"""Distortions that keep a part of the figure only: half of it, its face elsewhere, its outline."""

from __future__ import annotations

import numpy as np

from ocguard.distortions.geometry import scaling, translation
from ocguard.distortions.kind import Kind, PixelMap, Rgb, Size, size_of
from ocguard.distortions.overlay import blend, ground_mask
from ocguard.distortions.scenery import scene
from ocguard.distortions.surroundings import paste
from ocguard.distortions.tone import hue

FACE_MIDDLE, FACE_SIDE = (0.5, 0.27), 0.45  # where a bust's face is, shares of width and height
FACE_SCALE = (0.7, 1.1)  # of its size in the work, when pasted
FACE_HUE = 40  # degrees by which a pasted face is recolored


def place_upper_half(size: Size, _value: int, _: np.random.Generator) -> PixelMap:
    """Keep the upper half."""
    return PixelMap((size[0], max(1, size[1] // 2)), np.eye(3))


def upper_half(rgb: Rgb, _value: int, _: np.random.Generator) -> Rgb:
    """Return the upper half."""
    return rgb[: max(1, rgb.shape[0] // 2)].copy()


def place_face(size: Size, _value: int, generator: np.random.Generator) -> PixelMap:
    """Put the mirrored face region somewhere into a scene of the picture's size."""
    left, top, width, height = face_box(size)
    factor = generator.uniform(*FACE_SCALE)
    pasted = (max(1, round(width * factor)), max(1, round(height * factor)))
    spot = generator.integers(0, (size[0] - pasted[0] + 1, size[1] - pasted[1] + 1))
    mirror = np.array([[-1.0, 0.0, width - 1], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    into_face = scaling((width, height), pasted) @ translation(-spot[0], -spot[1])
    return PixelMap(size, translation(left, top) @ mirror @ into_face)


def paste_face(rgb: Rgb, value: int, generator: np.random.Generator) -> Rgb:
    """Return a scene that holds the picture's face region, mirrored and recolored."""
    size = size_of(rgb)
    pixel_map = place_face(size, value, generator)
    left, top, width, height = face_box(size)
    face = hue(rgb[top : top + height, left : left + width][:, ::-1], FACE_HUE, generator)
    mirror = np.array([[-1.0, 0.0, width - 1], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    upright = mirror @ translation(-left, -top) @ pixel_map.matrix
    return paste(face, scene(size, generator), PixelMap(size, upright))


def silhouette(rgb: Rgb, _value: int, generator: np.random.Generator) -> Rgb:
    """Return the figure's outline on its flat ground, filled with a scene."""
    return blend(rgb, scene(size_of(rgb), generator), ground_mask(rgb))


def face_box(size: Size) -> tuple[int, int, int, int]:
    """Return left, top, width and height of where a face is expected."""
    side = max(1, round(FACE_SIDE * min(size)))
    left, top = (
        min(max(0, round(length * middle - side / 2)), length - side)
        for length, middle in zip(size, FACE_MIDDLE, strict=True)
    )
    return left, top, side, side


KINDS = (
    Kind("upper-half", "partial", upper_half, place=place_upper_half),
    Kind("face", "partial", paste_face, place=place_face),
    Kind("silhouette", "partial", silhouette),
)
