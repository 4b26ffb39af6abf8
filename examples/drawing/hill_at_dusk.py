"""The wanderer on the hill at dusk: a scene built in flat shapes and painted over with a brush.

The brush follows A. Hertzmann, "Painterly rendering with curved brush strokes of multiple sizes",
SIGGRAPH 1998, doi:10.1145/280814.280951, with bristles.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from drawing.board import Board
from drawing.figure import lock

SIZE = (1600, 1100)
C = "corner"
BRUSHES_PX = (44, 22, 11, 6)
STROKE_STEPS = 7
TOLERANCE = 9.0  # grey levels below which a finer brush leaves the paint alone


def draw() -> NDArray[np.uint8]:
    """Return the picture: (1100, 1600, 3) uint8."""
    board = Board(SIZE, (255, 255, 255))
    draw_sky(board)
    draw_land(board)
    draw_wanderer(board)
    return paint_over(board.finished()[..., :3].copy(), seed=8)


def draw_sky(board: Board) -> None:
    """Draw a sky from violet to gold, sun, clouds and drifting lanterns."""
    whole = cv2.bitwise_not(board.empty())
    stops = [
        (0, (46, 54, 110)),
        (300, (118, 92, 150)),
        (520, (232, 130, 120)),
        (680, (255, 200, 128)),
        (800, (255, 226, 170)),
    ]
    board.fill(whole, board.ramp(stops))
    board.fill(board.soft(board.ellipse(1120, 650, 330, 260), 60), (255, 236, 170), 0.8)
    board.fill(board.ellipse(1120, 655, 74, 74), (255, 250, 220))
    generator = np.random.default_rng(21)
    for x, y, wide, light in (
        (260, 300, 330, 1.0),
        (800, 190, 260, 0.9),
        (1380, 330, 300, 1.05),
        (520, 520, 260, 1.2),
        (1250, 120, 200, 0.8),
    ):
        for _ in range(26):
            shift = generator.normal(0, 0.4)
            high = wide * 0.2 * (1 - min(abs(shift), 0.9)) * generator.uniform(0.5, 1.2)
            puff = board.ellipse(
                x + shift * wide, y - high * 0.5 + generator.normal(0, 12), high * 1.3, high
            )
            under = board.moved(puff, 0, high * 0.45)
            board.fill(under, (164 * light, 98 * light, 134 * light), 0.55)
            board.fill(puff, (255, min(255, 176 * light), min(255, 156 * light)), 0.5)
    for x, y, size in (
        (300, 640, 20),
        (470, 420, 26),
        (700, 330, 18),
        (930, 430, 22),
        (1300, 470, 24),
        (1460, 600, 16),
        (150, 470, 14),
    ):
        board.fill(
            board.soft(board.ellipse(x, y, size * 2.4, size * 2.4), 14), (255, 214, 120), 0.7
        )
        board.fill(
            board.area(
                [
                    (x - size * 0.6, y - size, C),
                    (x + size * 0.6, y - size, C),
                    (x + size * 0.8, y + size * 0.4),
                    (x, y + size),
                    (x - size * 0.8, y + size * 0.4),
                ]
            ),
            (255, 240, 180),
        )


def draw_land(board: Board) -> None:
    """Draw far mountains, the bay and the grassy hill."""
    generator = np.random.default_rng(5)
    for y, height, color in (
        (720, 150, (150, 110, 156)),
        (770, 110, (112, 84, 138)),
        (820, 60, (84, 66, 116)),
    ):
        ridge = [(x, y - height * generator.uniform(0.1, 1), C) for x in range(-40, 1700, 110)]
        board.fill(board.area([*ridge, (1700, 1100, C), (-40, 1100, C)]), color)
    board.fill(
        board.area("-10,820! 1610,820! 1610,1100! -10,1100!"),
        board.ramp([(820, (230, 160, 140)), (1000, (90, 80, 130))]),
    )
    for _ in range(60):
        x, y = generator.normal(1120, 120), generator.uniform(824, 960)
        board.stroke([(x - 60, y), (x, y + 2), (x + 60, y)], 5, (255, 226, 170), (0, 0))
    hill = "-10,900! 200,850 460,810 720,850 1000,960 1300,1040 1610,1070! 1610,1110! -10,1110!"
    mask = board.area(hill)
    board.fill(mask, board.ramp([(800, (96, 120, 84)), (1100, (34, 48, 62))]))
    board.fill(cv2.subtract(mask, board.moved(mask, 0, 16)), (230, 190, 110), 0.8)
    for _ in range(700):
        x, y = generator.uniform(0, 1600), generator.uniform(830, 1100)
        at = min(mask.shape[0] - 1, int(y * 2)), min(mask.shape[1] - 1, int(x * 2))
        if mask[at]:
            sway = generator.uniform(6, 24)
            tint = generator.uniform(0.7, 1.3)
            board.fill(
                board.area(lock((x, y + 12), (x + sway, y - generator.uniform(16, 44)), 6, -0.2)),
                (92 * tint, 116 * tint, 70 * tint),
                0.8,
            )


def draw_wanderer(board: Board) -> None:
    """Draw the girl from behind: hair and scarf in the wind, cloak, staff with a lamp."""
    board.fill(board.soft(board.ellipse(540, 860, 120, 20), 10), (20, 24, 40), 0.6)
    board.fill(board.area("602,880! 612,880! 640,440! 630,438!"), (70, 46, 44))
    for x in (438, 506):
        board.fill(
            board.area([(x, 760, C), (x + 4, 860, C), (x + 44, 864, C), (x + 40, 760, C)]),
            (44, 36, 54),
        )
    cloak = board.area(
        "452,476! 400,600 352,800! 420,822 500,806 566,826 602,796! 566,600 524,476!"
    )
    board.fill(cloak, board.ramp([(470, (176, 64, 72)), (820, (98, 36, 66))]))
    light = cv2.subtract(cloak, board.moved(cloak, -20, 4))
    board.fill(light, (250, 150, 104), 0.9)
    for x in (420, 470, 520):
        board.fill(
            cv2.min(cloak, board.area(lock((486 + (x - 486) * 0.5, 560), (x, 830), 26, 0.05, 0.6))),
            (74, 26, 58),
            0.7,
        )
    board.fill(board.area("540,520! 610,560 634,590! 612,606! 560,590 530,560!"), (150, 56, 70))
    for tip, width, color in (((236, 520), 44, (238, 200, 120)), ((214, 470), 36, (250, 222, 150))):
        board.fill(board.area(lock((480, 470), tip, width, -0.18, 0.5)), color)
    board.fill(board.area("448,452 488,440 530,452 536,486 488,500 442,486"), (244, 208, 130))
    strands = [
        ((290, 360), 70),
        ((300, 430), 64),
        ((330, 306), 60),
        ((350, 470), 56),
        ((400, 500), 60),
    ]
    for tip, width in strands:
        board.fill(board.area(lock((500, 350), tip, width, 0.12, 0.4)), (66, 50, 82))
    head = board.ellipse(490, 392, 62, 70)
    board.fill(head, (82, 62, 96))
    board.fill(cv2.subtract(head, board.moved(head, -9, 5)), (236, 168, 140), 0.9)
    for tip in ((330, 396), (360, 450), (420, 486)):
        board.fill(board.area(lock((486, 340), tip, 20, 0.14, 0.4)), (120, 92, 124))
    board.fill(board.soft(board.ellipse(652, 420, 80, 80), 20), (255, 220, 130), 0.9)
    board.fill(board.area("634,396! 670,396! 678,440 652,456 626,440"), (255, 246, 200))


def paint_over(reference: NDArray[np.uint8], seed: int) -> NDArray[np.uint8]:
    """Repaint a picture with curved, bristly strokes, coarse brushes first."""
    generator = np.random.default_rng(seed)
    canvas = cv2.GaussianBlur(reference, (0, 0), BRUSHES_PX[0])
    for brush_px in BRUSHES_PX:
        goal = cv2.GaussianBlur(reference, (0, 0), max(0.6, brush_px / 7))
        canvas = _layer(canvas, goal, brush_px, generator)
    return canvas


def _layer(
    canvas: NDArray[np.uint8],
    goal: NDArray[np.uint8],
    brush_px: int,
    generator: np.random.Generator,
) -> NDArray[np.uint8]:
    """Lay strokes of one brush wherever the canvas is still far from the goal."""
    direction = _flow(goal, brush_px)
    error = np.abs(canvas.astype(np.float32) - goal).mean(axis=2)
    error = cv2.blur(error, (brush_px, brush_px))
    height, width = error.shape
    step = max(2, brush_px // 2)
    rows, columns = np.mgrid[step // 2 : height : step, step // 2 : width : step]
    spots = np.stack([columns.ravel(), rows.ravel()], axis=1)
    spots = spots + generator.integers(-step, step + 1, spots.shape)
    for x, y in generator.permutation(np.clip(spots, 0, (width - 1, height - 1))):
        if error[y, x] > TOLERANCE or brush_px == BRUSHES_PX[0]:
            _stroke(canvas, goal, direction, (x, y), brush_px, generator)
    return canvas


def _stroke(
    canvas: NDArray[np.uint8],
    goal: NDArray[np.uint8],
    direction: NDArray[np.float32],
    start: tuple[int, int],
    brush_px: int,
    generator: np.random.Generator,
) -> None:
    """Draw one stroke along the flow as a bundle of bristles of slightly different color."""
    height, width = direction.shape[:2]
    color = goal[start[1], start[0]].astype(float)
    path = [np.array(start, dtype=float)]
    for _ in range(STROKE_STEPS):
        x, y = np.clip(path[-1], 0, (width - 1, height - 1)).astype(int)
        path.append(path[-1] + direction[y, x] * brush_px * 0.55)
    line = np.array(path)
    across = np.array([-(line[-1] - line[0])[1], (line[-1] - line[0])[0]])
    across = across / max(float(np.linalg.norm(across)), 1e-6)
    color += generator.normal(0, 4)
    for offset in np.linspace(-0.5, 0.5, max(1, brush_px // 4)):
        tint = np.clip(color + generator.normal(0, 5), 0, 255).tolist()
        bristle = np.rint((line + across * offset * brush_px) * 16).astype(np.int32)
        cv2.polylines(canvas, [bristle], False, tint, max(1, brush_px // 3), cv2.LINE_AA, 4)


def _flow(goal: NDArray[np.uint8], brush_px: int) -> NDArray[np.float32]:
    """Return unit vectors along the edges, smoothed over a few brush widths."""
    grey = cv2.cvtColor(goal, cv2.COLOR_RGB2GRAY).astype(np.float32)
    x, y = cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    xx, yy, xy = (cv2.GaussianBlur(part, (0, 0), brush_px) for part in (x * x, y * y, x * y))
    angle = 0.5 * np.arctan2(2 * xy, xx - yy) + np.pi / 2
    return np.stack([np.cos(angle), np.sin(angle)], axis=-1).astype(np.float32)
