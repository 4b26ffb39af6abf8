"""Masking: a mark goes where the picture hides it."""

from __future__ import annotations

import numpy as np
import pytest

from ocguard.imaging.visibility import Host
from ocguard.watermark.invisible.carrier import to_luma
from ocguard.watermark.invisible.masking import activity, level, liveliness


def test_flats_and_smooth_gradients_are_still(drawings):
    """Nothing is put there; paint is lively."""
    flat = np.full((120, 160), 200, np.float32)
    slope = np.linspace(100, 130, 160, dtype=np.float32) * np.ones((120, 1), np.float32)
    assert liveliness(flat).max() == 0
    assert liveliness(slope).max() == 0
    paint = liveliness(to_luma(drawings.painterly(160, 120)))
    assert 0 < paint.mean() < 1


def test_activity_is_the_local_deviation():
    """Of noise, its deviation; of a flat, none."""
    noise = np.random.default_rng(0).normal(100, 20, (256, 256)).astype(np.float32)
    assert activity(np.full((64, 64), 9, np.float32), 3.0).max() < 0.01
    assert activity(noise, 6.0).mean() == pytest.approx(20, rel=0.02)


def test_a_leveled_change_shows_more_alike(drawings):
    """Half of the difference between flat and crowded ground is left, as a logarithm."""
    flat = np.full((240, 160, 3), 128, np.uint8)
    host = Host(np.hstack([flat, drawings.painterly(160, 240)]))
    change = np.random.default_rng(1).normal(0, 1, (240, 320)).astype(np.float32)
    ratios = []
    for one in (change, level(host, change)):
        seen = host.distance(one)
        ratios.append(np.log(seen[:, 10:70].mean() / seen[:, 90:150].mean()))
    assert ratios[0] > 0.5
    assert ratios[1] / ratios[0] == pytest.approx(0.5, abs=0.1)
