"""Drawn figures: the same seed draws the same, and figures differ."""

import numpy as np

from figures import draw_figure


def test_a_seed_draws_one_figure() -> None:
    """A training can be repeated; another seed is another figure."""
    one, again, other = (draw_figure(np.random.default_rng(seed), 240) for seed in (1, 1, 2))
    assert np.array_equal(one, again)
    assert one.shape != other.shape or not np.array_equal(one, other)


def test_the_long_side_is_as_asked() -> None:
    """Also where only a bust is shown."""
    for seed in range(3):
        assert max(draw_figure(np.random.default_rng(seed), 240).shape) == 240
