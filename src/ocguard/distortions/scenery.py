"""Stand-ins drawn on the spot: a photo-like scene and lines of text, so that nothing is shipped."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.distortions.kind import Rgb, Size, to_uint8

SCENE_RASTER = 96  # knots of the coarsest raster's long side
SCENE_OCTAVES = 4  # layers of detail, each half as large and half as strong
SCENE_LIGHT, SCENE_TINT = 70.0, 22.0  # contrast of light and of color, grey levels
SCENE_SHAPES = 14  # things that stand in the scene
SCENE_GRAIN = 5.0  # sensor noise, grey levels
LETTER_SHAPE = 22.0  # height in pixels of a Hershey capital at scale 1
LETTERS = "ABCDEFGHKLMNPRSTUVXYZ      "


def scene(size: Size, generator: np.random.Generator) -> Rgb:
    """Return a photo-like picture: clouds of color at several scales, a few objects, grain."""
    canvas = np.zeros((size[1], size[0], 3), dtype=np.float64)
    for octave in range(SCENE_OCTAVES):
        knots = tuple(
            max(2, round(SCENE_RASTER * length / max(size)) >> (SCENE_OCTAVES - octave))
            for length in (size[1], size[0])
        )
        light = generator.uniform(-1, 1, (*knots, 1)) * SCENE_LIGHT
        knot_colors = light + generator.uniform(-1, 1, (*knots, 3)) * SCENE_TINT
        layer = cv2.resize(knot_colors, size, interpolation=cv2.INTER_CUBIC)
        canvas += layer.reshape(canvas.shape) / 2**octave
    canvas += generator.uniform(80, 170) + generator.uniform(-30, 30, 3)
    for _ in range(SCENE_SHAPES):
        _add_object(canvas, generator)
    return to_uint8(canvas + SCENE_GRAIN * generator.standard_normal(canvas.shape))


def text_block(size: Size, line_px: float, generator: np.random.Generator) -> NDArray[np.uint8]:
    """Return coverage (0-255) of a block filled with lines of random capitals."""
    width, height = size
    block = np.zeros((height, width), dtype=np.uint8)
    scale = line_px * 0.7 / LETTER_SHAPE
    stroke = max(1, round(line_px / 10))
    per_line = max(1, int(width / (scale * 18)) + 1)
    for baseline in np.arange(line_px * 0.85, height + line_px * 0.2, line_px):
        text = "".join(generator.choice(list(LETTERS), per_line))
        cv2.putText(block, text, (0, round(baseline)), cv2.FONT_HERSHEY_SIMPLEX, scale, 255, stroke)
    return block


def _add_object(canvas: NDArray[np.float64], generator: np.random.Generator) -> None:
    """Draw one shaded ellipse or box into the scene."""
    height, width = canvas.shape[:2]
    middle = (int(generator.integers(0, width)), int(generator.integers(0, height)))
    reach = tuple(int(1 + generator.uniform(0.03, 0.18) * length) for length in (width, height))
    color = tuple(float(level) for level in generator.uniform(20, 235, 3))
    if generator.random() < 0.5:
        cv2.ellipse(canvas, middle, reach, float(generator.uniform(0, 180)), 0, 360, color, -1)
    else:
        opposite = (middle[0] + reach[0], middle[1] + reach[1])
        cv2.rectangle(canvas, middle, opposite, color, -1)
