"""Residuals: a suspect less its reference, on the working raster of the mark."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocguard.distortions import apply, true_transform
from ocguard.watermark.invisible.carrier import to_luma
from ocguard.watermark.invisible.residual import Laying, subtract


@pytest.mark.parametrize("name", ["crop-75", "rotate-7", "mirror"])
def test_suspect_and_reference_meet_on_the_raster(scene, name):
    """By the transform that was passed in, where the suspect shows the work."""
    reference = to_luma(scene.host)
    suspect = to_luma(apply(name, scene.host, 3))
    laying = Laying.of(true_transform(name, scene.rgb.shape[1::-1], 3), reference, scene.known)
    core = cv2.erode(laying.shown(suspect), np.ones((9, 9)), borderValue=0) > 0
    assert core.any()
    assert np.abs(laying.suspect(suspect) - laying.reference(reference))[core].mean() < 0.5
    assert laying.is_mirrored == (name == "mirror")


@pytest.mark.parametrize("name", ["crop-75", "mirror"])
def test_the_reference_is_brought_to_the_suspects_pixels(scene, name):
    """One that was cut or mirrored, and nothing else, is the same to the grey level."""
    reference = to_luma(scene.host)
    suspect = to_luma(apply(name, scene.host, 3))
    laying = Laying.of(true_transform(name, scene.rgb.shape[1::-1], 3), reference, scene.known)
    seen = laying.as_suspect(reference, suspect.shape[1::-1])
    assert np.allclose(seen[9:-9, 9:-9], suspect[9:-9, 9:-9], atol=0.5)


def test_a_whole_picture_is_resized_as_programs_do_it(small):
    """To the grey level, though the matcher misses a corner by a pixel or two."""
    reference = to_luma(small.host)
    height, width = reference.shape
    suspect = cv2.resize(reference, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
    transform = np.array([[2.005, 0, 1.2], [0, 1.995, -0.8], [0, 0, 1]])
    seen = Laying.of(transform, reference, small.known).as_suspect(
        reference, (width // 2, height // 2)
    )
    assert np.array_equal(seen, suspect)


def test_tones_and_blur_leave_nothing(scene):
    """A fade of light, a lower contrast and a blur are taken up by the reference."""
    reference = to_luma(scene.host)
    fade = np.linspace(0.7, 1.0, reference.shape[1], dtype=np.float32)
    suspect = cv2.GaussianBlur(reference, (0, 0), 1.5) * fade + 20
    residual, is_negative = subtract(suspect, reference, np.ones_like(reference))
    assert np.abs(residual).mean() < 0.15 * np.abs(suspect - reference).mean()
    assert not is_negative
    turned, is_negative = subtract(255 - suspect, reference, np.ones_like(reference))
    assert is_negative
    assert np.abs(turned - residual).mean() < 0.05
