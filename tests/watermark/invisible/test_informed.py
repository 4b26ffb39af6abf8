"""Informed detection: the reference subtracted, what blind detection cannot read."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from ocguard.distortions import apply, true_transform
from ocguard.watermark.invisible import detect_imitating, detect_informed
from ocguard.watermark.invisible.carrier import cell_size_px, derive_carrier


@pytest.mark.parametrize(
    "distortion", ["jpeg-15", "webp-30", "denoise-6", "bilateral", "blur-3", "noise-20", "invert"]
)
def test_it_reads_where_blind_detection_fails_or_nearly(small, key, distortion):
    """A small picture, badly treated, still names its mark when the original is known."""
    suspect = apply(distortion, small.rgb, 0)
    found, *_ = detect_informed(suspect, small.host, np.eye(3), key=key, known=[small.known])
    assert (found.verdict, found.mark_id) == ("found", small.known.mark_id)


@pytest.mark.parametrize("sigma_px", [0, 20])
def test_a_negative_is_told(small, key, sigma_px):
    """Light and dark exchanged in all of it, or in its details alone."""
    ground = cv2.GaussianBlur(small.rgb.astype(np.float32), (0, 0), sigma_px) if sigma_px else 127.5
    suspect = np.clip(2 * ground - small.rgb, 0, 255).astype(np.uint8)
    for picture, is_negative in ((suspect, True), (small.rgb, False)):
        found, *_ = detect_informed(picture, small.host, np.eye(3), key=key, known=[small.known])
        assert (found.mark_id, found.is_negative) == (small.known.mark_id, is_negative)


def test_a_mark_that_was_turned_over_alone_is_read(small, key):
    """The picture around it stays as it is: what a denoiser takes off is turned over."""
    suspect = np.clip(2 * small.host.astype(int) - small.rgb, 0, 255).astype(np.uint8)
    found, *_ = detect_informed(suspect, small.host, np.eye(3), key=key, known=[small.known])
    assert (found.mark_id, found.is_negative) == (small.known.mark_id, True)


def test_pilots_back_a_weak_mark_that_lies_alone(scene, key):
    """Where another one was put on its place, they could be of either."""
    suspect = apply("denoise-10+jpeg-20", scene.rgb, 0)
    other = replace(scene.known, mark_id=5)
    for elsewhere, is_found in (([], True), ([other], False)):
        found, *_ = detect_informed(
            suspect, scene.host, np.eye(3), key=key, known=[scene.known], elsewhere=elsewhere
        )
        assert (found.verdict == "found") == is_found


def test_it_follows_the_matchers_transform(scene, key):
    """A turned, cropped copy is laid back by the transform."""
    name = "crop-25"
    suspect = apply(name, scene.rgb, 3)
    transform = true_transform(name, scene.rgb.shape[1::-1], 3)
    found, *_ = detect_informed(suspect, scene.host, transform, key=key, known=[scene.known])
    assert found.verdict == "found"


def test_an_unmarked_copy_is_not_found(scene, key):
    """The original itself carries no mark, also after JPEG."""
    for suspect in (scene.host, apply("jpeg-50", scene.host, 0)):
        found, *_ = detect_informed(suspect, scene.host, np.eye(3), key=key, known=[scene.known])
        assert found.verdict != "found"
        assert found.p_value > 1e-4


def test_it_reads_without_pilots(scene, key):
    """Somebody who knew the key's frequencies cut them out: a third of the mark's energy."""
    spectrum = np.fft.fft2(scene.rgb.astype(float) - scene.host, axes=(0, 1))
    before = np.square(np.abs(spectrum)).sum()
    height, width = spectrum.shape[:2]
    cycles_per_px = derive_carrier(key).pilots / (8 * cell_size_px((width, height)))
    near = np.arange(-16, 17)
    for side in (1, -1):
        for x, y in np.rint(side * cycles_per_px * (width, height)).astype(int):
            spectrum[np.ix_((y + near) % height, (x + near) % width)] = 0
    assert np.square(np.abs(spectrum)).sum() < 0.7 * before
    rest = scene.host + np.fft.ifft2(spectrum, axes=(0, 1)).real
    suspect = np.clip(np.rint(rest), 0, 255).astype(np.uint8)
    found, *_ = detect_informed(suspect, scene.host, np.eye(3), key=key, known=[scene.known])
    assert found.verdict == "found"


def test_the_copies_of_many_recipients_are_told_apart(drawings, key, mark):
    """Each lies at an origin of its own; the mean of four of them names all four."""
    host = drawings.cel(640, 480, seed=5)
    copies = [mark(host, 1000 + number, key) for number in range(10)]
    assert len({copy.known.origin_px for copy in copies}) > 1
    issued = [copy.known for copy in copies]
    mixed = np.mean([copy.rgb for copy in copies[:4]], axis=0)
    for suspect, guilty in ((copies[7].rgb, {1007}), (mixed, {1000, 1001, 1002, 1003})):
        served = apply("jpeg-75", np.rint(suspect).astype(np.uint8), 0)
        found = detect_informed(served, host, np.eye(3), key=key, known=issued)
        assert {one.verdict for one in found} == {"found"}
        assert {one.mark_id for one in found} == guilty


def test_imitating_reads_what_was_denoised_shrunk_and_saved_hard(scene, key):
    """What was done is guessed by what it would do to the original; unmarked, it shows nothing."""
    for picture, is_marked in ((scene.rgb, True), (scene.host, False)):
        suspect = apply("denoise-6+resize-50+jpeg-30", picture, 0)
        transform = np.diag([2.0, 2.0, 1.0])
        words = {"key": key, "known": [scene.known]}
        before, *_ = detect_informed(suspect, scene.host, transform, **words)
        found, *_ = detect_imitating(suspect, scene.host, transform, **words)
        assert before.verdict != "found"
        assert found.mark_id == (scene.known.mark_id if is_marked else None)
        assert is_marked or found.p_value > 1e-3


@pytest.mark.parametrize("detect", [detect_informed, detect_imitating])
def test_a_work_without_marks_is_a_callers_mistake(scene, key, detect):
    """Without an issued mark there is nothing to look for."""
    with pytest.raises(ValueError, match="marks"):
        detect(scene.rgb, scene.host, np.eye(3), key=key, known=[])
