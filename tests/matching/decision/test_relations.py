"""Relations: what a work has in common with others, in numbers."""

from ocguard.matching.decision.bounds import load_bounds
from ocguard.matching.decision.relations import OwnPart, Relations, is_own


def test_a_work_without_common_parts_is_its_own():
    """Nothing needs to be taken away."""
    assert is_own(Relations(), load_bounds())


def test_agreement_elsewhere_is_compared_with_that_on_common_parts():
    """Where nothing common agrees, any agreement elsewhere is more."""
    assert OwnPart(0, 9, 0.6, 0.3).elsewhere_to_common_ratio == 0.5
    assert OwnPart(0, 9, 0.0, 0.3).elsewhere_to_common_ratio == float("inf")
