"""Global codes: 256 bits of the low frequencies of a picture, of its content and of its parts.

A view is brought to 64 x 64 luma, transformed by the discrete cosine transform, and the signs of
its 16 x 16 lowest frequencies around their median are the code (the construction of PDQ, on our
own resampling). The mirrored view's code follows from the same coefficients. A view without enough
detail has no code: flat pictures all collide.

References
----------
Facebook, The TMK+PDQF video-hashing algorithm and the PDQ image-hashing algorithm, 2019.
"""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.fingerprint.normalize import Box, NormalPicture, resize_area

__all__ = ["CODE_BYTES", "VIEW_NAMES", "code_distances", "detail", "global_codes"]

CODE_BYTES = 32
"""Bytes of a code: 256 bits."""

RASTER_PX = 64
"""Side of the raster that is transformed."""

FREQUENCIES = 16
"""Frequencies a side; the lowest one (index 0) is left out."""

MIN_DETAIL = 0.04
"""Smallest share of raster pixels with a visible gradient that a code is computed for."""

VISIBLE_GRADIENT = 8.0
"""Luma difference to the next raster pixel that counts as visible, in 8-bit steps."""

VIEW_NAMES = ("whole", "content", "center", "top", "bottom", "left", "right")
"""Views in their order: the picture, what its border leaves, and parts of that."""


def global_codes(picture: NormalPicture) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Compute the codes of all views, and of all views mirrored.

    Returns
    -------
    (n, 32) uint8 array, (n, 32) uint8 array
        Codes as they are and left-right mirrored, n = ``len(VIEW_NAMES)``. A row of zeros is a
        view that holds too little detail; a real code has about as many ones as zeros.

    Notes
    -----
    About 2 CPU-milliseconds.
    """
    plain, mirrored = [], []
    for box in _views(picture):
        view = picture.on_ground[box.top : box.bottom, box.left : box.right]
        raster = resize_area(view, (RASTER_PX, RASTER_PX)).astype(np.float32)
        if detail(raster) < MIN_DETAIL:
            plain.append(_NO_CODE)
            mirrored.append(_NO_CODE)
            continue
        low = np.asarray(cv2.dct(raster), np.float32)[1 : FREQUENCIES + 1, 1 : FREQUENCIES + 1]
        plain.append(_signs(low))
        mirrored.append(_signs(low * _ODD_FLIPPED))
    return np.stack(plain), np.stack(mirrored)


def code_distances(queries: NDArray[np.uint8], references: NDArray[np.uint8]) -> NDArray[np.int32]:
    """Count the differing bits of every query with every reference code.

    Parameters
    ----------
    queries : (q, b) uint8 array
        b is a multiple of 8.
    references : (n, b) uint8 array
        May be memory-mapped.

    Returns
    -------
    (q, n) int32 array
        Hamming distances in bits.
    """
    words = np.ascontiguousarray(references).view(np.uint64)
    distances = np.empty((len(queries), len(words)), np.int32)
    for row, query in enumerate(np.ascontiguousarray(queries).view(np.uint64)):
        np.bitwise_count(words ^ query).sum(axis=1, dtype=np.int32, out=distances[row])
    return distances


def detail(raster: NDArray[np.float32]) -> float:
    """Return the share of pixels whose right or lower neighbor differs visibly, 0 to 1."""
    across = np.abs(np.diff(raster, axis=1))[:-1]
    down = np.abs(np.diff(raster, axis=0))[:, :-1]
    return float(np.mean(np.maximum(across, down) >= VISIBLE_GRADIENT))


def _views(picture: NormalPicture) -> Iterator[Box]:
    """Yield the boxes of `VIEW_NAMES`."""
    height, width = picture.on_ground.shape
    box = picture.content
    yield Box(0, 0, width, height)
    yield box
    for left, top, right, bottom in _PARTS:
        part = Box(
            box.left + int(left * box.width),
            box.top + int(top * box.height),
            box.left + max(int(right * box.width), int(left * box.width) + 1),
            box.top + max(int(bottom * box.height), int(top * box.height) + 1),
        )
        yield part


def _signs(low: NDArray[np.float32]) -> NDArray[np.uint8]:
    return np.packbits(low > np.median(low))


_PARTS = (
    (0.1, 0.1, 0.9, 0.9),
    (0.0, 0.0, 1.0, 0.6),
    (0.0, 0.4, 1.0, 1.0),
    (0.0, 0.0, 0.6, 1.0),
    (0.4, 0.0, 1.0, 1.0),
)
_NO_CODE = np.zeros(CODE_BYTES, np.uint8)
_ODD_FLIPPED = np.where(np.arange(1, FREQUENCIES + 1) % 2, -1.0, 1.0).astype(np.float32)[None, :]
