"""Promises of the benchmark harness."""

from __future__ import annotations

from pathlib import Path

import pytest

import harness


@pytest.mark.parametrize(
    ("hits", "trials", "low", "high"),
    [
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (5, 10, 0.2366, 0.7634),
        (97, 100, 0.9155, 0.9897),
    ],
)
def test_intervals_match_published_values(hits: int, trials: int, low: float, high: float) -> None:
    """Wilson's interval without continuity correction, to four digits."""
    interval = harness.wilson(hits, trials)
    assert interval.low == pytest.approx(low, abs=1e-4)
    assert interval.high == pytest.approx(high, abs=1e-4)


def test_no_trials_say_nothing() -> None:
    """Without trials the interval is everything."""
    assert harness.wilson(0, 0) == harness.Interval(0.0, 1.0)


def test_impossible_counts_are_refused() -> None:
    """More hits than trials is a mistake of the benchmark."""
    with pytest.raises(ValueError, match="3 hits of 2"):
        harness.wilson(3, 2)


def test_results_say_where_they_come_from(tmp_path: Path) -> None:
    """Commit, seed, settings, data, machine and versions stand beside the figures."""
    harness.write_result(
        "sample",
        seed=7,
        settings={"mode": "quick"},
        data={"pictures": 0, "sha256": ""},
        tables={"rows": [harness.Interval(0.1, 0.2)]},
        folder=tmp_path,
    )
    result = harness.read_result("sample", tmp_path)
    assert result["schema"] == harness.SCHEMA
    assert result["seed"] == 7
    assert {"commit", "settings", "data", "machine", "versions", "measured_utc"} <= set(result)
    assert result["tables"]["rows"] == [{"low": 0.1, "high": 0.2}]


def test_the_data_hash_depends_on_names_and_bytes(tmp_path: Path) -> None:
    """Another picture or another name is another data set; the order of listing is not."""
    first, second = tmp_path / "a.png", tmp_path / "b.png"
    first.write_bytes(b"1")
    second.write_bytes(b"2")
    facts = harness.data_facts([first, second], tmp_path)
    assert facts == harness.data_facts([second, first], tmp_path)
    second.write_bytes(b"3")
    assert harness.data_facts([first, second], tmp_path)["sha256"] != facts["sha256"]


def test_even_selection_covers_the_list() -> None:
    """A sample is spread over all folders instead of taking the first pictures."""
    assert harness.every(list(range(10)), 3) == [0, 3, 6]
    assert harness.every([1, 2], 5) == [1, 2]
