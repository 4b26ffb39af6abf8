"""Draw sheets of brushwork: hatching, dots, strokes, blobs. They are styles for a style network."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["KINDS", "brushwork"]

Rgb = NDArray[np.uint8]

KINDS: Final = ("hatching", "dots", "strokes", "blobs", "scribble")


def brushwork(random: np.random.Generator, side_px: int = 256, kind: str | None = None) -> Rgb:
    """Draw one sheet in a few colors: marks of one kind, or of one or two that chance takes."""
    palette = random.integers(0, 256, (int(random.integers(2, 6)), 3))
    if random.random() < 0.3:
        palette = np.repeat(palette[:, :1], 3, axis=1)
    sheet = np.empty((side_px, side_px, 3), np.uint8)
    sheet[:] = palette[0]
    chosen = random.choice(KINDS, int(random.integers(1, 3)), replace=False)
    for one in chosen if kind is None else [kind]:
        _DRAW[str(one)](sheet, palette[1:], random)
    if random.random() < 0.5:
        grain = random.normal(0, random.uniform(3, 25), (side_px, side_px, 1))
        sheet = np.clip(sheet + grain, 0, 255).astype(np.uint8)
    return np.asarray(cv2.GaussianBlur(sheet, (0, 0), random.uniform(0.4, 1.5)), np.uint8)


def _color(palette: NDArray[np.int64], random: np.random.Generator) -> tuple[int, ...]:
    chosen = palette[int(random.integers(len(palette)))] + random.integers(-25, 26, 3)
    return tuple(int(value) for value in np.clip(chosen, 0, 255))


def _line(sheet: Rgb, start: NDArray[np.float64], end: NDArray[np.float64], color: tuple[int, ...],
          width: int) -> None:  # fmt: skip
    first, last = (tuple(int(value) for value in point) for point in (start, end))
    cv2.line(sheet, first, last, color, width, cv2.LINE_AA)


def _hatching(sheet: Rgb, palette: NDArray[np.int64], random: np.random.Generator) -> None:
    """Draw patches of parallel lines, each patch in a direction of its own."""
    side = len(sheet)
    spread = random.uniform(0, 1.5)
    main, width = random.uniform(0, np.pi), int(random.integers(1, 5))
    for _ in range(int(random.integers(20, 120))):
        angle = main + random.normal(0, spread)
        along = np.array([np.cos(angle), np.sin(angle)])
        across = np.array([-along[1], along[0]])
        center, length = random.uniform(0, side, 2), random.uniform(0.05, 0.4) * side
        step, color = width * random.uniform(1.8, 5), _color(palette, random)
        for row in range(int(random.integers(4, 14))):
            middle = center + across * step * row + random.normal(0, 1, 2)
            _line(sheet, middle - along * length / 2, middle + along * length / 2, color, width)


def _dots(sheet: Rgb, palette: NDArray[np.int64], random: np.random.Generator) -> None:
    """Draw dots of about one size, on a grid or strewn."""
    side = len(sheet)
    step = random.uniform(4, 18)
    is_grid = random.random() < 0.4
    count = int((side / step) ** 2)
    for index in range(count):
        row, column = divmod(index, int(side / step))
        place = np.array([column, row]) * step if is_grid else random.uniform(0, side, 2)
        x, y = (int(value) for value in place)
        radius = max(1, int(step * random.uniform(0.15, 0.6)))
        cv2.circle(sheet, (x, y), radius, _color(palette, random), -1, cv2.LINE_AA)


def _strokes(sheet: Rgb, palette: NDArray[np.int64], random: np.random.Generator) -> None:
    """Draw broad strokes whose direction changes slowly over the sheet."""
    side, width = len(sheet), int(random.integers(2, 16))
    turn, main = random.uniform(0, 3), random.uniform(0, np.pi)
    for _ in range(int(np.clip(20_000 / width**1.3, 200, 3000))):
        place = random.uniform(0, side, 2)
        angle = main + turn * np.sin(place @ [1.3, 2.1] / side * 3) + random.normal(0, 0.2)
        along = np.array([np.cos(angle), np.sin(angle)]) * width * random.uniform(0.5, 4)
        _line(sheet, place - along, place + along, _color(palette, random), width)


def _blobs(sheet: Rgb, palette: NDArray[np.int64], random: np.random.Generator) -> None:
    """Draw flat spots with crooked borders, maybe outlined."""
    side, outlined = len(sheet), random.random() < 0.4
    for _ in range(int(random.integers(40, 300))):
        radius = side * random.uniform(0.01, 0.15)
        angles = np.sort(random.uniform(0, 2 * np.pi, int(random.integers(5, 14))))
        around = np.column_stack([np.cos(angles), np.sin(angles)])
        points = random.uniform(0, side, 2) + radius * around * random.uniform(
            0.5, 1.2, (len(angles), 1)
        )
        outline = np.rint(points).astype(np.int32)
        cv2.fillPoly(sheet, [outline], _color(palette, random), cv2.LINE_AA)
        if outlined:
            cv2.polylines(sheet, [outline], True, (15, 15, 15), 1, cv2.LINE_AA)


def _scribble(sheet: Rgb, palette: NDArray[np.int64], random: np.random.Generator) -> None:
    """Draw long wavering lines."""
    side = len(sheet)
    for _ in range(int(random.integers(10, 80))):
        steps = random.normal(0, side * random.uniform(0.01, 0.06), (60, 2))
        walk = random.uniform(0, side, 2) + np.cumsum(steps, axis=0)
        width = int(random.integers(1, 6))
        points = np.rint(walk).astype(np.int32)
        cv2.polylines(sheet, [points], False, _color(palette, random), width, cv2.LINE_AA)


_DRAW: Final = {
    "hatching": _hatching,
    "dots": _dots,
    "strokes": _strokes,
    "blobs": _blobs,
    "scribble": _scribble,
}
