"""Bring a rendition to the one form that every fingerprint is computed from.

A poster may flatten a transparent portrait on any ground, scale it, or put a plain border around
it. Here transparency is laid on the ground that shows the art (`ocguard.imaging.ground`: white, but
black under white line art) *and* on the opposite one, the long side is capped, and the plain border
is found, always with OpenCV's area resampling: other libraries have changed resampled pixels
between versions, and with them every hash.

Input: (H, W, 3) uint8 RGB and, where the picture is transparent, (H, W) uint8 alpha.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.imaging.ground import WHITE, showing_ground

__all__ = ["Box", "NormalPicture", "flatten_on", "normalize", "resize_area", "trim_box"]

LONG_SIDE_PX = 800
"""Long side that local features are taken at, in pixels; raising it costs time by its square."""

MAX_SIDE_PX = 8191
"""Longest side that is described: positions are stored in sixteen bits, as eighths of a pixel."""

TRANSPARENT_BELOW = 250
"""Alpha under this shows the ground, in 8-bit steps."""

PLAIN_TOLERANCE = 14
"""Largest difference, in 8-bit steps of any channel, from the color of a plain border; leaves room
for the noise of recompression."""

PLAIN_SHARE = 0.55
"""Smallest share of the outermost pixels that must have one color to call it a border."""

CONTENT_SHARE = 0.004
"""Share of a row or column that must differ from the border color to count as content."""

MIN_TRIM_SHARE = 0.08
"""A trim that leaves less than this share of a side is taken for a mistake and dropped."""

MAX_BORDERS = 3
"""Borders removed one inside the other: a frame, its mount, the ground of a flattened portrait."""


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels: left and top inside, right and bottom outside."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """Width in pixels."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Height in pixels."""
        return self.bottom - self.top


@dataclass(frozen=True)
class NormalPicture:
    """A picture ready for fingerprinting.

    Attributes
    ----------
    on_ground : (h, w) uint8 array
        Luma, transparency laid on the ground that shows the art.
    on_opposite : (h, w) uint8 array or None
        Luma, transparency laid on the opposite ground; None for an opaque picture.
    alpha : (h, w) uint8 array or None
        Alpha at the same size; None for an opaque picture.
    content : Box
        What is left inside a plain border; the whole picture where there is none.
    scale : float
        Pixels of the rendition per pixel here, at least 1.
    """

    on_ground: NDArray[np.uint8]
    on_opposite: NDArray[np.uint8] | None
    alpha: NDArray[np.uint8] | None
    content: Box
    scale: float


def normalize(rgb: NDArray[np.uint8], alpha: NDArray[np.uint8] | None) -> NormalPicture:
    """Cap the size, lay transparency on two grounds, and find the plain border.

    Parameters
    ----------
    rgb : (H, W, 3) uint8 array
        RGB rendition.
    alpha : (H, W) uint8 array or None
        Its transparency, 255 opaque. An alpha without any transparent pixel counts as None.

    Returns
    -------
    NormalPicture
        Never enlarged.

    Raises
    ------
    ValueError
        If shapes or types differ from the above, or a side is 0.
    """
    _check(rgb, alpha)
    factor = min(1.0, LONG_SIDE_PX / max(rgb.shape[:2]))
    size = (max(1, round(rgb.shape[1] * factor)), max(1, round(rgb.shape[0] * factor)))
    if alpha is not None and int(alpha.min()) >= TRANSPARENT_BELOW:
        alpha = None
    if alpha is None:
        small = resize_area(rgb, size)
        return NormalPicture(_luma(small), None, None, trim_box(small), 1.0 / factor)
    ground = showing_ground(rgb, alpha)
    small = resize_area(flatten_on(rgb, alpha, ground), size)
    opposite = resize_area(flatten_on(rgb, alpha, WHITE - ground), size)
    veil = resize_area(alpha, size)
    return NormalPicture(_luma(small), _luma(opposite), veil, trim_box(small), 1.0 / factor)


def flatten_on(rgb: NDArray[np.uint8], alpha: NDArray[np.uint8], ground: int) -> NDArray[np.uint8]:
    """Lay a transparent picture on a grey ground of the given level (0-255)."""
    share = alpha.astype(np.float32)[..., None] / 255.0
    mixed = rgb.astype(np.float32) * share + ground * (1.0 - share)
    return np.asarray(mixed + 0.5).astype(np.uint8)


def resize_area(array: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    """Resample to ``size`` (width, height) with pixel-area averaging; the identity if equal."""
    if (array.shape[1], array.shape[0]) == size:
        return array
    return np.asarray(cv2.resize(array, size, interpolation=cv2.INTER_AREA), np.uint8)


def trim_box(rgb: NDArray[np.uint8]) -> Box:
    """Find what lies inside plain borders, one inside the other.

    Parameters
    ----------
    rgb : (h, w, 3) uint8 array
        RGB picture without transparency.

    Returns
    -------
    Box
        The whole picture when no single color covers most of the outermost pixels, or when next to
        nothing would be left.
    """
    box = Box(0, 0, rgb.shape[1], rgb.shape[0])
    for _ in range(MAX_BORDERS):
        inner = _inside_border(rgb, box)
        if inner == box:
            break
        box = inner
    return box


def _inside_border(rgb: NDArray[np.uint8], box: Box) -> Box:
    """Remove one plain border from a box; the same box where there is none."""
    view = rgb[box.top : box.bottom, box.left : box.right]
    rim = np.concatenate([view[0], view[-1], view[:, 0], view[:, -1]]).astype(np.int16)
    color = np.median(rim, axis=0).astype(np.int16)
    if np.mean(np.abs(rim - color).max(axis=1) <= PLAIN_TOLERANCE) < PLAIN_SHARE:
        return box
    differs = cv2.absdiff(view, np.full_like(view, color)).max(axis=2) > PLAIN_TOLERANCE
    columns = np.flatnonzero(differs.mean(axis=0) > CONTENT_SHARE)
    rows = np.flatnonzero(differs.mean(axis=1) > CONTENT_SHARE)
    if not len(columns) or not len(rows):
        return box
    inner = Box(
        box.left + int(columns[0]),
        box.top + int(rows[0]),
        box.left + int(columns[-1]) + 1,
        box.top + int(rows[-1]) + 1,
    )
    if inner.width < MIN_TRIM_SHARE * rgb.shape[1] or inner.height < MIN_TRIM_SHARE * rgb.shape[0]:
        return box
    return inner


def _luma(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8)


def _check(rgb: NDArray[np.uint8], alpha: NDArray[np.uint8] | None) -> None:
    if rgb.ndim != 3 or rgb.shape[2] != 3 or rgb.dtype != np.uint8 or 0 in rgb.shape:
        raise ValueError(f"need an (H, W, 3) uint8 picture, got {rgb.shape} {rgb.dtype}")
    if max(rgb.shape) > MAX_SIDE_PX:
        raise ValueError(f"need a rendition of at most {MAX_SIDE_PX} pixels, got {rgb.shape}")
    if alpha is not None and (alpha.shape != rgb.shape[:2] or alpha.dtype != np.uint8):
        raise ValueError(
            f"alpha must be {rgb.shape[:2]} uint8 like its picture, got {alpha.shape} {alpha.dtype}"
        )
