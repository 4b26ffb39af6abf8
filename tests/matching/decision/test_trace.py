"""The trace: which rules were asked, and what decided them."""

from dataclasses import fields

import pytest

from ocguard.matching.decision.bounds import load_bounds
from ocguard.matching.decision.trace import trace
from ocguard.matching.evidence.measures import MapMeasures, Measures

BOUNDS = load_bounds()
NAMES_OF_MAPS = [field.name for field in fields(MapMeasures)]


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


def test_a_repaint_is_traced_to_the_agreement_that_named_it(first_with):
    """Nothing was aligned, so nothing is explained and nothing else was measured."""
    bare = {name: getattr(first_with("copy").measures, name) for name in NAMES_OF_MAPS}
    measures = Measures(**bare | {"method": "whole", "feature_agreement": 0.6})
    first, *others = trace(4.0, measures, BOUNDS)
    assert (first.name, first.is_met, first.decisive.measured) == ("repaint", True, 0.6)
    assert [one.name for one in others] == ["confirmed"]
