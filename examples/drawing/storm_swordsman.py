"""Kaito, swordsman of the storm coast: a manga panel in ink and screentone."""

from __future__ import annotations

import cv2
import numpy as np

from drawing.board import Board, both_sides, flip
from drawing.figure import WHITE, Eye, EyeShape, Screentone, draw_eye, hair, lock

SIZE = (1100, 1500)
C = "corner"
MIDDLE = 560
BLACK, DARK, GREY, PALE = (20, 20, 20), (104, 104, 104), (150, 150, 150), (205, 205, 205)
EYES = EyeShape((1.12, 0.9), 28, (15, 22), ((-20, -18, 9, 12),), ())
FACE = "560,330 440,350 372,460 364,590 380,720 432,820 506,896 560,918"
CROWN = (580, 280)
SPIKES = [
    lock((470, 440), (206, 690), 100, 0.2, 0.35), lock((660, 440), (900, 700), 100, -0.1, 0.35),
    lock((470, 420), (150, 560), 120, 0.2, 0.35), lock((660, 430), (968, 596), 110, 0.04, 0.35),
    lock((470, 400), (172, 420), 130, 0.18, 0.35), lock((660, 400), (1000, 470), 120, 0.12, 0.35),
    lock((480, 390), (230, 290), 130, 0.16, 0.35), lock((650, 380), (1010, 330), 130, 0.16, 0.35),
    lock((500, 380), (300, 170), 130, 0.14, 0.35), lock((640, 370), (950, 210), 140, 0.18, 0.35),
    lock((530, 370), (430, 96), 140, 0.12, 0.35), lock((610, 370), (830, 116), 140, 0.16, 0.35),
    lock((570, 370), (610, 70), 150, 0.14, 0.35),
]  # fmt: skip
BANGS = [
    lock((440, 360), (316, 800), 110, 0.12, 0.45), lock((690, 360), (806, 790), 110, -0.12, 0.45),
    lock((470, 320), (376, 690), 120, 0.2, 0.5), lock((660, 320), (756, 680), 120, -0.2, 0.5),
    lock(CROWN, (450, 616), 120, 0.22, 0.55), lock(CROWN, (694, 600), 110, -0.2, 0.55),
    lock(CROWN, (626, 640), 100, -0.1, 0.6), lock(CROWN, (536, 668), 110, 0.12, 0.6),
]  # fmt: skip


def draw() -> np.ndarray:
    """Return the picture: (1500, 1100) uint8, grey."""
    board, style = Board(SIZE, WHITE), Screentone()
    draw_storm(board, style)
    with board.turned(6, (560, 1000)):
        hair(style, board, SPIKES, BLACK, 4)
    draw_clothes(board, style)
    with board.turned(6, (560, 1000)):
        draw_face(board, style)
        draw_front_hair(board, style)
    draw_sword(board, style)
    draw_border(board, style)
    return np.asarray(cv2.cvtColor(board.finished()[..., :3], cv2.COLOR_RGB2GRAY))


def draw_storm(board: Board, style: Screentone) -> None:
    """Draw focus lines around the head over a tone that grows darker downwards."""
    for i, tone in enumerate((PALE, PALE, GREY, GREY, DARK)):
        style.detail(
            board,
            board.area(
                [(0, 620 + i * 180, C), (1100, 560 + i * 180, C), (1100, 1500, C), (0, 1500, C)]
            ),
            tone,
        )
    board.fill(board.soft(board.ellipse(570, 640, 470, 520), 50), WHITE)
    generator = np.random.default_rng(12)
    for degrees in np.sort(generator.uniform(0, 360, 150)):
        direction = np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))])
        start = np.array([570, 620]) + direction * generator.uniform(520, 640)
        across = np.array([-direction[1], direction[0]]) * generator.uniform(2, 11)
        far = start + direction * 1100
        board.fill(board.area(np.array([start, far + across, far - across])), style.ink)


def draw_clothes(board: Board, style: Screentone) -> None:
    """Draw neck, high collar, jacket, cape and shoulder plate."""
    cape = board.area(
        "470,1010! 250,1080 110,1240 40,1520! 1090,1520! 1020,1250 880,1080 660,1010!"
    )
    style.part(board, cape, GREY, cv2.subtract(cape, board.moved(cape, -80, 0)), 5)
    neck = "492,840! 494,1000 470,1100! 660,1100! 632,1000 636,840!"
    chin = board.area("470,840! 490,940 580,1010 650,950 660,840!")
    style.part(board, board.area(neck), WHITE, chin, 4)
    jacket = board.area("480,1040! 400,1180 360,1520! 800,1520! 750,1180 656,1040! 566,1180!")
    style.part(board, jacket, BLACK, None, 4)
    for y in (1260, 1350, 1440):
        board.stroke([(500, y), (566, y + 16), (640, y)], 8, WHITE, (0.5, 0.5))
        style.detail(board, board.ellipse(566, y + 12, 14, 14), WHITE)
    board.stroke("566,1180 566,1500", 4, WHITE, (0.5, 1))
    for side in (1, -1):
        collar = "474,950! 430,1010 436,1100 560,1210! 540,1110 500,1040!"
        mask = board.area(collar if side > 0 else flip(collar, MIDDLE + 5))
        style.part(board, mask, WHITE, cv2.subtract(mask, board.moved(mask, -16, -14)), 5)
    plate = board.area("250,1090! 150,1170 110,1290 150,1310! 280,1270 360,1170! 340,1100")
    style.part(board, plate, WHITE, board.area("120,1310! 160,1220 380,1150! 300,1290"), 5)
    for shift in (0, 34):
        board.stroke(
            [
                (140 + shift, 1270 - shift),
                (230 + shift, 1210 - shift),
                (330 + shift * 0.3, 1150 - shift),
            ],
            4,
            style.ink,
        )
    for points in (
        "330,1240 300,1380 320,1500",
        "820,1180 850,1330 830,1500",
        "930,1200 960,1350 960,1500",
        "200,1340 170,1430 180,1500",
    ):
        board.stroke(points, 5, style.ink)


