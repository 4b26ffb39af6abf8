"""The trace: which rules were asked, and what decided them."""

import pytest

from ocguard.matching.decision.bounds import load_bounds
from ocguard.matching.decision.trace import trace

BOUNDS = load_bounds()


def traced(compared):
    return trace(compared.log10_lr, compared.measures, BOUNDS)


def test_the_rule_that_gave_the_verdict_comes_first(all_compared):
    """Whatever the verdict is, the first rule is its reason."""
    for example, compared in all_compared:
        first, *others = traced(compared)
        if example["reason_code"] in {"weak", "nothing-alike"}:
            assert (first.name, first.is_met) == ("confirmed", False)
        else:
            assert first.name == example["reason_code"].removeprefix("mirrored-")
            assert first.is_met
        distances = [abs(one.decisive.distance) if one.decisive else 0.0 for one in others]
        assert distances == sorted(distances)


@pytest.mark.parametrize("code", ["copy", "overlay", "grid"])
def test_every_rule_names_a_bound_and_what_was_measured(first_with, code):
    """A person can see how near it was."""
    compared = first_with(code)
    for asked in traced(compared)[1:]:
        bound = asked.decisive.bound
        assert bound.holds(asked.decisive.measured) == asked.is_met
        source = compared if bound.measure == "log10_lr" else compared.measures
        assert asked.decisive.measured == getattr(source, bound.measure)
