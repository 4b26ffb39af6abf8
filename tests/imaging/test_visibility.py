"""Visibility: a change counts as much as the eye sees of it."""

from __future__ import annotations

import numpy as np
import pytest

from ocguard.imaging.visibility import TILE_PX, Host, Visibility, visibility


def grain(height: int, width: int, seed: int = 0) -> np.ndarray:
    """Draw a fine grain of one grey level rms."""
    return np.random.default_rng(seed).normal(0, 1, (height, width)).astype(np.float32)


def changed(rgb: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """Return a picture with levels added to every channel."""
    return np.clip(np.rint(rgb + levels[..., None]), 0, 255).astype(np.uint8)


def test_no_change_is_not_seen(drawings) -> None:
    """Nothing differs, nothing shows."""
    art = drawings.painterly(160, 120)
    assert visibility(art, art) == Visibility(0, 0, 100)


def test_a_change_is_seen_on_flats_and_hidden_in_detail(drawings) -> None:
    """The same grain, on plain ground and in paint."""
    rng = np.random.default_rng(3)
    paint = rng.integers(60, 200, (160, 160, 1), dtype=np.uint8).repeat(3, axis=2)
    plain = np.full_like(paint, 128)
    levels = 3 * grain(160, 160)
    on_plain, in_paint = (visibility(one, changed(one, levels)) for one in (plain, paint))
    assert on_plain.norm > 3 * in_paint.norm
    assert on_plain.largest > 2 * in_paint.largest
    assert on_plain.similarity < in_paint.similarity - 5


def test_measures_grow_in_proportion_to_a_small_change(drawings) -> None:
    """So one look tells by how much a change may be raised."""
    host, levels = Host(drawings.painterly(200, 160)), grain(160, 200)
    once, twice = (host.judge(levels * factor) for factor in (1, 2))
    assert twice.largest == pytest.approx(2 * once.largest, rel=1e-4)
    assert twice.norm == pytest.approx(2 * once.norm, rel=1e-4)
    assert 100 - twice.similarity == pytest.approx(2 * (100 - once.similarity), rel=1e-4)
    most = Visibility(largest=2 * once.largest, norm=3 * once.norm, similarity=0)
    assert once.room(most) == pytest.approx(2, rel=1e-4)


def test_empty_ground_does_not_dilute_what_is_seen(drawings) -> None:
    """A wide transparent border changes nothing."""
    art, levels = drawings.painterly(160, 160), 2 * grain(160, 160)
    alone = visibility(art, changed(art, levels))
    border = ((160, 160), (160, 160), (0, 0))
    wide, wide_changed = (
        np.pad(one, border, mode="reflect") for one in (art, changed(art, levels))
    )
    visible = np.zeros(wide.shape[:2], bool)
    visible[160:320, 160:320] = True
    framed = visibility(wide, wide_changed, visible)
    assert framed.norm == pytest.approx(alone.norm, rel=0.03)
    assert framed.similarity == pytest.approx(alone.similarity, abs=0.5)


def test_large_pictures_are_measured_in_tiles_that_fit(drawings) -> None:
    """As if they were one piece."""
    art = np.tile(drawings.painterly(320, 160), (1, 5, 1))[:, : TILE_PX + 512]
    other = changed(art, 2 * grain(*art.shape[:2]))
    in_tiles = visibility(art, other)
    at_once = Host(art).compare(other, (slice(None), slice(None))).visibility()
    assert in_tiles.largest == pytest.approx(at_once.largest, rel=0.01)
    assert in_tiles.norm == pytest.approx(at_once.norm, rel=0.01)
    assert in_tiles.similarity == pytest.approx(at_once.similarity, abs=0.3)


def test_the_worse_of_two_counts_in_each_measure() -> None:
    """Whichever it comes from."""
    assert Visibility(1, 0.2, 95).or_worse(Visibility(0.5, 0.3, 90)) == Visibility(1, 0.3, 90)


def test_pictures_of_other_sizes_are_refused(drawings) -> None:
    """They cannot be compared."""
    with pytest.raises(ValueError, match="cannot be compared"):
        visibility(drawings.cel(64, 64), drawings.cel(64, 65))


def test_visibilities_are_scaled_and_compared_measure_by_measure():
    """Twice as visible is twice as far from nothing; the worse of two is the worse in each."""
    one, other = Visibility(1.0, 0.4, 92.0), Visibility(1.5, 0.3, 94.0)
    assert one.times(2) == Visibility(2.0, 0.8, 84.0)
    assert one.or_worse(other) == Visibility(1.5, 0.4, 92.0)
