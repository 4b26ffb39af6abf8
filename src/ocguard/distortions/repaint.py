"""Distortions that keep the figure and lose the brushwork, as tracing and img2img do (simulated).

None of them is a generative model; they remove texture, colors or lines in known amounts, so that
the same list runs everywhere and gives the same pixels.

References
----------
.. [1] E. S. L. Gastal, M. M. Oliveira, "Domain transform for edge-aware image and video
   processing", SIGGRAPH 2011, doi:10.1145/2010324.1964964 (stylization and pencil).
.. [2] H. Winnemöller, J. E. Kyprianidis, S. C. Olsen, "XDoG: An eXtended difference-of-Gaussians
   compendium", Computers & Graphics 36(6), 2012, doi:10.1016/j.cag.2012.03.004 (line art).
.. [3] S. P. Lloyd, "Least squares quantization in PCM", IEEE Trans. Inf. Theory 28(2), 1982,
   doi:10.1109/TIT.1982.1056489 (color regions).
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.distortions.filtering import denoise, noise, sharpen
from ocguard.distortions.geometry import place_fit, resize
from ocguard.distortions.kind import Kind, Rgb, as_rgb, size_of, to_uint8

BRUSH = 0.012  # width of a watercolor stroke, share of the long side
LINE_SIGMA = 0.0012  # width of an extracted line, share of the long side
LINE_WEIGHT, LINE_SHARPNESS = 0.98, 60.0  # XDoG's tau and phi [2]_
PAPER_GRAIN = 2  # watercolor paper, grey levels
PENCIL = (40.0, 0.08, 0.05)  # sigma in pixels, sigma of levels, shading
REGION_COLORS = 6  # color groups that are recolored apart
REGION_SAMPLE, REGION_ROUNDS = 4096, 12  # pixels and rounds of the clustering [3]_
SOFT_BORDERS = (5, 30.0, 3.0)  # bilateral window in pixels, sigma in grey levels, in pixels
SMALLEST_AREA = 2e-4  # of the picture: smaller closed areas of line art stay white
STYLIZE = (60.0, 0.45)  # sigma in pixels, sigma of levels: OpenCV's defaults


def stylize(rgb: Rgb) -> Rgb:
    """Return the picture as an abstract painting [1]_."""
    return as_rgb(cv2.stylization(rgb, None, *STYLIZE))


def pencil(rgb: Rgb) -> Rgb:
    """Return a grey pencil drawing of the picture [1]_."""
    drawing, _ = cv2.pencilSketch(rgb, None, None, *PENCIL)
    return as_rgb(cv2.cvtColor(drawing, cv2.COLOR_GRAY2RGB))


def watercolor(rgb: Rgb, generator: np.random.Generator) -> Rgb:
    """Return the picture in flat washes with soft borders, on grained paper."""
    brush = max(3, round(BRUSH * max(rgb.shape[:2]))) | 1
    washes = cv2.medianBlur(cv2.medianBlur(rgb, brush), brush)
    washes = cv2.bilateralFilter(washes, *SOFT_BORDERS)
    return noise(as_rgb(washes), PAPER_GRAIN, generator)


def line_art(rgb: Rgb) -> Rgb:
    """Return black lines on white, extracted by an extended difference of Gaussians [2]_."""
    luma = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY).astype(np.float32) / 255
    sigma = max(0.6, LINE_SIGMA * max(luma.shape))
    narrow, wide = (cv2.GaussianBlur(luma, (0, 0), width) for width in (sigma, 1.6 * sigma))
    response = narrow - LINE_WEIGHT * wide
    ink = 1 + np.tanh(LINE_SHARPNESS * np.minimum(response, 0))
    return as_rgb(cv2.cvtColor(to_uint8(255 * ink), cv2.COLOR_GRAY2RGB))


def color_in(rgb: Rgb, generator: np.random.Generator) -> Rgb:
    """Return the picture's line art with its closed areas filled in new pale colors."""
    lines = line_art(rgb)
    is_paper = (lines[..., 0] > 200).astype(np.uint8)
    _, labels, facts, _ = cv2.connectedComponentsWithStats(is_paper, connectivity=4)
    colors = generator.uniform(110, 255, (len(facts), 3))
    colors[0] = 255
    colors[facts[:, cv2.CC_STAT_AREA] < SMALLEST_AREA * labels.size] = 255
    return to_uint8(colors[labels] * (lines / 255.0))


