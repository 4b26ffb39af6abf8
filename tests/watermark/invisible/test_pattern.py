"""Promises of ocguard.watermark.invisible.pattern."""

from __future__ import annotations

import numpy as np
import pytest

from ocguard.watermark.invisible.carrier import CHIP_PX, PERIOD_PX, Carrier, derive_carrier
from ocguard.watermark.invisible.pattern import draw_pattern
from ocguard.watermark.invisible.polar import CODED_BITS
from ocguard.watermark.invisible.reading import match_samples, read_unturned

CODEWORD = np.random.default_rng(1).integers(0, 2, CODED_BITS).astype(np.uint8)
SIZE = (400, 300)


@pytest.fixture(scope="module")
def carrier(key) -> Carrier:
    """The carrier of a fixed key."""
    return derive_carrier(key)


def test_the_energy_is_one_a_pixel(carrier) -> None:
    """So that a strength means the same in every picture."""
    drawn = draw_pattern(carrier, CODEWORD, (7, 900), SIZE)
    assert drawn.shape == SIZE[::-1]
    assert drawn.dtype == np.float32
    assert np.square(drawn).mean() == pytest.approx(1, abs=0.1)
    assert drawn.mean() == pytest.approx(0, abs=0.02)


def test_a_part_of_the_torus_is_that_part_of_the_pattern(carrier) -> None:
    """Drawn from another origin, the same place of the torus looks the same but for the border."""
    whole = draw_pattern(carrier, CODEWORD, (40, 60), SIZE)
    part = draw_pattern(carrier, CODEWORD, (40 + 101, 60 + 53), (250, 200))
    apart = (whole[53:253, 101:351] - part)[20:-20, 20:-20]
    assert np.abs(apart).max() < 0.1


def test_the_torus_has_no_seam(carrier) -> None:
    """One period on, the pattern is the same."""
    here, there = (
        draw_pattern(carrier, CODEWORD, (PERIOD_PX * turns - 50, 30), SIZE) for turns in (0, 2)
    )
    assert np.allclose(here, there, atol=1e-3)


def test_the_bits_of_the_codeword_are_read_from_the_pattern(carrier) -> None:
    """Each coded bit from the signs of its chips, positive for a 0."""
    origin = (16 * CHIP_PX, 5 * CHIP_PX)
    drawn = draw_pattern(carrier, CODEWORD, origin, (512, 512))
    read = read_unturned(match_samples(drawn), origin, carrier)
    assert np.array_equal(read.values < 0, CODEWORD == 1)


def test_the_pilots_are_pure_tones_of_equal_strength(carrier) -> None:
    """Over one period each stands in one bin, far above what the chips put there."""
    drawn = draw_pattern(carrier, CODEWORD, (0, 0), (PERIOD_PX, PERIOD_PX))
    spectrum = np.abs(np.fft.fft2(drawn))
    x, y = carrier.pilots.T
    heights = spectrum[y, x]
    assert heights.min() > 0.7 * heights.max()
    assert heights.min() > 10 * np.median(spectrum[y + 3, x])
