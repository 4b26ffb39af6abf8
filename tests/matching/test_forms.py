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


def card(picture, number):
    """A profile card: a picture, labels, and answers that differ from card to card."""
    page = np.full((620, 1000, 3), 255, np.uint8)
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


@pytest.mark.parametrize("distortion", ["jpeg-50", "hue-30", "crop-80", "resize-50"])
def test_a_copy_of_a_card_is_found(drawings, distortion):
    """Form and picture agree."""
    work = card(drawings.cel(400, 400, 1), 1)
    assert ocguard.compare(work, apply(distortion, work, 0)).verdict in FINDINGS


def test_the_picture_of_a_card_is_found_in_another_card(drawings):
    """What was filled in was copied, the answers were not."""
    work, suspect = (card(drawings.cel(400, 400, 1), number) for number in (1, 4))
    assert ocguard.compare(work, suspect).verdict in FINDINGS
