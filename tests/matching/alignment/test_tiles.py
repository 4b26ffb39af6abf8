"""Neighbors that move alike: high for copies however bent, nothing for strangers."""

import numpy as np
import pytest

from ocguard.distortions import apply
from ocguard.matching.alignment.tiles import coherence, find_moves
from ocguard.matching.evidence.agreement import compare_aligned

STAYS = np.eye(3)


def moved_alike(suspect, work):
    return compare_aligned(np.ascontiguousarray(suspect), work, STAYS).agreement.coherence


@pytest.mark.parametrize(
    "change", ["jpeg-30", "invert", "line-art", "posterize-8", "elastic-2", "hue-90"]
)
def test_a_changed_copy_moves_as_one(draw_figure, change):
    """Recompressing, inverting, redrawing in lines and bending leave neighbors together."""
    work = draw_figure(3)
    assert moved_alike(apply(change, work, 1), work) > 2


@pytest.mark.parametrize("seed", range(20, 28))
def test_strangers_do_not(draw_figure, seed):
    """Figures of one style in one place agree no more than chance gives."""
    assert moved_alike(draw_figure(seed), draw_figure(3)) < 1


def test_a_shift_within_reach_does_not_matter(draw_figure):
    """A map that is off by a few pixels is forgiven."""
    work = draw_figure(5)
    assert moved_alike(np.roll(work, (9, -7), (0, 1)), work) > 3


def test_nothing_agrees_with_nothing():
    """Flat fields have no pair of neighbors to count."""
    empty = np.zeros((100, 60), np.complex64)
    assert coherence(find_moves(empty, empty)) == 0.0
