"""The figures of merit of a matcher, on cases that can be counted by hand."""

import math
from pathlib import Path

import pytest

from matching_art import family_of
from matching_metrics import (
    Observation,
    cllr,
    micro_average_precision,
    recall_at,
    reliability,
    threshold_at,
)

SEEN = [
    Observation(9.0, (1.0,)),
    Observation(4.0, ()),
    Observation(-math.inf, (5.0,)),
    Observation(None, (2.0, 0.5)),
]


def test_the_threshold_lets_the_allowed_share_pass():
    """No false match at the highest wrong score; one in four at the next."""
    assert threshold_at(SEEN, 0.0) == 5.0
    assert threshold_at(SEEN, 0.25) == 2.0


def test_recall_counts_right_works_above_the_threshold():
    """A right work that was not found never counts."""
    assert recall_at(SEEN, 5.0) == (1, 3)
    assert recall_at(SEEN, -1e9) == (2, 3)


def test_average_precision_of_a_perfect_ranking_is_one():
    """All right works above all wrong ones."""
    assert micro_average_precision([Observation(3.0, (1.0,)), Observation(2.0, ())]) == 1.0


def test_average_precision_by_hand():
    """Ranks 1 and 3 of two right works give (1/1 + 2/3) / 2; a missing work gives nothing."""
    assert micro_average_precision(SEEN[:2] + SEEN[3:]) == pytest.approx(1.0)
    mixed = [Observation(9.0, (5.0,)), Observation(4.0, ())]
    assert micro_average_precision(mixed) == pytest.approx((1 + 2 / 3) / 2)
    assert micro_average_precision(SEEN) == pytest.approx((1 + 2 / 3) / 3)


def test_ties_are_ranked_against_us():
    """A wrong pair with the same score comes first."""
    assert micro_average_precision([Observation(1.0, (1.0,))]) == 0.5


def test_cllr_of_ratios_that_say_nothing_is_one():
    """A ratio of one costs one bit, a right and certain one nothing."""
    assert cllr([0.0], [0.0]) == pytest.approx(1.0)
    assert cllr([9.0], [-9.0]) < 1e-6


def test_reliability_compares_what_is_claimed_with_what_is_seen():
    """Ratios of a hundred are seen ten times as often as among wrong pairs: claimed too high."""
    rows = reliability([2.5] * 10 + [-0.5] * 90, [2.5] * 1 + [-0.5] * 99)
    assert [(row["low"], row["right_pairs"], row["wrong_pairs"]) for row in rows] == [
        (-1.0, 90, 99),
        (2.0, 10, 1),
    ]
    assert rows[1]["observed"] == pytest.approx(math.log10(10.5 / 1.5))


def test_variants_and_painted_over_works_are_one_family():
    """Names and the list of reuse decide what is neither right nor wrong."""
    folder = Path("portraits")
    assert family_of(folder / "elves/archer+female.png") == family_of(folder / "elves/archer.png")
    assert family_of(folder / "orcs/grunt-5.png") == family_of(folder / "orcs/grunt.png")
    assert family_of(folder / "undead/zombie-bat.png") == family_of(folder / "monsters/bat.png")
    assert family_of(folder / "elves/lord.png") != family_of(folder / "dwarves/lord.png")
