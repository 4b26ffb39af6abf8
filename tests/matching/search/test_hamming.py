"""Exact distances over columns of codes."""

import numpy as np
import pytest

from ocguard.fingerprint.codes import code_distances
from ocguard.matching.search.hamming import CHUNK_WORKS, as_columns, nearest_distances


@pytest.mark.parametrize("works", [1, 7, CHUNK_WORKS + 5])
def test_distances_are_those_of_comparing_all_pairs(works) -> None:
    """In chunks or not: the nearest of all views and all questions."""
    random = np.random.default_rng(works)
    codes = random.integers(0, 256, (works, 3, 32), dtype=np.uint8)
    asked = random.integers(0, 256, (2, 32), dtype=np.uint8)
    pairs = code_distances(asked, codes.reshape(-1, 32)).reshape(2, works, 3)
    found = nearest_distances(as_columns(codes), asked, zero_is_missing=False)
    assert np.array_equal(found, pairs.min(axis=(0, 2)))


def test_a_code_that_does_not_exist_is_near_to_nothing() -> None:
    """Where zeros stand for it; and without a question everything is far."""
    codes = np.zeros((2, 2, 32), np.uint8)
    codes[1, 1, 0] = 1
    asked = np.zeros((1, 32), np.uint8)
    columns = as_columns(codes)
    assert nearest_distances(columns, asked, zero_is_missing=True).tolist() == [256, 1]
    assert nearest_distances(columns, asked, zero_is_missing=False).tolist() == [0, 0]
    assert nearest_distances(columns, asked[:0], zero_is_missing=True).tolist() == [256, 256]
