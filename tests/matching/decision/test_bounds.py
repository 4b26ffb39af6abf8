"""Bounds: data that says what it is about, and where it lies."""

from dataclasses import fields

import pytest

from ocguard.matching.decision.bounds import Bound, load_bounds, read_bounds
from ocguard.matching.decision.explanations import EXPLANATIONS
from ocguard.matching.decision.outcomes import OUTCOMES
from ocguard.matching.decision.relations import OWN, RELATED, OwnPart
from ocguard.matching.decision.rule import bound_names
from ocguard.matching.evidence.contents import Contents
from ocguard.matching.evidence.measures import Measures

BOUNDS = load_bounds().by_name
ASKED_BY_NAME = {"confirmed", "doubtful", "variant_area", "clearly_better"} | {
    f"enough_{of}" for of in ("side", "detail", "keypoints")
}
OF_PAIRS = {"log10_lr", "likeness_lead"}


def names_of(record):
    return {field.name for field in fields(record)} | {
        name for name, value in vars(record).items() if isinstance(value, property)
    }


def test_every_bound_is_about_something_that_is_measured():
    """A misspelled measure would never hold."""
    known = names_of(Measures) | names_of(OwnPart) | names_of(Contents) | OF_PAIRS
    assert {bound.measure for bound in BOUNDS.values()} <= known


def test_every_bound_is_asked_and_every_one_that_is_asked_exists():
    """No bound is left over, and no rule asks for one that is not there."""
    rules = [one.rule for one in (*EXPLANATIONS, *OUTCOMES)] + [OWN, RELATED]
    asked = {name for rule in rules for name in bound_names(rule)} | ASKED_BY_NAME
    assert asked == BOUNDS.keys()


@pytest.mark.parametrize(
    ("direction", "inside", "outside"),
    [("at least", 0.5, 0.49), ("above", 0.51, 0.5), ("at most", 0.5, 0.51), ("below", 0.49, 0.5)],
)
def test_a_direction_includes_its_value_or_not(direction, inside, outside):
    """At least and at most include it, above and below do not."""
    bound = Bound("some", "x", direction, 0.5, "share")
    assert bound.holds(inside)
    assert not bound.holds(outside)
    assert bound.margin(inside) >= 0 >= bound.margin(outside)


@pytest.mark.parametrize("direction", ["at least", "above", "at most", "below"])
@pytest.mark.parametrize("measured", [0.49, 0.5, 0.51])
def test_the_opposite_holds_where_a_bound_does_not(direction, measured):
    """At the value itself, too."""
    bound = Bound("some", "x", direction, 0.5, "share")
    assert bound.opposite.holds(measured) != bound.holds(measured)


def test_distances_are_in_units_of_the_value():
    """So that bounds of different units can be compared."""
    assert Bound("many", "n", "at least", 20, "keypoints").distance(30) == 0.5
    assert Bound("some", "x", "at most", 0.0, "share").distance(0.05) == -0.5


def test_an_unknown_direction_is_refused():
    """A table with a slip of the pen is no table."""
    text = '[some]\nmeasure = "x"\ndirection = "over"\nvalue = 1\nunit = "share"\n'
    with pytest.raises(ValueError, match="some: 'over' is none of at least"):
        read_bounds(text)


def test_every_bound_on_pairs_shows_what_was_seen_on_both_sides():
    """Copies and strangers, with the digest of the art that they were made of."""
    of_pairs = names_of(Measures) | {"log10_lr"}
    seen = [one for one in BOUNDS.values() if one.measure in of_pairs]
    assert all(one.seen_copies and one.seen_strangers for one in seen)
    assert len(load_bounds().art) == 64
