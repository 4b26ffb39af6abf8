"""Pictures that let a person see what a suspect and a work have in common, and what they do not.

All pictures are RGB, sRGB, and shrunk to the size of a page. The suspect is laid on the work by the
map that the matcher found; what it does not reach stays grey.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = [
    "Swatch",
    "difference_map",
    "fitted_to_page",
    "laid_on",
    "matched_points",
    "outlined",
    "palette",
]

Rgb = NDArray[np.uint8]

PAGE_PX: Final = 800
"""Long side of a picture on the page, in pixels."""

MAX_LINES: Final = 60
"""Most pairs of matched points that are drawn; more would hide the pictures."""

STAGE: Final = (200, 200, 200)
"""Grey of what a picture does not reach."""

LINE_COLORS: Final = ((58, 79, 176), (125, 82, 0), (28, 104, 69), (106, 63, 160))
"""Colors of lines and outlines: seen on light and dark, and apart by people who see less color."""

DIFFERENCE_BLUR_PX: Final = 2.0
DIFFERENCE_FULL: Final = 60.0
"""Blur before subtracting, and the difference in Lab units that is shown at full strength."""

PALETTE_SIDE_PX: Final = 96
PALETTE_ROUNDS: Final = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 20, 0.5)


@dataclass(frozen=True)
class Swatch:
    """One color of a picture.

    Attributes
    ----------
    color : str
        ``#rrggbb``.
    share : float
        Share of the picture that is nearest to it, 0 to 1.
    """

    color: str
    share: float


def fitted_to_page(rgb: Rgb, long_side_px: int = PAGE_PX) -> Rgb:
    """Shrink a picture to the size of a page; a smaller one keeps its size."""
    height, width = rgb.shape[:2]
    scale = long_side_px / max(height, width)
    if scale >= 1:
        return rgb
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)


def laid_on(suspect: Rgb, transform: NDArray[np.float64], size: tuple[int, int]) -> tuple[Rgb, Rgb]:
    """Lay a suspect on a work.

    Parameters
    ----------
    suspect : (H, W, 3) uint8 array
        RGB, as it was compared.
    transform : (3, 3) float64 array
        Suspect pixels to work pixels.
    size : (int, int)
        Width and height of the work, in pixels.

    Returns
    -------
    (h, w, 3) uint8 array
        The suspect, seen as the work lies; grey where it does not reach.
    (h, w) uint8 array
        255 where the suspect reaches, 0 elsewhere.
    """
    laid = cv2.warpPerspective(suspect, transform, size, flags=cv2.INTER_LINEAR, borderValue=STAGE)
    whole = np.full(suspect.shape[:2], 255, np.uint8)
    reached = cv2.warpPerspective(whole, transform, size, flags=cv2.INTER_NEAREST)
    return np.asarray(laid, np.uint8), np.asarray(reached, np.uint8)


def difference_map(work: Rgb, laid: Rgb, reached: NDArray[np.uint8]) -> Rgb:
    """Show where a suspect that was laid on a work has another color.

    Parameters
    ----------
    work, laid : (h, w, 3) uint8 array
        RGB, of one size.
    reached : (h, w) uint8 array
        From `laid_on`.

    Returns
    -------
    (h, w, 3) uint8 array
        The work in light grey, and over it the difference: nothing where both are the same, strong
        where they differ by 60 Lab units (CIE 1976) or more. Grey where the suspect does not reach.
    """
    apart = np.linalg.norm(_lab(work) - _lab(laid), axis=2)
    strength = np.clip(apart / DIFFERENCE_FULL, 0, 1).astype(np.float32)[..., None]
    grey = cv2.cvtColor(work, cv2.COLOR_RGB2GRAY).astype(np.float32)[..., None]
    pale = np.repeat(170 + grey / 3, 3, axis=2)
    colors = cv2.applyColorMap((strength * 255).astype(np.uint8), cv2.COLORMAP_VIRIDIS)
    shown = pale * (1 - strength) + colors[..., ::-1].astype(np.float32) * strength
    shown[reached == 0] = STAGE
    return np.asarray(np.rint(shown), np.uint8)


def matched_points(
    suspect: Rgb, work: Rgb, places: NDArray[np.float32], points: NDArray[np.float32]
) -> Rgb:
    """Draw both pictures side by side and join the details that lie where the other has them.

    Parameters
    ----------
    suspect, work : (H, W, 3) uint8 array
        RGB, as they were compared.
    places, points : (n, 2) float32 array
        Where the details lie in the suspect and in the work; evenly thinned to 60.

    Returns
    -------
    (h, w, 3) uint8 array
        The suspect at the left, the work at the right, both equally high, on white.
    """
    height = min(PAGE_PX // 2, max(suspect.shape[0], work.shape[0]))
    left, right = (_of_height(one, height) for one in (suspect, work))
    gap = height // 20
    canvas = np.full((height, left.shape[1] + gap + right.shape[1], 3), 255, np.uint8)
    canvas[:, : left.shape[1]] = left
    canvas[:, left.shape[1] + gap :] = right
    chosen = np.linspace(0, len(places) - 1, min(len(places), MAX_LINES)).astype(int)
    starts = places[chosen] * height / suspect.shape[0]
    ends = points[chosen] * height / work.shape[0] + (left.shape[1] + gap, 0)
    for number, (start, end) in enumerate(zip(starts, ends, strict=True)):
        color = LINE_COLORS[number % len(LINE_COLORS)]
        here, there = (tuple(map(int, np.rint(one))) for one in (start, end))
        cv2.line(canvas, here, there, color, 1, cv2.LINE_AA)
        for at in (here, there):
            cv2.circle(canvas, at, 4, (255, 255, 255), -1, cv2.LINE_AA)
            cv2.circle(canvas, at, 3, color, -1, cv2.LINE_AA)
    return canvas


def outlined(rgb: Rgb, corners: NDArray[np.float64]) -> Rgb:
    """Draw the outline of a work into a suspect.

    Parameters
    ----------
    rgb : (H, W, 3) uint8 array
        The suspect.
    corners : (4, 2) float64 array
        Where the work's corners lie in it, in pixels.

    Returns
    -------
    (H, W, 3) uint8 array
        A copy with a white line, dark at both sides.
    """
    drawn = rgb.copy()
    line = [np.rint(corners).astype(np.int32)]
    width = max(1, max(rgb.shape) // 400)
    cv2.polylines(drawn, line, True, (20, 20, 20), 3 * width, cv2.LINE_AA)
    cv2.polylines(drawn, line, True, (255, 255, 255), width, cv2.LINE_AA)
    return drawn


def palette(rgb: Rgb, count: int = 6) -> tuple[Swatch, ...]:
    """Find the colors that a picture is made of (k-means in Lab space, the same on every run).

    Parameters
    ----------
    rgb : (H, W, 3) uint8 array
        RGB.
    count : int
        Most colors.

    Returns
    -------
    tuple of Swatch
        The most frequent first.
    """
    small = fitted_to_page(rgb, PALETTE_SIDE_PX)
    lab = cv2.cvtColor(small.astype(np.float32) / 255, cv2.COLOR_RGB2LAB).reshape(-1, 3)
    count = min(count, len(np.unique(small.reshape(-1, 3), axis=0)))
    cv2.setRNGSeed(0)
    unknown = np.zeros((len(lab), 1), np.int32)
    way = cv2.KMEANS_PP_CENTERS
    _, labels, centers = cv2.kmeans(lab, count, unknown, PALETTE_ROUNDS, 1, way)
    shares = np.bincount(np.asarray(labels, np.intp).ravel(), minlength=count) / len(lab)
    colors = cv2.cvtColor(np.asarray(centers, np.float32)[None], cv2.COLOR_LAB2RGB)[0]
    steps = np.clip(np.rint(colors * 255), 0, 255).astype(int)
    found = [
        Swatch("#{:02x}{:02x}{:02x}".format(*step), float(share))
        for step, share in zip(steps, shares, strict=True)
        if share
    ]
    return tuple(sorted(found, key=lambda one: (-one.share, one.color)))


def _lab(rgb: Rgb) -> NDArray[np.float32]:
    """Return slightly blurred colors in Lab units, so that noise and fine shifts do not show."""
    soft = cv2.GaussianBlur(rgb, (0, 0), DIFFERENCE_BLUR_PX).astype(np.float32) / 255
    return np.asarray(cv2.cvtColor(soft, cv2.COLOR_RGB2LAB), np.float32)


def _of_height(rgb: Rgb, height: int) -> Rgb:
    """Scale a picture to a height in pixels."""
    width = max(1, round(rgb.shape[1] * height / rgb.shape[0]))
    return np.asarray(cv2.resize(rgb, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
