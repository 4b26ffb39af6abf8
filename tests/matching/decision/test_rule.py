"""Rules: bounds put together, what they say, and which bound decided."""

from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from ocguard.matching.decision.bounds import Bound, Bounds
from ocguard.matching.decision.rule import (
    Not,
    all_of,
    any_of,
    bound_names,
    decisive,
    holds,
)

BOUNDS = Bounds(
    {
        "high": Bound("high", "x", "at least", 0.5, "share"),
        "low": Bound("low", "y", "at most", 0.2, "share"),
        "far": Bound("far", "z", "above", 10.0, "pixels"),
    }
)
RULES = st.recursive(
    st.sampled_from(["high", "low", "far"]),
    lambda parts: st.one_of(
        st.lists(parts, min_size=1, max_size=3).map(lambda some: all_of(*some)),
        st.lists(parts, min_size=1, max_size=3).map(lambda some: any_of(*some)),
        parts.map(Not),
    ),
    max_leaves=8,
)
MEASURES = st.builds(SimpleNamespace, x=st.floats(0, 1), y=st.floats(0, 1), z=st.floats(0, 20))


def measured(**values):
    return SimpleNamespace(**{"x": 0.0, "y": 1.0, "z": 0.0} | values)


def test_all_of_asks_for_every_part():
    """One that fails is enough to fail."""
    rule = all_of("high", "low")
    assert holds(rule, measured(x=0.5, y=0.2), BOUNDS)
    assert not holds(rule, measured(x=0.5, y=0.3), BOUNDS)


def test_any_of_asks_for_one_part():
    """One that holds is enough to hold."""
    rule = any_of("high", "low")
    assert holds(rule, measured(x=0.5), BOUNDS)
    assert not holds(rule, measured(), BOUNDS)


def test_not_turns_a_rule_over():
    """What holds does not, and the other way round."""
    assert holds(Not("high"), measured(x=0.4), BOUNDS)
    assert not holds(Not("high"), measured(x=0.5), BOUNDS)


@given(RULES, MEASURES)
def test_the_decisive_bound_is_on_the_side_of_the_answer(rule, measures):
    """A positive distance where the rule holds, a negative one where it does not."""
    found = decisive(rule, measures, BOUNDS)
    if found.distance != 0:
        assert holds(rule, measures, BOUNDS) == (found.distance > 0)
    assert found.bound.name in set(bound_names(rule))


def test_the_decisive_bound_of_a_failing_rule_is_the_one_farthest_off():
    """It would have to be crossed last, and with it the answer changes."""
    found = decisive(all_of("high", "low"), measured(x=0.45, y=0.9), BOUNDS)
    assert found.bound.name == "low"
    assert found.measured == 0.9


def test_what_was_not_measured_does_not_hold():
    """Not a number is on no side of a bound."""
    nan = float("nan")
    assert not holds(any_of("high", "low"), measured(x=nan, y=nan), BOUNDS)
    assert decisive(any_of("high", "low"), measured(x=nan, y=0.9), BOUNDS).bound.name == "low"
