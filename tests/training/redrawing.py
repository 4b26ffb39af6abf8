"""Change pictures as those who repost and redraw them do, to train a descriptor against it.

A picture here is a small square: what its shape was, the descriptor never sees. Changes of texture
by random filters stand for styles that no network of the training set has.

References
----------
Z. Xu, D. Liu, J. Yang, C. Raffel, M. Niethammer, Robust and generalizable visual representation
learning via random convolutions, ICLR 2021, arXiv:2007.13003.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["SIDE_PX", "as_query", "as_reference", "on_ground"]

Rgb = NDArray[np.uint8]
Values = NDArray[np.float32]
Random = np.random.Generator

SIDE_PX: Final = 96
"""Side of the network's input."""


def as_reference(square: Rgb, random: Random) -> Values:
    """Return a registered picture as a portfolio may keep it: all but unchanged, 0 to 1."""
    values = _framed(square, random, least=0.94, turn=0.0, shift=0.0)
    return np.clip(values * random.uniform(0.95, 1.05), 0, 1).astype(np.float32)


def as_query(square: Rgb, other: Rgb, random: Random) -> Values:
    """Return a suspect that shows a picture: cropped, recolored, with another texture, 0 to 1.

    Parameters
    ----------
    square, other : (S, S, 3) uint8 array
        The picture, and any other, which may show beside or on it.
    """
    square = _beside(square, other, random) if random.random() < 0.12 else square
    least = random.choice([0.97, 0.8, 0.62])
    values = _framed(square, random, least=float(least), turn=0.12, shift=0.03)
    for share, change in _CHANGES:
        if random.random() < share:
            values = np.clip(change(values, random), 0, 1).astype(np.float32)
    return values


def on_ground(square: Rgb, alpha: NDArray[np.uint8], other: Rgb, random: Random) -> Rgb:
    """Put the figure of a picture on another ground: a color, two, or another picture."""
    if random.random() < 0.4:
        ground = other.astype(np.float32)
    else:
        ends = random.uniform(0, 255, (2, 3))
        ends[1] = ends[0] if random.random() < 0.5 else ends[1]
        along = np.linspace(0, 1, len(square))[:, None, None]
        ground = np.broadcast_to(ends[0] * (1 - along) + ends[1] * along, square.shape)
    share = alpha[..., None] / 255
    return np.rint(square * share + ground * (1 - share)).astype(np.uint8)


def _framed(square: Rgb, random: Random, *, least: float, turn: float, shift: float) -> Values:
    """Cut a part out, at least ``least`` of each side, a little turned and bent."""
    side = len(square)
    size = side * random.uniform(least, 1, 2)
    corner = random.uniform(0, 1, 2) * (side - size)
    box = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    corners = corner + box * size + random.normal(0, shift, (4, 2)) * side * (shift > 0)
    angle = random.normal(0, turn) if random.random() < 0.4 else 0.0
    rotation = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    center = corners.mean(axis=0)
    corners = ((corners - center) @ rotation + center).astype(np.float32)
    bent = cv2.getPerspectiveTransform(corners, box * SIDE_PX)
    border = int(random.choice([cv2.BORDER_REPLICATE, cv2.BORDER_REFLECT]))
    cut = cv2.warpPerspective(square, bent, (SIDE_PX, SIDE_PX), flags=cv2.INTER_LINEAR,
                              borderMode=border)  # fmt: skip
    return np.asarray(cut, np.float32) / 255


def _beside(square: Rgb, other: Rgb, random: Random) -> Rgb:
    """Lay the picture, a little smaller, on another or on one color."""
    side = len(square)
    small = int(side * random.uniform(0.7, 0.95))
    sheet = other.copy() if random.random() < 0.5 else np.full_like(other, random.integers(0, 256))
    y, x = random.integers(0, side - small + 1, 2)
    sheet[y : y + small, x : x + small] = cv2.resize(
        square, (small, small), interpolation=cv2.INTER_AREA
    )
    return sheet


def _recolored(values: Values, random: Random) -> Values:
    """Mix the channels, and bend the tones."""
    force = random.uniform(0.1, 1)
    mixing = np.eye(3) * (1 - force) + force * random.dirichlet([0.5] * 3, 3)
    mixed = values @ mixing.T + random.normal(0, 0.08, 3)
    return np.asarray(np.clip(mixed, 0, 1) ** np.exp(random.normal(0, 0.4)), np.float32)


