"""Distortions that move pixels by one matrix: resize, crop, shift, rotate, shear, perspective.

Each is a pixel map (size and matrix), drawn first and painted second, so that a test can ask for
the true transform without painting. What the picture does not reach is white paper.

References
----------
.. [1] F. A. P. Petitcolas, "Watermarking schemes evaluation", IEEE Signal Processing Magazine
   17(5), 2000, doi:10.1109/79.879339 (StirMark's list).
.. [2] B. An et al., "WAVES: Benchmarking the Robustness of Image Watermarks", ICML 2024,
   arXiv:2401.08573 (rotation, resized crop and erasing as one family).
"""

from __future__ import annotations

import math
from collections.abc import Callable

import cv2
import numpy as np

from ocguard.distortions.kind import Kind, Matrix, PixelMap, Rgb, Size, as_rgb, size_of
from ocguard.imaging import pixel_grid

PAPER = (255, 255, 255)


def resize(rgb: Rgb, size: Size) -> Rgb:
    """Return the picture at ``size``: averaged over areas when shrunk, bicubic when enlarged."""
    width, height = size_of(rgb)
    if (width, height) == size:
        return rgb.copy()
    is_smaller = size[0] <= width and size[1] <= height
    method = cv2.INTER_AREA if is_smaller else cv2.INTER_CUBIC
    return as_rgb(cv2.resize(rgb, size, interpolation=method))


def warp(rgb: Rgb, pixel_map: PixelMap) -> Rgb:
    """Return the picture as placed, bicubic, on white paper."""
    return as_rgb(
        cv2.warpPerspective(
            rgb,
            pixel_map.matrix,
            pixel_map.size,
            flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=PAPER,
        )
    )


def translation(x: float, y: float) -> Matrix:
    """Return the matrix that adds (x, y)."""
    return np.array([[1.0, 0.0, x], [0.0, 1.0, y], [0.0, 0.0, 1.0]])


def scaling(before: Size, after: Size) -> Matrix:
    """Return the matrix from points of the resized picture to points of the one before."""
    return pixel_grid.scaling(before[0] / after[0], before[1] / after[1])


def place_scaled(size: Size, x_factor: float, y_factor: float) -> PixelMap:
    """Place the picture at the size multiplied by the two factors, at least one pixel."""
    scaled = (max(1, round(size[0] * x_factor)), max(1, round(size[1] * y_factor)))
    return PixelMap(scaled, scaling(size, scaled))


def place_fit(size: Size, long_side_px: int, _: np.random.Generator) -> PixelMap:
    """Place the picture so that its long side is at most ``long_side_px``."""
    factor = min(1.0, long_side_px / max(size))
    return place_scaled(size, factor, factor)


def place_resize(size: Size, percent: int, _: np.random.Generator) -> PixelMap:
    """Place the picture at ``percent`` of its sides."""
    return place_scaled(size, percent / 100, percent / 100)


def place_stretch(size: Size, percent: int, _: np.random.Generator) -> PixelMap:
    """Place the picture at ``percent`` of its width and its full height."""
    return place_scaled(size, percent / 100, 1.0)


def place_crop(size: Size, percent: int, generator: np.random.Generator) -> PixelMap:
    """Keep ``percent`` of the area at a random position, in the picture's own proportions."""
    side = math.sqrt(percent / 100)
    width, height = (max(1, round(length * side)) for length in size)
    left, top = generator.integers(0, (size[0] - width + 1, size[1] - height + 1))
    return PixelMap((width, height), translation(left, top))


def place_shift(size: Size, distance_px: int, _: np.random.Generator) -> PixelMap:
    """Move the picture right and down on a canvas of its own size."""
    return PixelMap(size, translation(-distance_px, -distance_px))


