"""Nilo, the moon's messenger cat: a chibi sticker on a transparent ground."""

from __future__ import annotations

import cv2
import numpy as np

from drawing.board import Board, both_sides, flip
from drawing.figure import Cel, Eye, EyeShape, draw_brow, draw_eye, hair, lock, star

SIZE = (1200, 1400)
C = "corner"
MIDDLE = 600
HAIR, HAIR_LIGHT, PINK = (206, 186, 236), (242, 232, 255), (255, 176, 190)
SKIN, DRESS, TRIM, GOLD = (255, 232, 218), (84, 74, 148), (250, 246, 255), (250, 214, 110)
EYES = EyeShape(
    (0.98, 1.1), 0, (9, 44), ((16, -30, 14, 12), (-20, -14, 6, 7), (-16, 32, 11, 8)), ()
)
FACE = "600,250 430,280 338,420 330,560 376,680 480,752 600,772"
CROWN = (600, 196)
BANGS = [
    lock((520, 220), (290, 760), 130, 0.2, 0.5), lock((680, 220), (910, 760), 130, -0.2, 0.5),
    lock((540, 210), (330, 600), 140, 0.26, 0.5), lock((660, 210), (870, 600), 140, -0.26, 0.5),
    lock(CROWN, (430, 530), 140, 0.26, 0.55), lock(CROWN, (772, 530), 140, -0.26, 0.55),
    lock(CROWN, (680, 520), 130, -0.14, 0.6), lock(CROWN, (512, 548), 140, 0.16, 0.6),
    lock(CROWN, (596, 560), 130, 0.02, 0.6),
]  # fmt: skip


def draw() -> np.ndarray:
    """Return the picture: (1400, 1200, 4) uint8."""
    board, style = Board(SIZE, None), Cel()
    board.fill(board.soft(board.ellipse(610, 1310, 230, 34), 14), (40, 30, 70), 0.45)
    draw_tail(board, style)
    hair(
        style,
        board,
        [
            lock((430, 420), (236, 1000), 170, 0.2, 0.5),
            lock((770, 420), (964, 1000), 170, -0.2, 0.5),
        ],
        HAIR,
    )
    draw_legs(board, style)
    draw_dress(board, style)
    with board.turned(-5, (600, 800)):
        draw_ears(board, style)
        draw_face(board, style)
        draw_front_hair(board, style)
    draw_wand(board, style)
    return board.finished()


def draw_tail(board: Board, style: Cel) -> None:
    """Draw the tail, curled up beside the dress."""
    tail = board.area(
        "690,1120! 850,1180 960,1110 950,1000 900,960 880,1010 900,1060 850,1110 700,1050!"
    )
    style.part(board, tail, HAIR, cv2.subtract(tail, board.moved(tail, -10, -16)), 5)


def draw_legs(board: Board, style: Cel) -> None:
    """Draw stockings and boots."""
    for side in (1, -1):
        leg = "520,1100! 524,1230 520,1262! 590,1262! 592,1200 590,1100!"
        boot = "512,1220! 512,1270 488,1300 500,1322 590,1322 594,1270 594,1220!"
        legs, boots = (board.area(o if side > 0 else flip(o, MIDDLE + 5)) for o in (leg, boot))
        style.part(board, legs, TRIM, board.area("480,1090! 480,1180 720,1180 720,1090!"), 4)
        style.part(board, boots, DRESS, cv2.subtract(boots, board.moved(boots, -10, -8)), 4)


def draw_dress(board: Board, style: Cel) -> None:
    """Draw the sailor dress, sleeves, hands, collar and bow."""
    for side in (1, -1):
        hand = board.ellipse(MIDDLE - side * 214, 980, 34, 34)
        style.part(board, hand, SKIN, None, 4)
        sleeve = "520,790! 430,850 366,950 404,1010 452,980 540,900!"
        mask = board.area(sleeve if side > 0 else flip(sleeve, MIDDLE))
        style.part(board, mask, DRESS, cv2.subtract(mask, board.moved(mask, -14, -14)), 4)
        board.stroke(
            "384,950 420,990 450,974" if side > 0 else "816,950 780,990 750,974",
            7,
            TRIM,
            (1, 1),
            mask,
        )
    skirt = board.area(
        "520,780! 500,900 420,1080 392,1140! 470,1168 600,1178 730,1168 808,1140! "
        "780,1080 700,900 680,780!"
    )
    folds = board.area("560,960! 520,1180! 580,1180!", "660,940! 650,1190! 830,1180! 760,1020")
    style.part(board, skirt, DRESS, folds, 5)
    board.stroke("408,1112 480,1140 600,1150 720,1140 792,1112", 9, TRIM, (1, 1), skirt)
    for x in (470, 540, 668, 734):
        board.stroke([(600 + (x - 600) * 0.7, 980), (x, 1164)], 4, style.ink)
    collar = board.area("600,900! 500,860 470,790! 560,760 640,760 730,790! 700,860")
    style.part(board, collar, TRIM, board.area("470,760! 600,830 730,760!"), 4)
    board.stroke("484,800 520,850 600,884 680,850 716,800", 4, DRESS, (1, 1))
    for side in (1, -1):
        wing = "600,896! 540,850 510,880 520,930 600,900!"
        style.part(board, board.area(wing if side > 0 else flip(wing, MIDDLE)), PINK, None, 4)
    style.part(board, board.ellipse(600, 898, 22, 20), GOLD, board.ellipse(608, 906, 20, 18), 4)


