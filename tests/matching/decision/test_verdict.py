"""Verdict and reason from measures alone: stored pairs, and the order of the rules."""

from dataclasses import fields, replace

import pytest

from ocguard.matching.decision.bounds import load_bounds
from ocguard.matching.decision.bounds_id import shipped_bounds_id
from ocguard.matching.decision.outcomes import FINDINGS
from ocguard.matching.decision.relations import OwnPart, Relations
from ocguard.matching.decision.verdict import (
    Compared,
    Reason,
    decision_by_mark,
    judge,
    shortlist,
)
from ocguard.matching.evidence.measures import MapMeasures, Measures

BOUNDS = load_bounds()
STALE = "bounds or rules changed: run 'bench_matching.py --bounds' and look at what it changes"


def alone(work_id, rivals, *, is_searched):
    """No other work has anything in common with it."""
    return Relations()


def decide(*listed, ask=alone, **more):
    return judge(listed, ask, BOUNDS, **more)


def test_stored_pairs_get_the_verdict_and_the_reason_that_they_had(all_compared):
    """Several hundred pairs of every kind, in milliseconds."""
    assert len(all_compared) >= 200
    for example, compared in all_compared:
        decision = decide(compared)
        said = (decision.verdict, decision.reason.code)
        assert said == (example["verdict"], example["reason_code"]), STALE


def test_the_stored_pairs_are_those_of_these_bounds(stored):
    """Whoever changes a bound looks at the examples again."""
    assert stored.bounds_id == shipped_bounds_id(), STALE


def test_no_stored_stranger_is_called_a_near_copy(all_compared):
    """Whatever lies over or behind both."""
    strangers = [c for example, c in all_compared if not example["is_copy"]]
    assert len(strangers) >= 50
    assert all(decide(one).verdict != "near-copy" for one in strangers)


def test_a_part_of_a_work_with_hardly_a_point_accuses_nobody(first_with):
    """A few plain areas are in many pictures, unless details say where they lie."""
    thin = {"a": Reason("work-too-sparse", {"keypoints": 1, "needed_keypoints": 20})}
    part = first_with("parts", "a")
    for method, named in (("layout", "cannot-tell"), ("keypoints", "likely-derivative")):
        one = replace(part, measures=replace(part.measures, method=method))
        decision = decide(one, thin=thin)
        assert (decision.verdict, decision.work_id) == (named, "a")
        assert (decision.reason == thin["a"]) == (named == "cannot-tell")
        assert decide(one, thin={"b": thin["a"]}).verdict == "likely-derivative"
    assert decide(first_with("copy", "a"), thin=thin).verdict == "near-copy"


def test_the_same_pixels_are_identical_whatever_was_measured(first_with):
    """The digest decides, and its work comes first."""
    decision = decide(first_with("copy", "a"), first_with("copy", "b"), identical_to="b")
    assert (decision.verdict, decision.work_id) == ("identical", "b")
    assert decision.listed == ("b", "a")


def test_nothing_that_resembles_is_no_match():
    """An empty list."""
    decision = decide()
    assert (decision.verdict, decision.work_id, decision.listed) == ("no-match", None, ())


def test_a_suspect_that_holds_too_little_cannot_be_told(first_with):
    """Unless a work is in it all the same."""
    lacking = Reason("suspect-too-flat")
    assert decide(lacking=lacking).reason is lacking
    assert decide(first_with("copy"), lacking=lacking).verdict == "near-copy"


def test_a_ratio_in_doubt_cannot_be_told(first_with):
    """Between both bounds it is neither a finding nor no match."""
    for log10_lr, verdict in ((0.99, "no-match"), (1.0, "cannot-tell"), (1.99, "cannot-tell")):
        assert decide(replace(first_with("copy"), log10_lr=log10_lr)).verdict == verdict
    assert decide(replace(first_with("copy"), log10_lr=2.0)).verdict == "near-copy"


def test_a_related_work_that_explains_as_much_shares_a_base(first_with):
    """Two versions of one picture are not told apart."""

    def related(work_id, rivals, *, is_searched):
        return Relations(frozenset({"a", "b"} - {work_id}))

    decision = decide(first_with("copy", "a"), first_with("copy", "b"), ask=related)
    assert decision.verdict == "shared-base"
    assert decision.reason.values["works"] == 2


def test_a_related_work_that_explains_clearly_less_does_not(first_with):
    """The better one is named."""
    better = first_with("copy", "a")
    worse = replace(
        better,
        work_id="b",
        measures=replace(better.measures, structure_correlation=0.3, tone_correlation=0.3),
    )

    def related(work_id, rivals, *, is_searched):
        return Relations(frozenset({"a", "b"} - {work_id}))

    decision = decide(better, worse, ask=related)
    assert (decision.verdict, decision.work_id) == ("near-copy", "a")


def test_an_unrelated_work_beside_it_is_counted(first_with):
    """A collage names one, and says that there are more."""
    decision = decide(first_with("copy", "a"), first_with("copy", "b"))
    assert decision.verdict == "near-copy"
    assert decision.reason.values["other_works"] == 1


