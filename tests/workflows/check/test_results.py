"""What is known about a suspect, as a record."""

import json
from dataclasses import replace

from ocguard.portfolio import Permission, PermittedThere
from ocguard.workflows.check.mark_search import FoundMark
from ocguard.workflows.check.results import CheckResult, FoundWork, Searched


def found(place):
    return FoundWork("0" * 16, "a.png", None, "near-copy", "copy", 5.1, place, 0)


def test_a_record_is_plain_data():
    """JSON reads back what was written."""
    result = CheckResult(
        "s.png",
        verdict="near-copy",
        measures={"coherence": 1.23456789, "inliers": 12},
        found=(found((1, 2, 3, 4)), found(None)),
        searched=Searched(views=9, frames=2, left_out=1),
    )
    record = result.to_dict()
    assert json.loads(json.dumps(record)) == record
    assert record["measures"] == {"coherence": 1.2346, "inliers": 12}
    assert [one["place"] for one in record["found"]] == [[1, 2, 3, 4], None]
    lists = {"omitted": [], "portfolios": []}
    assert record["searched"] == {"views": 9, "frames": 2, "left_out": 1, **lists}


def test_a_verdict_that_names_a_work_is_a_finding():
    """A doubt is none, and neither is an error."""
    assert CheckResult("s.png", verdict="likely-derivative").is_finding
    assert not CheckResult("s.png", verdict="cannot-tell").is_finding
    assert not CheckResult("s.png", error="broken").is_finding


def permission(work_id):
    return Permission("1" * 16, work_id, "account", "x:a", "", "", "2026-05-01T12:00:00.000000Z")


def test_what_may_be_shown_there_is_no_finding():
    """As long as that is all that was found; the verdict stays."""
    one = permission(None)
    result = CheckResult("s.png", verdict="near-copy", work_id="0" * 16)
    for permitted, is_finding in (
        (PermittedThere((one,)), False),
        (PermittedThere((one,), without=("0" * 16,)), True),
        (PermittedThere((), (one,), ("0" * 16,)), True),
    ):
        known = replace(result, permitted=permitted)
        assert (known.is_finding, known.verdict) == (is_finding, "near-copy")
        record = known.to_dict()
        assert json.loads(json.dumps(record)) == record


def test_works_are_found_as_pictures_and_by_marks():
    """A copied mark finds nothing, and one of an unknown work finds a work without a name."""
    marks = tuple(
        FoundMark("a" * 16, work_id, None, "informed", 1e-9, copied=copied)
        for work_id, copied in (("1" * 16, False), (None, False), ("2" * 16, True))
    )
    result = CheckResult("s.png", verdict="near-copy", work_id="0" * 16, marks=marks)
    assert result.works_found == {"0" * 16, "1" * 16, ""}
    assert replace(result, is_others=True).works_found == {"1" * 16, ""}
    assert CheckResult("s.png", verdict="no-match").works_found == frozenset()
