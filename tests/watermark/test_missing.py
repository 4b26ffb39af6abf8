"""Promises of ocguard.watermark.missing."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocguard import distortions
from ocguard.keys import SecretKey
from ocguard.watermark.invisible import KnownMark, embed
from ocguard.watermark.missing import expected_reading

KEY = SecretKey(bytes(range(32)))
SIZE = (640, 512)


@pytest.fixture(scope="module")
def host(drawings):
    """A painted picture."""
    return drawings.painterly(*SIZE, seed=2)


@pytest.fixture(scope="module")
def marked(host):
    """The same with its mark, and the mark."""
    made = embed(host, None, mark_id=7, key=KEY, size_px=SIZE)
    change = cv2.resize(made.delta, SIZE, interpolation=cv2.INTER_CUBIC)[..., None]
    return np.clip(np.rint(host + change), 0, 255).astype(np.uint8), KnownMark(
        7, SIZE, made.origin_px
    )


def read(copy, host, known, scale=1.0):
    """Compare a copy, so many times as large, with what is expected of it."""
    transform = np.diag([1 / scale, 1 / scale, 1.0])
    transform[:2, 2] = (1 / scale - 1) / 2
    found = expected_reading(copy, host, transform, key=KEY, known=[known], strength="normal")
    assert found is not None
    return found


def test_an_ordinary_copy_reads_about_as_expected(host, marked) -> None:
    """Saved and scaled, the mark is there, and no more is expected than is read."""
    rgb, known = marked
    for name, scale in (("jpeg-50", 1.0), ("webp-50", 1.0), ("resize-50", 0.5)):
        found = read(distortions.apply(name, rgb, 1), host, known, scale)
        assert found.p_value < 1e-9, name
        assert found.expected_p_value > found.p_value**2, name


def test_a_copy_without_the_mark_reads_less_than_expected(host, marked) -> None:
    """It would have outlived the JPEG."""
    _, known = marked
    found = read(distortions.apply("jpeg-75", host, 1), host, known)
    assert found.p_value > 0.01
    assert found.expected_p_value < 1e-60


def test_nothing_is_expected_of_a_copy_that_lost_much(host, marked) -> None:
    """Noise in the waves of the mark is as much in its way as a codec that makes as much of it."""
    _, known = marked
    noise = np.random.default_rng(1).normal(0, 8, (16, 20, 1)) * 8
    blotched = host + cv2.resize(noise, SIZE, interpolation=cv2.INTER_CUBIC)[..., None]
    copy = distortions.apply("jpeg-15", np.clip(blotched, 0, 255).astype(np.uint8), 1)
    found = expected_reading(copy, host, np.eye(3), key=KEY, known=[known], strength="normal")
    assert found is None or found.expected_p_value > 1e-60


def test_a_work_without_room_for_a_mark_misses_none(drawings) -> None:
    """There is nothing to expect."""
    tiny = drawings.cel(100, 90)
    known = [KnownMark(7, (100, 90), (0, 0))]
    assert expected_reading(tiny, tiny, np.eye(3), key=KEY, known=known, strength="normal") is None
