"""Forms that hold pictures of art: tier lists, reference sheets, price lists, charts, challenges.

Most lines of such a page are the form's, or those of a picture that all its owners were given. Two
people who fill one in share these, and no picture of theirs. Every form takes the works of its
owner, the generator of what the template decides, and that of what its owner does with it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from matching_art import family_of
from matching_suspects import parts, rendition
from template_art import figure_of, is_scene, paste
from template_sheets import color, words, write

__all__ = ["FITTED_FORMS", "FORMS", "Form", "cast_of"]

Rgb = NDArray[np.uint8]
Random = np.random.Generator
Works = Sequence[Path]
Form = Callable[[Works, Random, Random], Rgb]
Box = tuple[int, int, int, int]
Color = tuple[int, ...]


def tier_list(works: Works, shared: Random, own: Random) -> Rgb:
    """Icons of one make in rows: others, and others in other rows."""
    page = _paper((1100, 760), (24, 24, 28))
    frame, rows = color(shared, 120), [color(shared, 100) for _ in range(5)]
    for row, tint in enumerate(rows):
        top = 10 + 150 * row
        cv2.rectangle(page, (10, top), (150, top + 140), tint, cv2.FILLED)
        write(page, "SABCD"[row], (55, top + 95), 2.2)
        for column in range(int(own.integers(3, 7))):
            box = (160 + 150 * column, top, 140, 140)
            _square(page, box, _any(works, own))
            cv2.rectangle(page, box[:2], (box[0] + 139, top + 139), frame, 6)
            cv2.rectangle(page, (box[0] + 6, top + 108), (box[0] + 133, top + 133), frame, -1)
    return page


def reference_sheet(works: Works, shared: Random, own: Random) -> Rgb:
    """Another character, its heads, its colors and its name in one's own sheet."""
    page = _patterned((1100, 800), shared)
    tint, ink = color(shared, 60, 180), (30, 30, 30)
    work = _any(works, own)
    cv2.rectangle(page, (0, 0), (1100, 80), tint, cv2.FILLED)
    write(page, "REFERENCE SHEET", (30, 58), 1.6, (255, 255, 255))
    _panel(page, (30, 110, 470, 660), tint)
    _stand(page, (45, 125, 440, 640), work)
    for index in range(3):
        box = (530 + 185 * index, 110, 170, 200)
        _panel(page, box, tint)
        _stand(page, (box[0] + 8, 118, 154, 184), work, head=True)
    for index in range(6):
        center = (570 + 92 * index, 360)
        cv2.circle(page, center, 34, color(own), cv2.FILLED, cv2.LINE_AA)
        cv2.circle(page, center, 34, ink, 3, cv2.LINE_AA)
    _panel(page, (530, 420, 540, 350), tint)
    for line, name in enumerate(("Name", "Age", "Height", "Likes", "Dislikes", "Notes")):
        write(page, f"{name}:", (550, 470 + 52 * line), 0.9)
        write(page, words(own, 2), (720, 470 + 52 * line), 0.9)
    return page


def price_list(works: Works, shared: Random, own: Random) -> Rgb:
    """Three examples and their prices, with one's own rules below."""
    page = _patterned((1000, 900), shared)
    tint = color(shared, 60, 200)
    write(page, "COMMISSIONS", (250, 90), 2.4, tint)
    for index, name in enumerate(("BUST", "HALF", "FULL")):
        box = (30 + 320 * index, 130, 300, 430)
        _panel(page, box, tint)
        _stand(page, (box[0] + 15, 145, 270, 330), _any(works, own))
        cv2.rectangle(page, (box[0], 490), (box[0] + 300, 560), tint, cv2.FILLED)
        write(page, f"{name}  {own.integers(2, 20) * 5}", (box[0] + 40, 540), 1.3, (255, 255, 255))
    _panel(page, (30, 590, 940, 280), tint)
    for line in range(5):
        write(page, words(shared, 7), (55, 640 + 48 * line), 0.9)
    return page