def place_mirror(size: Size, _value: int, _: np.random.Generator) -> PixelMap:
    """Exchange left and right."""
    mirror = np.array([[-1.0, 0.0, size[0] - 1], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    return PixelMap(size, mirror)


def place_rotate(size: Size, degrees: int, _: np.random.Generator) -> PixelMap:
    """Turn counterclockwise on a canvas that holds the whole picture."""
    cosine, sine = _quarter_turn(degrees) or (
        math.cos(math.radians(degrees)),
        math.sin(math.radians(degrees)),
    )
    return _on_expanded_canvas(size, np.array([[cosine, sine], [-sine, cosine]]))


def place_shear(size: Size, degrees: int, _: np.random.Generator) -> PixelMap:
    """Slant to the right on a canvas that holds the whole picture."""
    slant = math.tan(math.radians(degrees))
    return _on_expanded_canvas(size, np.array([[1.0, slant], [0.0, 1.0]]))


def place_perspective(size: Size, percent: int, generator: np.random.Generator) -> PixelMap:
    """Move each corner by up to ``percent`` of the sides, as a photo of a print does."""
    right, bottom = max(size[0] - 1, 1), max(size[1] - 1, 1)
    corners = np.array([[0, 0], [right, 0], [right, bottom], [0, bottom]], dtype=np.float32)
    reach = np.array([right, bottom]) * percent / 100
    moved = corners + generator.uniform(-1, 1, (4, 2)) * reach
    matrix = cv2.getPerspectiveTransform(moved.astype(np.float32), corners)
    return PixelMap(size, np.asarray(matrix, dtype=np.float64))


def paint_resized(place: Callable[[Size, int, np.random.Generator], PixelMap]) -> _Paint:
    """Return the painter of a pixel map that only resizes."""
    return lambda rgb, value, generator: resize(rgb, place(size_of(rgb), value, generator).size)


def paint_warped(place: Callable[[Size, int, np.random.Generator], PixelMap]) -> _Paint:
    """Return the painter of any pixel map."""
    return lambda rgb, value, generator: warp(rgb, place(size_of(rgb), value, generator))


def crop(rgb: Rgb, percent: int, generator: np.random.Generator) -> Rgb:
    """Return the part that `place_crop` keeps, without resampling."""
    pixel_map = place_crop(size_of(rgb), percent, generator)
    left, top = pixel_map.matrix[:2, 2].astype(int)
    width, height = pixel_map.size
    return rgb[top : top + height, left : left + width].copy()


def shift(rgb: Rgb, distance_px: int, _: np.random.Generator) -> Rgb:
    """Return the picture moved right and down, white where nothing was, without resampling."""
    moved = np.full_like(rgb, 255)
    moved[distance_px:, distance_px:] = rgb[: -distance_px or None, : -distance_px or None]
    return moved


def rotate(rgb: Rgb, degrees: int, generator: np.random.Generator) -> Rgb:
    """Return the picture turned counterclockwise; quarter turns are exact."""
    if degrees % 90 == 0:
        return np.ascontiguousarray(np.rot90(rgb, degrees // 90))
    return warp(rgb, place_rotate(size_of(rgb), degrees, generator))


_Paint = Callable[[Rgb, int, np.random.Generator], Rgb]


def _quarter_turn(degrees: int) -> tuple[float, float] | None:
    """Return the exact cosine and sine of a multiple of 90 degrees."""
    return {0: (1.0, 0.0), 90: (0.0, 1.0), 180: (-1.0, 0.0), 270: (0.0, -1.0)}.get(degrees % 360)


def _on_expanded_canvas(size: Size, forward: Matrix) -> PixelMap:
    """Apply a 2x2 matrix (original -> distorted) about the middle and fit the canvas to it."""
    half = np.array(size) / 2
    reach = np.abs(forward) @ half
    canvas = np.maximum(1, np.ceil(2 * reach - 1e-6)).astype(int)
    matrix = np.eye(3)
    matrix[:2, :2] = np.linalg.inv(forward)
    matrix[:2, 2] = (np.array(size) - 1) / 2 - matrix[:2, :2] @ ((canvas - 1) / 2)
    return PixelMap((int(canvas[0]), int(canvas[1])), matrix)


KINDS = (
    Kind(
        "resize", "geometry", paint_resized(place_resize), (75, 50, 35, 25), (1, 400), place_resize
    ),
    Kind("fit", "geometry", paint_resized(place_fit), (1440, 1080), (16, 16384), place_fit),
    Kind("crop", "geometry", crop, (90, 80, 75, 60, 50, 40, 25, 10), (1, 100), place_crop),
    Kind("shift", "geometry", shift, (1, 7, 13), (0, 1000), place_shift),
    Kind("rotate", "geometry", rotate, (2, 5, 7, 15, 45, 90, 180), (-360, 360), place_rotate),
    Kind(
        "mirror",
        "geometry",
        lambda rgb, _value, _: np.ascontiguousarray(rgb[:, ::-1]),
        place=place_mirror,
    ),
    Kind("stretch", "geometry", paint_resized(place_stretch), (85, 115), (10, 400), place_stretch),
    Kind("shear", "geometry", paint_warped(place_shear), (5,), (-45, 45), place_shear),
    Kind(
        "perspective", "geometry", paint_warped(place_perspective), (5,), (0, 20), place_perspective
    ),
)
