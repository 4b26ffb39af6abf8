"""Forms: cards of one kind with other pictures in them accuse nobody."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

import ocguard
from ocguard.imaging.distortions import apply

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
