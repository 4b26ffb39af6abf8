"""Promises of bench_missing and of its tables."""

from __future__ import annotations

from dataclasses import replace

import pytest

import harness
from bench_missing import Reading, calibration_row, fitted_bound, hint_rows
from docs_missing import missing_bound, missing_calibration, missing_hints
from ocguard.watermark.missing import ExpectedReading
from ocguard.workflows.check.missing_mark import SURE_BELOW

LOST = Reading("fitted", "B", "ordinary", "webp-30", True, False, 0.4, ExpectedReading(0.4, 1e-12))
"""An ordinary near copy that lost its mark, of the half that the bound is fitted on."""


def test_the_bound_rests_on_ordinary_copies_of_the_fitted_half() -> None:
    """On none of the reported half, on none that was filtered or never marked."""
    sure = ExpectedReading(0.4, SURE_BELOW / 10)
    others = [
        replace(LOST, half="reported", expected=sure),
        replace(LOST, kind="filtered", expected=sure),
        replace(LOST, kind="unmarked", expected=sure),
        replace(LOST, is_read=True, expected=None),
    ]
    assert fitted_bound([LOST, *others]) == pytest.approx(1e-48)
    assert fitted_bound(others) is None


def test_the_table_counts_hints_of_the_reported_half() -> None:
    """By what was done to the copies, with what chance allows."""
    hinted = replace(LOST, half="reported", expected=ExpectedReading(0.4, SURE_BELOW / 10))
    unhinted = replace(LOST, half="reported")
    rows = hint_rows([hinted, unhinted, unhinted, LOST])
    *_, told = missing_hints({"tables": {"hints": rows}})
    assert told.split(" | ")[1:6] == ["below 1000 px (3)", "3", "3", "3", "1"]
    assert told.startswith("| marked, changed in ordinary ways")


def test_the_bounds_of_both_halves_are_told() -> None:
    """Beside the one that is in use."""
    told = missing_bound(
        {
            "tables": {"hints": hint_rows([LOST])},
            "settings": {"bound": 1e-60, "fitted_bound": 1e-48},
        }
    )
    assert told[2:] == [
        "| fitted | 1 | 1e-12 |",
        "| reported | 0 | - |",
        "| bound by the fitted half |  | 1e-48 |",
        "| bound in use |  | 1e-60 |",
    ]


def test_p_values_are_counted_in_unmarked_near_copies() -> None:
    """Of what is no near copy, nothing is read."""
    clean = replace(LOST, kind="unmarked", p_value=0.05)
    row = calibration_row([clean, replace(clean, is_near_copy=False), LOST])
    assert row["below"] == {"0.1": 1, "0.01": 0}
    *_, told = missing_calibration({"tables": {"calibration": [row]}})
    assert told.startswith("| 1 | 0 | ")


def test_the_bound_in_use_lies_as_far_out_as_the_fitted_half_asks() -> None:
    """The figures of the pages are of the other half."""
    settings = harness.read_result("missing")["settings"]
    assert settings["bound"] == SURE_BELOW
    assert settings["fitted_bound"] is None or settings["fitted_bound"] >= SURE_BELOW
