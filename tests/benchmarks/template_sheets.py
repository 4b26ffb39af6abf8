"""Kinds of templates that are written or drawn into: calendars, boards, forms, pages, screens.

Every kind takes two sources of chance. What the first decides is the template, which everybody has
who uses it; what the second decides is its owner's alone.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["SHEETS", "canvas", "color", "creature", "words", "write"]

Rgb = NDArray[np.uint8]
Random = np.random.Generator
Color = tuple[int, ...]

INK: Color = (30, 30, 30)
WORDS = (
    "moon", "river", "ember", "violet", "north", "salt", "amber", "ghost", "tide", "copper", "fern",
    "willow", "storm", "lantern", "raven", "harbor", "thistle", "marble", "cinder", "orchid",
)  # fmt: skip


def color(random: Random, low: int = 0, high: int = 256) -> Color:
    """Return a color."""
    return tuple(random.integers(low, high, 3).tolist())


def canvas(random: Random, low: int = 225, size: tuple[int, int] = (800, 800)) -> Rgb:
    """Return a page of one pale color; its size is (width, height)."""
    page = np.empty((size[1], size[0], 3), np.uint8)
    page[:] = color(random, low)
    return page


def write(page: Rgb, text: str, place: tuple[int, int], scale: float, ink: Color = INK) -> None:
    """Write a line whose left lower corner is given."""
    thickness = max(1, round(2 * scale))
    cv2.putText(page, text, place, cv2.FONT_HERSHEY_SIMPLEX, scale, ink, thickness, cv2.LINE_AA)


def creature(page: Rgb, box: tuple[int, int, int, int], own: Random) -> None:
    """Draw somebody's character into a box (left, top, width, height)."""
    left, top, width, height = box
    part = page[top : top + height, left : left + width]
    part[:] = color(own, 120)
    unit = min(width, height)
    for _ in range(int(own.integers(5, 11))):
        center = (int(own.uniform(0.2, 0.8) * width), int(own.uniform(0.2, 0.8) * height))
        axes = tuple((own.uniform(0.06, 0.28, 2) * unit).astype(int).tolist())
        angle = float(own.uniform(0, 180))
        cv2.ellipse(part, center, axes, angle, 0, 360, color(own), cv2.FILLED, cv2.LINE_AA)
        cv2.ellipse(part, center, axes, angle, 0, 360, INK, max(1, unit // 90), cv2.LINE_AA)


def words(own: Random, count: int) -> str:
    """Return some words, drawn by a generator."""
    return " ".join(str(word) for word in own.choice(WORDS, count))


def calendar(shared: Random, own: Random) -> Rgb:
    """A month: its days begin on another weekday, and other days are marked."""
    page, tint = canvas(shared), color(shared, 60, 200)
    write(page, words(own, 1).upper(), (60, 90), 2.0, tint)
    first, count = int(own.integers(0, 7)), int(own.integers(28, 32))
    for cell in range(42):
        x, y = 50 + cell % 7 * 100, 140 + cell // 7 * 100
        cv2.rectangle(page, (x, y), (x + 100, y + 100), tint, 2)
        if first <= cell < first + count:
            write(page, str(cell - first + 1), (x + 10, y + 35), 0.9)
            if own.random() < 0.2:
                cv2.circle(page, (x + 60, y + 65), 22, color(own), cv2.FILLED, cv2.LINE_AA)
    return page


def bingo(shared: Random, own: Random) -> Rgb:
    """A bingo card: other words, other cells crossed."""
    page, tint = canvas(shared), color(shared, 40, 200)
    write(page, "B I N G O", (190, 95), 2.4, tint)
    for cell in range(25):
        x, y = 75 + cell % 5 * 130, 130 + cell // 5 * 130
        cv2.rectangle(page, (x, y), (x + 130, y + 130), INK, 3)
        write(page, words(own, 1), (x + 12, y + 55), 0.7)
        write(page, words(own, 1), (x + 12, y + 95), 0.7)
        if own.random() < 0.3:
            cv2.line(page, (x + 10, y + 10), (x + 120, y + 120), color(own), 8, cv2.LINE_AA)
    return page


def tier_list(shared: Random, own: Random) -> Rgb:
    """A tier list: other pictures in other rows."""
    page = canvas(shared, 20)
    page[:] = (26, 26, 28)
    for row, name in enumerate("SABCD"):
        y = 10 + row * 158
        cv2.rectangle(page, (10, y), (150, y + 148), color(shared, 100), cv2.FILLED)
        write(page, name, (55, y + 100), 2.2)
        for column in range(int(own.integers(0, 5))):
            creature(page, (160 + column * 158, y, 148, 148), own)
    return page


def chat(shared: Random, own: Random) -> Rgb:
    """A chat: other messages of other lengths."""
    page, sides = canvas(shared, 200, (600, 1000)), (color(shared, 120), color(shared, 120))
    cv2.rectangle(page, (0, 0), (600, 80), color(shared, 40, 160), cv2.FILLED)
    y = 110
    while y < 900:
        side, lines = int(own.integers(2)), int(own.integers(1, 4))
        width, left = int(own.integers(180, 420)), 30
        left = left if side else 570 - width
        cv2.rectangle(page, (left, y), (left + width, y + 40 * lines), sides[side], cv2.FILLED)
        for line in range(lines):
            write(page, words(own, width // 100), (left + 12, y + 28 + 40 * line), 0.7)
        y += 40 * lines + 30
    return page


def game_screen(shared: Random, own: Random) -> Rgb:
    """A game's screen: bars, buttons and a small map around another scene."""
    page = canvas(own, 60, (1000, 640))
    for _ in range(40):
        x, y = int(own.integers(1000)), int(own.integers(640))
        cv2.circle(page, (x, y), int(own.integers(20, 120)), color(own), cv2.FILLED, cv2.LINE_AA)
    tint = color(shared)
    for bar in range(3):
        level = int(own.integers(60, 290))
        cv2.rectangle(page, (20, 20 + bar * 40), (320, 48 + bar * 40), INK, cv2.FILLED)
        cv2.rectangle(page, (24, 24 + bar * 40), (24 + level, 44 + bar * 40), tint, cv2.FILLED)
    cv2.circle(page, (900, 100), 85, INK, cv2.FILLED, cv2.LINE_AA)
    cv2.circle(page, (900, 100), 85, tint, 6, cv2.LINE_AA)
    for button in range(8):
        x = 180 + button * 82
        cv2.rectangle(page, (x, 550), (x + 74, 624), (50, 50, 55), cv2.FILLED)
        cv2.rectangle(page, (x, 550), (x + 74, 624), tint, 3)
    return page


def text_page(shared: Random, own: Random) -> Rgb:
    """A page of writing: the same margins and title line, another text."""
    page = canvas(shared, 235, (720, 1000))
    write(page, "CHAPTER ONE", (150, 110), 1.8)
    for line in range(24):
        text = words(own, 7)[: int(own.integers(46, 52))]
        write(page, text, (70, 190 + line * 32), 0.62)
    return page


def square_code(shared: Random, own: Random) -> Rgb:
    """A square code: three corner marks, another content."""
    cells = 29
    grid = (own.random((cells, cells)) < 0.5).astype(np.uint8)
    for row, column in ((0, 0), (0, cells - 7), (cells - 7, 0)):
        grid[max(0, row - 1) : row + 8, max(0, column - 1) : column + 8] = 0
        grid[row : row + 7, column : column + 7] = 1
        grid[row + 1 : row + 6, column + 1 : column + 6] = 0
        grid[row + 2 : row + 5, column + 2 : column + 5] = 1
    page = np.full((cells * 24 + 100, cells * 24 + 100, 3), 255, np.uint8)
    block = np.kron(grid, np.ones((24, 24), np.uint8))[..., None]
    page[50:-50, 50:-50] = np.where(block > 0, np.array(color(shared, 0, 90)), 255)
    return page


def crossword(shared: Random, own: Random) -> Rgb:
    """A crossword: the same size of grid, other black cells and letters."""
    page = canvas(shared, 240)
    for cell in range(169):
        x, y = 40 + cell % 13 * 55, 40 + cell // 13 * 55
        fill = INK if own.random() < 0.2 else (255, 255, 255)
        cv2.rectangle(page, (x, y), (x + 55, y + 55), fill, cv2.FILLED)
        cv2.rectangle(page, (x, y), (x + 55, y + 55), INK, 2)
        if fill != INK:
            write(page, str(own.choice(list("ABCDEFGHIKLMNOPRSTU"))), (x + 14, y + 42), 1.1)
    return page


def score(shared: Random, own: Random) -> Rgb:
    """A page of music: the same staves, other notes."""
    page = canvas(shared, 240)
    for staff in range(6):
        y = 80 + staff * 120
        for line in range(5):
            cv2.line(page, (40, y + line * 14), (760, y + line * 14), INK, 2)
        for note in range(12):
            x, level = 90 + note * 54, y + 7 * int(own.integers(-1, 10))
            cv2.ellipse(page, (x, level), (11, 8), -20, 0, 360, INK, cv2.FILLED, cv2.LINE_AA)
            cv2.line(page, (x + 10, level), (x + 10, level - 48), INK, 2)
    return page


def family_tree(shared: Random, own: Random) -> Rgb:
    """A family tree: the same boxes and lines, other heads and names."""
    page, tint = canvas(shared), color(shared, 60, 200)
    for row, count in enumerate((1, 2, 4)):
        for index in range(count):
            x, y = round(800 * (index + 0.5) / count), 130 + row * 260
            if row:
                parent = (round(800 * (index // 2 + 0.5) / (count // 2)), y - 160)
                cv2.line(page, (x, y - 90), parent, tint, 4, cv2.LINE_AA)
            creature(page, (x - 70, y - 90, 140, 140), own)
            cv2.rectangle(page, (x - 70, y - 90), (x + 70, y + 50), tint, 4)
            write(page, words(own, 1), (x - 60, y + 85), 0.8)
    return page


def reference_sheet(shared: Random, own: Random) -> Rgb:
    """A reference sheet: one large picture, three small ones, a palette, another character."""
    page, tint = canvas(shared, 220, (1000, 720)), color(shared, 60, 200)
    cv2.rectangle(page, (0, 0), (1000, 70), tint, cv2.FILLED)
    write(page, "REFERENCE  " + words(own, 1).upper(), (30, 50), 1.3, (255, 255, 255))
    creature(page, (30, 100, 460, 590), own)
    for index in range(3):
        creature(page, (530 + index * 150, 100, 140, 180), own)
    for index in range(6):
        cv2.circle(page, (565 + index * 75, 340), 30, color(own), cv2.FILLED, cv2.LINE_AA)
    for line, name in enumerate(("Name", "Age", "Home", "Likes", "Fears")):
        write(page, f"{name}: {words(own, 2)}", (530, 430 + line * 55), 0.9)
    return page


def trading_card(shared: Random, own: Random) -> Rgb:
    """A trading card: the same frame, another picture, name and numbers."""
    page, tint = canvas(shared, 60, (640, 900)), color(shared, 60, 200)
    cv2.rectangle(page, (20, 20), (620, 880), tint, 14)
    write(page, words(own, 2), (60, 95), 1.2, (255, 255, 255))
    creature(page, (60, 130, 520, 400), own)
    cv2.rectangle(page, (60, 130), (580, 530), INK, 5)
    for line in range(5):
        write(page, words(own, 5), (60, 600 + line * 42), 0.8)
    write(page, f"{own.integers(1, 9)} / {own.integers(1, 9)}", (490, 850), 1.3)
    return page


def comic_page(shared: Random, own: Random) -> Rgb:
    """A comic's page: the same panels, other pictures in them."""
    page = np.full((1000, 720, 3), 255, np.uint8)
    middle, rows = int(shared.integers(260, 460)), (20, 340, 660)
    for y in rows:
        boxes = ((20, y, middle - 30, 310), (middle + 10, y, 690 - middle, 310))
        for box in boxes if y != rows[1] else ((20, y, 680, 310),):
            creature(page, box, own)
            left, top, width, height = box
            cv2.rectangle(page, (left, top), (left + width, top + height), INK, 6)
    return page


def table(shared: Random, own: Random) -> Rgb:
    """A table of numbers: the same lines and heads, other numbers."""
    page, tint = canvas(shared, 240), color(shared, 120, 220)
    cv2.rectangle(page, (30, 40), (770, 90), tint, cv2.FILLED)
    for row in range(15):
        y = 40 + row * 48
        cv2.line(page, (30, y), (770, y), INK, 1)
        for column in range(5):
            shown = str(own.integers(1, 9999)) if row else WORDS[column].upper()
            write(page, shown, (45 + column * 148, y + 34), 0.7)
    return page


SHEETS = {
    "calendar": calendar,
    "bingo card": bingo,
    "tier list": tier_list,
    "chat": chat,
    "game screen": game_screen,
    "page of text": text_page,
    "square code": square_code,
    "crossword": crossword,
    "page of music": score,
    "family tree": family_tree,
    "reference sheet": reference_sheet,
    "trading card": trading_card,
    "comic page": comic_page,
    "table of numbers": table,
}
"""Kinds by name."""