def chart(works: Works, shared: Random, own: Random) -> Rgb:
    """Nine characters from good to evil and from lawful to chaotic."""
    page = _paper((900, 960), (245, 245, 240))
    tint = color(shared, 40, 160)
    for index in range(9):
        x, y = 30 + 285 * (index % 3), 30 + 305 * (index // 3)
        _framed(page, (x, y, 270, 250), _any(works, own), tint, 8)
        first = ("LAWFUL", "NEUTRAL", "CHAOTIC")[index % 3]
        write(page, f"{first} {('GOOD', 'NEUTRAL', 'EVIL')[index // 3]}", (x + 8, y + 282), 0.8)
    return page


def stickers(works: Works, shared: Random, own: Random) -> Rgb:
    """Sixteen stickers of one shape, other faces on them."""
    page = _patterned((880, 880), shared)
    rim = color(shared, 150)
    for index in range(16):
        x, y = 20 + 215 * (index % 4), 20 + 215 * (index // 4)
        badge = np.zeros((195, 195), np.uint8)
        cv2.circle(badge, (97, 97), 90, 255, cv2.FILLED)
        part = page[y : y + 195, x : x + 195]
        filled = part.copy()
        _square(filled, (0, 0, 195, 195), _any(works, own))
        part[badge > 0] = filled[badge > 0]
        cv2.circle(part, (97, 97), 90, rim, 9, cv2.LINE_AA)
    return page


def dress_up(works: Works, shared: Random, own: Random) -> Rgb:
    """One body of a maker of figures, with other hair, eyes and clothes."""
    page = _paper((700, 900), color(shared, 190))
    skin, ink = (235, 200, 175), (40, 30, 40)
    hair, cloth = color(own, 30), color(own, 30)
    length = int(own.integers(330, 640))
    _shape(page, ((190, 250), (160, length), (540, length), (510, 250)), hair, ink)
    body = ((310, 420), (300, 520), (200, 560), (180, 860), (520, 860), (500, 560), (400, 520))
    _shape(page, (*body, (390, 420)), skin, ink)
    neck, hem = int(own.integers(500, 580)), int(own.integers(700, 860))
    wide = int(own.integers(0, 90))
    _shape(page, ((210, neck + 40), (350, neck), (490, neck + 40), (520 + wide, hem),
                  (180 - wide, hem)), cloth, ink)  # fmt: skip
    for line in range(int(own.integers(0, 6))):
        level = neck + 60 + 40 * line
        cv2.line(page, (230, level), (470, level), color(own), 10, cv2.LINE_AA)
    cv2.ellipse(page, (350, 290), (150, 170), 0, 0, 360, skin, cv2.FILLED, cv2.LINE_AA)
    cv2.ellipse(page, (350, 290), (150, 170), 0, 0, 360, ink, 5, cv2.LINE_AA)
    iris = color(own)
    for x in (290, 410):
        cv2.ellipse(page, (x, 300), (28, 36), 0, 0, 360, (255, 255, 255), -1, cv2.LINE_AA)
        cv2.ellipse(page, (x, 304), (19, 28), 0, 0, 360, iris, cv2.FILLED, cv2.LINE_AA)
        cv2.ellipse(page, (x, 300), (28, 36), 0, 0, 360, ink, 4, cv2.LINE_AA)
    cv2.ellipse(page, (350, 390), (28, int(own.integers(4, 22))), 0, 0, 180, ink, 4, cv2.LINE_AA)
    for _ in range(int(own.integers(4, 9))):
        x = 200 + int(own.integers(0, 300))
        _shape(page, ((x - 50, 190), (350, 100), (x + 50, 180), (x, int(own.integers(230, 290)))),
               hair, ink)  # fmt: skip
    return page


def challenge(works: Works, shared: Random, own: Random) -> Rgb:
    """A picture that somebody asked everybody to draw anew, and one's own drawing beside it."""
    gap = 24 * int(shared.integers(0, 2))
    page = _paper((1200 + gap, 800), (250, 250, 250))
    asked, mine = _asked_and_own(works, shared, own)
    _square(page, (0, 0, 600, 800), asked)
    _square(page, (600 + gap, 0, 600, 800), mine)
    return page


def year(works: Works, shared: Random, own: Random) -> Rgb:
    """Twelve pictures, one for each month of the year."""
    page = _patterned((1100, 900), shared)
    tint = color(shared, 40, 200)
    write(page, "ART SUMMARY", (330, 75), 2.0, tint)
    for index in range(12):
        x, y = 25 + 268 * (index % 4), 105 + 265 * (index // 4)
        _framed(page, (x, y, 245, 220), _any(works, own), tint, 7)
        name = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
        write(page, name[index], (x + 85, y + 250), 1.0, tint)
    return page


def stream(works: Works, shared: Random, own: Random) -> Rgb:
    """The frame of somebody's stream: a game, a chat, a figure in the corner."""
    page = _patterned((1280, 720), shared)
    tint = color(shared, 40, 180)
    _panel(page, (20, 20, 900, 560), tint)
    _square(page, (30, 30, 880, 540), _any(works, own))
    _panel(page, (940, 20, 320, 420), tint)
    for line in range(9):
        write(page, words(own, 3), (955, 65 + 44 * line), 0.6)
    _stand(page, (940, 450, 320, 270), _any(works, own))
    cv2.rectangle(page, (20, 600), (920, 700), tint, cv2.FILLED)
    write(page, "LIVE NOW   " + words(shared, 4), (45, 665), 1.2, (255, 255, 255))
    return page


def pulls(works: Works, shared: Random, own: Random) -> Rgb:
    """Ten cards that a game dealt: frames and stars of the game, other characters."""
    page = _patterned((1280, 720), shared)
    tint, gold = color(shared, 40, 180), (240, 200, 60)
    for index in range(10):
        x, y = 25 + 248 * (index % 5), 20 + 345 * (index // 5)
        _panel(page, (x, y, 235, 325), tint)
        _stand(page, (x + 10, y + 12, 215, 250), _any(works, own))
        cv2.rectangle(page, (x, y + 265), (x + 235, y + 325), tint, cv2.FILLED)
        for star in range(int(own.integers(3, 6))):
            cv2.circle(page, (x + 30 + 42 * star, y + 296), 15, gold, cv2.FILLED, cv2.LINE_AA)
    return page


def dialogue(works: Works, shared: Random, own: Random) -> Rgb:
    """A story on a screen: the box and the buttons of its engine, another scene and speaker."""
    page = _paper((1280, 720), (0, 0, 0))
    _square(page, (0, 0, 1280, 720), _any(works, own))
    tint = color(shared, 20, 150)
    _panel(page, (40, 500, 1200, 200), tint)
    cv2.rectangle(page, (60, 460), (340, 510), tint, cv2.FILLED)
    write(page, words(own, 1), (85, 498), 1.2, (255, 255, 255))
    for line in range(3):
        write(page, words(own, 7), (75, 560 + 48 * line), 1.0)
    for index, name in enumerate(("SAVE", "LOAD", "AUTO", "SKIP")):
        x = 860 + 95 * index
        cv2.rectangle(page, (x, 462), (x + 85, 496), tint, cv2.FILLED)
        write(page, name, (x + 8, 488), 0.7, (255, 255, 255))
    return page


def six_fanarts(works: Works, shared: Random, own: Random) -> Rgb:
    """Six characters that followers asked for, in boxes that stand aslant."""
    page = _paper((1000, 800), (250, 250, 250))
    tint = color(shared, 20, 120)
    for index in range(6):
        x, y = 20 + 325 * (index % 3), 20 + 390 * (index // 3)
        corners = np.array([(x + 30, y), (x + 310, y), (x + 280, y + 340), (x, y + 340)], np.int32)
        inside = np.zeros(page.shape[:2], np.uint8)
        cv2.fillPoly(inside, [corners], 255)
        filled = page.copy()
        _square(filled, (x, y, 310, 340), _any(works, own))
        page[inside > 0] = filled[inside > 0]
        cv2.polylines(page, [corners], True, tint, 9, cv2.LINE_AA)
        write(page, f"{words(own, 1)}", (x + 20, y + 372), 0.9)
    return page


def doll(works: Works, shared: Random, own: Random) -> Rgb:
    """A small figure of a maker of figures, with other ears, faces and patterns."""
    page = _paper((800, 800), color(shared, 200))
    body, ink, mark = color(own, 90), (30, 25, 30), color(own, 60)
    for side in (-1, 1):
        tip = (400 + side * int(own.integers(120, 260)), int(own.integers(60, 150)))
        _shape(page, ((400 + side * 60, 230), tip, (400 + side * 210, 330)), body, ink)
    cv2.ellipse(page, (400, 640), (130, 140), 0, 0, 360, body, cv2.FILLED, cv2.LINE_AA)
    cv2.ellipse(page, (400, 640), (130, 140), 0, 0, 360, ink, 6, cv2.LINE_AA)
    cv2.ellipse(page, (400, 380), (240, 200), 0, 0, 360, body, cv2.FILLED, cv2.LINE_AA)
    for _ in range(int(own.integers(2, 6))):
        place = (int(own.integers(230, 570)), int(own.integers(240, 500)))
        axes = (int(own.integers(20, 60)), int(own.integers(20, 60)))
        cv2.ellipse(page, place, axes, int(own.integers(180)), 0, 360, mark, -1, cv2.LINE_AA)
    cv2.ellipse(page, (400, 380), (240, 200), 0, 0, 360, ink, 6, cv2.LINE_AA)
    iris = color(own)
    for x in (310, 490):
        cv2.circle(page, (x, 390), 44, (255, 255, 255), cv2.FILLED, cv2.LINE_AA)
        cv2.circle(page, (x, 394), 32, iris, cv2.FILLED, cv2.LINE_AA)
        cv2.circle(page, (x, 390), 44, ink, 5, cv2.LINE_AA)
    mouth = (int(own.integers(15, 50)), int(own.integers(4, 30)))
    cv2.ellipse(page, (400, 480), mouth, 0, 0, 180, ink, 5, cv2.LINE_AA)
    return page


def redrawn(works: Works, shared: Random, own: Random) -> Rgb:
    """A picture of somebody else above, one's own below, and a heading over both."""
    page = _paper((900, 1210), color(shared, 180))
    asked, mine = _asked_and_own(works, shared, own)
    write(page, "IN MY STYLE", (180, 75), 2.2, color(shared, 20, 120))
    _square(page, (20, 110, 860, 530), asked)
    _square(page, (20, 660, 860, 530), mine)
    return page


FORMS: dict[str, Form] = {
    "tier list of art": tier_list,
    "reference sheet of art": reference_sheet,
    "price list": price_list,
    "chart of nine": chart,
    "stickers": stickers,
    "dress-up figure": dress_up,
    "art of a year": year,
    "stream": stream,
    "cards dealt": pulls,
    "dialogue": dialogue,
    "six in boxes": six_fanarts,
    "doll": doll,
    "challenge": challenge,
    "redrawn": redrawn,
}
"""In the order that pictures are drawn by: new ones come last."""

FITTED_FORMS = (
    *("tier list of art", "reference sheet of art", "price list", "chart of nine"),
    *("stickers", "dress-up figure", "challenge"),
)
"""Those that bounds may be chosen on; the others are reported."""


def cast_of(half: Literal["fitted", "reported"], seed: Sequence[int], owner: int) -> list[Path]:
    """Return the works that an owner puts into a form; the first and the second share no family."""
    works: Sequence[Path] = getattr(parts(), half)
    families = np.random.default_rng([*seed, 0]).permutation(sorted({family_of(w) for w in works}))
    own = set(families[owner % 2 :: 2].tolist())
    return [work for work in works if family_of(work) in own]


def _paper(size: tuple[int, int], tint: Color) -> Rgb:
    page = np.empty((size[1], size[0], 3), np.uint8)
    page[:] = tint
    return page


def _patterned(size: tuple[int, int], shared: Random) -> Rgb:
    """Return a page with the pattern that its owner likes: plain, checks, dots or stripes."""
    page = _paper(size, color(shared, 200))
    tint, step = color(shared, 170), int(shared.integers(28, 60))
    kind = int(shared.integers(4))
    for y in range(0, size[1] if kind else 0, step):
        for x in range(0, size[0], step):
            if kind == 1 and (x + y) // step % 2:
                cv2.rectangle(page, (x, y), (x + step - 1, y + step - 1), tint, cv2.FILLED)
            elif kind == 2:
                cv2.circle(page, (x + step // 2, y + step // 2), step // 5, tint, -1, cv2.LINE_AA)
            elif kind == 3 and y == 0:
                cv2.line(page, (x, 0), (x + size[1], size[1]), tint, step // 4, cv2.LINE_AA)
    return page


def _panel(page: Rgb, box: Box, tint: Color) -> None:
    left, top, width, height = box
    corner = (left + width, top + height)
    cv2.rectangle(page, (left, top), corner, (250, 248, 244), cv2.FILLED)
    cv2.rectangle(page, (left, top), corner, tint, 6)


def _any(works: Works, own: Random) -> Path:
    return works[int(own.integers(len(works)))]


def _asked_and_own(works: Works, shared: Random, own: Random) -> tuple[Path, Path]:
    """Choose a picture that all owners have, and one of the owner's that is no relative of it."""
    half: Sequence[Path] = next(h for h in (parts().fitted, parts().reported) if works[0] in h)
    asked = _any(half, shared)
    return asked, _any([work for work in works if family_of(work) != family_of(asked)], own)


def _square(page: Rgb, box: Box, work: Path) -> None:
    """Fill a box with the upper middle of a work."""
    left, top, width, height = box
    rgb = rendition(work)
    factor = max(width / rgb.shape[1], height / rgb.shape[0])
    size = (max(width, round(rgb.shape[1] * factor)), max(height, round(rgb.shape[0] * factor)))
    large = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
    x = (size[0] - width) // 2
    part = page[top : top + height, left : left + width]
    part[:] = large[: part.shape[0], x : x + part.shape[1]]


def _framed(page: Rgb, box: Box, work: Path, tint: Color, line_px: int) -> None:
    """Fill a box with a work and draw a frame around it."""
    left, top, width, height = box
    _square(page, box, work)
    cv2.rectangle(page, (left, top), (left + width, top + height), tint, line_px)


def _stand(page: Rgb, box: Box, work: Path, *, head: bool = False) -> None:
    """Let a figure stand in a box, or only its upper third; a scene fills the box."""
    if is_scene(work):
        _square(page, box, work)
        return
    rgb, alpha = figure_of(work)
    rows = len(rgb) // 3 if head else len(rgb)
    figure = rgb[:rows], alpha[:rows]
    factor = min(box[2] / rgb.shape[1], box[3] / rows)
    size = (max(1, int(rgb.shape[1] * factor)), max(1, int(rows * factor)))
    paste(page, figure, size, (box[0] + (box[2] - size[0]) // 2, box[1] + box[3] - size[1]))


def _shape(page: Rgb, points: Sequence[tuple[int, int]], tint: Color, ink: Color) -> None:
    corners = [np.array(points, np.int32)]
    cv2.fillPoly(page, corners, tint, cv2.LINE_AA)
    cv2.polylines(page, corners, True, ink, 5, cv2.LINE_AA)
