"""Take the ink's color from the picture around it, so that a mark looks painted with the art.

An ink keeps its lightness, which is what letters are read by, and takes the hue of what lies
beneath. A remover who looks for one known color over all pictures does not find it.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.watermark.visible.ink import Ink

__all__ = ["palette", "tinted"]

_COLORS = 6
"""Colors of a picture's palette: enough to follow sky, skin and cloth, few enough to paint each
block of a mark once per color."""

_SAMPLES = 1500
"""Pixels that the palette is made from; more of them do not move it."""

_LIGHT_CHROMA, _DARK_CHROMA = 0.55, 0.4
"""How much of the ground's color goes into light and into dark ink, as shares: more of it makes
white letters look dirty (seen on the pictures of the bench)."""


def palette(rgb: NDArray[np.uint8], opacity: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Find the colors that a picture is made of.

    Parameters
    ----------
    rgb : (h, w, 3) uint8 array
        A small view.
    opacity : (h, w) uint8 array
        What shows; hidden color does not count.

    Returns
    -------
    (k, 3) float32 array
        RGB, at most 6 of them; none where nothing shows. The same for the same view.

    Notes
    -----
    About 0.002 CPU-seconds.
    """
    shown = rgb[opacity > 127].astype(np.float32)
    if not len(shown):
        return np.zeros((0, 3), np.float32)
    some = shown[:: max(1, len(shown) // _SAMPLES)]
    count = min(_COLORS, len(np.unique(some, axis=0)))
    order = np.argsort(some @ np.array([0.299, 0.587, 0.114], np.float32), kind="stable")
    labels = np.empty((len(some), 1), np.int32)
    labels[order, 0] = np.arange(len(some)) * count // len(some)  # by lightness: no dice
    until = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 12, 1.0)
    _, _, centers = cv2.kmeans(some, count, labels, until, 1, cv2.KMEANS_USE_INITIAL_LABELS)
    return np.asarray(centers, np.float32)


def tinted(ink: Ink, color: tuple[float, float, float], colors: NDArray[np.float32]) -> Ink:
    """Give an ink the hue of the palette's color that is nearest to the ground.

    Parameters
    ----------
    ink : Ink
        Chosen for the ground's lightness.
    color : (float, float, float)
        Mean RGB of the ground.
    colors : (k, 3) float32 array
        From :func:`palette`.

    Returns
    -------
    Ink
        The same lightness, as far as the range of values allows; the ink itself where the picture
        has no colors.
    """
    if not len(colors):
        return ink
    near = colors[np.argmin(np.square(colors - np.array(color, np.float32)).sum(axis=1))]
    return replace(ink, fill=_toned(ink.fill, near), rim=_toned(ink.rim, near))


def _toned(base: tuple[int, int, int], color: NDArray[np.float32]) -> tuple[int, int, int]:
    """Add the chroma of a color to a light or a dark one, keeping its luma where it can be kept."""
    luma = np.array([0.299, 0.587, 0.114])
    share = _LIGHT_CHROMA if sum(base) > 382 else _DARK_CHROMA
    chroma = share * (color - luma @ color)
    toned = np.array(base) + chroma
    toned += max(0.0, -float(toned.min())) * (sum(base) <= 382)
    red, green, blue = (int(value) for value in np.clip(np.rint(toned), 0, 255))
    return red, green, blue
