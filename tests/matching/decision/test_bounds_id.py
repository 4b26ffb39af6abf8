"""The id of bounds and rules changes with whatever decides, and with nothing else."""

from dataclasses import replace

from ocguard.matching.decision import bounds_id
from ocguard.matching.decision.bounds import Bounds, load_bounds
from ocguard.matching.decision.bounds_id import digest_of, shipped_bounds_id
from ocguard.matching.decision.explanations import EXPLANATIONS

SHIPPED = load_bounds()


def changed(**values):
    """Return the digest with one bound changed."""
    by_name = dict(SHIPPED.by_name)
    by_name["slot_sides"] = replace(by_name["slot_sides"], **values)
    return digest_of(Bounds(by_name))


def test_any_change_of_a_bound_changes_it():
    """Its value, direction, or measure."""
    assert changed(value=0.651) != digest_of(SHIPPED)
    assert changed(direction="above") != digest_of(SHIPPED)
    assert changed(measure="exact_share") != digest_of(SHIPPED)


def test_what_decides_nothing_does_not():
    """Notes, units and what was seen."""
    assert changed(note="", unit="", seen_copies=None) == digest_of(SHIPPED)


def test_a_change_of_the_order_of_explanations_changes_it(monkeypatch):
    """The first that holds is the reason."""
    before = digest_of(SHIPPED)
    monkeypatch.setattr(bounds_id, "EXPLANATIONS", EXPLANATIONS[::-1])
    assert digest_of(SHIPPED) != before


def test_verdicts_carry_its_beginning():
    """Short enough to be read out."""
    assert shipped_bounds_id() == f"bounds-{digest_of(SHIPPED)[:10]}"
