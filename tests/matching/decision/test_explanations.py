"""Explanations: each has examples that it explains, and others that it does not."""

from dataclasses import replace

import pytest

from ocguard.matching.decision.bounds import load_bounds
from ocguard.matching.decision.explanations import (
    EXPLANATIONS,
    PIECES_MOVED,
    explain,
    share_picture,
)
from ocguard.matching.decision.rule import holds

BOUNDS = load_bounds()
each = pytest.mark.parametrize("explanation", EXPLANATIONS, ids=lambda one: one.name)


@each
def test_there_are_pairs_on_both_sides(explanation, all_compared):
    """Strangers that it explains, and copies of which it would not be true."""
    examined = [(e, c.measures) for e, c in all_compared if c.measures.is_examined]
    explained = [e for e, m in examined if explain(m, BOUNDS) is explanation]
    assert any(not example["is_copy"] for example in explained)
    free = [e for e, m in examined if not holds(explanation.rule, m, BOUNDS)]
    assert any(example["is_copy"] for example in free)


def test_the_first_that_holds_is_the_reason(first_with):
    """Their order is their precedence."""
    measures = first_with("grid").measures
    both = replace(measures, plain_shape_agreeing_share=0.0)
    assert [one.name for one in EXPLANATIONS if holds(one.rule, both, BOUNDS)][:2][0] == "grid"
    assert explain(both, BOUNDS).name == "grid"


def test_what_was_not_examined_is_not_explained(first_with):
    """Without an alignment nothing is known of the part that agrees."""
    measures = replace(first_with("overlay").measures, agreeing_share=float("nan"))
    assert explain(measures, BOUNDS) is None


def test_a_grid_that_two_works_share_is_a_picture_of_both(first_with):
    """Registered works that look alike are variants of each other, whatever they show."""
    measures = first_with("grid").measures
    assert explain(measures, BOUNDS).name == "grid"
    others = [one for one in EXPLANATIONS if one.is_of_parts]
    expected = not any(holds(one.rule, measures, BOUNDS) for one in others)
    assert share_picture(measures, BOUNDS) == expected


def test_a_figure_whose_pieces_moved_is_no_overlay(all_compared):
    """Its details agree, but not in their places; in their places they would be one."""
    moved = [
        compared.measures
        for example, compared in all_compared
        if example["made_by"] == "repose-30" and holds(PIECES_MOVED, compared.measures, BOUNDS)
    ]
    assert moved
    for measures in moved:
        assert explain(measures, BOUNDS) is None
    assert any(explain(replace(one, exact_share=0.9), BOUNDS) for one in moved)


def test_no_stored_stranger_has_moved_pieces(all_compared):
    """What many pictures have in common stays where it is."""
    strangers = [c.measures for e, c in all_compared if not e["is_copy"]]
    assert not any(holds(PIECES_MOVED, one, BOUNDS) for one in strangers)


def test_what_the_network_sees_in_nearly_all_places_is_no_overlay(first_with):
    """Unless its lines lie exactly where they were, as those of an overlay do."""
    overlay = first_with("overlay").measures
    seen = replace(overlay, laid_feature_agreement=0.6, agreeing_share=0.3)
    assert explain(replace(seen, exact_share=0.1), BOUNDS) is None
    assert explain(replace(seen, exact_share=0.9), BOUNDS).name == "overlay"
    assert explain(replace(overlay, exact_share=0.1), BOUNDS).name == "overlay"


def test_a_work_under_a_sticker_is_no_template(first_with):
    """Lines are in one picture alone there, but only the suspect has a seam around them."""
    template = replace(
        first_with("template").measures,
        agreeing_share=0.7,
        exact_share=0.95,
        differing_share=0.2,
        differing_border_share=0.0,
        seam_covered_share=0.6,
    )
    assert explain(replace(template, seam_uncovered_share=0.0), BOUNDS) is None
    assert explain(replace(template, seam_uncovered_share=0.2), BOUNDS).name == "template"