def draw_ears(board: Board, style: Cel) -> None:
    """Draw the cat's ears behind the bangs."""
    for side in (1, -1):
        ear = "350,330! 322,150 336,78! 440,130 540,230!"
        inner = "380,310! 358,180 362,132! 430,170 500,240!"
        mask = board.area(ear if side > 0 else flip(ear, MIDDLE))
        style.part(board, mask, HAIR, None, 5)
        style.part(
            board,
            board.area(inner if side > 0 else flip(inner, MIDDLE)),
            PINK,
            cv2.subtract(mask, board.moved(mask, 14, 26)),
            3,
        )


def draw_face(board: Board, style: Cel) -> None:
    """Draw head, eyes, cheeks and the cat's smile."""
    head = board.area("600,176 420,206 310,340 300,520 360,650 840,650 900,520 890,340 780,206")
    style.part(board, head, tuple(np.array(HAIR) * 0.8), None, 5)
    face = board.area(both_sides(FACE, MIDDLE))
    style.part(board, face, SKIN, cv2.subtract(face, board.moved(face, -14, -8)), 4)
    board.fill(
        cv2.min(board.area(*[np.add(outline, (6, 24)) for outline in BANGS]), face), (228, 178, 190)
    )
    for x in (420, 780):
        board.fill(
            cv2.min(face, board.soft(board.ellipse(x, 670, 52, 26), 12)), (250, 130, 140), 0.55
        )
    for side in (-1, 1):
        draw_eye(
            style,
            board,
            Eye(MIDDLE + side * 128, 600, side, (70, 80, 190), (140, 220, 255), 1.16, EYES),
        )
    for x in (579, 621):
        board.stroke([(x - 23, 698), (x - 12, 711), (x + 10, 712), (x + 22, 698)], 6, style.ink)
    fang = board.area("614,714! 625,734! 634,710!")
    style.part(board, fang, TRIM, None, 2.5)


def draw_front_hair(board: Board, style: Cel) -> None:
    """Draw cap, bangs, light and the moon clip."""
    cap = board.area(
        "600,172 430,200 318,330 300,470 420,420 600,340 780,420 900,470 882,330 770,200"
    )
    style.part(board, cap, HAIR, None, 5)
    mask = cv2.max(hair(style, board, BANGS, HAIR, 3.5), cap)
    lights = [
        lock(
            (x, 330 + abs(x - 600) * 0.25),
            (600 + (x - 600) * 1.1, 430 + abs(x - 600) * 0.2),
            34,
            0,
            0.4,
        )
        for x in (400, 450, 500, 560, 620, 690, 740, 790)
    ]
    board.fill(cv2.min(board.area(*lights), mask), HAIR_LIGHT)
    draw_brow(style, board, "530,508 480,488 420,500", 8)
    draw_brow(style, board, "670,508 720,488 780,500", 8)
    moon = cv2.subtract(board.ellipse(800, 360, 52, 52), board.ellipse(824, 344, 44, 44))
    style.part(board, moon, GOLD, cv2.subtract(moon, board.moved(moon, -8, -8)), 4)


def draw_wand(board: Board, style: Cel) -> None:
    """Draw the star wand in her hand and sparks that fade out."""
    style.part(board, board.area("388,1070! 404,1064! 236,640! 220,646!"), TRIM, None, 4)
    style.part(board, board.ellipse(386, 984, 34, 30), SKIN, None, 4)
    board.fill(board.soft(board.ellipse(214, 620, 120, 120), 30), (255, 236, 150), 0.5)
    tip = board.area(star(214, 620, 82, 5, 0.5, -100))
    style.part(board, tip, GOLD, cv2.subtract(tip, board.moved(tip, -10, -10)), 5)
    for x, y, size in (
        (90, 540, 30),
        (150, 760, 22),
        (300, 500, 16),
        (70, 690, 16),
        (180, 460, 14),
    ):
        board.fill(board.area(star(x, y, size, 4, 0.25)), (255, 226, 120), 0.85)
