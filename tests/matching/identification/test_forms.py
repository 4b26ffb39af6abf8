"""Forms: cards of one kind with other pictures in them accuse nobody."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

import ocguard
from ocguard.distortions import apply

FINDINGS = {"near-copy", "likely-derivative", "shared-base", "identical"}
LABELS = ("NAME", "AGE", "SPECIES", "HEIGHT", "LIKES", "DISLIKES", "STORY")
ANSWERS = ("Karin the fox", "seventeen", "half a river elf", "170 cm", "rain and salt", "crowds")


def card(picture, number, ground=None):
    """A profile card: a picture, labels, and answers that differ from card to card."""
    page = np.full((620, 1000, 3), 255, np.uint8) if ground is None else ground.copy()
    cv2.rectangle(page, (10, 10), (990, 610), (40, 40, 90), 8)
    page[110:510, 40:440] = picture
    cv2.putText(page, "CHARACTER PROFILE", (40, 75), 0, 1.0, (40, 40, 90), 2)
    for place, label in enumerate(LABELS):
        y = 120 + 68 * place
        cv2.putText(page, label, (470, y), 0, 0.7, (40, 40, 90), 2)
        cv2.line(page, (620, y + 12), (960, y + 12), (150, 150, 180), 2)
        answer = ANSWERS[(place * number + number) % len(ANSWERS)]
        cv2.putText(page, answer, (625, y), 0, 0.6, (0, 0, 0), 1)
    return page


@pytest.mark.parametrize("number", range(2, 6))
def test_the_cards_of_two_characters_are_no_copies(drawings, number):
    """The form agrees, the pictures in it do not."""
    ours = card(drawings.cel(400, 400, 1), 1)
    theirs = card(drawings.cel(400, 400, number), number)
    assert ocguard.compare(ours, theirs).verdict not in FINDINGS


def checks():
    """Squares in two pale colors."""
    y, x = np.mgrid[:620, :1000] // 50
    return np.where((x + y)[..., None] % 2, (250, 240, 240), (215, 190, 208)).astype(np.uint8)


def bubbles():
    """Rings of many colors, here and there."""
    page, random = np.full((620, 1000, 3), 235, np.uint8), np.random.default_rng(4)
    for _ in range(60):
        x, y, radius, *color = random.integers(
            [0, 0, 10, 150, 150, 150], [1000, 620, 50, 230, 230, 230]
        )
        cv2.circle(page, (int(x), int(y)), int(radius), [int(c) for c in color], 3)
    return page


def shades():
    """A ground that goes from one color to another, with the grain of paper."""
    y, x = np.mgrid[:620, :1000]
    grain = cv2.GaussianBlur(np.random.default_rng(5).normal(0, 60, y.shape), (0, 0), 3)
    shaded = np.stack([200 + 50 * y / 620, 180 + 60 * x / 1000, 230 - 40 * y / 620], axis=-1)
    return np.clip(shaded + grain[..., None], 0, 255).astype(np.uint8)


@pytest.mark.parametrize("draw", [checks, bubbles, shades])
@pytest.mark.parametrize("number", range(2, 5))
def test_nor_are_cards_on_a_ground_with_structure(drawings, draw, number):
    """The ground agrees as a picture would, around a slot that both cards have."""
    ours = card(drawings.cel(400, 400, 1), 1, draw())
    theirs = card(drawings.cel(400, 400, number), number, draw())
    assert ocguard.compare(ours, theirs).verdict not in FINDINGS


@pytest.mark.parametrize("draw", [checks, bubbles, shades])
def test_a_copy_of_such_a_card_is_found(drawings, draw):
    """Ground, form and picture agree."""
    work = card(drawings.cel(400, 400, 1), 1, draw())
    assert ocguard.compare(work, apply("jpeg-50", work, 0)).verdict in FINDINGS


@pytest.mark.parametrize("distortion", ["jpeg-50", "hue-30", "crop-80", "resize-50"])
def test_a_copy_of_a_card_is_found(drawings, distortion):
    """Form and picture agree."""
    work = card(drawings.cel(400, 400, 1), 1)
    assert ocguard.compare(work, apply(distortion, work, 0)).verdict in FINDINGS


def test_the_picture_of_a_card_is_found_in_another_card(drawings):
    """What was filled in was copied, the answers were not."""
    work, suspect = (card(drawings.cel(400, 400, 1), number) for number in (1, 4))
    assert ocguard.compare(work, suspect).verdict in FINDINGS


def lettered(seed):
    """Large letters over a blurred scene."""
    noise = cv2.GaussianBlur(np.random.default_rng(seed).normal(size=(700, 700, 3)), (0, 0), 40)
    page = np.clip(128 + 55 * noise / noise.std(), 0, 255).astype(np.uint8)
    for row, part in enumerate(("HAPPY", "BIRTHDAY", "MIRA !!")):
        for color, width in (((255, 255, 255), 26), ((230, 60, 150), 14)):
            cv2.putText(page, part, (20, 200 + 200 * row), 0, 3.6, color, width)
    return page


@pytest.mark.parametrize("seed", range(2, 6))
def test_the_same_lettering_over_another_scene_is_no_copy(seed):
    """Only the letters agree."""
    assert ocguard.compare(lettered(1), lettered(seed)).verdict not in FINDINGS


def test_a_copy_of_a_lettered_picture_is_a_near_copy():
    """Letters and scene agree."""
    assert ocguard.compare(lettered(1), apply("jpeg-50", lettered(1), 0)).verdict == "near-copy"


def half_filled(picture):
    """A reference sheet whose three boxes hold a small figure each."""
    page = np.full((640, 1000, 3), (250, 240, 245), np.uint8)
    cv2.putText(page, "CHARACTER REFERENCE SHEET", (30, 60), 0, 1.2, (60, 30, 80), 2)
    figure = cv2.resize(picture, (150, 200))
    for place in range(3):
        x = 30 + 215 * place
        cv2.rectangle(page, (x, 90), (x + 195, 480), (255, 255, 255), cv2.FILLED)
        page[270:470, x + 22 : x + 172] = figure[:, :: -1 if place == 1 else 1]
        cv2.rectangle(page, (x, 90), (x + 195, 480), (60, 30, 80), 4)
    for row, label in enumerate(LABELS):
        cv2.putText(page, f"{label}: ________", (690, 120 + 55 * row), 0, 0.8, (60, 30, 80), 2)
    for place in range(8):
        shade = (30 * place, 255 - 25 * place, 120)
        cv2.rectangle(page, (40 + 75 * place, 530), (95 + 75 * place, 585), shade, cv2.FILLED)
    return page


@pytest.mark.parametrize("number", range(2, 6))
def test_nor_are_sheets_whose_boxes_are_half_filled(drawings, number):
    """Much of what the boxes hold is white in both."""
    sheets = (half_filled(drawings.cel(300, 400, one)) for one in (1, number))
    assert ocguard.compare(*sheets).verdict not in FINDINGS


def staged(drawings, number):
    """A figure before a town."""
    page, town = np.full((750, 1000, 3), (150, 200, 240), np.uint8), np.random.default_rng(7)
    for _ in range(16):
        x, top, width = town.integers([0, 150, 60], [1000, 550, 140]).tolist()
        color = town.integers(40, 220, 3).tolist()
        cv2.rectangle(page, (x, top), (x + width, 750), color, cv2.FILLED)
        for y in range(top + 15, 750, 40):
            cv2.rectangle(page, (x + 15, y), (x + 35, y + 20), (250, 230, 140), cv2.FILLED)
    random = np.random.default_rng(number)
    mask = np.zeros((750, 1000), np.uint8)
    middle = 350 if number == 1 else 600
    for _ in range(4):
        center = tuple(random.integers([middle - 80, 300], [middle + 80, 620]).tolist())
        axes = tuple(random.integers([60, 90], [110, 170]).tolist())
        cv2.ellipse(mask, center, axes, int(random.integers(180)), 0, 360, 255, -1)
    page[mask > 0] = drawings.cel(1000, 750, number)[mask > 0] // 2
    return page


@pytest.mark.parametrize("number", range(2, 6))
def test_two_figures_before_one_stage_are_no_copies(drawings, number):
    """The stage agrees, the figures do not."""
    found = ocguard.compare(staged(drawings, 1), staged(drawings, number))
    assert found.verdict not in FINDINGS


@pytest.mark.parametrize("distortion", ["jpeg-50", "hue-30", "crop-80", "sticker-20"])
def test_a_copy_of_a_staged_figure_is_found(drawings, distortion):
    """Stage and figure agree."""
    work = staged(drawings, 1)
    assert ocguard.compare(work, apply(distortion, work, 0)).verdict in FINDINGS


def numbers(seed):
    """A grid of nine by nine with a number in every third field."""
    page, random = np.full((900, 900, 3), 255, np.uint8), np.random.default_rng(seed)
    for row in range(9):
        for column in range(9):
            x, y = 40 + 90 * column, 40 + 90 * row
            cv2.rectangle(page, (x, y), (x + 90, y + 90), (0, 0, 0), 2)
            if random.random() < 0.35:
                digit = str(random.integers(1, 10))
                cv2.putText(page, digit, (x + 25, y + 68), 0, 2, (0, 0, 0), 4, cv2.LINE_AA)
    return page


@pytest.mark.parametrize("seed", range(2, 8))
def test_two_grids_of_numbers_are_no_copies(seed):
    """The grid repeats itself: it agrees wherever it is laid."""
    assert ocguard.compare(numbers(1), numbers(seed)).verdict not in FINDINGS


@pytest.mark.parametrize("distortion", ["jpeg-50", "crop-80+jpeg-50", "resize-50"])
def test_a_copy_of_a_grid_of_numbers_is_found(distortion):
    """All numbers agree."""
    assert ocguard.compare(numbers(1), apply(distortion, numbers(1), 0)).verdict in FINDINGS


def bill(seed):
    """A bill: one heading and rules, and items and prices that differ from bill to bill."""
    page, own = np.full((1000, 760, 3), 240, np.uint8), np.random.default_rng(seed)
    cv2.putText(page, "INVOICE", (60, 110), 0, 2.6, (40, 90, 60), 5, cv2.LINE_AA)
    for row in range(14):
        y = 215 + row * 44
        cv2.line(page, (60, y), (700, y), (40, 90, 60), 2)
        texts = (" ".join(own.choice(ANSWERS, 1)), *own.integers(1, 8000, 3).astype(str))
        for text, x in zip(texts, (70, 330, 460, 590), strict=True):
            cv2.putText(page, text, (x, y + 32), 0, 0.7, (30, 30, 30), 1, cv2.LINE_AA)
    return page


def test_two_bills_are_no_copies_and_a_copy_of_a_bill_is_one():
    """From afar only their lines are seen, closely their items."""
    copied, other = (apply("resize-75+jpeg-75", bill(seed), 1) for seed in (1, 2))
    assert ocguard.compare(bill(1), copied).verdict in FINDINGS
    assert ocguard.compare(bill(1), other).verdict not in FINDINGS


def album(drawings, first):
    """Twelve pictures in frames of one make, under one title."""
    page = np.full((800, 1000, 3), (235, 240, 230), np.uint8)
    cv2.putText(page, "ART OF THE YEAR", (180, 75), 0, 2.0, (50, 90, 60), 5, cv2.LINE_AA)
    for place in range(12):
        x, y = 30 + 240 * (place % 4), 110 + 225 * (place // 4)
        page[y : y + 180, x : x + 215] = drawings.cel(215, 180, first + place)
        cv2.rectangle(page, (x, y), (x + 215, y + 180), (50, 90, 60), 9)
        cv2.putText(page, f"NO {place + 1}", (x + 70, y + 210), 0, 0.8, (50, 90, 60), 2)
    return page


@pytest.mark.parametrize("first", [30, 50, 70, 90])
def test_two_albums_of_one_make_are_no_copies(drawings, first):
    """Frames, title and numbers are whole in both, and go on between other pictures."""
    assert ocguard.compare(album(drawings, 10), album(drawings, first)).verdict not in FINDINGS


@pytest.mark.parametrize("distortion", ["jpeg-50", "crop-60+jpeg-50", "text-20"])
def test_a_copy_of_an_album_is_found(drawings, distortion):
    """Also when somebody wrote over it."""
    work = album(drawings, 10)
    assert ocguard.compare(work, apply(distortion, work, 1)).verdict in FINDINGS


def beside(given, own):
    """A picture that somebody gave to all, and one's own drawing beside it."""
    return np.hstack([given, np.full((400, 20, 3), 255, np.uint8), own])


@pytest.mark.parametrize("number", range(2, 7))
def test_drawings_beside_one_picture_that_both_were_given_are_no_copies(drawings, number):
    """Half of both pages is the same, but neither took it from the other."""
    given = drawings.painterly(400, 400, 9)
    ours = beside(given, drawings.cel(400, 400, 1))
    theirs = beside(given, drawings.cel(400, 400, number))
    found = ocguard.compare(ours, apply("resize-75+jpeg-75", theirs, 0))
    assert found.verdict not in FINDINGS
    assert found.reason_code == "template"


def test_a_copy_of_such_a_page_is_found(drawings):
    """With the drawing that is its owner's."""
    work = beside(drawings.painterly(400, 400, 9), drawings.cel(400, 400, 1))
    assert ocguard.compare(work, apply("resize-75+jpeg-75", work, 0)).verdict == "near-copy"