def draw_face(board: Board, style: Screentone) -> None:
    """Draw a narrow face with sharp eyes, a scar and a half smile."""
    for side in (1, -1):
        ear = board.area(
            "376,620! 340,610 344,690 388,730!"
            if side > 0
            else flip("376,620! 340,610 344,690 388,730!", MIDDLE)
        )
        style.part(board, ear, WHITE, None, 4)
    face = board.area(both_sides(FACE, MIDDLE))
    fringe = cv2.min(board.area(*[np.add(outline, (8, 30)) for outline in BANGS]), face)
    style.part(
        board, face, WHITE, cv2.max(fringe, cv2.subtract(face, board.moved(face, -34, -4))), 4
    )
    for side in (-1, 1):
        draw_eye(
            style,
            board,
            Eye(MIDDLE + side * 104, 712, side, (44, 44, 44), (235, 235, 235), 0.82, EYES),
        )
        brow = [
            (MIDDLE + side * 40, 640, C),
            (MIDDLE + side * 110, 596),
            (MIDDLE + side * 176, 606, C),
            (MIDDLE + side * 106, 618),
        ]
        board.fill(board.area(brow), style.ink)
    board.stroke("562,740 582,800 560,812", 5, style.ink)
    board.stroke("506,856 560,862 620,838", 7, style.ink, (0.2, 0.6))
    board.stroke("540,882 562,886 584,880", 4, style.ink)
    board.stroke("676,760! 716,830!", 6, style.ink)
    for x, y in ((684, 796), (704, 780)):
        board.stroke([(x - 12, y + 4, C), (x + 14, y - 8, C)], 4, style.ink)


def draw_front_hair(board: Board, style: Screentone) -> None:
    """Draw black bangs with their shine, and the headband with its flying ends."""
    for tip, bend in (((1010, 640), 0.25), ((1040, 560), 0.1)):
        style.part(board, board.area(lock((756, 500), tip, 60, bend, 0.7)), WHITE, None, 4)
    cap = board.area(
        "560,250 440,290 350,410 340,540 450,520 560,420 670,520 780,540 770,410 680,290"
    )
    style.part(board, cap, BLACK, None, 4)
    for outline in BANGS:
        mask = board.area(outline)
        style.part(board, mask, BLACK, None, 0)
        board.contour(mask, 2.5, (90, 90, 90))
        middle = (outline[:60] + outline[:59:-1]) / 2
        for step, reach in ((0, 40), (14, 34), (-13, 33)):
            shine = np.add(middle[24:reach], (step, 0))
            board.stroke(shine, 9, WHITE, (0.0, 0.0))
    for outline in SPIKES:
        middle = (outline[:60] + outline[:59:-1]) / 2
        board.stroke(middle[20:46], 8, WHITE, (0.0, 0.0))
    band = board.area(
        "346,512 450,462 560,448 670,462 774,512 776,556! 670,508 560,494 450,508 344,556!"
    )
    style.part(board, band, WHITE, None, 4)
    style.part(board, board.area("520,448! 600,448! 604,500! 516,500!"), DARK, None, 4)


def draw_sword(board: Board, style: Screentone) -> None:
    """Draw the hilt over his shoulder."""
    with board.turned(30, (880, 1080)):
        for y in range(820, 1060, 40):
            style.part(
                board,
                board.area([(858, y, C), (902, y, C), (902, y + 40, C), (858, y + 40, C)]),
                BLACK,
                None,
                3,
            )
            diamond = board.area(
                [(880, y + 4, C), (896, y + 20, C), (880, y + 36, C), (864, y + 20, C)]
            )
            style.part(board, diamond, WHITE, None, 2)
        style.part(board, board.area("850,800! 910,800! 906,824! 854,824!"), DARK, None, 4)
        style.part(
            board, board.ellipse(880, 1066, 80, 18), WHITE, board.ellipse(890, 1076, 74, 16), 4
        )


def draw_border(board: Board, style: Screentone) -> None:
    """Leave a white margin around the panel and rule its frame."""
    panel = board.area("36,36! 1064,36! 1064,1464! 36,1464!")
    board.fill(cv2.bitwise_not(panel), WHITE)
    board.contour(panel, 8, style.ink)