def _grey(values: Values, _: Random) -> Values:
    return np.repeat(values.mean(axis=2, keepdims=True), 3, axis=2)


def _inverted(values: Values, _: Random) -> Values:
    return 1 - values


def _filtered(values: Values, random: Random) -> Values:
    """Run a random filter over the picture and blend: another texture on the same drawing."""
    size = int(random.choice([3, 5, 7]))
    planes = [cv2.filter2D(values, -1, random.normal(0, 1 / size, (size, size))) for _ in range(2)]
    made = planes[0] @ random.normal(0, 1, (3, 3)) + planes[1] @ random.normal(0, 1, (3, 3))
    made = (made - made.mean()) / (made.std() + 1e-6) * values.std() + values.mean()
    share = random.uniform(0.2, 0.8)
    return np.asarray(values * (1 - share) + made * share, np.float32)


def _hatched(values: Values, random: Random) -> Values:
    """Lay stripes over the picture, stronger where it is dark."""
    y, x = np.mgrid[:SIDE_PX, :SIDE_PX].astype(np.float32)
    angle = random.uniform(0, np.pi) + random.normal(0, 0.4) * np.sin(x / random.uniform(8, 40))
    wave = np.sin((x * np.cos(angle) + y * np.sin(angle)) * random.uniform(0.6, 2.4))
    darkness = 1 - values.mean(axis=2)
    weight = random.uniform(0.15, 0.6) * darkness ** random.uniform(0, 1.5)
    return np.asarray(values + (wave * weight)[..., None], np.float32)


def _daubed(values: Values, random: Random) -> Values:
    """Smooth along the strokes of a random field, so that small forms run together."""
    size = int(random.choice([3, 5, 7]))
    shape = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    change = cv2.dilate if random.random() < 0.5 else cv2.erode
    return np.asarray(cv2.medianBlur(change(values, shape), 5), np.float32)


def _few_tones(values: Values, random: Random) -> Values:
    steps = int(random.integers(2, 7))
    return np.asarray(np.rint(values * steps) / steps, np.float32)


def _lines_only(values: Values, random: Random) -> Values:
    """Leave lines where tones change, on paper."""
    grey = values.mean(axis=2)
    wide = cv2.GaussianBlur(grey, (0, 0), random.uniform(1.2, 3))
    line = np.clip(1 - np.abs(grey - wide) * random.uniform(5, 14), 0, 1)
    return np.repeat(line[..., None], 3, axis=2).astype(np.float32)


def _noisy(values: Values, random: Random) -> Values:
    return np.asarray(values + random.normal(0, random.uniform(0.02, 0.15), values.shape), "f4")


def _blurred(values: Values, random: Random) -> Values:
    return np.asarray(cv2.GaussianBlur(values, (0, 0), random.uniform(0.5, 2.2)), np.float32)


def _compressed(values: Values, random: Random) -> Values:
    quality = int(random.integers(15, 80))
    _, data = cv2.imencode(
        ".jpg", np.rint(values * 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, quality]
    )
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.float32) / 255


def _covered(values: Values, random: Random) -> Values:
    """Lay a caption, a bar or a sticker on it."""
    covered = np.rint(values * 255).astype(np.uint8)
    width, height = (random.uniform(0.1, [0.9, 0.35]) * SIDE_PX).astype(int)
    x, y = int(random.integers(0, SIDE_PX - width)), int(random.integers(0, SIDE_PX - height))
    color = random.uniform(0, 255, 3)
    if random.random() < 0.5:
        covered[y : y + height, x : x + width] = color
    font, size = int(random.integers(0, 7)), random.uniform(0.3, 1.2)
    ink, width = (255 - color).tolist(), int(random.integers(1, 3))
    cv2.putText(covered, "Abc xyz", (x, y + height), font, size, ink, width)
    return covered.astype(np.float32) / 255


_CHANGES: Final[tuple[tuple[float, Callable[[Values, Random], Values]], ...]] = (
    (0.10, _few_tones),
    (0.12, _daubed),
    (0.06, _lines_only),
    (0.25, _filtered),
    (0.15, _hatched),
    (0.45, _recolored),
    (0.08, _grey),
    (0.03, _inverted),
    (0.15, _covered),
    (0.15, _blurred),
    (0.20, _noisy),
    (0.15, _compressed),
)
"""With what probability a query is changed in a way; in this order."""
