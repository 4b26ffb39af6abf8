"""Parts of an anime figure seen from the front: locks of hair, eyes, brows, mouth, blush.

Every part is drawn through a style, which decides what a color, a shadow and an outline become:
cel paint, ink on paper, or screentone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import cv2
import numpy as np

from drawing.board import FINENESS, Board, Color, Mask, Paint, Point, Points, trace

INK: Color = (44, 28, 40)
WHITE: Color = (255, 255, 255)
PUPIL: Color = (0.35, 0.3, 0.4)  # of the iris color
IRIS_RIM: Color = (0.5, 0.45, 0.5)  # of the iris color
LID_FOLD = -30  # what lies higher in an eye moves with its lid


class Style(Protocol):
    """What paint, shadow and outline mean in one technique."""

    ink: Color

    def part(
        self, board: Board, mask: Mask, color: Paint, shadow: Mask | None = None, line: float = 3.0
    ) -> None:
        """Draw one piece: its color, the shadow that falls on it, its outline."""

    def detail(self, board: Board, mask: Mask, color: Paint) -> None:
        """Draw a small piece without shadow or outline."""


@dataclass(frozen=True)
class Cel:
    """Flat color, one hard shadow, dark outlines."""

    ink: Color = INK
    shade: Color = (0.74, 0.66, 0.80)

    def part(
        self, board: Board, mask: Mask, color: Paint, shadow: Mask | None = None, line: float = 3.0
    ) -> None:
        """Fill, shade and outline."""
        board.fill(mask, color)
        if shadow is not None:
            board.fill(cv2.min(mask, shadow), darker(color, self.shade))
        if line:
            board.contour(mask, line, self.ink)

    def detail(self, board: Board, mask: Mask, color: Paint) -> None:
        """Fill."""
        board.fill(mask, color)


@dataclass(frozen=True)
class Ink:
    """Black lines on white paper; shadows are hatched."""

    ink: Color = (26, 24, 28)
    spacing: float = 9.0  # pixels between hatching lines

    def part(
        self, board: Board, mask: Mask, color: Paint, shadow: Mask | None = None, line: float = 3.0
    ) -> None:
        """Whiten, hatch and outline."""
        board.fill(mask, WHITE)
        if shadow is not None:
            board.fill(
                cv2.min(cv2.min(mask, shadow), hatching(board.alpha.shape, self.spacing)), self.ink
            )
        if line:
            board.contour(mask, line, self.ink)

    def detail(self, board: Board, mask: Mask, color: Paint) -> None:
        """Fill dark pieces black and leave the others white."""
        is_dark = not isinstance(color, np.ndarray) and sum(color) < 200
        board.fill(mask, self.ink if is_dark else WHITE)
        if not is_dark:
            board.contour(mask, 2, self.ink)


@dataclass(frozen=True)
class Screentone:
    """Manga print: black, white, and dots for everything between."""

    ink: Color = (14, 14, 14)
    period: float = 9.0  # pixels between dots

    def part(
        self, board: Board, mask: Mask, color: Paint, shadow: Mask | None = None, line: float = 3.0
    ) -> None:
        """Print the color's tone, the shadow a step darker, and the outline."""
        self.detail(board, mask, color)
        if shadow is not None:
            board.fill(
                cv2.min(cv2.min(mask, shadow), dots(board.alpha.shape, self.period, 0.42)), self.ink
            )
        if line:
            board.contour(mask, line, self.ink)

    def detail(self, board: Board, mask: Mask, color: Paint) -> None:
        """Print the color's tone."""
        luma = float(np.dot(np.reshape(color, (-1, 3)).mean(axis=0), (0.299, 0.587, 0.114))) / 255
        board.fill(mask, WHITE if luma > 0.25 else self.ink)
        if 0.25 < luma < 0.9:
            board.fill(cv2.min(mask, dots(board.alpha.shape, self.period, 0.9 - luma)), self.ink)


@lru_cache
def hatching(shape: tuple[int, int], spacing: float, degrees: float = 62) -> Mask:
    """Return parallel pen lines over a whole board."""
    rows, columns = np.indices(shape, dtype=np.float32) / FINENESS
    turn = np.radians(degrees)
    phase = (columns * np.sin(turn) + rows * np.cos(turn)) % spacing
    return np.asarray(np.clip((1.2 - np.abs(phase - spacing / 2)) * 255, 0, 255), dtype=np.uint8)


@lru_cache
def dots(shape: tuple[int, int], period: float, darkness: float) -> Mask:
    """Return a 45-degree dot screen that covers about ``darkness`` (0-1) of the paper."""
    rows, columns = np.indices(shape, dtype=np.float32) * (np.pi / period / FINENESS)
    wave = (np.cos(columns + rows) * np.cos(columns - rows) + 1) / 2
    edge = np.clip((wave - (1 - darkness)) * 6 + 0.5, 0, 1)
    return np.asarray(edge * 255, dtype=np.uint8)


def darker(color: Paint, shade: Color) -> Paint:
    """Multiply a paint by the shadow's color."""
    if isinstance(color, np.ndarray):
        return color * np.array(shade, dtype=np.float32)
    return (color[0] * shade[0], color[1] * shade[1], color[2] * shade[2])


