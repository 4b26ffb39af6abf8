"""What is known about a suspect, as a record."""

import json

from ocguard.workflows.check.results import CheckResult, FoundWork, Searched


def found(place):
    return FoundWork("0" * 16, "a.png", "near-copy", "copy", 5.1, place, 0)


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
    assert record["searched"] == {"views": 9, "frames": 2, "left_out": 1}


def test_a_verdict_that_names_a_work_is_a_finding():
    """A doubt is none, and neither is an error."""
    assert CheckResult("s.png", verdict="likely-derivative").is_finding
    assert not CheckResult("s.png", verdict="cannot-tell").is_finding
    assert not CheckResult("s.png", error="broken").is_finding
