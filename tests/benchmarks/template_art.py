"""Templates that many fill in: titles, plates, stages, scenes, cards, forms and boards.

Every template takes a work, the seed of the template and the seed of what its owner does with it:
two pictures with one template seed and different works have the template in common and nothing
else. The matcher's bounds were chosen with works of the fitted half and the seeds of
`FITTED_SEEDS`; figures are reported with works of the other half and other seeds.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from matching_suspects import load, rendition

__all__ = [
    "FITTED_SEEDS",
    "REPORTED_SEEDS",
    "TEMPLATES",
    "Figure",
    "Template",
    "figure_of",
    "has_figure",
    "is_scene",
    "paste",
]

Rgb = NDArray[np.uint8]
Template = Callable[[Path, int, int], Rgb]
Color = tuple[int, ...]
Figure = tuple[Rgb, NDArray[np.uint8]]
"""Colors and opacity."""

FITTED_SEEDS = tuple(range(1, 21))
REPORTED_SEEDS = tuple(range(2001, 2041))
SIZES = ((1000, 750), (750, 1000), (900, 900))
WORDS = (
    "THANK YOU", "COMMISSIONS OPEN", "STARLIGHT", "HAPPY NEW YEAR", "CHAPTER ONE", "LIVE NOW",
    "DRAGON HEART", "GOOD NIGHT", "ART RAFFLE", "PART TWO", "MEET MY OC", "SUMMER SALE",
)  # fmt: skip
ANSWERS = (
    "moon", "fox", "river", "salt", "ember", "violet", "Karin", "Tao", "170 cm", "elf", "human",
    "rain", "tea", "swords", "books", "storms", "crowds", "seventeen",
)  # fmt: skip
LABELS = ("Name:", "Age:", "Species:", "Height:", "Likes:", "Dislikes:", "Weapon:", "Story:")


@cache
def is_scene(path: Path) -> bool:
    """Whether a work fills its picture."""
    return load(path)[1] is None


def has_figure(path: Path) -> bool:
    """Whether a work is a figure on nothing."""
    return not is_scene(path)


def figure_of(path: Path) -> Figure:
    """Cut a figure out of a work, without the nothing around it."""
    rgb, alpha = load(path)
    if alpha is None:
        raise ValueError(f"{path} is no figure on nothing")
    left, top, width, height = cv2.boundingRect((alpha > 0).astype(np.uint8))
    cut = (slice(top, top + height), slice(left, left + width))
    return rgb[cut], alpha[cut]


def paste(page: Rgb, figure: Figure, size: tuple[int, int], place: tuple[int, int]) -> None:
    """Lay a figure on a page in a size (width, height), its left upper corner at a place."""
    rgb, alpha = (cv2.resize(one, size, interpolation=cv2.INTER_AREA) for one in figure)
    weight = alpha[..., None] / 255
    under = page[place[1] : place[1] + size[1], place[0] : place[0] + size[0]]
    under[:] = np.rint(under * (1 - weight) + rgb * weight).astype(np.uint8)


def title(path: Path, seed: int, _: int) -> Rgb:
    """Write words large over a scene."""
    page, random = _filling(rendition(path), seed), np.random.default_rng(seed)
    _write_title(page, random)
    return page


def plate(path: Path, seed: int, _: int) -> Rgb:
    """Write words on a colored plate over a scene."""
    page, random = _filling(rendition(path), seed), np.random.default_rng(seed)
    height, width = page.shape[:2]
    middle = (width // 2, int(height * random.uniform(0.3, 0.7)))
    half = (int(0.4 * width), int(height * random.uniform(0.08, 0.14)))
    corners = [
        (middle[0] - half[0], middle[1] - half[1]),
        (middle[0] + half[0], middle[1] + half[1]),
    ]
    color, rim = _color(random), _color(random)
    if random.integers(2):
        cv2.ellipse(page, middle, half, 0, 0, 360, color, cv2.FILLED, cv2.LINE_AA)
        cv2.ellipse(page, middle, half, 0, 0, 360, rim, 6, cv2.LINE_AA)
    else:
        cv2.rectangle(page, *corners, color, cv2.FILLED)
        cv2.rectangle(page, *corners, rim, 6)
    words, size = str(random.choice(WORDS)), half[1] / 22
    across, up = cv2.getTextSize(words, 0, size, 1)[0]
    size *= min(1, 1.5 * half[0] / across)
    across, up = cv2.getTextSize(words, 0, size, 1)[0]
    place = (middle[0] - across // 2, middle[1] + up // 2)
    cv2.putText(page, words, place, 0, size, rim, max(3, round(5 * size)), cv2.LINE_AA)
    return page


def stage(path: Path, seed: int, own_seed: int) -> Rgb:
    """Put a figure before a drawn stage."""
    random = np.random.default_rng(seed)
    width, height = SIZES[seed % len(SIZES)]
    draw = (_rays, _town, _forest, _room, _checks, _clouds)[int(random.integers(6))]
    page = draw(height, width, random)
    own = np.random.default_rng(own_seed)
    _stand(page, path, own.uniform(0.5, 0.95), own.uniform(0.35, 0.65))
    return page


def card(path: Path, seed: int, own_seed: int) -> Rgb:
    """Put a figure, that does not fill it, into a card with text and stars."""
    random, own = np.random.default_rng(seed), np.random.default_rng(own_seed)
    height, width = 1000, 700
    draw = (_rays, _checks, _clouds, _plain)[int(random.integers(4))]
    page = draw(height, width, random)
    _stand(page[:660], path, own.uniform(0.65, 0.85), 0.5)
    cv2.rectangle(page, (20, 20), (width - 20, height - 20), _color(random), 14)
    cv2.rectangle(page, (60, 700), (width - 60, height - 60), (245, 240, 230), cv2.FILLED)
    cv2.rectangle(page, (60, 700), (width - 60, height - 60), _color(random), 6)
    for place in range(8):
        color = (230, 180, 40) if place < 4 else (120, 120, 120)
        cv2.circle(page, (80 + 77 * place, 665), 16, color, cv2.FILLED, cv2.LINE_AA)
    for place in range(5):
        text = f"{LABELS[(place + seed) % len(LABELS)]} {_answer(own)}"
        cv2.putText(page, text, (85, 748 + 42 * place), 0, 0.8, (30, 20, 20), 2, cv2.LINE_AA)
    return page


def form(path: Path, seed: int, own_seed: int) -> Rgb:
    """Fill in a profile: a picture in a box, and answers."""
    random, own = np.random.default_rng(seed), np.random.default_rng(own_seed)
    draw = (_plain, _checks, _clouds, _rays)[int(random.integers(4))]
    page = (draw(620, 1000, random) // 3 + 165).astype(np.uint8)
    cv2.rectangle(page, (10, 10), (990, 610), (40, 40, 90), 8)
    left = 40 if random.integers(2) else 560
    page[110:510, left : left + 400] = cv2.resize(_square(path), (400, 400))
    cv2.putText(page, "CHARACTER PROFILE", (60, 75), 0, 1.2, (40, 40, 90), 3, cv2.LINE_AA)
    column = 600 - left
    for place, label in enumerate(LABELS):
        y = 130 + 55 * place
        cv2.putText(page, label, (column, y), 0, 0.7, (40, 40, 90), 2, cv2.LINE_AA)
        cv2.line(page, (column + 130, y + 8), (column + 360, y + 8), (150, 150, 180), 2)
        cv2.putText(page, _answer(own), (column + 135, y), 0, 0.7, (0, 0, 0), 2, cv2.LINE_AA)
    return page


def board(_: Path, seed: int, own_seed: int) -> Rgb:
    """Fill in a grid of numbers, a game board or a page of music; no work is in it."""
    own = np.random.default_rng(own_seed)
    page = np.full((900, 900, 3), 255, np.uint8)
    kind, count = seed % 3, (9, 8, 8)[seed % 3]
    step = 800 // count
    for row in range(count):
        for column in range(count):
            x, y = 50 + column * step, 50 + row * step
            if kind == 0:
                cv2.rectangle(page, (x, y), (x + step, y + step), (0, 0, 0), 2)
                if own.random() < 0.4:
                    digit, place = str(own.integers(1, 10)), (x + step // 4, y + 3 * step // 4)
                    cv2.putText(page, digit, place, 0, 2, (0, 0, 0), 4, cv2.LINE_AA)
            elif kind == 1:
                color = (240, 217, 181) if (row + column) % 2 else (181, 136, 99)
                cv2.rectangle(page, (x, y), (x + step, y + step), color, cv2.FILLED)
                if own.random() < 0.35:
                    _piece(page, (x + step // 2, y + step // 2), step // 3, own)
            else:
                for rule in range(5):
                    level = y + 12 * rule
                    cv2.line(page, (x, level), (x + step, level), (0, 0, 0), 2)
                spot = (x + int(own.integers(20, 80)), y + 6 * int(own.integers(-1, 10)))
                cv2.ellipse(page, spot, (9, 6), -20, 0, 360, (0, 0, 0), cv2.FILLED, cv2.LINE_AA)
                cv2.line(page, (spot[0] + 8, spot[1]), (spot[0] + 8, spot[1] - 40), (0, 0, 0), 2)
    return page


TEMPLATES: dict[str, tuple[Template, Callable[[Path], bool]]] = {
    "title": (title, is_scene),
    "plate": (plate, is_scene),
    "stage": (stage, has_figure),
    "card": (card, has_figure),
    "form": (form, has_figure),
    "board": (board, has_figure),
}


def _color(random: np.random.Generator, lowest: int = 0) -> Color:
    return tuple(random.integers(lowest, 256, 3).tolist())


def _answer(own: np.random.Generator) -> str:
    return " ".join(own.choice(ANSWERS, 2))


def _filling(rgb: Rgb, seed: int) -> Rgb:
    """Return the middle of a picture, of one size for a seed."""
    width, height = SIZES[seed % len(SIZES)]
    factor = max(width / rgb.shape[1], height / rgb.shape[0])
    size = (max(width, round(rgb.shape[1] * factor)), max(height, round(rgb.shape[0] * factor)))
    larger = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
    top, left = (size[1] - height) // 2, (size[0] - width) // 2
    return np.ascontiguousarray(larger[top : top + height, left : left + width])


def _square(path: Path) -> Rgb:
    """Return the upper or middle square of a work."""
    rgb = rendition(path)
    height, width = rgb.shape[:2]
    side = min(height, width)
    left = (width - side) // 2
    return np.ascontiguousarray(rgb[:side, left : left + side])


def _write_title(page: Rgb, random: np.random.Generator) -> None:
    """Write one or two lines, thick, some with an outline."""
    height, width = page.shape[:2]
    words = str(random.choice(WORDS))
    lines = words.split(" ") if random.integers(2) else [words]
    font, color = int(random.choice([0, 2, 3, 4])), _color(random)
    rim = (255, 255, 255) if sum(color) < 380 else (20, 20, 20)
    widest = max(cv2.getTextSize(one, font, 1, 1)[0][0] for one in lines)
    size = random.uniform(0.6, 0.9) * width / widest
    size = min(size, 0.5 * height / (34 * len(lines)))
    pen, has_rim = max(3, round(size * random.uniform(2, 5))), bool(random.integers(2))
    y = int(height * random.uniform(0.25, 0.5))
    for one in lines:
        across, up = cv2.getTextSize(one, font, size, pen)[0]
        place = ((width - across) // 2, y)
        if has_rim:
            cv2.putText(page, one, place, font, size, rim, pen + max(4, pen // 2), cv2.LINE_AA)
        cv2.putText(page, one, place, font, size, color, pen, cv2.LINE_AA)
        y += int(1.5 * up)


def _stand(page: Rgb, path: Path, share: float, across: float) -> None:
    """Let a figure stand on the lower border of a page."""
    figure = figure_of(path)
    height, width = figure[1].shape
    factor = min(share * page.shape[0] / height, 0.8 * page.shape[1] / width)
    size = (max(1, int(width * factor)), max(1, int(height * factor)))
    paste(page, figure, size, (int((page.shape[1] - size[0]) * across), page.shape[0] - size[1]))


def _plain(height: int, width: int, random: np.random.Generator) -> Rgb:
    return np.full((height, width, 3), _color(random, 120), np.uint8)


def _rays(height: int, width: int, random: np.random.Generator) -> Rgb:
    page = _plain(height, width, random)
    center, color = np.array([width, height]) * random.uniform(0.3, 0.7, 2), _color(random, 60)
    count = int(random.integers(10, 28))
    for ray in range(count):
        angles = 2 * np.pi * (ray + np.array([0, 0.5])) / count
        far = center + 2000 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
        cv2.fillPoly(page, [np.vstack([center, far]).astype(np.int32)], color, cv2.LINE_AA)
    return page


def _town(height: int, width: int, random: np.random.Generator) -> Rgb:
    page = _plain(height, width, random)
    for _ in range(14):
        x, top = int(random.integers(width)), int(height * random.uniform(0.3, 0.8))
        right = x + int(width * random.uniform(0.06, 0.14))
        cv2.rectangle(page, (x, top), (right, height), _color(random, 30), cv2.FILLED)
        for y in range(top + 12, height, 32):
            for window in range(x + 8, right - 14, 26):
                cv2.rectangle(page, (window, y), (window + 11, y + 15), (250, 230, 140), cv2.FILLED)
    return page


def _forest(height: int, width: int, random: np.random.Generator) -> Rgb:
    page = _plain(height, width, random)
    for _ in range(40):
        x, y = random.uniform(0, width), height * random.uniform(0.3, 1)
        half = width * random.uniform(0.05, 0.12)
        tree = np.array([(x - half, y), (x + half, y), (x, y - 3 * half)], np.int32)
        cv2.fillPoly(page, [tree], _color(random, 30), cv2.LINE_AA)
    return page


def _room(height: int, width: int, random: np.random.Generator) -> Rgb:
    page = _plain(height, width, random)
    floor = int(height * random.uniform(0.6, 0.8))
    cv2.rectangle(page, (0, floor), (width, height), _color(random, 60), cv2.FILLED)
    paper = _color(random, 60)
    for x in range(0, width, width // 7):
        cv2.line(page, (x, 0), (x, floor), paper, 5)
    left = int(width * random.uniform(0.04, 0.15))
    window = ((left, int(0.1 * height)), (left + width // 4, int(0.4 * height)))
    cv2.rectangle(page, *window, (180, 220, 255), cv2.FILLED)
    cv2.rectangle(page, *window, _color(random), 12)
    x = int(width * random.uniform(0.7, 0.8))
    cv2.rectangle(
        page, (x, int(0.45 * height)), (x + width // 6, floor), _color(random), cv2.FILLED
    )
    return page


def _checks(height: int, width: int, random: np.random.Generator) -> Rgb:
    side = int(random.integers(40, 90))
    y, x = np.mgrid[:height, :width] // side
    pair = np.array([_color(random, 120), _color(random, 120)], np.uint8)
    return np.asarray(pair[(x + y) % 2])


def _clouds(height: int, width: int, random: np.random.Generator) -> Rgb:
    noise = random.normal(0, 1, (height // 8, width // 8, 3)).astype(np.float32)
    soft = cv2.resize(cv2.GaussianBlur(noise, (0, 0), 3), (width, height))
    return np.clip(150 + 40 * soft / soft.std(), 0, 255).astype(np.uint8)


def _piece(page: Rgb, center: tuple[int, int], half: int, own: np.random.Generator) -> None:
    color = (20, 20, 20) if own.integers(2) else (250, 250, 250)
    if own.integers(2):
        cv2.circle(page, center, half, color, cv2.FILLED, cv2.LINE_AA)
    else:
        points = cv2.ellipse2Poly(center, (half, half), int(own.integers(90)), 0, 360, 120)
        cv2.fillPoly(page, [points], color, cv2.LINE_AA)
