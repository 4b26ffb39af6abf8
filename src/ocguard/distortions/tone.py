"""Distortions of tone and color, pixel by pixel: light, contrast, gamma, hue, palettes, sepia."""

from __future__ import annotations

import cv2
import numpy as np
from PIL import Image

from ocguard.distortions.kind import Kind, Rgb, as_rgb, to_uint8

MIDDLE_GREY = 128  # the level that a change of contrast leaves alone
SEPIA = (
    (0.393, 0.769, 0.189),
    (0.349, 0.686, 0.168),
    (0.272, 0.534, 0.131),
)  # the matrix that image editors share


def brightness(rgb: Rgb, percent: int, _: np.random.Generator) -> Rgb:
    """Return the picture with every level multiplied by ``percent`` / 100."""
    return _by_level(rgb, np.arange(256) * (percent / 100))


def contrast(rgb: Rgb, percent: int, _: np.random.Generator) -> Rgb:
    """Return the picture with its distance from middle grey multiplied by ``percent`` / 100."""
    return _by_level(rgb, (np.arange(256) - MIDDLE_GREY) * (percent / 100) + MIDDLE_GREY)


def gamma(rgb: Rgb, percent: int, _: np.random.Generator) -> Rgb:
    """Return the picture with levels (0-1) raised to ``percent`` / 100: below 100 is brighter."""
    return _by_level(rgb, 255 * (np.arange(256) / 255) ** (percent / 100))


def invert(rgb: Rgb, _value: int, _: np.random.Generator) -> Rgb:
    """Return the negative."""
    return 255 - rgb


def hue(rgb: Rgb, degrees: int, _: np.random.Generator) -> Rgb:
    """Return the picture with its hues turned (HSV)."""
    hsv = cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2HSV)
    hsv[..., 0] = (hsv[..., 0] + degrees) % 360
    return to_uint8(255 * cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB))


def saturation(rgb: Rgb, percent: int, _: np.random.Generator) -> Rgb:
    """Return the picture with its distance from its own grey multiplied by ``percent`` / 100."""
    luma = grey(rgb).astype(np.float32)
    return to_uint8(luma + (rgb - luma) * (percent / 100))


def grey(rgb: Rgb) -> Rgb:
    """Return the picture's luma (ITU-R BT.601) in three equal channels."""
    return as_rgb(cv2.cvtColor(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB))


def sepia(rgb: Rgb, _value: int, _: np.random.Generator) -> Rgb:
    """Return the picture in the browns of old photographs."""
    return to_uint8(rgb @ np.array(SEPIA, dtype=np.float32).T)


def palette(rgb: Rgb, colors: int, _: np.random.Generator) -> Rgb:
    """Return the picture in an own palette of ``colors`` colors (median cut), as a GIF holds."""
    image = Image.fromarray(rgb).quantize(colors, method=Image.Quantize.MEDIANCUT)
    return np.asarray(image.convert("RGB"))


def _by_level(rgb: Rgb, levels: np.ndarray) -> Rgb:
    """Replace each level by the one that the table of 256 gives."""
    return np.asarray(cv2.LUT(rgb, to_uint8(levels)), dtype=np.uint8)


KINDS = (
    Kind("brightness", "tone", brightness, (70, 130), (0, 400)),
    Kind("contrast", "tone", contrast, (70, 130), (0, 400)),
    Kind("gamma", "tone", gamma, (70, 140), (10, 1000)),
    Kind("hue", "tone", hue, (15, 30, 90), (-360, 360)),
    Kind("saturation", "tone", saturation, (0, 150), (0, 400)),
    Kind("colors", "tone", palette, (256, 32), (2, 256)),
    Kind("sepia", "tone", sepia),
    Kind("grey", "tone", lambda rgb, _value, _: grey(rgb)),
    Kind("invert", "tone", invert),
)
