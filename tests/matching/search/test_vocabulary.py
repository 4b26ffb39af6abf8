"""Words: cells and signatures of descriptors."""

import numpy as np

from ocguard.matching.search.vocabulary import CELLS, words

GOLDEN_CELLS = [32270, 5390]
GOLDEN_SIGNATURES = ["3a90e75def8794c0", "3898e79dec07b4c8"]


def descriptors(count, seed=0):
    return np.random.default_rng(seed).integers(0, 12, (count, 128)).astype(np.uint8)


def test_the_first_cell_asked_is_the_cell_stored():
    """Asking several cells includes, first, the one that storing chooses."""
    asked = words(descriptors(50), 8)
    stored = words(descriptors(50), 1)
    assert np.array_equal(asked.cells[:, 0], stored.cells[:, 0])
    assert np.array_equal(asked.signatures[:, 0], stored.signatures[:, 0])


def test_cells_are_distinct_and_within_the_vocabulary():
    """Eight different cells are asked, all of which exist."""
    cells = words(descriptors(50), 8).cells
    assert all(len(set(row)) == 8 for row in cells.tolist())
    assert 0 <= cells.min() <= cells.max() < CELLS


def test_signatures_are_near_for_near_descriptors():
    """A little noise moves few of the 64 bits, another descriptor about half."""
    first = descriptors(200)
    noise = np.random.default_rng(1).integers(-1, 2, first.shape)
    noisy = np.clip(first.astype(int) + noise, 0, 15).astype(np.uint8)
    a, b, c = (words(d, 1) for d in (first, noisy, descriptors(200, 9)))
    same = a.cells == b.cells
    near = np.bitwise_count(a.signatures ^ b.signatures)[same]
    far = np.bitwise_count(a.signatures ^ c.signatures)
    assert same.mean() > 0.3
    assert near.mean() < 12
    assert far.mean() > 20


def test_words_are_the_same_everywhere():
    """Known words of a known descriptor: they are part of the fingerprint version."""
    found = words(np.arange(128, dtype=np.uint8)[None] % 11, 2)
    assert found.cells.tolist() == [GOLDEN_CELLS]
    assert [f"{s:016x}" for s in found.signatures[0].tolist()] == GOLDEN_SIGNATURES


def test_no_descriptor_no_words():
    """A picture without keypoints has no words."""
    assert words(np.empty((0, 128), np.uint8), 8).cells.shape == (0, 8)
