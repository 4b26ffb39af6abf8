"""More kinds that rules are chosen by: ornaments, outlines, writing, cards and tables.

Every kind takes two sources of chance, as in `template_sheets`. Each is a cousin of kinds that are
reported on, not one of them: a rule that is chosen by snowflakes, cats and invoices must hold for
mandalas, standing figures and tables of numbers as well.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from template_sheets import INK, WORDS, canvas, color, creature, write

__all__ = ["COUSINS"]

Rgb = NDArray[np.uint8]
Random = np.random.Generator
Points = NDArray[np.float64]

BLACK = (12, 12, 12)
CENTER = np.array([400.0, 400.0])


def _fill(page: Rgb, points: Points, tint: tuple[int, ...], line_px: int = 0) -> None:
    """Fill an outline, with a dark line around it if it has a width."""
    outline = [np.rint(points).astype(np.int32)]
    cv2.fillPoly(page, outline, tint, cv2.LINE_AA)
    if line_px:
        cv2.polylines(page, outline, True, INK, line_px, cv2.LINE_AA)


def _polar(angles: Points, radii: Points) -> Points:
    """Return points around the middle of a page."""
    return CENTER + radii[:, None] * np.column_stack([np.cos(angles), np.sin(angles)])


def _phrase(own: Random, count: int) -> str:
    return " ".join(str(word) for word in own.choice(WORDS, count))


def _spoke(page: Rgb, angle: float, start: float, end: float, width: int, ink: object) -> None:
    """Draw a line outward from the middle."""
    ends = np.rint(_polar(np.full(2, angle), np.array([start, end]))).astype(int)
    cv2.line(page, ends[0].tolist(), ends[1].tolist(), ink, width, cv2.LINE_AA)  # type: ignore[call-overload]


def snowflake(shared: Random, own: Random) -> Rgb:
    """A snowflake: six arms of one length, other branches."""
    page, tint = canvas(shared, 200), color(shared, 20, 130)
    branches = [
        (own.uniform(70, 300), own.uniform(30, 120)) for _ in range(int(own.integers(2, 6)))
    ]
    for arm in range(6):
        angle = arm * np.pi / 3
        _spoke(page, angle, 0, 350, 12, tint)
        for out, length in branches:
            root = _polar(np.array([angle]), np.array([out]))[0]
            for side in (-1, 1):
                turned = angle + side * np.pi / 3
                tip = root + length * np.array([np.cos(turned), np.sin(turned)])
                ends = np.rint([root, tip]).astype(int).tolist()
                cv2.line(page, ends[0], ends[1], tint, 9, cv2.LINE_AA)
    return page


def rosette(shared: Random, own: Random) -> Rgb:
    """A round window: as many panes, of other depths and colors."""
    page, panes = canvas(shared, 210), int(shared.integers(7, 14))
    for ring in range(5, 0, -1):
        radius, bulge = 70.0 * ring, own.uniform(0.05, 0.35)
        angles = np.arange(720) / 720 * 2 * np.pi
        lobes = np.abs(np.sin(angles * panes / 2)) ** own.uniform(0.5, 2.5)
        _fill(page, _polar(angles, radius * (1 - bulge + bulge * lobes)), color(own, 50), 4)
        if own.random() < 0.6:
            for pane in range(panes):
                angle = 2 * np.pi * (pane + 0.5) / panes
                _spoke(page, angle, radius - 60, radius - 8, 4, INK)
    cv2.circle(page, (400, 400), int(own.integers(15, 50)), color(own), cv2.FILLED, cv2.LINE_AA)
    return page


def gear(shared: Random, own: Random) -> Rgb:
    """A cogwheel: as many teeth, of another depth, with another hub and other holes."""
    page, teeth = canvas(shared, 210), int(shared.integers(10, 20))
    root, share = own.uniform(230, 300), own.uniform(0.35, 0.6)
    angles = np.arange(1440) / 1440 * 2 * np.pi
    is_tooth = (angles * teeth / (2 * np.pi)) % 1 < share
    _fill(page, _polar(angles, np.where(is_tooth, 340.0, root)), color(own, 40, 200), 6)
    holes, out = int(own.integers(3, 8)), own.uniform(110, 170)
    ground = page[5, 5].tolist()
    for hole in range(holes):
        place = _polar(np.array([2 * np.pi * hole / holes]), np.array([out]))[0]
        spot, size = np.rint(place).astype(int).tolist(), int(own.integers(20, 50))
        cv2.circle(page, spot, size, ground, cv2.FILLED, cv2.LINE_AA)
        cv2.circle(page, spot, size, INK, 5, cv2.LINE_AA)
    cv2.circle(page, (400, 400), int(own.integers(30, 70)), color(own), cv2.FILLED, cv2.LINE_AA)
    return page


def clock(shared: Random, own: Random) -> Rgb:
    """A clock: the same marks, other hands, numbers and colors."""
    page = canvas(shared, 210)
    cv2.circle(page, (400, 400), 350, color(own, 120), cv2.FILLED, cv2.LINE_AA)
    cv2.circle(page, (400, 400), 350, INK, 14, cv2.LINE_AA)
    for minute in range(60):
        is_hour = minute % 5 == 0
        _spoke(page, minute * np.pi / 30, 300 if is_hour else 322, 340, 8 if is_hour else 3, INK)
    if own.random() < 0.5:
        for hour in range(1, 13):
            place = _polar(np.array([hour * np.pi / 6 - np.pi / 2]), np.array([255.0]))[0]
            write(page, str(hour), (int(place[0]) - 20, int(place[1]) + 15), 1.4)
    _spoke(page, own.uniform(0, 6.28), 0, own.uniform(120, 190), 16, color(own, 0, 140))
    _spoke(page, own.uniform(0, 6.28), 0, own.uniform(210, 290), 10, color(own, 0, 140))
    return page


def cat(shared: Random, own: Random) -> Rgb:
    """A sitting cat as a black shape: the same seat, other ears, tail, whiskers and bow."""
    page, bulk = canvas(shared, 190), own.uniform(0.85, 1.15)
    cv2.ellipse(page, (390, 540), (round(130 * bulk), 190), 0, 0, 360, BLACK, -1, cv2.LINE_AA)
    cv2.circle(page, (390, 280), round(105 * bulk), BLACK, cv2.FILLED, cv2.LINE_AA)
    ear, lean = own.uniform(60, 150), own.uniform(-30, 30)
    for side in (-1, 1):
        foot = np.array([[side * 95.0, -40], [side * 20, -95], [side * 70 + lean, -95 - ear]])
        _fill(page, foot + np.array([390, 280]), BLACK)
    steps = np.linspace(0, 1, 40)
    bend, length = own.uniform(-160, 160), own.uniform(120, 260)
    tail = np.column_stack([500 + length * steps, 690 - bend * np.sin(3 * steps) - 60 * steps])
    cv2.polylines(page, [np.rint(tail).astype(np.int32)], False, BLACK, int(own.integers(18, 50)))
    for _ in range(int(own.integers(0, 4))):
        tip = (int(own.integers(140, 260)), int(own.integers(250, 350)))
        cv2.line(page, (330, 300), tip, BLACK, 4, cv2.LINE_AA)
    return page


def runner(shared: Random, own: Random) -> Rgb:
    """A runner as a dark shape: the same stride, another head, pack, coat and shoes."""
    page, ink = canvas(shared, 190), color(shared, 0, 60)
    bulk = own.uniform(0.8, 1.25)
    for start, end, width in (
        ((420, 230), (370, 430), 90), ((370, 430), (500, 540), 56), ((500, 540), (470, 690), 44),
        ((370, 430), (270, 560), 56), ((270, 560), (140, 590), 44), ((420, 250), (540, 330), 36),
        ((540, 330), (610, 250), 30), ((410, 250), (290, 310), 36), ((290, 310), (240, 410), 30),
    ):  # fmt: skip
        cv2.line(page, start, end, ink, round(width * bulk), cv2.LINE_AA)
    head = 60 * own.uniform(0.85, 1.5, 16)
    angles = np.arange(16) / 16 * 2 * np.pi
    _fill(page, _polar(angles, head) + np.array([50, -250]), ink)
    pack = np.array([[380, 240], [330, 260], [330 - own.uniform(0, 90), own.uniform(300, 420)]])
    _fill(page, np.vstack([pack, [360, 420]]), ink)
    coat = np.array([[400, 380.0], [330, 420], [own.uniform(180, 320), own.uniform(440, 560)]])
    _fill(page, coat, ink)
    return page


def sudoku(shared: Random, own: Random) -> Rgb:
    """A puzzle page: the same heading and grid, other numbers."""
    page, tint = canvas(shared), color(shared, 40, 180)
    write(page, "DAILY SUDOKU", (130, 90), 2.3, tint)
    for line in range(10):
        at, width = 100 + line * 67, 5 if line % 3 == 0 else 2
        cv2.line(page, (at, 130), (at, 733), INK, width)
        cv2.line(page, (100, at + 30), (703, at + 30), INK, width)
    for cell in range(81):
        if own.random() < 0.4:
            place = (100 + cell % 9 * 67 + 18, 130 + cell // 9 * 67 + 50)
            write(page, str(own.integers(1, 10)), place, 1.4)
    return page


def word_search(shared: Random, own: Random) -> Rgb:
    """A puzzle of letters: the same heading and frame, other letters and rings."""
    page, tint = canvas(shared), color(shared, 40, 180)
    write(page, "FIND THE WORDS", (120, 85), 2.0, tint)
    cv2.rectangle(page, (60, 115), (740, 760), tint, 6)
    for cell in range(196):
        place = (80 + cell % 14 * 47, 155 + cell // 14 * 44)
        write(page, str(own.choice(list("ABCDEFGHIKLMNOPRSTUVW"))), place, 1.0)
    for _ in range(int(own.integers(1, 5))):
        center = (int(own.integers(160, 640)), int(own.integers(200, 680)))
        axes, angle = (int(own.integers(60, 140)), 22), float(own.choice([0, 45, 90]))
        cv2.ellipse(page, center, axes, angle, 0, 360, color(own), 4, cv2.LINE_AA)
    return page


def runes(shared: Random, own: Random) -> Rgb:
    """A page in another alphabet: the same heading and margins, another text."""
    page = canvas(shared, 225, (720, 1000))
    letters = [shared.integers(0, 3, (int(shared.integers(2, 5)), 2, 2)) for _ in range(24)]
    heading = shared.integers(0, 24, 9)

    def put(which: int, left: int, top: int, side: int, width: int) -> None:
        for start, end in letters[which] * side // 2 + (left, top):
            cv2.line(page, start.tolist(), end.tolist(), INK, width, cv2.LINE_AA)

    for place, which in enumerate(heading):
        put(int(which), 120 + 55 * place, 70, 44, 5)
    for line in range(20):
        for place in range(int(own.integers(20, 27))):
            if own.random() < 0.85:
                put(int(own.integers(24)), 70 + 22 * place, 170 + 39 * line, 16, 2)
    return page


def letter(shared: Random, own: Random) -> Rgb:
    """A letter: the same letterhead and foot, another text and name."""
    page, tint = canvas(shared, 235, (720, 1000)), color(shared, 30, 160)
    cv2.circle(page, (110, 95), 55, tint, cv2.FILLED, cv2.LINE_AA)
    _fill(page, np.array([[110, 50], [145, 125], [75.0, 125]]), (255, 255, 255))
    write(page, "HARBOR & SONS", (190, 90), 1.5, tint)
    write(page, "12 Lantern Street, North Tide", (190, 130), 0.7, tint)
    cv2.line(page, (60, 165), (660, 165), tint, 3)
    write(page, f"Dear {_phrase(own, 1)},", (70, 240), 0.8)
    for line in range(int(own.integers(8, 18))):
        write(page, _phrase(own, 7)[: int(own.integers(34, 50))], (70, 290 + line * 34), 0.62)
    write(page, _phrase(own, 2), (420, 920), 1.0, color(own, 0, 120))
    cv2.line(page, (60, 955), (660, 955), tint, 3)
    return page


def pass_card(shared: Random, own: Random) -> Rgb:
    """A pass: the same frame, seal and fields, another photo and name."""
    page, tint = canvas(shared, 190, (900, 580)), color(shared, 40, 180)
    cv2.rectangle(page, (12, 12), (888, 568), tint, 10)
    cv2.rectangle(page, (12, 12), (888, 100), tint, cv2.FILLED)
    write(page, "GUILD OF THE LANTERN", (60, 75), 1.7, (255, 255, 255))
    creature(page, (50, 140, 280, 340), own)
    cv2.rectangle(page, (50, 140), (330, 480), INK, 4)
    for line, name in enumerate(("NAME", "RANK", "BORN", "HOME")):
        write(page, name, (370, 175 + 85 * line), 0.7, tint)
        write(page, _phrase(own, 2), (370, 210 + 85 * line), 1.0)
    angles = np.arange(48) / 48 * 2 * np.pi
    star = np.where(np.arange(48) % 2, 60.0, 48.0)
    _fill(page, _polar(angles, star) + np.array([390, 70]), tint)
    write(page, f"No. {own.integers(1000, 9999)}", (60, 535), 1.0)
    return page


def organization(shared: Random, own: Random) -> Rgb:
    """A chart of who leads whom: the same boxes and lines, other names and faces."""
    page, tint = canvas(shared, 220), color(shared, 60, 200)
    write(page, "WHO IS WHO", (230, 70), 1.9, tint)
    for row, count in enumerate((1, 3, 4)):
        for index in range(count):
            x, y = round(800 * (index + 0.5) / count), 130 + row * 230
            if row:
                cv2.line(page, (x, y), (x, y - 40), tint, 4)
                cv2.line(page, (x, y - 40), (400, y - 40), tint, 4)
            creature(page, (x - 80, y, 70, 120), own)
            cv2.rectangle(page, (x - 85, y), (x + 85, y + 120), tint, 4)
            for line in range(3):
                write(page, _phrase(own, 1), (x - 4, y + 35 + 32 * line), 0.5)
    return page


def invoice(shared: Random, own: Random) -> Rgb:
    """A bill: the same heading, columns and rules, other things and prices."""
    page, tint = canvas(shared, 230, (760, 1000)), color(shared, 40, 180)
    write(page, "INVOICE", (60, 110), 2.6, tint)
    cv2.rectangle(page, (480, 40), (700, 130), tint, 5)
    write(page, "PAID", (525, 105), 1.7, tint)
    for column, name in enumerate(("ITEM", "COUNT", "PRICE", "SUM")):
        write(page, name, (70 + (0, 260, 390, 520)[column], 200), 0.9, tint)
    for row in range(int(own.integers(8, 16))):
        y = 215 + row * 44
        cv2.line(page, (60, y), (700, y), tint, 2)
        texts = (_phrase(own, 2), *(str(own.integers(1, n)) for n in (20, 400, 8000)))
        for column, text in enumerate(texts):
            write(page, text, (70 + (0, 260, 390, 520)[column], y + 32), 0.7)
    cv2.line(page, (60, 930), (700, 930), tint, 5)
    return page


def shield(shared: Random, own: Random) -> Rgb:
    """A coat of arms: the same shield and helmet, other fields and charges."""
    page = canvas(shared, 200)
    sides = np.array([[160.0, 190], [640, 190], [640, 430], [570, 590], [400, 730], [230, 590]])
    outline = np.vstack([sides, [160, 430]])
    _fill(page, outline, color(own), 0)
    cut = int(own.integers(3))
    half = (outline[:, 0] <= 400, outline[:, 1] <= 440, outline[:, 0] + outline[:, 1] < 850)[cut]
    _fill(page, np.where(half[:, None], outline, (400, 440)), color(own))
    for _ in range(int(own.integers(1, 4))):
        points = int(own.integers(3, 9))
        radii = np.tile([own.uniform(50, 90), own.uniform(20, 45)], points)
        angles = np.arange(2 * points) * np.pi / points
        place = own.uniform(-130, 130, 2) + np.array([0, 30])
        _fill(page, _polar(angles, radii) + place, color(own), 4)
    cv2.polylines(page, [outline.astype(np.int32)], True, INK, 10, cv2.LINE_AA)
    cv2.ellipse(page, (400, 120), (70, 80), 0, 180, 360, (150, 150, 160), cv2.FILLED, cv2.LINE_AA)
    cv2.rectangle(page, (330, 120), (470, 180), (150, 150, 160), cv2.FILLED)
    cv2.line(page, (345, 130), (455, 130), INK, 10)
    return page


COUSINS = {
    "snowflake": snowflake,
    "rosette": rosette,
    "gear": gear,
    "clock": clock,
    "cat": cat,
    "runner": runner,
    "sudoku": sudoku,
    "word search": word_search,
    "page of runes": runes,
    "letter": letter,
    "pass": pass_card,
    "organization chart": organization,
    "invoice": invoice,
    "coat of arms": shield,
}
"""Kinds by name."""
