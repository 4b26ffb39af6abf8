"""Shares of a whole that may be nothing."""

import numpy as np

from ocguard.matching.evidence.shares import share_in, share_of


def test_a_share_of_nothing_is_nothing():
    """No division by nothing."""
    assert share_of(0, 0) == 0
    assert share_in(np.ones(4, bool), np.zeros(4, bool)) == 0


def test_a_part_of_a_whole():
    """A quarter each."""
    assert share_of(1, 4) == 0.25
    assert share_in(np.array([True, False, False, False, True]), np.arange(5) < 4) == 0.25
