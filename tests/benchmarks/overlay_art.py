"""Things that lie over art and are the same on different works: marks, frames, windows, captions.

Every overlay takes a picture and a seed; the seed decides fonts, words, colors, sizes and places.
The matcher's bounds were chosen with the seeds of `FITTED_SEEDS` on works that no figure is
reported on; figures are reported with `REPORTED_SEED`.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from ocguard.distortions import apply

__all__ = ["FITTED_SEEDS", "OVERLAYS", "REPORTED_SEED", "Overlay"]

Rgb = NDArray[np.uint8]
Overlay = Callable[[Rgb, int], Rgb]
Color = tuple[int, ...]

FITTED_SEEDS = (1, 2, 3, 4, 5, 6)
REPORTED_SEED = 2026
FONTS = 8
LINES = (
    "(c) AKI NO AI", "do not repost", "@mira.draws", "MORI 2026", "no AI training",
    "commission sheet", "please credit me", "KAWA-art.example", "All rights reserved", "Lune & Sol",
)  # fmt: skip


def tiles(rgb: Rgb, seed: int) -> Rgb:
    """Lay a line of text in slanted, half-transparent rows over the picture."""
    random = np.random.default_rng(seed)
    height, width = rgb.shape[:2]
    text, font = _text(random)
    step = int(height / random.uniform(4.5, 11))
    size = step / 70 * random.uniform(0.6, 1.1) + 0.15
    pen = max(1, round(size * 1.6))
    gap = int(cv2.getTextSize(text, font, size, pen)[0][0] * random.uniform(1.15, 1.8))
    ink = np.zeros((2 * height, 2 * width), np.uint8)
    for row, y in enumerate(range(10, 2 * height, step)):
        for x in range(25 * (row % 3) - 60, 2 * width, gap):
            cv2.putText(ink, text, (x, y), font, size, 255, pen, cv2.LINE_AA)
    return _inked(rgb, ink, random.uniform(-40, 40), random.uniform(0.3, 0.7), random)


def band(rgb: Rgb, seed: int) -> Rgb:
    """Write one line of text large across the middle."""
    random = np.random.default_rng(seed)
    height, width = rgb.shape[:2]
    text, font = _text(random)
    size = random.uniform(0.55, 0.95) * width / cv2.getTextSize(text, font, 1, 2)[0][0]
    pen = max(2, round(size * random.uniform(1.5, 5)))
    across, up = cv2.getTextSize(text, font, size, pen)[0]
    ink = np.zeros((2 * height, 2 * width), np.uint8)
    place = (width - across // 2, height + up // 2)
    cv2.putText(ink, text, place, font, size, 255, pen, cv2.LINE_AA)
    return _inked(rgb, ink, random.uniform(-35, 35), random.uniform(0.3, 0.9), random)


def logo(rgb: Rgb, seed: int) -> Rgb:
    """Put a badge into a corner."""
    random = np.random.default_rng(seed)
    return _in_corner(rgb, _badge(random), random)


def stamp(rgb: Rgb, seed: int) -> Rgb:
    """Put a badge, maybe half-transparent, near the middle."""
    random = np.random.default_rng(seed)
    badge = _sized(_badge(random), rgb, random)
    side = len(badge)
    room = np.array(rgb.shape[:2]) - side
    top, left = (room * random.uniform(0.3, 0.7, 2)).astype(int)
    share = random.uniform(0.4, 1)
    stamped = rgb.copy()
    under = stamped[top : top + side, left : left + side]
    under[:] = (under * (1 - share) + badge * share).astype(np.uint8)
    return stamped


def qr(rgb: Rgb, seed: int) -> Rgb:
    """Put a code of black and white modules into a corner."""
    random = np.random.default_rng(seed)
    count = int(random.choice([21, 25, 29, 33]))
    modules = random.random((count, count)) < 0.5
    for top, left in ((0, 0), (0, count - 7), (count - 7, 0)):
        for inset, is_dark in ((0, True), (1, False), (2, True)):
            modules[top + inset : top + 7 - inset, left + inset : left + 7 - inset] = is_dark
    grey = np.where(np.pad(modules, 2), 20, 255).astype(np.uint8)
    large = cv2.resize(grey, None, fx=8, fy=8, interpolation=cv2.INTER_NEAREST)
    return _in_corner(rgb, np.repeat(large[..., None], 3, axis=2), random)


def framed(rgb: Rgb, seed: int) -> Rgb:
    """Put a broad frame around the picture: flowers, rings, or strokes on a color."""
    random = np.random.default_rng(seed)
    height, width = rgb.shape[:2]
    share = random.uniform(1 / 14, 1 / 6)
    inset = np.array([int(width * share), int(height * share)])
    across, down = inset.tolist()
    canvas = cv2.copyMakeBorder(
        rgb, down, down, across, across, cv2.BORDER_CONSTANT, value=_color(random)
    )
    size = np.array([canvas.shape[1], canvas.shape[0]])
    palette = [_color(random) for _ in range(3)]
    draw = (_flower, _ring, _stroke)[int(random.integers(3))]
    for _ in range(int(random.integers(30, 120))):
        side, along = int(random.integers(4)), random.random() * size
        edge = inset / 2 if side < 2 else size - inset / 2
        spot = np.where(np.arange(2) == side % 2, along, edge)
        draw(canvas, spot, random.uniform(0.15, 0.5) * min(across, down), palette, random)
    canvas[down : down + height, across : across + width] = rgb
    corner = (across + width + 3, down + height + 3)
    cv2.rectangle(canvas, (across - 3, down - 3), corner, palette[0], 3)
    return np.asarray(canvas, np.uint8)


def corners(rgb: Rgb, seed: int) -> Rgb:
    """Lay flowers into all corners and a double line along the border."""
    random = np.random.default_rng(seed)
    canvas = rgb.copy()
    size = np.array([rgb.shape[1], rgb.shape[0]])
    palette = [_color(random) for _ in range(3)]
    margin = int(0.03 * size.min()) + 3
    for times, pen in ((1, margin // 5), (2, margin // 8)):
        near = (times * margin, times * margin)
        far = tuple((size - times * margin).tolist())
        cv2.rectangle(canvas, near, far, palette[times - 1], max(1, pen), cv2.LINE_AA)
    radius = random.uniform(0.05, 0.11) * float(size.min())
    for corner in np.array([(0, 0), (0, 1), (1, 0), (1, 1)]):
        for _ in range(int(random.integers(3, 8))):
            spot = corner * size + (1 - 2 * corner) * random.uniform(0.3, 2.6, 2) * radius
            _flower(canvas, spot, radius * random.uniform(0.5, 1), palette, random)
    return canvas


def window(rgb: Rgb, seed: int) -> Rgb:
    """Show the picture in an app: avatar, name and dots above, buttons and text below."""
    random = np.random.default_rng(seed)
    height, width = rgb.shape[:2]
    top, below = int(height * random.uniform(0.06, 0.14)), int(height * random.uniform(0.05, 0.2))
    margin = int(0.03 * width)
    dark, light = (30, 32, 38), (245, 246, 248)
    ground, ink = (dark, light) if random.integers(2) else (light, dark)
    accent = _color(random)
    canvas = np.full((height + top + below, width + 2 * margin, 3), ground, np.uint8)
    canvas[top : top + height, margin : margin + width] = rgb
    middle = top // 2
    cv2.circle(canvas, (margin + middle, middle), int(top * 0.38), accent, -1, cv2.LINE_AA)
    cv2.circle(canvas, (margin + middle, int(top * 0.42)), int(top * 0.15), ground, -1, cv2.LINE_AA)
    _lines(canvas, (margin + int(top * 1.2), int(top * 0.42)), top * 0.28, ink, random)
    for place in range(3):
        x = canvas.shape[1] - int(top * (0.5 + 0.6 * place))
        cv2.circle(canvas, (x, middle), int(top * 0.14), ink, 2, cv2.LINE_AA)
    side, y = int(below * 0.18) + 3, top + height + int(below * 0.3)
    for place in range(int(random.integers(3, 6))):
        x = margin + side + place * width // 5
        if random.integers(2):
            cv2.circle(canvas, (x, y), side, ink, 2, cv2.LINE_AA)
        else:
            cv2.rectangle(canvas, (x - side, y - side), (x + side, y + side), accent, 2)
    _lines(canvas, (margin, top + height + int(below * 0.7)), below * 0.13, ink, random)
    return canvas


def caption(rgb: Rgb, seed: int) -> Rgb:
    """Put a bar with a line of text above or below the picture."""
    random = np.random.default_rng(seed)
    height, width = rgb.shape[:2]
    bar = np.full((int(height * random.uniform(0.1, 0.22)), width, 3), 255, np.uint8)
    text, font = _text(random)
    size = min(0.9 * width / cv2.getTextSize(text, font, 1, 2)[0][0], len(bar) / 32)
    place = (int(0.05 * width), int(0.65 * len(bar)))
    cv2.putText(bar, text, place, font, size, (0, 0, 0), max(1, int(2 * size)), cv2.LINE_AA)
    return np.vstack([bar, rgb] if random.integers(2) else [rgb, bar])


OVERLAYS: dict[str, Overlay] = {
    "tiles": tiles,
    "band": band,
    "logo": logo,
    "stamp": stamp,
    "qr": qr,
    "frame": framed,
    "corners": corners,
    "window": window,
    "caption": caption,
    "screenshot": lambda rgb, seed: apply("screenshot", rgb, seed),
    "meme": lambda rgb, seed: apply("meme", rgb, seed),
}


def _text(random: np.random.Generator) -> tuple[str, int]:
    return LINES[random.integers(len(LINES))], int(random.integers(FONTS))


def _color(random: np.random.Generator) -> Color:
    return tuple(random.integers(0, 256, 3).tolist())


def _inked(rgb: Rgb, ink: Rgb, angle_deg: float, share: float, random: np.random.Generator) -> Rgb:
    """Turn a drawing of twice the picture's size and lay its middle over the picture."""
    height, width = rgb.shape[:2]
    turn = cv2.getRotationMatrix2D((width, height), angle_deg, 1)
    turned = cv2.warpAffine(ink, turn, (2 * width, 2 * height))
    middle = turned[height // 2 : height // 2 + height, width // 2 : width // 2 + width]
    weight = share * middle[..., None] / 255
    return np.asarray(rgb * (1 - weight) + np.array(_color(random)) * weight).astype(np.uint8)


def _badge(random: np.random.Generator, side: int = 240) -> Rgb:
    """Draw a badge of circles, ellipses, polygons and a name."""
    badge = np.full((side, side, 3), _color(random), np.uint8)
    for _ in range(int(random.integers(3, 8))):
        center = tuple(random.integers(40, side - 40, 2).tolist())
        axes = tuple(random.integers(15, 80, 2).tolist())
        pen = int(random.choice([-1, 4]))
        if random.integers(2):
            angle = int(random.integers(180))
            cv2.ellipse(badge, center, axes, angle, 0, 360, _color(random), pen, cv2.LINE_AA)
        else:
            polygon = random.integers(20, side - 20, (int(random.integers(3, 7)), 2))
            cv2.fillPoly(badge, [polygon.astype(np.int32)], _color(random), cv2.LINE_AA)
    text, font = _text(random)
    cv2.putText(badge, text[:8], (15, side - 60), font, 1.5, _color(random), 4, cv2.LINE_AA)
    cv2.putText(badge, text, (15, side - 20), font, 0.7, _color(random), 2, cv2.LINE_AA)
    return badge


def _sized(drawing: Rgb, rgb: Rgb, random: np.random.Generator) -> Rgb:
    side = int(random.uniform(0.2, 0.36) * min(rgb.shape[:2]))
    return np.asarray(cv2.resize(drawing, (side, side), interpolation=cv2.INTER_AREA), np.uint8)


def _in_corner(rgb: Rgb, drawing: Rgb, random: np.random.Generator) -> Rgb:
    small = _sized(drawing, rgb, random)
    side = len(small)
    top = 0 if random.integers(2) else rgb.shape[0] - side
    left = 0 if random.integers(2) else rgb.shape[1] - side
    marked = rgb.copy()
    marked[top : top + side, left : left + side] = small
    return marked


def _flower(
    canvas: Rgb,
    spot: NDArray[np.float64],
    radius: float,
    palette: list[Color],
    random: np.random.Generator,
) -> None:
    petals, turn = int(random.integers(5, 9)), random.uniform(0, 180)
    axes = (int(0.55 * radius), int(0.28 * radius))
    for petal in range(petals):
        angle = turn + 360 * petal / petals
        away = 0.6 * radius * np.array([np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))])
        center = tuple((spot + away).astype(int).tolist())
        for color, pen in ((palette[0], -1), (palette[1], 2)):
            cv2.ellipse(canvas, center, axes, angle, 0, 360, color, pen, cv2.LINE_AA)
    center = tuple(spot.astype(int).tolist())
    cv2.circle(canvas, center, max(2, int(0.25 * radius)), palette[2], -1, cv2.LINE_AA)


