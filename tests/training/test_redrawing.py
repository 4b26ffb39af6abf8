"""Changes that a training makes: references stay what they are, queries do not."""

import numpy as np
import pytest

from brushwork import brushwork
from redrawing import SIDE_PX, as_query, as_reference, on_ground


@pytest.fixture
def squares() -> tuple[np.ndarray, np.ndarray]:
    """Return two pictures."""
    one, other = (brushwork(np.random.default_rng(seed), 128) for seed in (1, 2))
    return one, other


def test_references_and_queries_fit_the_network(squares) -> None:
    """Each is of its size, from 0 to 1, whatever was done to it."""
    random = np.random.default_rng(5)
    for values in (as_reference(squares[0], random), *(as_query(*squares, random) for _ in "1234")):
        assert values.shape == (SIDE_PX, SIDE_PX, 3)
        assert values.dtype == np.float32
        assert 0 <= values.min() <= values.max() <= 1


def test_queries_are_changed_more_than_references(squares) -> None:
    """A portfolio keeps a work as it is; who redraws it does not."""
    random = np.random.default_rng(6)
    plain = as_reference(squares[0], np.random.default_rng(0))
    references = [np.abs(as_reference(squares[0], random) - plain).mean() for _ in range(20)]
    queries = [np.abs(as_query(*squares, random) - plain).mean() for _ in range(20)]
    assert np.median(queries) > 1.5 * np.median(references)


def test_a_new_ground_leaves_the_figure_alone(squares) -> None:
    """Only what is transparent changes."""
    alpha = np.zeros((128, 128), np.uint8)
    alpha[40:90, 40:90] = 255
    changed = on_ground(squares[0], alpha, squares[1], np.random.default_rng(7))
    assert np.array_equal(changed[40:90, 40:90], squares[0][40:90, 40:90])
    assert not np.array_equal(changed[:40], squares[0][:40])
