"""Sheets of brushwork: full of marks, and each another."""

import numpy as np

from brushwork import KINDS, brushwork


def test_a_sheet_is_full_of_marks() -> None:
    """There is texture in each quarter of it."""
    for seed in range(8):
        sheet = brushwork(np.random.default_rng(seed), 64).astype(float)
        quarters = (sheet[:32, :32], sheet[:32, 32:], sheet[32:, :32], sheet[32:, 32:])
        assert min(quarter.std() for quarter in quarters) > 1


def test_a_seed_draws_one_sheet() -> None:
    """A training can be repeated."""
    one, again = (brushwork(np.random.default_rng(3), 64) for _ in range(2))
    assert np.array_equal(one, again)


def test_a_sheet_of_one_kind_can_be_asked_for() -> None:
    """Sheets of two kinds differ, whatever the seed."""
    sheets = {brushwork(np.random.default_rng(3), 64, kind).tobytes() for kind in KINDS}
    assert len(sheets) == len(KINDS)
