"""Suzu, keeper of the harbor lanterns: cel-shaded color with line art."""

from __future__ import annotations

import cv2
import numpy as np

from drawing.board import Board, Mask, both_sides, flip, trace
from drawing.figure import Cel, Eye, draw_brow, draw_eye, hair, lock, star

SIZE = (1200, 1500)
C = "corner"
HAIR, HAIR_TIP, HAIR_LIGHT = (62, 146, 158), (116, 206, 190), (168, 232, 222)
SKIN, BLUSH = (255, 228, 208), (240, 128, 120)
SCARF, COAT, GOLD, WOOD = (232, 112, 62), (58, 66, 104), (242, 206, 120), (110, 74, 66)
FACE = "600,300 470,330 388,440 374,570 386,680 430,776 520,856 600,888"
CROWN = (610, 232)
BANGS = [
    lock((520, 270), (306, 830), 120, 0.15, 0.5), lock((700, 270), (900, 820), 120, -0.15, 0.5),
    lock((540, 250), (352, 730), 130, 0.2, 0.5), lock((660, 250), (856, 716), 130, -0.2, 0.5),
    lock((560, 240), (404, 600), 120, 0.24, 0.5), lock((650, 240), (800, 596), 120, -0.24, 0.5),
    lock(CROWN, (462, 574), 120, 0.22, 0.55), lock(CROWN, (742, 570), 124, -0.24, 0.55),
    lock(CROWN, (676, 560), 120, -0.16, 0.6), lock(CROWN, (520, 584), 124, 0.15, 0.6),
    lock(CROWN, (636, 596), 110, -0.05, 0.6), lock(CROWN, (580, 606), 126, 0.08, 0.6),
]  # fmt: skip


def draw() -> np.ndarray:
    """Return the picture: (1500, 1200, 3) uint8."""
    board, style = Board(SIZE, (255, 255, 255)), Cel()
    draw_night(board)
    with board.turned(0, (250, 450), 0.86, (-112, -30)):
        draw_lantern(board, style)
    draw_back_hair(board, style)
    draw_clothes(board, style)
    with board.turned(4, (600, 900)):
        draw_face(board, style)
        draw_front_hair(board, style)
    return board.finished()[..., :3]


def draw_night(board: Board) -> None:
    """Draw the evening sky, the moon and stars."""
    whole = cv2.bitwise_not(board.empty())
    sky = [
        (0, (38, 46, 96)),
        (760, (116, 108, 168)),
        (1200, (222, 152, 150)),
        (1500, (250, 196, 150)),
    ]
    board.fill(whole, board.ramp(sky))
    board.fill(board.soft(board.ellipse(660, 560, 520, 520), 60), (255, 214, 150), 0.5)
    board.fill(board.ellipse(660, 560, 420, 420), (255, 238, 200), 0.92)
    for x, y, size in ((520, 420, 60), (860, 360, 44), (900, 700, 70), (470, 820, 40)):
        board.fill(board.ellipse(x, y, size, size * 0.9), (246, 222, 180), 0.6)
    generator = np.random.default_rng(4)
    for _ in range(70):
        x, y = generator.uniform(0, 1200), generator.uniform(0, 760)
        if np.hypot(x - 660, y - 560) > 470:
            glint = star(x, y, generator.uniform(3, 12), 4, 0.22)
            board.fill(board.area(glint), (255, 250, 225))
    for y, height, shade in ((1130, 60, (176, 120, 150)), (1210, 50, (140, 98, 140))):
        waves = [
            (-20, y),
            (180, y - height),
            (420, y),
            (700, y - height),
            (980, y),
            (1220, y - height),
        ]
        board.fill(board.area([*waves, (1220, 1520, C), (-20, 1520, C)]), shade, 0.55)


