"""Imitations: the original after what was done to a suspect."""

from __future__ import annotations

import numpy as np
import pytest

from ocguard.distortions import apply
from ocguard.watermark.invisible.carrier import to_luma
from ocguard.watermark.invisible.imitation import IMITATIONS, imitations
from ocguard.watermark.invisible.residual import Laying


def apart(first, second):
    """Return the mean difference between two planes away from the border, grey levels."""
    return float(np.abs(first - second)[16:-16, 16:-16].mean())


@pytest.mark.parametrize(
    "distortion", ["denoise-8", "bend", "jpeg-20", "denoise-6+jpeg-30", "resize-50+jpeg-40"]
)
def test_one_comes_nearer_to_the_suspect_than_the_original_does(small, distortion):
    """Without the mark, and with nothing but the two pictures to tell what was done."""
    suspect = to_luma(apply(distortion, small.host, 3))
    shrunk = suspect.shape[1] / small.host.shape[1]
    transform = np.diag([1 / shrunk, 1 / shrunk, 1.0])
    laying = Laying.of(transform, to_luma(small.host), small.known)
    laid, plain = laying.suspect(suspect), laying.reference(to_luma(small.host))
    made = list(imitations(suspect, laid, small.host, laying))
    assert 1 <= len(made) <= IMITATIONS
    assert {one.shape for one in made} == {laid.shape}
    assert min(apart(laid, one) for one in made) < 0.8 * apart(laid, plain)


def test_what_was_not_saved_hard_is_not_imitated_as_if_it_were(small):
    """The denoised versions laid densely, mixed, are all there is."""
    laying = Laying.of(np.eye(3), to_luma(small.host), small.known)
    suspect = to_luma(small.rgb)
    assert len(list(imitations(suspect, laying.suspect(suspect), small.host, laying))) == 1


def test_a_paler_and_lighter_suspect_is_imitated_too(small):
    """How strongly it was denoised is told by its detail, whatever its tones are."""
    laying = Laying.of(np.eye(3), to_luma(small.host), small.known)
    denoised = to_luma(apply("denoise-8", small.host, 3))
    paler = denoised * np.float32(0.8) + 40
    made = next(imitations(paler, laying.suspect(paler), small.host, laying))
    plain = laying.reference(to_luma(small.host))
    assert apart(laying.suspect(denoised), made) < 0.7 * apart(laying.suspect(denoised), plain)
