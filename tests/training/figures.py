"""Draw figures by chance: bodies in poses with hair, clothes and props, in four manners.

Nobody's art is used. A figure is a pose (where neck, hip and head are), dressed and drawn from back
to front; what is drawn first lies behind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["draw_figure"]

Rgb = NDArray[np.uint8]
Point = NDArray[np.float64]
Random = np.random.Generator
Color = tuple[int, int, int]

CEL, FLAT, LINES, SHADED = range(4)
"""Manners: color with outlines, without, outlines on white, and shaded without outlines."""

WHITE: Final = (255, 255, 255)

MIN_BUST_PX: Final = 64
"""A bust smaller than that, at double size, is not worth its place: another figure is drawn."""


class Sheet:
    """A sheet of paper at double size, and how things are drawn on it."""

    def __init__(self, random: Random, side_px: int) -> None:
        self.random, self.side = random, 2 * side_px
        self.manner = int(random.integers(4))
        ground = WHITE if self.manner == LINES else self.color()
        self.rgb: Rgb = np.full((self.side, self.side, 3), ground, np.uint8)
        self._draw_ground()
        self.line = int(random.integers(max(2, self.side // 400), self.side // 110))
        self.ink: Color = (20, 15, 25) if random.random() < 0.8 else self.color()

    def color(self) -> Color:
        """Choose a color."""
        red, green, blue = (int(value) for value in self.random.integers(20, 250, 3))
        return red, green, blue

    def shape(self, points: ArrayLike, color: Color) -> None:
        """Draw a closed shape in the manner of the sheet."""
        outline = np.asarray(points, float).round().astype(np.int32)
        filling = WHITE if self.manner == LINES else color
        cv2.fillPoly(self.rgb, [outline], filling, cv2.LINE_AA)
        if self.manner in (CEL, LINES):
            cv2.polylines(self.rgb, [outline], True, self.ink, self.line, cv2.LINE_AA)
        if self.manner == SHADED:
            self._shade(outline)

    def oval(self, center: Point, radii: tuple[float, float], angle: float, color: Color) -> None:
        """Draw an ellipse; the angle in radians."""
        turn = np.linspace(0, 2 * np.pi, 48)
        x, y = radii[0] * np.cos(turn), radii[1] * np.sin(turn)
        cosine, sine = np.cos(angle), np.sin(angle)
        self.shape(
            np.stack([center[0] + x * cosine - y * sine, center[1] + x * sine + y * cosine], 1),
            color,
        )

    def limb(self, start: Point, end: Point, first: float, last: float, color: Color) -> None:
        """Draw a limb that tapers from one half width to another, and a joint at its end."""
        along = np.array(end, float) - start
        across = np.array([-along[1], along[0]])
        across /= np.linalg.norm(across) + 1e-6
        self.shape(
            [start + across * first, end + across * last, end - across * last,
             start - across * first],
            color,
        )  # fmt: skip
        self.oval(end, (last, last), 0, color)

    def _shade(self, outline: NDArray[np.int32]) -> None:
        mask = np.zeros(self.rgb.shape[:2], np.uint8)
        cv2.fillPoly(mask, [outline], 255)
        y, x = np.nonzero(mask)
        if len(y):
            shade = (x - x.min()) / (np.ptp(x) + 1) * self.random.uniform(-60, 60)
            self.rgb[y, x] = np.clip(self.rgb[y, x] + shade[:, None], 0, 255)

    def _draw_ground(self) -> None:
        kind = self.random.integers(5)
        if self.manner != LINES and kind == 0:
            above, below = np.array(self.color(), float), np.array(self.color(), float)
            down = np.linspace(0, 1, self.side)[:, None, None]
            self.rgb[:] = above * (1 - down) + below * down
        elif kind == 1:
            self._draw_scene()

    def _draw_scene(self) -> None:
        """Draw a floor, and discs and splinters around."""
        side, random, is_paper = self.side, self.random, self.manner == LINES
        floor = int(side * random.uniform(0.4, 0.8))
        self.rgb[floor:] = 255 if is_paper else self.color()
        for _ in range(random.integers(2, 7)):
            x, y = random.integers(0, side, 2)
            radius = random.integers(side // 20, side // 4)
            color = WHITE if is_paper else self.color()
            if random.random() < 0.5:
                cv2.circle(self.rgb, (int(x), int(y)), int(radius), color, -1)
                continue
            corners = random.normal(0, radius, (random.integers(3, 7), 2))
            outline = (np.array([x, y]) + corners).astype(np.int32)
            cv2.fillPoly(self.rgb, [outline], color)
            if self.manner in (CEL, LINES):
                cv2.polylines(self.rgb, [outline], True, (20, 20, 20), side // 250)


@dataclass(frozen=True)
class Body:
    """A pose and its colors; `unit` is about half the width of a head, in pixels."""

    unit: float
    hip: Point
    neck: Point
    lean: float
    skin: Color
    clothes: Sequence[Color]
    hair: Color


def draw_figure(random: Random, side_px: int = 512) -> Rgb:
    """Draw one figure; the long side of the picture has the given length."""
    sheet = Sheet(random, side_px)
    body = _pose(sheet)
    _cape(sheet, body)
    size, head = _head_place(sheet, body)
    _legs(sheet, body)
    across, shoulder = _torso(sheet, body)
    hands = _arms(sheet, body, across * shoulder)
    _prop(sheet, body, hands)
    _face(sheet, body, head, size)
    for _ in range(random.integers(0, 8)):
        place = body.hip + (body.neck - body.hip) * random.random()
        place = place + random.normal(0, 0.5 * body.unit, 2)
        radius = body.unit * random.uniform(0.08, 0.3)
        sheet.oval(place, (radius, radius), 0, sheet.color())
    picture = sheet.rgb
    if random.random() < 0.3:
        picture = _bust(picture, head, int(body.unit * random.uniform(2.2, 4)))
        if min(picture.shape[:2]) < MIN_BUST_PX:
            return draw_figure(random, side_px)
    height, width = picture.shape[:2]
    if height <= width:
        fitted = (side_px, side_px * height // width)
    else:
        fitted = (side_px * width // height, side_px)
    return np.asarray(cv2.resize(picture, fitted, interpolation=cv2.INTER_AREA), np.uint8)


def _toward(angle: float) -> Point:
    """Return the unit vector at an angle from straight down."""
    return np.array([np.sin(angle), np.cos(angle)])


def _pose(sheet: Sheet) -> Body:
    random, side = sheet.random, sheet.side
    unit, x, y = (side * random.uniform(*ends) for ends in ((0.06, 0.13), (0.3, 0.7), (0.5, 0.75)))
    skin = sheet.color()
    clothes = [sheet.color() for _ in range(4)]
    hair = sheet.color()
    lean = random.normal(0, 0.25)
    neck = np.array([x + np.sin(lean) * 3 * unit, y - np.cos(lean) * 3 * unit])
    return Body(unit, np.array([x, y]), neck, lean, skin, clothes, hair)


def _cape(sheet: Sheet, body: Body) -> None:
    random, unit = sheet.random, body.unit
    if random.random() < 0.4:
        count = random.integers(4, 8)
        strewn = body.hip + random.normal(0, 1, (count, 2)) * [2.5 * unit, unit] + [0, 2 * unit]
        hull = cv2.convexHull(np.concatenate([[body.neck], strewn]).astype(np.float32))
        sheet.shape(hull[:, 0], body.clothes[3])


def _head_place(sheet: Sheet, body: Body) -> tuple[float, Point]:
    """Choose radius and center of the head, and draw the hair behind it."""
    random = sheet.random
    size = body.unit * random.uniform(0.8, 1.5)
    head = body.neck - np.array([np.sin(body.lean * 0.5) * -size, size * 1.1])
    length = random.uniform(0.5, 3.5)
    if random.random() < 0.7:
        radii = (size * random.uniform(1.1, 1.6), size * (0.9 + length * 0.5))
        sheet.oval(
            head + np.array([0, size * length * 0.4]), radii, random.normal(0, 0.15), body.hair
        )
    return size, head


def _legs(sheet: Sheet, body: Body) -> None:
    random, unit, cloth = sheet.random, body.unit, body.clothes[1]
    for side in (-1, 1):
        thigh = random.normal(0, 0.35) + side * 0.2
        knee = body.hip + 2 * unit * _toward(thigh)
        foot = knee + 2 * unit * _toward(thigh + random.normal(0, 0.4))
        sheet.limb(body.hip + np.array([side * 0.4 * unit, 0]), knee, 0.5 * unit, 0.4 * unit, cloth)
        shin = cloth if random.random() < 0.5 else body.skin
        sheet.limb(knee, foot, 0.4 * unit, 0.3 * unit, shin)


def _torso(sheet: Sheet, body: Body) -> tuple[Point, float]:
    """Draw trunk and maybe skirt; return the unit vector across, and the shoulders' half width."""
    random, unit, hip, neck = sheet.random, body.unit, body.hip, body.neck
    up = neck - hip
    across = np.array([-up[1], up[0]]) / 3 / unit
    shoulder, waist = random.uniform(0.6, 1.1) * unit, random.uniform(0.5, 0.9) * unit
    belt = [hip + across * waist, hip - across * waist]
    sheet.shape([neck + across * shoulder, *belt, neck - across * shoulder], body.clothes[0])
    if random.random() < 0.5:
        wide = random.uniform(1, 2.6) * unit * (-1 if across[0] > 0 else 1)
        hem = [hip + np.array([x, 2 * unit]) for x in (wide, -wide)]
        sheet.shape([*belt, *hem], body.clothes[2])
    return across, shoulder


