"""Masking: a mark goes where the picture hides it."""

from __future__ import annotations

import numpy as np
import pytest

from ocguard.imaging.visibility import Host
from ocguard.watermark.invisible.embedding import to_luma
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
    """On calm and on crowded ground; half of the differences are left, as logarithms."""
    host = Host(drawings.painterly(320, 240))
    change = np.random.default_rng(1).normal(0, 1, (240, 320)).astype(np.float32)
    before, after = (host.distance(one)[8:-8, 8:-8] for one in (change, level(host, change)))
    assert 0.4 < np.log(after).std() / np.log(before).std() < 0.75