def posterize(rgb: Rgb, colors: int, generator: np.random.Generator) -> Rgb:
    """Return the picture in ``colors`` flat colors whose areas have smooth borders."""
    labels, centers = color_regions(rgb, colors, generator)
    brush = max(3, round(BRUSH / 2 * max(rgb.shape[:2]))) | 1
    smooth = cv2.medianBlur(labels, brush)
    return as_rgb(cv2.cvtColor(to_uint8(centers)[smooth], cv2.COLOR_LAB2RGB))


def recolor(rgb: Rgb, generator: np.random.Generator) -> Rgb:
    """Return the picture with the hue of each of its color groups turned by another angle."""
    labels, _ = color_regions(rgb, REGION_COLORS, generator)
    angles = generator.uniform(-np.pi, np.pi, REGION_COLORS)[labels]
    lab = cv2.cvtColor(rgb, cv2.COLOR_RGB2LAB).astype(np.float32)
    a, b = lab[..., 1] - 128, lab[..., 2] - 128
    lab[..., 1] = 128 + a * np.cos(angles) - b * np.sin(angles)
    lab[..., 2] = 128 + a * np.sin(angles) + b * np.cos(angles)
    return as_rgb(cv2.cvtColor(to_uint8(lab), cv2.COLOR_LAB2RGB))


def bottleneck(rgb: Rgb, long_side_px: int, generator: np.random.Generator) -> Rgb:
    """Return the picture shrunk to ``long_side_px``, enlarged again and sharpened."""
    size = size_of(rgb)
    small = resize(rgb, place_fit(size, long_side_px, generator).size)
    return sharpen(resize(small, size), max(1.0, max(size) / long_side_px / 2))


def renoise(rgb: Rgb, sigma: int, generator: np.random.Generator) -> Rgb:
    """Return the picture drowned in noise and denoised, which is what img2img does first."""
    return denoise(noise(rgb, sigma, generator), sigma)


def color_regions(
    rgb: Rgb, count: int, generator: np.random.Generator
) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Return each pixel's color group and the groups' middles in 8-bit Lab, dark ones first."""
    lab = cv2.cvtColor(rgb, cv2.COLOR_RGB2LAB)
    points = lab.reshape(-1, 3).astype(np.float32)
    sample = points[generator.integers(0, len(points), REGION_SAMPLE)]
    centers = sample[generator.integers(0, len(sample), count)]
    for _ in range(REGION_ROUNDS):
        nearest = _nearest(sample, centers)
        for group in np.unique(nearest):
            centers[group] = sample[nearest == group].mean(axis=0)
    centers = centers[np.argsort(centers[:, 0], kind="stable")]
    return _nearest(points, centers).reshape(lab.shape[:2]), centers


def _nearest(points: NDArray[np.float32], centers: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return the index of each point's nearest center."""
    distances = (centers**2).sum(axis=1) - 2 * points @ centers.T
    return np.asarray(np.argmin(distances, axis=1), dtype=np.uint8)


KINDS = (
    Kind("stylize", "repaint", lambda rgb, _value, _: stylize(rgb)),
    Kind("posterize", "repaint", posterize, (8,), (2, 64)),
    Kind("watercolor", "repaint", lambda rgb, _, generator: watercolor(rgb, generator)),
    Kind("pencil", "repaint", lambda rgb, _value, _: pencil(rgb)),
    Kind("line-art", "repaint", lambda rgb, _value, _: line_art(rgb)),
    Kind("color-in", "repaint", lambda rgb, _, generator: color_in(rgb, generator)),
    Kind("recolor", "repaint", lambda rgb, _, generator: recolor(rgb, generator)),
    Kind("bottleneck", "repaint", bottleneck, (96, 64), (16, 1024)),
    Kind("renoise", "repaint", renoise, (15, 30, 50), (1, 100)),
)