def _arms(sheet: Sheet, body: Body, reach: Point) -> list[Point]:
    """Draw both arms; return where the hands are."""
    random, unit, sleeve = sheet.random, body.unit, body.clothes[0]
    hands = []
    for side in (-1, 1):
        is_free = random.random() < 0.5
        upper = random.uniform(-2.6, 2.6) if is_free else side * random.uniform(0.1, 1)
        start = body.neck + reach * side * 0.9
        elbow = start + 1.5 * unit * _toward(upper)
        hand = elbow + 1.5 * unit * _toward(upper + random.normal(0, 0.9))
        sheet.limb(start, elbow, 0.38 * unit, 0.32 * unit, sleeve)
        forearm = body.skin if random.random() < 0.5 else sleeve
        sheet.limb(elbow, hand, 0.32 * unit, 0.25 * unit, forearm)
        sheet.oval(hand, (0.3 * unit, 0.3 * unit), 0, body.skin)
        hands.append(hand)
    return hands


def _prop(sheet: Sheet, body: Body, hands: Sequence[Point]) -> None:
    """Put a staff into a hand, maybe with something at its end."""
    random, unit = sheet.random, body.unit
    if random.random() >= 0.6:
        return
    hand = hands[random.integers(2)]
    angle = random.uniform(0, np.pi * 2)
    length = random.uniform(1, 5) * unit
    along = _toward(angle)
    tip = hand + along * length
    sheet.limb(hand - along * length * 0.3, tip, 0.12 * unit, 0.1 * unit, sheet.color())
    if random.random() < 0.6:
        radii = (unit * random.uniform(0.2, 0.8), unit * random.uniform(0.2, 0.8))
        sheet.oval(tip, radii, angle, sheet.color())