def _ring(
    canvas: Rgb,
    spot: NDArray[np.float64],
    radius: float,
    _: list[Color],
    random: np.random.Generator,
) -> None:
    axes = (int(radius) + 3, int(radius * random.uniform(0.2, 1)) + 3)
    center, angle = tuple(spot.astype(int).tolist()), random.uniform(0, 180)
    cv2.ellipse(canvas, center, axes, angle, 0, 360, _color(random), 2, cv2.LINE_AA)


def _stroke(
    canvas: Rgb,
    spot: NDArray[np.float64],
    radius: float,
    _: list[Color],
    random: np.random.Generator,
) -> None:
    points = (spot + random.uniform(-radius, radius, (4, 2))).astype(np.int32)
    cv2.polylines(canvas, [points], False, _color(random), 3, cv2.LINE_AA)


def _lines(
    canvas: Rgb, place: tuple[int, int], height_px: float, ink: Color, random: np.random.Generator
) -> None:
    """Write two short lines of text."""
    for line in range(2):
        text = LINES[random.integers(len(LINES))]
        start = (place[0], int(place[1] + line * 1.5 * height_px))
        pen = max(1, int(height_px / 14))
        cv2.putText(canvas, text, start, 0, height_px / 30, ink, pen, cv2.LINE_AA)
