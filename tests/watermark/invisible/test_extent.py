"""Promises of ocguard.watermark.invisible.extent."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ocguard.watermark.invisible.extent import Evidence, likeliest_box

SIZE_PX = (480, 320)


def gathered(box: tuple[int, int, int, int], strength: float = 0.4) -> Evidence:
    """Return what 30,000 chips in noise of deviation 1 say of a mark that lies in a box."""
    rng = np.random.default_rng(7)
    at = rng.uniform((0, 0), SIZE_PX, (30_000, 2))
    left, top, right, bottom = box
    inside = (at >= (left, top)).all(axis=1) & (at < (right, bottom)).all(axis=1)
    return Evidence.of(rng.normal(strength * inside), at, SIZE_PX)


@given(arrays(np.int64, (5, 6), elements=st.integers(-5, 5)))
def test_no_rectangle_has_a_larger_sum(worth: np.ndarray) -> None:
    """As if all of them had been tried."""

    def total(box: tuple[int, int, int, int]) -> float:
        left, top, right, bottom = box
        return float(worth[top:bottom, left:right].sum())

    boxes = [
        (left, top, right, bottom)
        for left in range(6)
        for right in range(left + 1, 7)
        for top in range(5)
        for bottom in range(top + 1, 6)
    ]
    assert total(likeliest_box(worth.astype(float))) == max(map(total, boxes))


def test_a_mark_lies_where_its_chips_agree() -> None:
    """Within two blocks at every side, and as strong as it is."""
    box = (120, 60, 400, 250)
    evidence = gathered(box)
    found, strength = evidence.likeliest()
    off = np.array(found) * evidence.block_px - box
    assert np.abs(off).max() <= 2 * evidence.block_px
    assert abs(strength - 0.4) < 0.05


def test_a_mark_that_fills_the_picture_explains_all_of_it() -> None:
    """No block is left over to be searched again."""
    evidence = gathered((0, 0, *SIZE_PX))
    box, strength = evidence.likeliest()
    assert box == (0, 0, evidence.sums.shape[1], evidence.sums.shape[0])
    assert evidence.explained(strength).mean() > 0.99


def test_what_lies_beside_a_mark_is_not_explained_by_it() -> None:
    """Nine tenths of either half are told apart."""
    evidence = gathered((0, 0, SIZE_PX[0] // 2, SIZE_PX[1]))
    explained = evidence.explained(evidence.likeliest()[1])
    middle = explained.shape[1] // 2
    assert explained[:, :middle].mean() > 0.9
    assert explained[:, middle:].mean() < 0.1