def _face(sheet: Sheet, body: Body, head: Point, size: float) -> None:
    random = sheet.random
    sheet.oval(head, (size * random.uniform(0.8, 0.95), size), 0, body.skin)
    fringe = random.uniform(0.1, 0.5)
    turn = np.linspace(np.pi, 2 * np.pi, 20)
    hair = [head + size * np.array([np.cos(x), np.sin(x)]) * [1.05, 1.1] for x in turn]
    hair += [
        head + size * np.array([x, -fringe + random.uniform(-0.25, 0.25)])
        for x in np.linspace(1, -1, random.integers(4, 9))
    ]
    sheet.shape(hair, body.hair)
    for side in (-1, 1):
        eye = head + size * np.array([side * 0.38, 0.18])
        sheet.oval(eye, (size * 0.16, size * random.uniform(0.15, 0.3)), 0, (250, 250, 250))
        sheet.oval(eye, (size * 0.1, size * 0.16), 0, sheet.color())
        if random.random() < 0.35:
            tip = np.array([side * random.uniform(0.6, 1.3), -1.7 * random.uniform(0.7, 1.3)])
            ear = [np.array([side * 0.9, -0.5]), tip, np.array([side * 0.3, -0.95])]
            sheet.shape([head + size * corner for corner in ear], body.hair)
    mouth = (head + np.array([0, size * 0.55])).astype(int)
    cv2.ellipse(
        sheet.rgb, (int(mouth[0]), int(mouth[1])), (int(size * 0.25), int(size * 0.12)),
        0, 0, 180, sheet.ink, max(1, sheet.line // 2), cv2.LINE_AA,
    )  # fmt: skip


def _bust(picture: Rgb, head: Point, reach: int) -> Rgb:
    x, y = head.astype(int)
    left, top = max(0, x - reach), max(0, y - reach)
    return picture[top : top + 2 * reach, left : left + 2 * reach]
