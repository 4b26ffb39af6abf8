"""Logistic regression within limits."""

import numpy as np

from monotone_logit import fitted_weights

RANDOM = np.random.default_rng(7)
TRUTH = np.repeat([0.0, 1.0], 2000)
SPEAKS_FOR = RANDOM.normal(TRUTH, 1.0)
SPEAKS_AGAINST = RANDOM.normal(-TRUTH, 1.0)
ONES, FREE = np.ones(len(TRUTH)), np.array([np.inf, np.inf])
VALUES = np.column_stack([SPEAKS_FOR, SPEAKS_AGAINST])


def test_the_log_odds_of_two_normal_distributions_are_found():
    """One standard deviation apart they rise by one for each unit, around the middle."""
    weight, offset = fitted_weights(
        SPEAKS_FOR[:, None], TRUTH, ONES, np.array([0.0]), np.array([np.inf])
    )
    assert abs(weight - 1.0) < 0.15
    assert abs(offset + 0.5 * weight) < 0.1


def test_no_weight_is_negative_and_none_is_too_high():
    """What speaks the other way counts for nothing."""
    free = fitted_weights(VALUES, TRUTH, ONES, np.zeros(2), FREE)
    assert free[0] > 0.5
    assert free[1] == 0.0
    assert fitted_weights(VALUES, TRUTH, ONES, np.zeros(2), np.array([0.3, 1.0]))[0] == 0.3


def test_a_pair_may_stand_for_many():
    """As if it were there so many times, and the ratio of right to wrong counts for nothing."""
    doubled = fitted_weights(VALUES, TRUTH, 2 * ONES, np.zeros(2), FREE)
    fewer_wrong = fitted_weights(VALUES, TRUTH, np.where(TRUTH > 0, 1.0, 0.1), np.zeros(2), FREE)
    expected = fitted_weights(VALUES, TRUTH, ONES, np.zeros(2), FREE)
    assert np.allclose(doubled, expected, atol=1e-6)
    assert np.allclose(fewer_wrong, expected, atol=1e-6)