def draw_lantern(board: Board, style: Cel) -> None:
    """Draw the staff behind her shoulder and the paper lantern that hangs from it."""
    board.fill(board.soft(board.ellipse(250, 450, 200, 210), 40), (255, 190, 90), 0.75)
    pole = "346,1720! 376,330 340,246 238,236! 238,256! 326,268 350,340 310,1720!"
    style.part(board, board.area(pole), WOOD, None, 4)
    board.stroke("250,246 250,330", 5, style.ink, (1, 1))
    paper = board.area("170,350! 128,450 170,560! 330,560! 372,450 330,350!")
    style.part(
        board,
        paper,
        board.ramp([(350, (250, 150, 70)), (450, (255, 236, 160)), (560, (246, 140, 66))]),
        None,
        4,
    )
    for shift in (-70, -28, 28, 70):
        board.stroke(
            [(250 + shift * 0.7, 352), (250 + shift * 1.35, 455), (250 + shift * 0.7, 558)],
            3,
            (190, 96, 50),
        )
    for y in (340, 562):
        style.part(
            board,
            board.area([(176, y - 12, C), (324, y - 12, C), (324, y + 10, C), (176, y + 10, C)]),
            WOOD,
            None,
            4,
        )
    for x in (236, 250, 264):
        board.stroke([(x, 574), (x + (x - 250) * 0.5, 650)], 6, SCARF, (1, 0.3))


def draw_back_hair(board: Board, style: Cel) -> None:
    """Draw the long hair behind her, in the shadow of her head."""
    dark = board.ramp([(400, (44, 96, 124)), (1150, (74, 160, 164))])
    tips = trace("196,1040 262,1130 340,1190 430,1210 1030,1010 960,1120 880,1184 790,1206")
    bends = (0.2, 0.12, -0.04, -0.1)
    locks = [
        lock((420, 480), tip, 190, bend, 0.55) for tip, bend in zip(tips[:4], bends, strict=True)
    ]
    locks += [
        lock((780, 480), tip, 190, -bend, 0.55) for tip, bend in zip(tips[4:], bends, strict=True)
    ]
    hair(style, board, locks, dark)
    dome = "600,196 430,240 322,420 312,640 360,900 600,980 850,900 892,640 880,420 770,240"
    style.part(board, board.area(dome), dark)


def draw_clothes(board: Board, style: Cel) -> None:
    """Draw neck, coat, straps and scarf."""
    neck = "535,820! 540,960 520,1060! 690,1060! 662,960 668,820!"
    chin = board.area("500,800! 530,900 620,965 690,900 700,800!")
    style.part(board, board.area(neck), SKIN, chin)
    coat = board.area(
        "530,1010! 400,1070 256,1126 176,1280 130,1520! 1080,1520! 1030,1280 "
        "944,1126 800,1070 680,1010!"
    )
    folds = [
        "830,1090! 880,1230 850,1520! 1090,1520! 1040,1280 950,1130!",
        "300,1230! 340,1360 300,1520! 352,1520! 378,1360",
        "600,1100! 640,1260 690,1360 840,1300 800,1100!",
    ]
    style.part(board, coat, COAT, cv2.max(board.area(folds[0], folds[1]), board.area(folds[2])), 4)
    for side in (1, -1):
        lapel = "470,1050! 380,1120 420,1230! 470,1260! 560,1400 604,1520! 604,1130!"
        outline = lapel if side > 0 else flip(lapel, 604)
        style.part(
            board,
            board.area(outline),
            (78, 90, 136),
            board.area("604,1100! 560,1220 640,1520! 820,1520! 700,1100!"),
            4,
        )
        seam = "380,1120 420,1230 470,1260 560,1400"
        board.stroke(seam if side > 0 else flip(seam, 604), 3, GOLD)
    for y in (1330, 1430):
        for x in (500, 708):
            style.part(
                board, board.ellipse(x, y, 17, 17), GOLD, board.ellipse(x + 7, y + 7, 15, 15), 3
            )
    board.stroke("250,1250 300,1340 296,1500", 4, style.ink)
    board.stroke("965,1240 925,1340 940,1500", 4, style.ink)
    style.part(board, board.area(star(322, 1216, 40)), GOLD, None, 3)
    draw_scarf(board, style)


