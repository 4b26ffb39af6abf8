"""Promises of ocguard.fingerprint.pdq."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from ocguard.fingerprint.pdq import MIN_QUALITY, pdq

ART = Path(__file__).parents[2] / "examples" / "art"

REFERENCE = {
    "lantern_keeper": "4b1c29252c378db7b4b33376b8f2d4a5c2df530f0b57a94a15a834a913276ed4",
    "oak_ranger": "e42df6917996a7e626ece6799c929992e84c6639c84e99997985856966659856",
    "storm_swordsman": "0cf31cd2b94cc9ebcd28a9ca4ba7c34b4f4d9ab4533c25de635024f0b4f2472b",
}
"""What Facebook's own code says (pdqhash 0.2.8)."""

CONFIDENT_BITS = 31
"""Up to here ThreatExchange calls two pictures the same."""


def distance(one: str, other: str) -> int:
    """Count the bits that differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


@pytest.mark.parametrize("name", REFERENCE)
def test_the_bits_are_those_of_the_reference(name: str) -> None:
    """Who compares finds ours."""
    picture = cv2.imread(str(ART / f"{name}.png"))[..., ::-1]
    found = pdq(picture)
    assert (found.text, found.quality) == (REFERENCE[name], 100)


def test_the_bits_are_those_of_the_reference_at_odd_sizes() -> None:
    """The windows of the filter are rounded as there, and borders end as there."""
    ramp = np.add.outer(np.arange(65) * 3, np.arange(97) * 2)
    picture = np.dstack([ramp % 256, ramp * 5 // 3 % 256, ramp**2 // 7 % 256]).astype(np.uint8)
    found = pdq(picture)
    assert found.text == "5fd796542a9adae0b3d746fef492a855be94d52a345aadb01466edbcb2a88100"


def test_a_small_copy_is_near_and_another_picture_far() -> None:
    """The distance that ThreatExchange matches by tells them apart."""
    picture = cv2.imread(str(ART / "lantern_keeper.png"))[..., ::-1]
    small = cv2.resize(picture, None, fx=0.3, fy=0.3, interpolation=cv2.INTER_AREA)
    assert distance(pdq(small).text, REFERENCE["lantern_keeper"]) <= CONFIDENT_BITS
    assert distance(pdq(small).text, REFERENCE["oak_ranger"]) > CONFIDENT_BITS


def test_a_flat_picture_has_no_quality() -> None:
    """Its bits mean nothing, and nobody should publish them."""
    assert pdq(np.full((100, 90, 3), 200, np.uint8)).quality < MIN_QUALITY


def test_the_smallest_picture_has_a_hash() -> None:
    """One pixel is enough for no error."""
    assert len(pdq(np.zeros((1, 1, 3), np.uint8)).text) == 64
