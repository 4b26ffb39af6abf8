"""Promises of ocguard.workflows.protect.privacy."""

from __future__ import annotations

import pytest

from ocguard.imaging.picture import Carried, Picture
from ocguard.workflows.protect.privacy import guard_privacy


@pytest.fixture
def picture(drawings) -> Picture:
    """A picture whose texts say where it was made."""
    text = (("exif:GPSLatitude", "48/1"), ("Title", "Fox"))
    return Picture.from_array(drawings.cel(16, 12), carried=Carried(text=text))


def test_the_artist_is_told_and_decides(picture) -> None:
    """Nothing is taken out unasked; the sentence says how."""
    same, (sentence,) = guard_privacy(picture, leaves_out=False)
    assert same is picture
    assert "GPS" in sentence
    assert "--private" in sentence


def test_what_is_left_out_is_told_too(picture) -> None:
    """And nothing else goes."""
    cleaned, (sentence,) = guard_privacy(picture, leaves_out=True)
    assert cleaned.carried.text == (("Title", "Fox"),)
    assert sentence.startswith("Left out of the file: the place")


def test_a_harmless_file_says_nothing(drawings) -> None:
    """The same picture, no sentence."""
    picture = Picture.from_array(drawings.cel(16, 12))
    assert guard_privacy(picture, leaves_out=True) == (picture, ())
