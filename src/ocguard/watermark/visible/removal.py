"""Try to remove a visible mark, and measure what is left of it.

Two attempts that anybody can make. *Averaging*: over many works that were marked alike, the art
averages out and the mark does not; what stands out of the average is subtracted from each work.
*Inpainting*: the mark's pixels are thrown away and painted anew from their surroundings, by the
two methods that OpenCV has [1]_, [2]_. Here the remover is even told which pixels these are.

What is left is the energy of the error inside the mark (repaired picture minus unmarked picture)
over the energy of the mark itself: 0 is the unmarked picture again, 1 is as much damage as the
mark made, and above 1 the attempt did more harm than good.

References
----------
.. [1] A. Telea, "An image inpainting technique based on the fast marching method", Journal of
   Graphics Tools 9(1), 2004, https://doi.org/10.1080/10867651.2004.10487596
.. [2] M. Bertalmio, A. Bertozzi, G. Sapiro, "Navier-Stokes, fluid dynamics, and image and video
   inpainting", CVPR 2001, https://doi.org/10.1109/CVPR.2001.990497
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.imaging.blending import Stamp, compose
from ocguard.imaging.picture import Picture
from ocguard.watermark.visible.ground import Ground

__all__ = [
    "Coverage",
    "Removability",
    "averaged",
    "coverage",
    "inpainted",
    "left_of_mark",
    "mark_mask",
    "removability",
]

WORKS: Final = 20
"""Works marked alike that a remover averages."""

INPAINTING: Final[dict[str, int]] = {"telea": cv2.INPAINT_TELEA, "navier-stokes": cv2.INPAINT_NS}

_MIN_ALPHA: Final = 10
"""Alpha of a stamp, 0..255, from which a pixel belongs to the mark: 4 %, hardly seen."""

_REACH_PX: Final = 3.0
"""How far around a pixel inpainting looks, in pixels: OpenCV's usual value."""

_ART_SIGMA: Final = 0.04
"""Blur that tells ground from letters when works are averaged, in long sides: wider than a stem
of any layout, narrower than most shapes of a drawing."""

Method = Literal["telea", "navier-stokes"]
Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Coverage:
    """Where a mark lies.

    Attributes
    ----------
    covered : float
        Share of the art under the mark, rim included, 0..1; clear ground is no art.
    on_flat : float
        Share of the mark on flat ground, 0..1: there anybody paints it over.
    """

    covered: float
    on_flat: float


@dataclass(frozen=True)
class Removability:
    """What is left of a mark after attempts to remove it; see the module's docstring.

    Attributes
    ----------
    averaged : float
        After subtracting the average of 20 works marked alike.
    telea, navier_stokes : float
        After inpainting the mark's pixels.
    """

    averaged: float
    telea: float
    navier_stokes: float


def coverage(stamps: Iterable[Stamp], ground: Ground, size_px: tuple[int, int]) -> Coverage:
    """Measure where a mark lies.

    Parameters
    ----------
    stamps : iterable of Stamp
        The mark.
    ground : Ground
        The picture beneath.
    size_px : (int, int)
        Its full width and height.

    Returns
    -------
    Coverage
        To about a hundredth of the mark, on the ground's raster.
    """
    under = np.zeros(ground.opacity.shape, np.float32)
    shrunk: dict[int, NDArray[np.float32]] = {}
    for stamp in stamps:
        if id(stamp.rgba) not in shrunk:
            shrunk[id(stamp.rgba)] = _footprint(stamp.rgba, ground.scale)
        _raise_to(under, shrunk[id(stamp.rgba)], stamp, ground.scale)
    art = (ground.opacity > 0).astype(np.float32)
    height, width = ground.opacity.shape
    size = (width, height)
    flat = cv2.resize(ground.focus.is_flat.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST)
    total = float(under.sum())
    return Coverage(
        float((under * art).sum() / max(1.0, float(art.sum()))),
        float((under * np.maximum(flat, art == 0)).sum()) / total if total else 0.0,
    )


def removability(
    rgb: Pixels, draw: Callable[[Pixels, bytes], Sequence[Stamp]], seed: bytes
) -> Removability:
    """Mark a picture and try to remove the mark again.

    The other works of the collection are stood in for by the picture itself, mirrored and shifted:
    the same colors and strokes, but other art under the mark.

    Parameters
    ----------
    rgb : (h, w, 3) uint8 array
        The unmarked picture, about 1 megapixel.
    draw : callable
        Makes the stamps for a picture of this size and a seed.
    seed : bytes
        Of this picture; the other works get seeds made from it, or none where it is empty.

    Returns
    -------
    Removability
        Of this picture's mark.

    Notes
    -----
    About 3 CPU-seconds a megapixel.
    """
    seeds = [seed, *(_other(seed, number) for number in range(1, WORKS))]
    works = [_like(rgb, number) for number in range(WORKS)]
    stamps = [draw(work, one) for work, one in zip(works, seeds, strict=True)]
    marked = [
        compose(Picture.from_array(work), laid).frames[0].pixels.astype(np.uint8, copy=False)
        for work, laid in zip(works, stamps, strict=True)
    ]
    height, width = rgb.shape[:2]
    mask = mark_mask(stamps[0], (width, height))
    repaired = np.clip(marked[0] - averaged(marked), 0, 255)
    left = {name: inpainted(marked[0], mask, name) for name in ("telea", "navier-stokes")}
    return Removability(
        left_of_mark(repaired, rgb, marked[0], mask),
        left_of_mark(left["telea"], rgb, marked[0], mask),
        left_of_mark(left["navier-stokes"], rgb, marked[0], mask),
    )