def lock(root: Point, tip: Point, width: float, bend: float = 0.0, belly: float = 0.4) -> Points:
    """Return the outline of a lock of hair from its root to its pointed tip.

    ``bend`` is the sideways bow of its axis as a share of its length; ``belly`` says where along
    the axis it is widest.
    """
    start, end = np.array(root[:2], dtype=float), np.array(tip[:2], dtype=float)
    along = end - start
    across = np.array([-along[1], along[0]])
    control = (start + end) / 2 + across * bend
    t = np.linspace(0, 1, 60)[:, None]
    axis = (1 - t) ** 2 * start + 2 * t * (1 - t) * control + t**2 * end
    slope = 2 * (1 - t) * (control - start) + 2 * t * (end - control)
    normal = np.stack([-slope[:, 1], slope[:, 0]], axis=1)
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-9)
    swell = (t / belly) ** (belly / (1 - belly)) * (1 - t) / (1 - belly) * width / 2
    return np.concatenate([axis + normal * swell, (axis - normal * swell)[::-1]])


def hair(
    style: Style, board: Board, locks: Sequence[Points], color: Paint, line: float = 3.0
) -> Mask:
    """Draw locks from back to front, each shaded on the side away from the light."""
    whole = board.empty()
    for outline in locks:
        mask = board.area(outline)
        shadow = cv2.subtract(mask, board.moved(mask, -7, -3))
        style.part(board, mask, color, shadow, line)
        whole = cv2.max(whole, mask)
    return whole


@dataclass(frozen=True)
class EyeShape:
    """What makes one character's eyes unlike another's; shares and pixels of an eye of size 1.

    ``stretch`` is width and height; ``lid`` lowers the upper part; ``pupil`` has half axes;
    each of the ``lights`` is right, down, and half axes; ``lashes`` are lines off the outer corner.
    """

    stretch: tuple[float, float] = (1.0, 1.0)
    lid: float = 0.0
    pupil: tuple[float, float] = (20, 30)
    lights: tuple[tuple[float, float, float, float], ...] = ((-17, -27, 15, 18), (19, 27, 8, 9))
    lashes: tuple[str, ...] = ("-62,-34 -98,-22", "-50,-54 -84,-54")


@dataclass(frozen=True)
class Eye:
    """Place, colors and shape of an eye; ``side`` is -1 for the viewer's left one."""

    x: float
    y: float
    side: int
    dark: Color
    bright: Color
    size: float = 1.0
    shape: EyeShape = EyeShape()

    def at(self, outline: str) -> list[Point]:
        """Place an outline of the left eye around (0, 0), its upper part lowered by the lid."""
        wide, high = (self.size * stretch for stretch in self.shape.stretch)
        return [
            (
                self.x - self.side * x * wide,
                self.y + (y + (self.shape.lid if y < LID_FOLD else 0)) * high,
                *corner,
            )
            for x, y, *corner in trace(outline)
        ]


def draw_eye(style: Style, board: Board, eye: Eye) -> None:
    """Draw white, iris, pupil and lights, then the lashes."""
    size, shape = eye.size, eye.shape
    wide, high = (size * stretch for stretch in shape.stretch)
    ball = board.area(eye.at("-64,14! -50,-34 -4,-58 42,-48 62,-6! 52,38 14,60 -34,48"))
    style.part(board, ball, WHITE, board.moved(cv2.bitwise_not(ball), 0, 16 * size), 0)
    x, y = eye.at("2,4")[0][:2]

    def disk(right: float, down: float, across: float, tall: float) -> Mask:
        return board.ellipse(x + right * wide, y + down * high, across * wide, tall * high)

    iris = cv2.min(ball, disk(0, 0, 45, 60))
    style.detail(board, iris, eye.dark)
    style.detail(board, cv2.min(iris, board.soft(disk(0, 34, 34, 34), 8 * size)), eye.bright)
    style.detail(board, cv2.min(iris, disk(0, -2, *shape.pupil)), darker(eye.dark, PUPIL))
    board.contour(iris, 2.5 * size, darker(eye.dark, IRIS_RIM))
    for light in shape.lights:
        style.detail(board, cv2.min(ball, disk(*light)), WHITE)
    draw_lashes(style, board, eye)


def draw_lashes(style: Style, board: Board, eye: Eye) -> None:
    """Draw upper and lower lashes and the fold of the lid."""
    upper = "-92,6! -70,-30 -40,-62 2,-76 48,-62 70,-2! 44,-44 0,-57 -40,-42 -58,-4 -66,24! -72,4"
    board.fill(board.area(eye.at(upper)), style.ink)
    for lash in eye.shape.lashes:
        board.stroke(eye.at(lash), 9 * eye.size, style.ink, (1.0, 0.0))
    board.stroke(eye.at("-52,40 -20,58 24,64"), 4 * eye.size, style.ink)
    board.stroke(eye.at("-56,-80 -6,-100 50,-84"), 3.5 * eye.size, style.ink)


def draw_brow(style: Style, board: Board, points: Sequence[Point], width: float = 11) -> None:
    """Draw a brow, thick at its start."""
    board.stroke(points, width, style.ink, (0.6, 0.05))


def star(
    x: float, y: float, radius: float, tips: int = 5, inner: float = 0.45, turn: float = -90
) -> Points:
    """Return the outline of a star."""
    angles = np.radians(turn + np.arange(2 * tips) * 180 / tips)
    reach = np.where(np.arange(2 * tips) % 2 == 0, radius, radius * inner)
    return np.stack([x + reach * np.cos(angles), y + reach * np.sin(angles)], axis=1)