@pytest.mark.parametrize(
    ("own", "is_named"),
    [
        (OwnPart(0.6, -5.0, 0.0, 0.0), True),
        (OwnPart(0.6, -3.0, 0.0, 0.0), False),
        (OwnPart(0.4, -5.0, 0.0, 0.0), False),
        (OwnPart(0.0, 9.0, 0.6, 0.3), True),
        (OwnPart(0.0, 9.0, 0.7, 0.3), False),
        (OwnPart(0.0, 9.0, 0.2, 0.29), False),
    ],
)
def test_a_work_is_named_only_for_what_it_does_not_share(first_with, own, is_named):
    """Keypoints of its own, or tiles that agree beside the common part."""
    decision = decide(
        first_with("copy"),
        ask=lambda *_, **__: Relations(frozenset({"other"}), own),
    )
    assert (decision.verdict in FINDINGS) == is_named
    assert is_named or decision.reason.code == "common-part"


def test_where_one_work_is_explained_the_next_one_is_sought(first_with):
    """A frame that one work has does not hide another one that is there."""
    overlay, copy = first_with("overlay", "frame"), first_with("copy", "picture")
    overlay = replace(
        overlay,
        measures=replace(overlay.measures, structure_correlation=1.0, tone_correlation=1.0),
    )
    decision = decide(overlay, copy)
    assert (decision.verdict, decision.work_id) == ("near-copy", "picture")


def test_the_portfolio_is_searched_only_for_what_may_be_a_part(first_with):
    """A copy of most of the work needs no search."""
    asked = []

    def ask(work_id, rivals, *, is_searched):
        asked.append(is_searched)
        return Relations()

    whole = first_with("copy")
    decide(replace(whole, measures=replace(whole.measures, common_area_share=0.65)), ask=ask)
    decide(replace(whole, measures=replace(whole.measures, common_area_share=0.64)), ask=ask)
    assert asked == [False, True]


def test_a_shortlist_has_at_most_five_best_first(first_with):
    """What speaks against a copy is not listed."""
    some = [replace(first_with("copy"), work_id=f"{n}", log10_lr=n / 2) for n in range(-3, 8)]
    listed = shortlist(some)
    assert [one.log10_lr for one in listed] == [3.5, 3.0, 2.5, 2.0, 1.5]
    assert isinstance(listed[0], Compared)


def test_the_work_whose_mark_is_read_is_the_one_that_was_copied(first_with):
    """Of two versions that the picture supports alike."""

    def related(work_id, rivals, *, is_searched):
        return Relations(frozenset({"a", "b"} - {work_id}))

    listed = [first_with("copy", "a"), first_with("copy", "b")]
    open_one = decide(*listed, ask=related)
    told = decision_by_mark(open_one, listed, {"b"}, BOUNDS)
    assert (open_one.verdict, told.verdict, told.work_id) == ("shared-base", "near-copy", "b")
    assert told.listed == ("b", "a")
    assert told.reason.values["named_by_mark"] is True


def test_a_mark_alone_names_no_work(first_with):
    """It may have been copied onto a picture that shows nothing of the work."""
    listed = [first_with("overlay", "marked"), first_with("copy", "shown")]
    decision = decide(*listed)
    assert decision_by_mark(decision, listed, {"marked", "unknown"}, BOUNDS) == decision
    doubted = decide(first_with("overlay", "marked"))
    assert decision_by_mark(doubted, listed[:1], {"marked"}, BOUNDS) == doubted


def test_a_work_that_is_named_and_marked_stays(first_with):
    """Nothing changes, not even the reason."""
    listed = [first_with("copy", "a"), first_with("copy", "b")]
    decision = decide(*listed)
    assert decision_by_mark(decision, listed, {decision.work_id}, BOUNDS) == decision


def related_to_a(work_id, rivals, *, is_searched):
    """Work "a" has something in common with every other."""
    return Relations(frozenset({"a"}))


def repaint(work_id, agreement, first_with):
    """Return a work that only the network finds alike."""
    found = first_with("copy").measures
    bare = {field.name: getattr(found, field.name) for field in fields(MapMeasures)}
    measures = Measures(**bare | {"method": "whole", "feature_agreement": agreement})
    return Compared(work_id, 3.0, measures)


def test_a_repaint_is_shown_with_the_work_that_agrees_best(first_with):
    """Nothing is searched: nearly all of both pictures is what agrees."""
    searched = []

    def ask(work_id, rivals, *, is_searched):
        searched.append(is_searched)
        return Relations()

    listed = [repaint("a", 0.5, first_with), repaint("b", 0.6, first_with)]
    decision = decide(*listed, ask=ask)
    assert (decision.verdict, decision.work_id) == ("cannot-tell", "b")
    assert decision.reason.code == "repaint"
    assert decision.reason.values["feature_agreement"] == 0.6
    assert searched == [False]


@pytest.mark.parametrize("other", [0.58, 0.5])
def test_no_base_is_named_where_only_a_network_agrees(first_with, other):
    """Variants that agree with a repaint as well are no better evidence."""
    listed = [repaint("a", other, first_with), repaint("b", 0.6, first_with)]
    assert decide(*listed, ask=related_to_a).verdict == "cannot-tell"
