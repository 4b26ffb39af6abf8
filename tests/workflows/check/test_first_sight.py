"""Promises of the first stage: whole copies pass, strangers go, and nothing is claimed of these."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

import ocguard

CHANGES = {
    "small": lambda image: image.resize((160, 120)),
    "mirrored": lambda image: image.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    "dark": lambda image: image.point(lambda level: level // 2),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_whole_copy_passes_and_gets_the_answer_of_a_full_check(gallery, change) -> None:
    """The first stage changes nothing about what it lets pass."""
    with Image.open(gallery.art / "soft.jpg") as image:
        suspect = CHANGES[change](image.convert("RGB"))
    full = ocguard.check(suspect, home=gallery.home)
    quick = ocguard.check(suspect, home=gallery.home, quick_first=True)
    assert quick.work_id == gallery.protected("soft.jpg").work_id
    assert (quick.verdict, quick.measures) == (full.verdict, full.measures)


def test_what_is_thrown_out_is_not_said_to_match_nothing(gallery) -> None:
    """It says that neither works nor marks were looked for."""
    noise = np.random.default_rng(1).integers(0, 256, (300, 400, 3)).astype(np.uint8)
    result = ocguard.check(noise, home=gallery.home, quick_first=True)
    assert (result.verdict, result.reason_code) == ("cannot-tell", "unlike-at-first-sight")
    assert result.searched.omitted == ("works", "marks")
    assert (result.is_finding, result.status, result.candidates) == (False, "done", ())


def test_the_very_same_file_is_known_before_any_look(gallery) -> None:
    """Equal digests cost nothing."""
    result = ocguard.check(gallery.out / "cel.png", home=gallery.home, quick_first=True)
    assert result.verdict == "identical"
