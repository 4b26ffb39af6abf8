"""Edge layout: where the edges of a picture run, without their sign, color or strength.

Repaints, pencil drawings, line art and inverted pictures lose their keypoints and keep their
layout. Two forms are kept of it. The *code* is for finding: gradient orientations in 12 x 12 cells
of the content, one bit per cell and orientation. The *field* is for checking: a small raster whose
complex value is twice the edge angle times a compressed strength, so that a dark-to-light edge and
a light-to-dark edge are the same.

References
----------
N. Dalal, B. Triggs, Histograms of oriented gradients for human detection, CVPR 2005,
doi:10.1109/CVPR.2005.177.
A. J. Fitch et al., Orientation correlation, BMVC 2002, doi:10.5244/C.16.11.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.fingerprint.normalize import NormalPicture, resize_area

__all__ = [
    "LAYOUT_BYTES",
    "THUMBNAIL_PX",
    "content_thumbnail",
    "layout_code",
    "mirrored_layout",
    "orientation_field",
]

THUMBNAIL_PX = 96
"""Side of the square that the content is brought to."""

CELLS = 12
"""Cells a side of the layout code."""

ORIENTATIONS = 8
"""Orientation bins over 180 degrees."""

LAYOUT_BYTES = CELLS * CELLS * ORIENTATIONS // 8
"""Bytes of a layout code."""

STRENGTH_KNEE = 24.0
"""Gradient, in 8-bit steps, above which strength hardly counts any more."""

NOISE_FLOOR = 6.0
"""Gradient, in 8-bit steps, below which an edge is noise."""


def content_thumbnail(picture: NormalPicture) -> NDArray[np.uint8]:
    """Return the luma of the content, stretched to 96 x 96."""
    box = picture.content
    inside = picture.on_ground[box.top : box.bottom, box.left : box.right]
    return resize_area(inside, (THUMBNAIL_PX, THUMBNAIL_PX))


def orientation_field(luma: NDArray[np.uint8]) -> NDArray[np.complex64]:
    """Return the edge field of a raster.

    Parameters
    ----------
    luma : (h, w) uint8 array

    Returns
    -------
    (h, w) complex64 array
        Angle: twice the gradient's; magnitude: 0 (no edge) to 1.
    """
    smooth = cv2.GaussianBlur(luma.astype(np.float32), (0, 0), 0.8)
    across = cv2.Scharr(smooth, cv2.CV_32F, 1, 0, scale=1 / 16)
    down = cv2.Scharr(smooth, cv2.CV_32F, 0, 1, scale=1 / 16)
    strength = np.hypot(across, down)
    weight = np.clip(strength - NOISE_FLOOR, 0, None)
    weight = weight / (weight + STRENGTH_KNEE)
    direction = (across + 1j * down) / np.maximum(strength, 1e-6)
    field: NDArray[np.complex64] = (direction * direction * weight).astype(np.complex64)
    return field


def layout_code(thumbnail: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the layout code of a content thumbnail.

    Returns
    -------
    (LAYOUT_BYTES,) uint8 array
        A bit is set where an orientation is stronger than the average orientation of the
        surrounding 3 x 3 cells.
    """
    bits = _stronger(_cells(orientation_field(thumbnail)))
    return np.packbits(bits)


def mirrored_layout(code: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the code of the left-right mirrored picture."""
    bits = np.unpackbits(code).reshape(CELLS, CELLS, ORIENTATIONS)
    return np.packbits(bits[:, ::-1][:, :, (-np.arange(ORIENTATIONS)) % ORIENTATIONS])


def _cells(field: NDArray[np.complex64]) -> NDArray[np.float32]:
    """Sum the field into cells and orientations, shared between neighboring bins."""
    strength = np.abs(field)
    position = np.mod(np.angle(field) / (2 * np.pi), 1.0) * ORIENTATIONS
    centers = np.arange(ORIENTATIONS)
    away = np.abs(
        (position[..., None] - centers + ORIENTATIONS / 2) % ORIENTATIONS - ORIENTATIONS / 2
    )
    shares = np.clip(1.0 - away, 0, None) * strength[..., None]
    side = THUMBNAIL_PX // CELLS
    cells: NDArray[np.float32] = (
        shares.reshape(CELLS, side, CELLS, side, ORIENTATIONS).sum(axis=(1, 3)).astype(np.float32)
    )
    return cells


def _stronger(cells: NDArray[np.float32]) -> NDArray[np.bool_]:
    around = cv2.blur(cells.mean(axis=2), (3, 3), borderType=cv2.BORDER_REPLICATE)
    stronger: NDArray[np.bool_] = cells > np.maximum(around, 0.2)[..., None]
    return stronger
