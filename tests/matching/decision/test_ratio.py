"""The ratio that is told: lowered by what else explains it, and on the side of the verdict."""

from dataclasses import replace
from math import log10

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocguard.matching.decision.bounds import load_bounds
from ocguard.matching.decision.calibration import load_shared_calibration
from ocguard.matching.decision.explanations import explain
from ocguard.matching.decision.outcomes import FINDINGS
from ocguard.matching.decision.ratio import SHARING, against_both, told_log10_lr
from ocguard.matching.decision.relations import Relations
from ocguard.matching.decision.verdict import judge

BOUNDS = load_bounds()
RATIOS = st.floats(-5, 5)


def told_of(example, compared):
    is_finding = example["verdict"] in FINDINGS
    return told(compared.log10_lr, compared.measures, is_finding=is_finding)


def told(log10_lr, measures, *, is_finding):
    """Return the ratio that is told of a work, after it was asked what else explains it."""
    is_explained = explain(measures, BOUNDS) is not None
    more = {"is_explained": is_explained, "is_finding": is_finding}
    return told_log10_lr(log10_lr, measures, BOUNDS, **more)


def test_an_explained_pair_is_never_told_with_a_high_ratio(all_compared):
    """Whatever keypoints and layout say: at most ten to one."""
    explained = [(e, c) for e, c in all_compared if explain(c.measures, BOUNDS)]
    assert len(explained) > 50
    assert max(c.log10_lr for _, c in explained) > 5
    assert max(told_of(e, c) for e, c in explained) <= BOUNDS["doubtful"].value


def test_a_named_pair_is_told_with_the_ratio_that_works_are_named_from(all_compared):
    """The verdict and the ratio never contradict each other."""
    named = [(e, c) for e, c in all_compared if e["verdict"] in FINDINGS]
    assert len(named) > 50
    assert min(told_of(e, c) for e, c in named) >= BOUNDS["confirmed"].value


def test_what_is_told_never_exceeds_the_ratio_against_unrelated_pictures(all_compared):
    """Other explanations can only lower it."""
    assert all(told_of(e, c) <= c.log10_lr for e, c in all_compared)


def test_a_verdict_without_a_finding_doubts_what_nothing_explains(first_with):
    """What several works share, what only a network sees, what only a fingerprint says."""
    copy = first_with("copy")
    named, doubted = (
        told(copy.log10_lr, copy.measures, is_finding=is_finding) for is_finding in (True, False)
    )
    assert named > BOUNDS["confirmed"].value
    assert doubted == BOUNDS["doubtful"].value


def test_a_ratio_in_doubt_is_told_as_it_is(first_with):
    """Below the bound nobody asked what else explains the agreement."""
    weak = first_with("weak")
    assert told(1.5, weak.measures, is_finding=False) == 1.5


@given(RATIOS, RATIOS)
def test_the_ratio_against_both_is_that_against_their_mixture(unrelated, shared):
    """It lies between the two, and never claims more than the pictures that share allow."""
    both = against_both(unrelated, shared)
    assert min(unrelated, shared) - 1e-9 <= both <= max(unrelated, shared) + 1e-9
    assert both <= shared - log10(SHARING) + 1e-9


@pytest.mark.parametrize("name", load_shared_calibration().weights)
def test_every_measure_speaks_one_way(first_with, name):
    """A step up never raises the ratio where the weight is negative, and never lowers it else."""
    calibration = load_shared_calibration()
    measures = first_with("template").measures
    here = getattr(measures, name)
    low, high = (
        calibration.log10_lr(replace(measures, **{name: value}), is_explained=True)
        for value in (here, here + 0.2)
    )
    assert (high - low) * calibration.weights[name] >= 0


def test_what_was_not_measured_counts_for_nothing(first_with):
    """As if it were zero, not as the strongest evidence."""
    measures = first_with("template").measures
    calibration = load_shared_calibration()
    missing, zero = (
        calibration.log10_lr(replace(measures, own_lines_share=value), is_explained=False)
        for value in (float("nan"), 0.0)
    )
    assert missing == zero < calibration.limit


def test_an_explanation_lowers_the_ratio(first_with):
    """By the same amount whatever was measured, up to the limit."""
    calibration = load_shared_calibration()
    measures = first_with("template").measures
    free, explained = (calibration.log10_lr(measures, is_explained=one) for one in (False, True))
    assert calibration.explained < 0
    assert explained == pytest.approx(max(-calibration.limit, free + calibration.explained))


def test_a_decision_tells_the_ratio_of_every_listed_work(first_with):
    """A work that is explained comes after one that is named, with a low ratio."""
    frame, picture = first_with("template", "frame"), first_with("copy", "picture")
    decision = judge([frame, picture], lambda *_, **__: Relations(), BOUNDS)
    assert decision.listed == ("picture", "frame")
    assert decision.log10_lrs["picture"] >= BOUNDS["confirmed"].value
    assert decision.log10_lrs["frame"] <= BOUNDS["doubtful"].value
