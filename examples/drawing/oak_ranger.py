"""Ilmari, ranger of the oak road: pen lines on white paper."""

from __future__ import annotations

import cv2
import numpy as np

from drawing.board import Board, both_sides, flip
from drawing.figure import WHITE, Eye, EyeShape, Ink, draw_brow, draw_eye, hair, lock

SIZE = (1200, 1500)
C = "corner"
MIDDLE = 600
EYES = EyeShape(
    (1.06, 0.9), 16, (24, 24), ((-4, -30, 17, 10), (22, 20, 7, 12)), ("-70,-24 -104,-40",)
)
FACE = "600,300 470,330 394,440 384,570 396,690 446,800 530,880 600,906"
CROWN = (640, 236)
BANGS = [
    lock((470, 300), (320, 860), 110, 0.14, 0.5), lock((730, 300), (884, 900), 110, -0.12, 0.5),
    lock((520, 270), (356, 760), 120, 0.2, 0.5), lock((700, 270), (850, 780), 120, -0.18, 0.5),
    lock(CROWN, (392, 640), 130, 0.3, 0.5), lock(CROWN, (814, 640), 110, -0.22, 0.5),
    lock(CROWN, (452, 590), 120, 0.28, 0.55), lock(CROWN, (770, 574), 110, -0.2, 0.55),
    lock(CROWN, (530, 604), 110, 0.2, 0.6), lock(CROWN, (712, 540), 90, -0.14, 0.6),
]  # fmt: skip


def draw() -> np.ndarray:
    """Return the picture: (1500, 1200) uint8, grey."""
    board, style = Board(SIZE, WHITE), Ink()
    with board.turned(-5, (600, 950)):
        draw_hood(board, style)
    draw_bow(board, style)
    draw_body(board, style)
    with board.turned(-5, (600, 950)):
        draw_face(board, style)
        draw_front_hair(board, style)
    draw_braid(board, style)
    draw_leaves(board, style)
    return np.asarray(cv2.cvtColor(board.finished()[..., :3], cv2.COLOR_RGB2GRAY))


def draw_hood(board: Board, style: Ink) -> None:
    """Draw the hood around the head, its lining hatched."""
    hood = (
        "610,120 430,160 290,330 236,600 262,860 400,1060 600,1100 800,1060 "
        "940,860 964,600 912,330 800,170"
    )
    lining = (
        "606,196 440,236 340,400 306,620 340,860 460,1000 600,1040 740,1000 "
        "862,860 896,620 862,400 770,236"
    )
    outer = board.area(hood)
    style.part(board, outer, WHITE, cv2.subtract(outer, board.moved(outer, -24, -16)), 5)
    style.part(board, board.area(lining), WHITE, board.area(lining), 4)
    for points in (
        "286,520 300,400 370,280",
        "270,700 286,820 350,930",
        "925,520 915,420 870,310",
        "936,700 915,830 850,940",
    ):
        board.stroke(points, 4, style.ink)


def draw_bow(board: Board, style: Ink) -> None:
    """Draw bow and arrows carried on the back."""
    for x in (850, 900, 946):
        shaft = [(x, 1150, C), (x + 12, 1150, C), (x + 132, 780, C), (x + 120, 776, C)]
        style.part(board, board.area(shaft), WHITE, None, 3)
        vane = [
            (x + 104, 850, C),
            (x + 96, 780),
            (x + 130, 720, C),
            (x + 156, 790),
            (x + 118, 856, C),
        ]
        style.part(
            board,
            board.area(vane),
            WHITE,
            board.area([(x + 120, 860, C), (x + 130, 720, C), (x + 170, 800, C)]),
            3,
        )
    limb = "120,1520! 96,1200 150,900 100,640 116,636! 176,900 122,1200 146,1520!"
    style.part(
        board,
        board.area(limb),
        WHITE,
        board.area("130,1520! 108,1200 164,900 110,640 190,900 160,1520!"),
        4,
    )
    board.stroke("106,640! 250,1510!", 3, style.ink, (1, 1))


def draw_body(board: Board, style: Ink) -> None:
    """Draw neck, cloak, tunic with laces, and belt of the quiver."""
    neck = "530,830! 536,970 500,1080! 700,1080! 664,970 670,830!"
    style.part(
        board, board.area(neck), WHITE, board.area("500,820! 530,930 620,1000 690,930 700,820!")
    )
    cloak = board.area(
        "500,1030! 360,1060 216,1140 150,1300 110,1520! 1090,1520! 1050,1300 "
        "984,1140 840,1060 700,1030!"
    )
    style.part(board, cloak, WHITE, cv2.subtract(cloak, board.moved(cloak, -70, 0)), 5)
    tunic = board.area("490,1036! 440,1200 400,1520! 810,1520! 770,1200 716,1036! 604,1240!")
    style.part(
        board, tunic, WHITE, board.area("700,1060! 690,1260 720,1520! 830,1520! 790,1200"), 4
    )
    shirt = board.area("520,1046! 604,1250! 690,1046! 604,1090")
    style.part(board, shirt, WHITE, None, 3)
    for y in (1290, 1350, 1410, 1470):
        board.stroke([(570, y, C), (640, y + 44, C)], 5, style.ink, (0.8, 0.8))
        board.stroke([(640, y, C), (570, y + 44, C)], 5, style.ink, (0.8, 0.8))
    belt = board.area("930,1100! 960,1140! 450,1520! 370,1520!")
    style.part(board, belt, WHITE, None, 4)
    board.stroke("934,1116! 394,1516!", 2.5, style.ink, (1, 1))
    board.stroke("946,1130! 428,1516!", 2.5, style.ink, (1, 1))
    clasp = board.ellipse(604, 1066, 40, 40)
    style.part(board, clasp, WHITE, board.ellipse(616, 1080, 36, 36), 4)
    style.part(board, board.area(lock((604, 1098), (604, 1034), 34, 0)), WHITE, None, 3)
    for points in (
        "250,1180 300,1330 280,1500",
        "360,1110 386,1300 360,1510",
        "930,1190 905,1340 930,1500",
        "830,1120 850,1300 880,1500",
    ):
        board.stroke(points, 4, style.ink)


