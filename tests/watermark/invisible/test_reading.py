"""Promises of ocguard.watermark.invisible.reading."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocguard.watermark.invisible import reading
from ocguard.watermark.invisible.carrier import CHIP_PX, Carrier, derive_carrier
from ocguard.watermark.invisible.pattern import draw_pattern
from ocguard.watermark.invisible.placement import Placement
from ocguard.watermark.invisible.polar import CODED_BITS
from ocguard.watermark.invisible.reading import (
    even_out,
    match_chips,
    match_samples,
    read_chips,
    read_shifted,
    read_unturned,
    weigh,
    weigh_quickly,
)

CODEWORD = np.random.default_rng(1).integers(0, 2, CODED_BITS).astype(np.uint8)
ORIGIN = (40 * CHIP_PX, 9 * CHIP_PX)


@pytest.fixture(scope="module")
def carrier(key) -> Carrier:
    """The carrier of a fixed key."""
    return derive_carrier(key)


@pytest.fixture(scope="module")
def pattern(carrier) -> np.ndarray:
    """The pattern of a codeword, two grey levels strong."""
    return 2 * draw_pattern(carrier, CODEWORD, ORIGIN, (512, 512))


@pytest.fixture(scope="module")
def stroke() -> np.ndarray:
    """A flat picture with a broad black stroke."""
    luma = np.full((512, 512), 200, np.float32)
    cv2.line(luma, (0, 100), (511, 400), 30.0, 25)
    return luma


@pytest.mark.parametrize("weigh_by", [weigh, weigh_quickly])
def test_strokes_stay_in_the_estimate_and_the_mark_in_the_residual(pattern, stroke, weigh_by):
    """Samples of a marked drawing follow the mark, not the drawing."""
    samples = weigh_by(stroke + pattern)
    assert samples.dtype == np.float32
    assert np.corrcoef(samples.ravel(), pattern.ravel())[0, 1] > 0.6
    assert abs(np.corrcoef(samples.ravel(), stroke.ravel())[0, 1]) < 0.1


def test_a_busy_region_counts_no_more_than_a_flat_one() -> None:
    """Residuals are divided by their local deviation, but flats are not blown up."""
    rng = np.random.default_rng(2)
    residual = rng.normal(0, 1, (100, 200)).astype(np.float32)
    residual[:, 100:] *= 30
    residual[:10] *= 0.01
    even = even_out(residual)
    assert even[20:, 110:].std() == pytest.approx(even[20:, :90].std(), rel=0.15)
    assert np.abs(even[:4, :90]).max() < 0.2


def test_noise_widens_the_range_of_the_filter() -> None:
    """Noise of 12 levels is smoothed away with the rest, so that it does not pass as residual 0."""
    rng = np.random.default_rng(3)
    luma = rng.normal(120, 12, (200, 200)).astype(np.float32)
    assert reading._noise(luma) == pytest.approx(12, rel=0.1)
    assert reading._noise(np.full((50, 50), 9, np.float32)) == 0


def test_every_bit_of_a_codeword_is_read(pattern, carrier) -> None:
    """Positive for a 0, with far more energy than noise has."""
    read = read_unturned(match_chips(pattern + 100), ORIGIN, carrier)
    assert np.array_equal(read.values < 0, CODEWORD == 1)
    assert read.energy > 50


def test_noise_has_no_energy(carrier) -> None:
    """Variances are those of the values when no mark is there."""
    rng = np.random.default_rng(4)
    samples = rng.normal(0, 1, (512, 512)).astype(np.float32)
    read = read_unturned(match_samples(samples), ORIGIN, carrier)
    assert abs(read.energy) < 5
    assert np.square(read.values).mean() == pytest.approx(read.variances.mean(), rel=0.2)


def test_an_unturned_picture_reads_alike_by_its_origin_and_by_a_placement(pattern, carrier):
    """Two ways to the same chips."""
    matched = match_samples(pattern)
    placement = Placement(np.column_stack([np.eye(2), ORIGIN]).astype(float), 0.0, (512, 512))
    one, other = read_unturned(matched, ORIGIN, carrier), read_chips(matched, placement, carrier)
    assert np.allclose(one.values, other.values, atol=0.02 * np.abs(one.values).max())
    assert np.allclose(one.variances, other.variances, rtol=0.02)


def test_an_origin_between_chips_reads_the_same_codeword(pattern, carrier) -> None:
    """A crop may begin anywhere."""
    matched = match_samples(pattern)[3:, 2:]
    read = read_unturned(np.ascontiguousarray(matched), (ORIGIN[0] + 2, ORIGIN[1] + 3), carrier)
    assert np.mean((read.values < 0) == (CODEWORD == 1)) > 0.99


def test_places_that_differ_in_their_shift_read_as_each_by_itself(pattern, carrier) -> None:
    """Of a copy turned by half, scaled unequally and cut: where the mark lies, and elsewhere."""
    matched = match_samples(pattern)[::-1, ::-1][20:, 30:]
    matched = cv2.resize(matched, (700, 600), interpolation=cv2.INTER_CUBIC)
    scale = -np.array([482 / 700, 492 / 600])
    shift = np.array([481, 491]) + ORIGIN + scale / 2 + 0.5
    size = (700, 600)
    placements = [
        Placement(np.column_stack([np.diag(scale), shift + move]), 0.0, size)
        for move in ((0, 0), (2, -6), (-1024, 70))
    ]
    read = read_shifted(matched, placements, carrier)
    assert np.mean((read[0].values < 0) == (CODEWORD == 1)) > 0.99
    for one, placement in zip(read, placements, strict=True):
        other = read_chips(matched, placement, carrier)
        assert np.allclose(one.values, other.values, atol=0.05 * np.abs(other.values).max())


def test_a_turned_and_shrunk_plane_is_read_where_its_placement_says(pattern, carrier) -> None:
    """Mapped back through a rotation with scale, nearly all bits come out; elsewhere half."""
    turn = cv2.getRotationMatrix2D((255.5, 255.5), 20, 0.9)
    seen = cv2.warpAffine(pattern, turn, (512, 512), flags=cv2.INTER_CUBIC)
    back = cv2.invertAffineTransform(turn)
    back[:, 2] += ORIGIN
    matched = match_samples(seen, 1 / 0.9)
    shares = []
    for shift in (0, 40):
        placement = Placement(back + np.array([[0, 0, shift], [0, 0, 0]]), 0.0, (512, 512))
        read = read_chips(matched, placement, carrier)
        shares.append(np.mean((read.values < 0) == (CODEWORD == 1)))
    assert shares[0] > 0.97
    assert shares[1] == pytest.approx(0.5, abs=0.08)


def test_a_placement_beyond_all_measure_is_read_in_bounded_space(carrier) -> None:
    """A map that no real geometry has does not fill the memory."""
    placement = Placement(np.column_stack([1e4 * np.eye(2), (0, 0)]), 0.0, (64, 64))
    read = read_chips(np.zeros((64, 64), np.float32), placement, carrier)
    assert read.values.shape == (CODED_BITS,)
    assert read.energy < 0
