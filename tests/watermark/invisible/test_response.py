"""Responses: what became of the waves of a picture, measured and given back."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocguard.distortions import apply
from ocguard.watermark.invisible import detect
from ocguard.watermark.invisible.carrier import to_luma
from ocguard.watermark.invisible.response import (
    BANDS,
    apply_response,
    measure_response,
    sharpening_response,
)

FREQUENCIES = (np.arange(BANDS) + 0.5) / (2 * BANDS)


@pytest.fixture(scope="module")
def luma(small):
    """The luma of a small drawn picture."""
    return to_luma(small.host)


@pytest.mark.parametrize("sigma_px", [1.2, 1.8, 2.5])
def test_a_blur_is_measured_as_what_it_is(luma, sigma_px):
    """Wherever the picture has waves, the factor is about that of the Gaussian."""
    seen = cv2.GaussianBlur(luma, (0, 0), sigma_px)
    measured = measure_response(seen, luma, np.ones_like(luma))
    true = np.exp(-2 * (np.pi * sigma_px * FREQUENCIES) ** 2)
    assert np.abs(measured - true)[true > 0.05].max() < 0.12


def test_only_what_is_shown_is_measured(luma):
    """Another picture beside the shown half does not matter."""
    shown = np.zeros_like(luma)
    shown[:, : luma.shape[1] // 2] = 1
    seen = np.where(shown > 0, luma, np.rot90(luma, 2))
    assert measure_response(seen, luma, shown) == pytest.approx(np.ones(BANDS), abs=0.02)


def test_where_nothing_is_shown_nothing_is_measured(luma):
    """No division by nothing."""
    assert not measure_response(luma, luma, np.zeros_like(luma)).any()


def test_a_negative_has_a_negative_response(luma):
    """In every band."""
    assert (measure_response(255 - luma, luma, np.ones_like(luma)) < 0).all()


@pytest.mark.parametrize("shape", [(1, 1), (37, 53), (200, 64)])
def test_a_response_of_ones_changes_nothing(shape):
    """At any size, up to the border."""
    plane = np.random.default_rng(0).uniform(0, 255, shape).astype(np.float32)
    assert apply_response(plane, np.ones(BANDS)) == pytest.approx(plane, abs=1e-3)


def test_a_sharp_picture_is_not_sharpened(luma):
    """Neither the original nor its JPEG, whose lost waves are gone for good."""
    jpeg = to_luma(apply("jpeg-30", np.repeat(luma[..., None], 3, axis=2).astype(np.uint8), 0))
    assert sharpening_response(luma) is None
    assert sharpening_response(jpeg) is None


def test_a_blurred_picture_is_sharpened_within_limits(luma):
    """Where waves are left; the long ones, and what drowned in rounding, stay."""
    response = sharpening_response(np.rint(cv2.GaussianBlur(luma, (0, 0), 2)))
    assert response is not None
    assert response.min() == 1
    assert 2 <= response.max() <= 8
    assert response[0] == response[-1] == 1


def test_a_blurred_small_picture_is_read_without_the_original(small, key):
    """The pilots and chips that blur weakened are found in the sharpened view."""
    suspect = apply("blur-3", small.rgb, 0)
    found = detect(suspect, key=key, known=[small.known])
    assert (found.verdict, found.mark_id) == ("found", small.known.mark_id)