def draw_face(board: Board, style: Ink) -> None:
    """Draw pointed ears, face, calm eyes and a faint smile."""
    for side in (1, -1):
        ear = "402,700! 360,640 262,540! 340,556 404,610!"
        outline = ear if side > 0 else flip(ear, MIDDLE)
        style.part(board, board.area(outline), WHITE, None, 4)
        fold = "388,668 340,600 290,560"
        board.stroke(fold if side > 0 else flip(fold, MIDDLE), 3, style.ink)
        drop = board.area(lock((MIDDLE - side * 216, 690), (MIDDLE - side * 216, 770), 26, 0, 0.7))
        style.part(board, drop, WHITE, None, 3)
    face = board.area(both_sides(FACE, MIDDLE))
    fringe = cv2.min(board.area(*[np.add(outline, (4, 20)) for outline in BANGS]), face)
    style.part(
        board, face, WHITE, cv2.max(fringe, cv2.subtract(face, board.moved(face, -14, -4))), 4
    )
    for side in (-1, 1):
        draw_eye(
            style,
            board,
            Eye(MIDDLE + side * 112, 676, side, (60, 60, 60), (250, 250, 250), 0.98, EYES),
        )
    draw_brow(style, board, "540,570 484,556 424,584", 10)
    draw_brow(style, board, "660,570 716,556 776,584", 10)
    board.stroke("600,740 612,778 596,788", 4, style.ink)
    board.stroke("552,832 600,842 650,826", 6, style.ink, (0.2, 0.5))
    board.stroke("584,862 604,866 620,860", 3, style.ink)
    for x in (436, 452, 468, 744, 760, 776):
        board.stroke([(x + 6, 758), (x - 6, 778)], 2.5, style.ink)


def draw_front_hair(board: Board, style: Ink) -> None:
    """Draw parted bangs and the circlet over them."""
    cap = board.area(
        "616,204 470,230 370,350 340,520 430,480 640,262 800,480 862,520 836,350 740,230"
    )
    style.part(board, cap, WHITE, None, 4)
    hair(style, board, BANGS, WHITE, 3.5)
    for outline in BANGS:
        middle = (outline[:60] + outline[:59:-1]) / 2
        board.stroke(np.add(middle[12:44], (7, 0)), 2.5, style.ink)
        board.stroke(middle[20:50] - (9, 0), 2, style.ink)
    band = "352,452 470,404 610,392 750,404 852,452"
    board.stroke(band, 18, style.ink, (0.7, 0.7))
    board.stroke(band, 11, WHITE, (0.7, 0.7))
    gem = board.area("610,366! 638,402! 610,450! 582,402!")
    style.part(board, gem, WHITE, board.area("610,366! 638,402! 610,450!"), 4)


def draw_braid(board: Board, style: Ink) -> None:
    """Draw the braid that falls over one shoulder."""
    for i in range(9):
        y, x = 1000 + i * 54, 360 - 16 * np.sin(i * 0.5)
        size = 1 - i * 0.035
        left = lock((x - 44 * size, y - 30), (x + 34 * size, y + 62), 62 * size, -0.22, 0.5)
        right = lock((x + 44 * size, y - 10), (x - 30 * size, y + 84), 62 * size, 0.22, 0.5)
        hair(style, board, [left, right], WHITE, 3.5)
    style.part(board, board.area("326,1470! 386,1470! 384,1500! 328,1500!"), WHITE, None, 4)


def draw_leaves(board: Board, style: Ink) -> None:
    """Draw oak leaves in the wind."""
    for x, y, degrees, size in (
        (150, 260, 30, 1.0),
        (1050, 210, -40, 1.2),
        (1010, 520, 70, 0.8),
        (170, 500, -60, 0.7),
        (900, 90, 10, 0.7),
    ):
        with board.turned(degrees, (x, y), size):
            half = [
                (x, y - 70, C),
                (x + 16, y - 46),
                (x + 36, y - 44),
                (x + 20, y - 18),
                (x + 44, y - 4),
                (x + 22, y + 16),
                (x + 32, y + 38),
                (x, y + 56, C),
            ]
            leaf = board.area([*half, *[(2 * x - p[0], *p[1:]) for p in reversed(half[1:-1])]])
            style.part(
                board,
                leaf,
                WHITE,
                board.area(
                    [(x, y - 80, C), (x + 60, y - 80, C), (x + 60, y + 60, C), (x, y + 60, C)]
                ),
                3.5,
            )
            board.stroke([(x, y - 60), (x + 4, y), (x, y + 90)], 4, style.ink, (0.2, 1))
