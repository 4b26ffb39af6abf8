"""What a distortion is: a named, seeded function on pixels, and where it puts the picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Rgb = NDArray[np.uint8]
Matrix = NDArray[np.float64]
Size = tuple[int, int]
Family = Literal[
    "codec",
    "geometry",
    "tone",
    "noise",
    "filter",
    "overlay",
    "layout",
    "repaint",
    "partial",
    "chain",
]


@dataclass(frozen=True)
class PixelMap:
    """How a geometric distortion moves the pixels.

    Attributes
    ----------
    size : tuple of int
        Width and height of the distorted picture, in pixels.
    matrix : (3, 3) float64 array
        Maps homogeneous points of the distorted picture onto the original. Points are (x, y);
        a whole number is the middle of a pixel.
    """

    size: Size
    matrix: Matrix


@dataclass(frozen=True)
class Kind:
    """A family member before its number is known: "jpeg" is a kind, "jpeg-75" a distortion.

    Attributes
    ----------
    stem : str
        The name up to the number.
    family : str
        The group that it is reported with.
    paint : callable
        ``(rgb, value, generator) -> rgb``; ``value`` is 0 where the kind takes no number.
    listed : tuple of int
        The numbers of the standard attack list; empty for a kind without a number.
    limits : tuple of int
        Smallest and largest number allowed.
    place : callable or None
        ``(size, value, generator) -> PixelMap``, which must draw the same numbers from the
        generator as ``paint`` does first; None where pixels stay in place.
    is_geometric : bool
        True where pixels move, also where no single matrix says how.
    """

    stem: str
    family: Family
    paint: Callable[[Rgb, int, np.random.Generator], Rgb]
    listed: tuple[int, ...] = ()
    limits: tuple[int, int] = (0, 100)
    place: Callable[[Size, int, np.random.Generator], PixelMap] | None = None
    is_geometric: bool = False


def size_of(rgb: Rgb) -> Size:
    """Return the width and height of an array of pixels."""
    return rgb.shape[1], rgb.shape[0]


def to_uint8(values: NDArray[Any]) -> Rgb:
    """Round to whole grey levels and clip to 0-255."""
    return np.asarray(np.clip(np.rint(values), 0, 255), dtype=np.uint8)


def as_rgb(values: NDArray[Any]) -> Rgb:
    """Give back what OpenCV returned as the bytes that they are; its own types are too wide."""
    return np.asarray(values, dtype=np.uint8)