def averaged(marked: Iterable[Pixels]) -> NDArray[np.float32]:
    """Estimate what a mark adds to every work: the mean of what stands out of each one's ground.

    Parameters
    ----------
    marked : iterable of (h, w, 3) uint8 array
        Works of one size, marked alike.

    Returns
    -------
    (h, w, 3) float32 array
        To be subtracted, in grey levels.
    """
    total, count = np.zeros(0, np.float32), 0
    for work in marked:
        pixels = work.astype(np.float32)
        detail = pixels - _smooth(pixels)
        total = detail if not count else total + detail
        count += 1
    if not count:
        raise ValueError("there is nothing to average")
    return np.asarray(total / count, np.float32)


def _smooth(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    """Guess the ground of a marked work, in grey levels: a blur that letters do not survive.

    The blur is made on a raster of a quarter of the size, where nobody can tell.
    """
    height, width = pixels.shape[:2]
    size = (max(1, width // 4), max(1, height // 4))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    blurred = cv2.GaussianBlur(small, (0, 0), _ART_SIGMA * max(size))
    return np.asarray(cv2.resize(blurred, (width, height)), np.float32)


def inpainted(marked: Pixels, mask: NDArray[np.bool_], method: str) -> Pixels:
    """Paint the pixels of a mark anew, by ``"telea"`` or ``"navier-stokes"``."""
    hole = mask.astype(np.uint8)
    return np.asarray(cv2.inpaint(marked, hole, _REACH_PX, INPAINTING[method]), np.uint8)


def left_of_mark(
    repaired: NDArray[np.generic], original: Pixels, marked: Pixels, mask: NDArray[np.bool_]
) -> float:
    """Measure what is left: energy of the error over that of the mark, inside the mark.

    Returns
    -------
    float
        0 for a perfect repair; 0 as well where the mark changed nothing.
    """
    before = original[mask].astype(np.float32)
    mark = float(np.square(marked[mask] - before).sum())
    return (
        float(np.square(repaired[mask].astype(np.float32) - before).sum()) / mark if mark else 0.0
    )


def mark_mask(stamps: Iterable[Stamp], size_px: tuple[int, int]) -> NDArray[np.bool_]:
    """Return the pixels of a mark, (h, w), of a picture of ``size_px``."""
    mask = np.zeros((size_px[1], size_px[0]), np.bool_)
    for stamp in stamps:
        top, left = max(0, stamp.top), max(0, stamp.left)
        alpha = stamp.rgba[top - stamp.top :, left - stamp.left :, 3]
        into = mask[top : top + alpha.shape[0], left : left + alpha.shape[1]]
        into |= alpha[: into.shape[0], : into.shape[1]] >= _MIN_ALPHA
    return mask


def _like(rgb: Pixels, number: int) -> Pixels:
    """Return another work of the same hand: the picture itself, mirrored and shifted."""
    flipped = rgb[:, ::-1] if number % 2 else rgb
    shift = (number * rgb.shape[0] // WORKS, number * 7 % WORKS * rgb.shape[1] // WORKS)
    return np.ascontiguousarray(np.roll(flipped, shift, axis=(0, 1)))


def _other(seed: bytes, number: int) -> bytes:
    """Make a seed for another work; none where the mark does not vary."""
    return hashlib.sha256(seed + number.to_bytes(2, "big")).digest() if seed else b""


def _footprint(rgba: Pixels, scale: tuple[float, float]) -> NDArray[np.float32]:
    """Shrink the mask of a stamp to the ground's raster."""
    inked = (rgba[..., 3] >= _MIN_ALPHA).astype(np.float32)
    size = (max(1, round(inked.shape[1] * scale[0])), max(1, round(inked.shape[0] * scale[1])))
    return np.asarray(cv2.resize(inked, size, interpolation=cv2.INTER_AREA), np.float32)


def _raise_to(
    under: NDArray[np.float32],
    footprint: NDArray[np.float32],
    stamp: Stamp,
    scale: tuple[float, float],
) -> None:
    """Lay a footprint on a raster where it covers more than what lies there."""
    left, top = round(stamp.left * scale[0]), round(stamp.top * scale[1])
    seen = footprint[max(0, -top) :, max(0, -left) :]
    into = under[max(0, top) : max(0, top) + len(seen), max(0, left) : max(0, left) + seen.shape[1]]
    np.maximum(into, seen[: into.shape[0], : into.shape[1]], out=into)
