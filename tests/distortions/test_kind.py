"""Promises of ocguard.distortions.kind."""

from __future__ import annotations

import numpy as np

from ocguard.distortions.kind import size_of, to_uint8


def test_a_size_is_width_then_height() -> None:
    """Sizes follow Pillow, arrays have their rows first."""
    assert size_of(np.zeros((2, 5, 3), np.uint8)) == (5, 2)


def test_levels_are_rounded_and_clipped_instead_of_wrapping() -> None:
    """Overflow of a byte would turn white into black."""
    values = np.array([-300.0, -0.4, 0.6, 254.4, 254.6, 256.0, 1e9])
    assert to_uint8(values).tolist() == [0, 0, 1, 254, 255, 255, 255]
    assert to_uint8(values).dtype == np.uint8
