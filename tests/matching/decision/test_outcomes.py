"""Outcomes: what a work that is in a suspect was made into."""

from dataclasses import replace

import pytest

from ocguard.matching.decision.bounds import load_bounds
from ocguard.matching.decision.outcomes import outcome_of

BOUNDS = load_bounds()


def code(measures):
    return outcome_of(measures, BOUNDS).reason_code


@pytest.fixture
def copied(first_with):
    """Measures of a near copy with room on all sides."""
    return replace(
        first_with("copy").measures,
        structure_correlation=0.9,
        agreeing_structure_share=0.95,
        upper_tone_correlation=0.9,
        work_covered_share=0.9,
        suspect_covered_share=0.9,
        opposed_window_share=0.0,
        opposed_share=0.0,
    )


def test_what_agrees_line_for_line_is_a_copy(copied):
    """All measures are high."""
    assert code(copied) == "copy"


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"upper_tone_correlation": 0.79}, "same-lines"),
        ({"laid_feature_agreement": 0.0}, "joined"),
        ({"work_covered_share": 0.4, "suspect_covered_share": 0.4}, "joined"),
        ({"work_covered_share": 0.4}, "copy"),
        ({"opposed_window_share": 0.9}, "joined"),
        ({"opposed_share": 0.1, "line_color_difference_lab": 3.0}, "joined"),
        ({"structure_correlation": 0.71}, "parts"),
        ({"structure_correlation": 0.71, "upper_tone_correlation": 0.5}, "composition"),
    ],
)
def test_what_falls_short_is_a_derivative(copied, changed, expected):
    """Each bound alone makes the difference."""
    assert code(replace(copied, **changed)) == expected


def test_lines_in_their_own_shading_were_not_drawn_anew(copied):
    """A figure that was cut out and put onto another picture; a drawing of it has other tones."""
    cut_out = {"work_covered_share": 0.4, "suspect_covered_share": 0.4}
    assert code(replace(copied, **cut_out)) == "joined"
    assert code(replace(copied, **cut_out, upper_tone_correlation=0.5)) == "same-lines"


def test_what_was_not_aligned_is_the_composition(copied):
    """Nothing is known of lines and tones."""
    names = ("structure_correlation", "upper_tone_correlation", "agreeing_structure_share")
    assert code(replace(copied, **dict.fromkeys(names, float("nan")))) == "composition"


@pytest.mark.parametrize(("agreement", "expected"), [(0.44, "composition"), (0.45, "repaint")])
def test_what_only_the_network_finds_alike_is_a_repaint(copied, agreement, expected):
    """Lines and details name no work; the large shapes of both agree."""
    names = ("structure_correlation", "upper_tone_correlation", "agreeing_structure_share")
    unknown = replace(copied, **dict.fromkeys(names, float("nan")))
    assert code(replace(unknown, feature_agreement=agreement)) == expected
