"""Embedding: invisible, bounded, keyed to the picture, silent where nothing shows."""

from __future__ import annotations

import numpy as np
import pytest

from ocguard.errors import HostTooSmallError
from ocguard.imaging.quality import flat_rms, psnr_db, ssim
from ocguard.watermark.invisible import embed


def test_the_mark_is_faint(scene, small):
    """Large and small pictures keep their quality, on flats too."""
    for marked, least_db in ((scene, 44), (small, 41)):
        assert psnr_db(marked.host, marked.rgb) > least_db
        assert ssim(marked.host, marked.rgb) > 0.97
    assert flat_rms(scene.host, scene.rgb) < 1.2


def test_nothing_changes_where_nothing_shows(drawings, key):
    """The change is exactly 0 where alpha is 0."""
    art = drawings.cutout(640, 480, seed=1)
    made = embed(art[..., :3], art[..., 3], mark_id=7, key=key, size_px=(640, 480))
    assert np.all(made.delta[art[..., 3] == 0] == 0)
    assert made.delta[art[..., 3] == 255].std() > 0.5


def test_strengths_are_ordered(drawings, key):
    """Quiet is weaker than normal, normal weaker than strong."""
    host = drawings.cel(600, 500, seed=2)
    rms = [
        embed(host, None, mark_id=7, key=key, size_px=(600, 500), strength=name).delta.std()
        for name in ("quiet", "normal", "strong")
    ]
    assert rms[0] < rms[1] < rms[2]


def test_the_pattern_differs_from_picture_to_picture(drawings, mark, key):
    """Averaging 25 marked works of one key reveals nothing that stays the same."""
    marked = [mark(drawings.painterly(320, 320, seed=seed), 500 + seed, key) for seed in range(25)]
    deltas = np.stack([one.embedding.delta for one in marked])
    average = deltas.mean(axis=0)
    # Independent patterns average to 1/5 of one pattern's deviation.
    assert average.std() < 1.3 * deltas[0].std() / 5


def test_small_and_empty_pictures_are_refused(drawings, key):
    """Too few pixels, or too few that show, is an error that says how many and what to do."""
    for size_px in [(300, 40), (100, 100), (20, 20)]:
        with pytest.raises(HostTooSmallError, match=r"64 px.*portfolio add") as raised:
            embed(drawings.cel(*size_px), None, mark_id=1, key=key, size_px=size_px)
        assert f"{size_px[0]} x {size_px[1]} px" in str(raised.value)
    art = drawings.cel(300, 300)
    clear = np.zeros((300, 300), np.uint8)
    with pytest.raises(HostTooSmallError, match=r"visible.*portfolio add"):
        embed(art, clear, mark_id=1, key=key, size_px=(300, 300))
