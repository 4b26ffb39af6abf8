"""Kinds of drawings that many make alike: maps, patterns, flags, faces, outlines, skies.

Every kind takes two sources of chance, as in `template_sheets`: what the first decides is common to
all who draw it, what the second decides is their own.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from template_sheets import INK, canvas, color, creature, write

__all__ = ["DRAWINGS"]

Rgb = NDArray[np.uint8]
Random = np.random.Generator
Points = NDArray[np.float64]

SIDE_PX = 800


def _fill(page: Rgb, points: Points, tint: tuple[int, ...], line_px: int = 3) -> None:
    """Fill an outline, with a dark line around it."""
    outline = [np.rint(points).astype(np.int32)]
    cv2.fillPoly(page, outline, tint, cv2.LINE_AA)
    if line_px:
        cv2.polylines(page, outline, True, INK, line_px, cv2.LINE_AA)


def _around(center: tuple[float, float], radii: NDArray[np.float64]) -> Points:
    """Return the points at some distances around a center."""
    angles = np.linspace(0, 2 * np.pi, len(radii), endpoint=False)
    return np.array(center) + radii[:, None] * np.column_stack([np.cos(angles), np.sin(angles)])


def _coast(own: Random, center: tuple[float, float], radius: float) -> Points:
    """Return a crooked coast around a center."""
    steps = np.arange(120) / 120 * 2 * np.pi
    waves = sum(
        own.normal(0, 0.5 / k) * np.cos(k * steps + own.uniform(0, 2 * np.pi)) for k in range(1, 9)
    )
    return _around(center, radius * np.clip(1 + 0.45 * np.asarray(waves), 0.2, 1.6))


def world_map(shared: Random, own: Random) -> Rgb:
    """A map: the same grid, frame, compass and legend, other coasts."""
    page, land = canvas(shared, 150), color(shared, 90, 230)
    for _ in range(3):
        center = (float(own.uniform(150, 650)), float(own.uniform(150, 560)))
        _fill(page, _coast(own, center, float(own.uniform(60, 150))), land)
    for line in range(50, 800, 70):
        cv2.line(page, (line, 20), (line, 780), (110, 110, 110), 1)
        cv2.line(page, (20, line), (780, line), (110, 110, 110), 1)
    cv2.rectangle(page, (20, 20), (780, 780), INK, 8)
    _fill(page, _around((700, 110), np.array([70.0, 16.0] * 4)), (240, 230, 200))
    cv2.rectangle(page, (40, 640), (300, 760), (245, 240, 225), cv2.FILLED)
    cv2.rectangle(page, (40, 640), (300, 760), INK, 3)
    for line, name in enumerate(("CITY", "ROAD", "FOREST")):
        write(page, name, (60, 675 + 34 * line), 0.8)
    return page


def _woven(widths: NDArray[np.int64], tints: list[tuple[int, ...]]) -> Rgb:
    """Weave a sett: stripes of the same widths and colors both ways."""
    stripe = np.concatenate([np.repeat([t], w, 0) for t, w in zip(tints, widths, strict=True)])
    line = np.resize(stripe, (SIDE_PX, 3)).astype(np.float64)
    over = (np.indices((SIDE_PX, SIDE_PX)).sum(0) // 4 % 2)[..., None]
    return np.where(over, line[None], line[:, None]).astype(np.uint8)


def tartan(shared: Random, own: Random) -> Rgb:
    """A tartan: stripes of the same widths, other colors."""
    widths = shared.integers(12, 70, 7)
    return _woven(widths, [color(own) for _ in widths])


def plaid(shared: Random, own: Random) -> Rgb:
    """A plaid: the same colors, stripes of other widths."""
    tints = [color(shared) for _ in range(5)]
    return _woven(own.integers(20, 90, 5), tints)


def silhouette(shared: Random, own: Random) -> Rgb:
    """A standing figure as a black shape: the same pose, other hair, clothes and things held."""
    page = canvas(shared, 200)
    bulk = float(own.uniform(0.85, 1.2))
    for start, end, width in (
        ((400, 260), (400, 480), 110), ((375, 470), (350, 720), 52), ((425, 470), (455, 720), 52),
        ((370, 280), (270, 420), 36), ((430, 280), (540, 400), 36),
    ):  # fmt: skip
        cv2.line(page, start, end, (10, 10, 10), round(width * bulk), cv2.LINE_AA)
    _fill(page, _around((400, 160), 62 * own.uniform(0.9, 1.5, 14)), (10, 10, 10), 0)
    hem = np.array([[345, 440], [455, 440], [455 + own.uniform(0, 120), own.uniform(500, 690)]])
    _fill(page, np.vstack([hem, [345 - own.uniform(0, 120), hem[2, 1]]]), (10, 10, 10), 0)
    tip = (540 + int(own.integers(-60, 120)), 400 - int(own.integers(80, 300)))
    cv2.line(page, (540, 400), tip, (10, 10, 10), int(own.integers(6, 22)), cv2.LINE_AA)
    return page


def round_face(shared: Random, own: Random) -> Rgb:
    """A round face of one make: other eyes, mouth, hair and colors."""
    page, skin = canvas(shared, 200), color(own, 150)
    cv2.circle(page, (400, 420), 270, skin, cv2.FILLED, cv2.LINE_AA)
    cv2.circle(page, (400, 420), 270, INK, 8, cv2.LINE_AA)
    fringe = np.vstack([_around((400, 400), np.full(40, 285.0))[20:], [[680, 330], [120, 330]]])
    fringe[-2:, 1] += own.uniform(-90, 60)
    _fill(page, fringe, color(own))
    wide, high = int(own.integers(18, 60)), int(own.integers(18, 70))
    for x in (300, 500):
        cv2.ellipse(page, (x, 430), (wide, high), 0, 0, 360, (255, 255, 255), cv2.FILLED)
        cv2.ellipse(page, (x, 430), (wide, high), 0, 0, 360, INK, 5, cv2.LINE_AA)
        pupil = min(wide, high) // 2
        cv2.circle(page, (x, 430), pupil, color(own, 0, 130), cv2.FILLED, cv2.LINE_AA)
    bend = int(own.integers(10, 70))
    cv2.ellipse(
        page, (400, 550), (int(own.integers(40, 110)), bend), 0, 0, 180, INK, 7, cv2.LINE_AA
    )
    return page


def flag(shared: Random, own: Random) -> Rgb:
    """A flag: stripes the same way, other colors and another device."""
    count, page = int(shared.integers(3, 6)), np.empty((520, 800, 3), np.uint8)
    for stripe in range(count):
        page[520 * stripe // count : 520 * (stripe + 1) // count] = color(own)
    points = int(own.integers(3, 9))
    radii = np.tile([float(own.uniform(80, 150)), float(own.uniform(30, 75))], points)
    _fill(page, _around((400, 260), radii), color(own), 0)
    return page


def speech_bubble(shared: Random, own: Random) -> Rgb:
    """A bubble above somebody: the same bubble, another text and speaker."""
    page = canvas(shared, 180)
    creature(page, (120, 430, 420, 350), own)
    cv2.ellipse(page, (420, 210), (340, 170), 0, 0, 360, (255, 255, 255), cv2.FILLED, cv2.LINE_AA)
    cv2.ellipse(page, (420, 210), (340, 170), 0, 0, 360, INK, 6, cv2.LINE_AA)
    _fill(page, np.array([[330.0, 360], [300, 450], [420, 372]]), (255, 255, 255), 0)
    for line in range(3):
        name = str(own.choice(["NO WAY!", "WHY ME?", "GO HOME", "IT IS YOU", "AT LAST", "RUN NOW"]))
        write(page, name, (250, 150 + 60 * line), 1.6)
    return page


def starry_sky(shared: Random, own: Random) -> Rgb:
    """Stars over hills: the same hills and colors, other stars."""
    top, low = np.array(color(shared, 0, 60)), np.array(color(shared, 60, 160))
    shade = np.linspace(0, 1, SIDE_PX)[:, None, None]
    page = np.repeat((top + (low - top) * shade), SIDE_PX, axis=1).astype(np.uint8)
    for _ in range(250):
        spot = (int(own.integers(SIDE_PX)), int(own.integers(620)))
        cv2.circle(page, spot, int(own.integers(1, 5)), (250, 250, 220), cv2.FILLED, cv2.LINE_AA)
    ridge = 620 + 60 * np.sin(np.arange(0, 801, 10) / shared.uniform(60, 140))
    points = np.column_stack([np.arange(0, 801, 10), ridge])
    _fill(page, np.vstack([points, [800, 800], [0, 800]]), color(shared, 0, 40), 0)
    return page


def checkers(shared: Random, own: Random) -> Rgb:
    """A board of squares: other pieces on it."""
    page, light, dark = canvas(shared), color(shared, 180), color(shared, 40, 140)
    for cell in range(64):
        x, y = cell % 8 * 100, cell // 8 * 100
        tint = light if (cell + cell // 8) % 2 else dark
        cv2.rectangle(page, (x, y), (x + 100, y + 100), tint, cv2.FILLED)
        if own.random() < 0.35:
            piece = (240, 240, 235) if own.random() < 0.5 else (35, 35, 40)
            cv2.circle(page, (x + 50, y + 50), 38, piece, cv2.FILLED, cv2.LINE_AA)
            cv2.circle(page, (x + 50, y + 50), 38, INK, 3, cv2.LINE_AA)
    return page


def mandala(shared: Random, own: Random) -> Rgb:
    """A mandala: as many petals, of other forms and colors."""
    page, petals = canvas(shared, 230), int(shared.integers(8, 15))
    for ring in range(6, 0, -1):
        size, depth = 60.0 * ring, float(own.uniform(0.1, 0.5))
        steps = np.arange(360) / 360 * 2 * np.pi * petals
        waves = np.abs(np.cos(steps / 2)) ** float(own.uniform(0.4, 3))
        _fill(page, _around((400, 400), size * (1 - depth + depth * waves)), color(own, 60))
    return page


def icon(shared: Random, own: Random) -> Rgb:
    """An icon: the same rounded square, another sign."""
    page, tint = canvas(shared, 245), color(shared, 60, 200)
    for x, y in ((220, 220), (580, 220), (220, 580), (580, 580)):
        cv2.circle(page, (x, y), 110, tint, cv2.FILLED, cv2.LINE_AA)
    cv2.rectangle(page, (110, 220), (690, 580), tint, cv2.FILLED)
    cv2.rectangle(page, (220, 110), (580, 690), tint, cv2.FILLED)
    _fill(page, _around((400, 400), own.uniform(60, 220, int(own.integers(4, 11)))), (255,) * 3, 0)
    return page


def emoji(shared: Random, own: Random) -> Rgb:
    """A yellow face: other eyes and another mouth."""
    page = canvas(shared, 250)
    cv2.circle(page, (400, 400), 330, (255, 205, 60), cv2.FILLED, cv2.LINE_AA)
    cv2.circle(page, (400, 400), 330, (190, 120, 20), 10, cv2.LINE_AA)
    kind = int(own.integers(3))
    for x in (280, 520):
        if kind == 0:
            cv2.ellipse(page, (x, 330), (38, 60), 0, 0, 360, (70, 45, 10), cv2.FILLED, cv2.LINE_AA)
        else:
            cv2.ellipse(page, (x, 340), (60, 45), 0, 180 * (kind - 1), 180 * kind, (70, 45, 10), 16)
    turn, wide = 180 * int(own.integers(2)), int(own.integers(60, 190))
    filled = cv2.FILLED if own.random() < 0.5 else 16
    place = (400, 500 if turn == 0 else 590)
    cv2.ellipse(
        page, place, (wide, int(own.integers(40, 120))), turn, 0, 180, (110, 50, 20), filled
    )
    return page


def album_cover(shared: Random, own: Random) -> Rgb:
    """A cover: the same frame and title, other shapes inside."""
    page = canvas(shared, 40)
    for _ in range(12):
        center = tuple(own.integers(150, 650, 2).tolist())
        cv2.circle(page, center, int(own.integers(20, 150)), color(own), cv2.FILLED, cv2.LINE_AA)
    cv2.rectangle(page, (0, 0), (799, 799), color(shared), 60)
    cv2.rectangle(page, (0, 640), (799, 740), color(shared), cv2.FILLED)
    write(page, "GREATEST HITS", (130, 712), 2.2, (255, 255, 255))
    return page


def skyline(shared: Random, own: Random) -> Rgb:
    """A town at night: the same sky, moon and street, other houses and windows."""
    page = canvas(shared, 20)
    page[:] = color(shared, 20, 110)
    cv2.circle(page, (620, 170), 90, (245, 240, 215), cv2.FILLED, cv2.LINE_AA)
    for house in range(10):
        x, top = house * 80, int(own.integers(250, 600))
        cv2.rectangle(page, (x, top), (x + 80, 720), color(own, 10, 80), cv2.FILLED)
        for window in range((700 - top) // 45 * 2):
            if own.random() < 0.6:
                left, upper = x + 14 + window % 2 * 34, top + 12 + window // 2 * 45
                cv2.rectangle(page, (left, upper), (left + 18, upper + 24), (250, 220, 120), -1)
    cv2.rectangle(page, (0, 720), (800, 800), color(shared, 40, 90), cv2.FILLED)
    return page


def landscape(shared: Random, own: Random) -> Rgb:
    """Hills and a sun in flat colors: the same palette, other ridges."""
    page = canvas(shared, 180)
    cv2.circle(page, (int(own.integers(120, 680)), 190), 85, color(shared, 180), cv2.FILLED)
    columns = np.arange(0, 801, 8)
    for hill in range(4):
        turns, phase = own.uniform(60, 200), own.uniform(0, 6)
        ridge = 330 + 110 * hill + own.uniform(20, 70) * np.sin(columns / turns + phase)
        points = np.column_stack([columns, ridge])
        _fill(page, np.vstack([points, [800, 800], [0, 800]]), color(shared), 0)
    return page


DRAWINGS = {
    "map": world_map,
    "tartan": tartan,
    "plaid": plaid,
    "silhouette": silhouette,
    "round face": round_face,
    "flag": flag,
    "speech bubble": speech_bubble,
    "starry sky": starry_sky,
    "checkers": checkers,
    "mandala": mandala,
    "icon": icon,
    "emoji": emoji,
    "album cover": album_cover,
    "skyline": skyline,
    "landscape": landscape,
}
"""Kinds by name."""