def draw_scarf(board: Board, style: Cel) -> None:
    """Draw the knitted scarf with its loose end."""
    tail = board.area("640,1060! 704,1180 690,1330 722,1446! 834,1436! 822,1300 796,1150 745,1050!")
    style.part(board, tail, SCARF, cv2.subtract(tail, board.moved(tail, -26, -8)), 4)
    for y in (1374, 1396):
        board.stroke([(704, y + 8), (760, y), (828, y - 2)], 6, (255, 226, 170), (1, 1), tail)
    for x in range(728, 836, 15):
        board.stroke([(x, 1440), (x - 3, 1478)], 7, SCARF, (1, 0.6))
    wrap = board.area("448,930! 414,1000 440,1088 600,1142 768,1088 794,1000 756,930! 600,990")
    under_chin = board.area("430,930! 600,1040 790,930! 770,1000 600,1086 440,1010")
    style.part(board, wrap, SCARF, under_chin, 4)
    for points in (
        "462,1010 560,1066 668,1072",
        "446,1062 540,1112 620,1120",
        "700,1082 752,1052 776,1008",
        "470,968 500,1000 548,1020",
    ):
        board.stroke(points, 4, style.ink)


def face_mask(board: Board) -> Mask:
    """Return the area of the face."""
    return board.area(both_sides(FACE, 600))


def draw_face(board: Board, style: Cel) -> None:
    """Draw skin, the shadow of the hair, eyes, nose and mouth."""
    face = face_mask(board)
    cheek = cv2.subtract(face, board.moved(face, -16, -6))
    style.part(board, face, SKIN, cheek, 4)
    fringe = board.area(*[np.add(outline, (8, 26)) for outline in BANGS])
    board.fill(cv2.min(fringe, face), (226, 168, 172))
    for x in (452, 748):
        board.fill(cv2.min(face, board.soft(board.ellipse(x, 760, 54, 26), 14)), BLUSH, 0.5)
        for step in (-18, 0, 18):
            board.stroke([(x + step + 7, 752), (x + step - 7, 770)], 3.5, (214, 96, 96))
    for side in (-1, 1):
        draw_eye(
            style, board, Eye(600 + side * 116, 680, side, (176, 92, 24), (255, 212, 96), 1.06)
        )
    board.stroke("596,774 607,783 600,789", 5, (190, 120, 104))
    mouth = board.area("560,816! 600,826 642,814! 630,850 602,860 572,850")
    style.part(board, mouth, (168, 58, 62), None, 4)
    board.fill(cv2.min(mouth, board.ellipse(602, 866, 30, 20)), (240, 140, 130))


def draw_front_hair(board: Board, style: Cel) -> None:
    """Draw bangs with their ring of light, stray hairs and the star clip."""
    color = board.ramp([(250, HAIR), (520, HAIR), (800, HAIR_TIP)])
    cap = board.area(
        "600,192 450,218 350,340 322,500 420,470 600,400 800,470 880,500 850,340 750,218"
    )
    style.part(board, cap, HAIR, None, 4)
    mask = cv2.max(hair(style, board, BANGS, color), cap)
    upper = [(x, 404 - 92 * np.sin(np.pi * (x - 340) / 520)) for x in range(340, 861, 40)]
    lower = [
        (x, 414 - 78 * np.sin(np.pi * (x - 340) / 520) + (34 if i % 2 else -4), C)
        for i, x in enumerate(range(840, 350, -34))
    ]
    board.fill(cv2.min(board.area([*upper, *lower]), mask), HAIR_LIGHT)
    hair(
        style,
        board,
        [lock(CROWN, (790, 120), 34, 0.42, 0.3), lock(CROWN, (706, 104), 26, 0.5, 0.3)],
        HAIR,
    )
    draw_brow(style, board, "540,566 486,540 424,556", 9)
    draw_brow(style, board, "660,566 714,540 776,556", 9)
    clip = board.area(star(812, 436, 54))
    style.part(board, clip, GOLD, cv2.subtract(clip, board.moved(clip, -8, -8)), 4)
