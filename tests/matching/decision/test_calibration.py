"""The likelihood ratio: monotone, clipped, corrected."""

from hypothesis import given
from hypothesis import strategies as st

from ocguard.matching.decision.bounds import load_bounds
from ocguard.matching.decision.calibration import (
    REPAINT_LIMIT,
    Calibration,
    load_calibration,
    repaint_log10_lr,
)

EVIDENCE = st.tuples(st.floats(0, 30), st.floats(0, 6.5), st.floats(0, 4), st.floats(0, 1))


@given(EVIDENCE, EVIDENCE, st.integers(1, 10**6))
def test_more_evidence_never_lowers_the_ratio(one, other, works):
    """The ratio grows with every feature."""
    calibration = load_calibration()
    less = tuple(min(a, b) for a, b in zip(one, other, strict=True))
    more = tuple(max(a, b) for a, b in zip(one, other, strict=True))
    assert calibration.log10_lr(less, works) <= calibration.log10_lr(more, works)


@given(EVIDENCE, st.integers(1, 10**6))
def test_the_ratio_claims_no_more_than_the_negatives_support(evidence, works):
    """However strong the evidence, the ratio stays within the number of unrelated pairs."""
    calibration = load_calibration()
    assert abs(calibration.log10_lr(evidence, works)) <= calibration.limit


@given(EVIDENCE)
def test_looking_through_more_works_lowers_the_ratio(evidence):
    """The same evidence weighs less, never more, in a larger portfolio."""
    calibration = load_calibration()
    ratios = [calibration.log10_lr(evidence, works) for works in (1, 10, 1000, 100_000)]
    assert ratios == sorted(ratios, reverse=True)


def test_no_evidence_speaks_against():
    """Without any evidence the ratio is below one."""
    assert load_calibration().log10_lr((0.0, 0.0, 0.0, 0.0), 1) < 0


def test_a_ratio_is_divided_by_the_number_of_works():
    """A hundred works cost two powers of ten."""
    calibration = Calibration("test", (1.0, 0.0, 0.0, 0.0), 0.0, 9.0)
    assert calibration.log10_lr((5.0, 0.0, 0.0, 0.0), 100) == 3.0


@given(st.floats(-1, 1), st.floats(-1, 1), st.integers(1, 10**6))
def test_a_repaint_is_the_likelier_the_more_agrees(one, other, works):
    """And never likelier than the unrelated pairs support."""
    less, more = sorted((one, other))
    assert repaint_log10_lr(less, works) <= repaint_log10_lr(more, works) <= REPAINT_LIMIT


def test_a_repaint_must_agree_better_in_a_larger_portfolio():
    """At its bound it is confirmed among a thousand works; among a million more is asked."""
    bounds = load_bounds()
    at = bounds["repaint"].value
    assert bounds["confirmed"].holds(repaint_log10_lr(at, 1000))
    assert not bounds["confirmed"].holds(repaint_log10_lr(at, 10**6))
    assert bounds["confirmed"].holds(repaint_log10_lr(0.65, 10**6))
