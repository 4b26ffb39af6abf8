"""Promises of ocguard.fingerprint.product."""

from __future__ import annotations

import numpy as np

from ocguard.fingerprint.product import product


def test_the_product_is_that_of_numpy() -> None:
    """The single-threaded product equals the ordinary one, of views and of nothing too."""
    random = np.random.default_rng(3)
    a, b = random.integers(0, 16, (2, 64, 64)).astype(np.float32)
    assert np.array_equal(product(a, b), a @ b)
    assert np.array_equal(product(a[::2], b.T), a[::2] @ b.T)
    assert product(a[:0], b).shape == (0, 64)
