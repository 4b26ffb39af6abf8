"""A drawing board: smooth curves, masks, fills and tapered ink lines, twice as fine as the result.

Coordinates are pixels of the finished picture. Outlines are written as text, "x,y x,y! x,y": a
point with an exclamation mark is sharp, all others are passed smoothly (Catmull-Rom, drawn as
cubic Bezier curves). An array of points is taken as it is, without smoothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import cv2
import numpy as np
from numpy.typing import NDArray

FINENESS = 2  # board pixels per finished pixel
SUBPIXEL_BITS = 4  # OpenCV's fixed-point digits
STEPS = 18  # points per Bezier curve

Point = tuple[float, float] | tuple[float, float, str]
Color = tuple[float, float, float]
Mask = NDArray[np.uint8]
Points = NDArray[np.float64]
Paint = Color | NDArray[np.floating]
Outline = str | Sequence[Point] | Points


def trace(outline: str | Sequence[Point]) -> list[Point]:
    """Return the points of an outline written as text."""
    if not isinstance(outline, str):
        return list(outline)
    points: list[Point] = []
    for word in outline.split():
        x, y = (float(part) for part in word.rstrip("!").split(","))
        points.append((x, y, "corner") if word.endswith("!") else (x, y))
    return points


def smooth(outline: str | Sequence[Point], closed: bool = False) -> Points:
    """Return a dense polyline through the points."""
    points = trace(outline)
    knots = np.array([point[:2] for point in points], dtype=float)
    is_corner = np.array([len(point) == 3 for point in points])
    count = len(knots)
    before, after = np.roll(knots, 1, axis=0), np.roll(knots, -1, axis=0)
    tangents = (after - before) / 6
    if not closed:
        is_corner[[0, -1]] = True
    tangents[is_corner] = 0
    segments = []
    t = np.linspace(0, 1, STEPS, endpoint=False)[:, None]
    for i in range(count if closed else count - 1):
        start, end = knots[i], knots[(i + 1) % count]
        near, far = start + tangents[i], end - tangents[(i + 1) % count]
        near = near if not is_corner[i] else start + (far - start) / 3
        far = far if not is_corner[(i + 1) % count] else end + (near - end) / 3
        segments.append(
            (1 - t) ** 3 * start
            + 3 * t * (1 - t) ** 2 * near
            + 3 * t**2 * (1 - t) * far
            + t**3 * end
        )
    line = np.concatenate(segments)
    return line if closed else np.vstack([line, knots[-1]])


def flip(outline: str | Sequence[Point], axis: float) -> list[Point]:
    """Mirror the points about the vertical line x = axis, keeping the direction of travel."""
    return [(2 * axis - x, *rest) for x, *rest in reversed(trace(outline))]  # type: ignore[misc]


def both_sides(half: str, axis: float) -> list[Point]:
    """Return the whole of a symmetric outline whose half starts and ends on the axis."""
    return trace(half) + flip(half, axis)[1:-1]


class Board:
    """Paint, alpha and the current turn of the paper."""

    def __init__(self, size: tuple[int, int], ground: Color | None) -> None:
        self.size = size
        shape = (size[1] * FINENESS, size[0] * FINENESS)
        self.paint = np.full((*shape, 3), ground or (0, 0, 0), dtype=np.float32)
        self.alpha = np.full(shape, 0 if ground is None else 255, dtype=np.float32)
        self._turn = np.eye(3)

    @contextmanager
    def turned(
        self, degrees: float, about: tuple[float, float], scale: float = 1.0, move: Point = (0, 0)
    ) -> Iterator[None]:
        """Draw a group turned clockwise about a point, scaled, then moved."""
        saved = self._turn
        matrix = np.eye(3)
        matrix[:2] = cv2.getRotationMatrix2D(about, -degrees, scale)
        matrix[:2, 2] += move[:2]
        self._turn = saved @ matrix
        yield
        self._turn = saved

    def outline(self, points: Outline, closed: bool = True) -> Points:
        """Return the smooth line in board pixels."""
        line = points if isinstance(points, np.ndarray) else smooth(points, closed)
        turned = line @ self._turn[:2, :2].T + self._turn[:2, 2]
        return turned * FINENESS + (FINENESS - 1) / 2

    def empty(self) -> Mask:
        """Return a mask that covers nothing."""
        return np.zeros(self.alpha.shape, dtype=np.uint8)

    def area(self, *outlines: Outline) -> Mask:
        """Return the mask of the union of closed outlines."""
        mask = self.empty()
        for points in outlines:
            fixed = np.rint(self.outline(points) * 2**SUBPIXEL_BITS).astype(np.int32)
            cv2.fillPoly(mask, [fixed], 255, cv2.LINE_AA, SUBPIXEL_BITS)
        return mask

    def ellipse(self, x: float, y: float, wide: float, high: float, degrees: float = 0) -> Mask:
        """Return the mask of an ellipse with the given half axes."""
        t = np.linspace(0, 2 * np.pi, 96, endpoint=False)
        turn = np.radians(degrees)
        ring = np.stack([wide * np.cos(t), high * np.sin(t)], axis=1)
        ring = ring @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
        return self.area(np.add(ring, (x, y)))

    def fill(self, mask: Mask, paint: Paint, opacity: float = 1.0) -> None:
        """Lay paint over what the mask covers."""
        left, top, width, height = cv2.boundingRect(mask)
        if not width:
            return
        box = np.s_[top : top + height, left : left + width]
        share = mask[box].astype(np.float32)[..., None] * (opacity / 255)
        ink = np.broadcast_to(np.asarray(paint, dtype=np.float32), self.paint.shape)[box]
        under = self.alpha[box][..., None] / 255
        total = share + under * (1 - share)
        mixed = ink * share + self.paint[box] * under * (1 - share)
        self.paint[box] = np.where(total > 0, mixed / np.maximum(total, 1e-6), 0)
        self.alpha[box] = total[..., 0] * 255

    def ramp(
        self, stops: Sequence[tuple[float, Color]], vertical: bool = True
    ) -> NDArray[np.float32]:
        """Return paint that changes along y (or x) between (position, color) stops."""
        length = self.alpha.shape[0 if vertical else 1]
        at = np.arange(length) / FINENESS
        where = [stop[0] for stop in stops]
        levels = np.stack(
            [np.interp(at, where, [stop[1][i] for stop in stops]) for i in range(3)], axis=-1
        )
        ramp = levels[:, None] if vertical else levels[None, :]
        return ramp.astype(np.float32)

    def stroke_mask(
        self, points: Outline, width: float, taper: tuple[float, float] = (0.1, 0.1)
    ) -> Mask:
        """Return the mask of an ink line; ``taper`` is its relative width at start and end."""
        line = self.outline(points, closed=False)
        t = np.linspace(0, 1, len(line))
        swell = np.sin(np.pi * np.clip(t, 0.0, 1.0)) ** 0.6
        radius = (swell + (1 - swell) * np.interp(t, [0, 1], taper)) * width * FINENESS / 2
        step = np.gradient(line, axis=0)
        normal = np.stack([-step[:, 1], step[:, 0]], axis=1)
        normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-9)
        left, right = line + normal * radius[:, None], line - normal * radius[:, None]
        mask = self.empty()
        quads = np.stack([left[:-1], left[1:], right[1:], right[:-1]], axis=1)
        fixed = np.rint(quads * 2**SUBPIXEL_BITS).astype(np.int32)
        for quad in fixed:
            cv2.fillConvexPoly(mask, quad, 255, cv2.LINE_AA, SUBPIXEL_BITS)
        return mask

    def stroke(
        self,
        points: Outline,
        width: float,
        color: Color,
        taper: tuple[float, float] = (0.1, 0.1),
        within: Mask | None = None,
    ) -> None:
        """Draw an ink line, thick in the middle."""
        mask = self.stroke_mask(points, width, taper)
        self.fill(mask if within is None else cv2.min(mask, within), color)

    def contour(self, mask: Mask, width: float, color: Color) -> None:
        """Draw an even line along the border of a mask."""
        reach = max(1, round(width * FINENESS)) | 1
        pen = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
        left, top, wide, high = cv2.boundingRect(mask)
        box = np.s_[
            max(0, top - reach) : top + high + reach, max(0, left - reach) : left + wide + reach
        ]
        edge = self.empty()
        edge[box] = cv2.GaussianBlur(
            cv2.morphologyEx(mask[box], cv2.MORPH_GRADIENT, pen), (3, 3), 0
        )
        self.fill(edge, color)

    def moved(self, mask: Mask, x: float, y: float) -> Mask:
        """Return the mask shifted by finished pixels."""
        shift = np.float32([[1, 0, x * FINENESS], [0, 1, y * FINENESS]])
        return np.asarray(cv2.warpAffine(mask, shift, mask.shape[::-1]), dtype=np.uint8)

    def soft(self, mask: Mask, sigma: float) -> Mask:
        """Return the mask with blurred borders."""
        small = cv2.resize(mask, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
        blurred = cv2.GaussianBlur(small, (0, 0), sigma * FINENESS / 4)
        return np.asarray(cv2.resize(blurred, mask.shape[::-1], interpolation=cv2.INTER_LINEAR))

    def finished(self) -> NDArray[np.uint8]:
        """Return the picture at its own size: (H, W, 4) uint8, color not multiplied by alpha."""
        alpha = cv2.resize(self.alpha, self.size, interpolation=cv2.INTER_AREA)
        ink = self.paint * (self.alpha[..., None] / 255)
        color = cv2.resize(ink, self.size, interpolation=cv2.INTER_AREA)
        color = color / np.maximum(alpha[..., None] / 255, 1e-6)
        rgba = np.dstack([np.where(alpha[..., None] > 0, color, 0), alpha])
        return np.clip(np.rint(rgba), 0, 255).astype(np.uint8)
