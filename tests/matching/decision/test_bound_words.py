"""Promises of ocguard.matching.decision.bound_words."""

from typing import get_args

import pytest

from ocguard.language.choice import speaking
from ocguard.language.message import translated
from ocguard.matching.decision.bound_words import MEASURES, SIGNS, asked_text
from ocguard.matching.decision.bounds import Direction, load_bounds
from ocguard.matching.decision.explanations import EXPLANATIONS
from ocguard.matching.decision.outcomes import OUTCOMES
from ocguard.matching.decision.rule import bound_names


def test_every_measure_that_may_decide_has_a_name_for_readers():
    """Those that bounds of rules ask for, and no other."""
    bounds = load_bounds()
    names = {"confirmed"}.union(*(bound_names(one.rule) for one in (*EXPLANATIONS, *OUTCOMES)))
    assert set(MEASURES) == {bounds[name].measure for name in names}


def test_a_bound_is_said_in_words_and_by_its_name_in_records():
    """Whichever way it looks."""
    asked = "how far light and dark agree ≥ 0.8 (upper_tone_correlation)"
    bound = load_bounds()["copy_tone"]
    assert asked_text(bound) == asked
    assert asked_text(bound.opposite) == asked.replace("≥", "<")
    assert set(SIGNS) == set(get_args(Direction))


@pytest.mark.parametrize("language", ["zh", "ja"])
def test_a_bound_is_said_in_the_readers_language(language) -> None:
    """But for the name in records."""
    with speaking(language):
        said = translated(asked_text(load_bounds()["copy_tone"]))
    assert "light and dark" not in said
    assert said.endswith("（upper_tone_correlation）")
