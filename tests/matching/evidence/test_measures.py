"""One flat record of plain numbers, in two steps."""

import json
from dataclasses import fields, replace
from math import isnan

import cv2
import numpy as np
import pytest

from ocguard.fingerprint.describe import describe
from ocguard.matching.alignment.verify import prepare, verify
from ocguard.matching.evidence.agreement import compare_aligned
from ocguard.matching.evidence.measures import Measures, examine, measure

ASKED_RARELY = {"feature_agreement", "own_lines_closely_share"}
"""Of repaints alone, and of plain shapes and writing alone."""


@pytest.fixture(scope="module")
def pair(draw_figure):
    work = draw_figure(40)
    suspect = np.ascontiguousarray(work[20:380, 10:390])
    found = verify(prepare(describe(suspect)), describe(work))
    return found, compare_aligned(suspect, work, found.transform, found.matched)


def test_measures_are_plain_numbers_with_names(pair):
    """They go to JSON as they are; all but the few that are seldom asked for."""
    found, alignment = pair
    taken = examine(measure(found, alignment), alignment).taken()
    assert json.loads(json.dumps(taken)) == taken
    assert taken.keys() == {field.name for field in fields(Measures)} - ASKED_RARELY


def test_what_was_not_measured_is_not_a_number(pair):
    """And is left out of what was taken."""
    found, alignment = pair
    bare, aligned = measure(found, None), measure(found, alignment)
    assert isnan(bare.coherence)
    assert isnan(aligned.exact_share)
    assert (bare.is_aligned, aligned.is_aligned) == (False, True)
    assert not aligned.is_examined
    assert examine(aligned, alignment).is_examined
    assert len(bare.taken()) == 9


def test_a_copy_is_likely_and_a_work_that_was_not_aligned_is_not(pair):
    """Likeness is the mean of edges and tone."""
    found, alignment = pair
    assert measure(found, None).likeness == 0
    aligned = measure(found, alignment)
    assert aligned.likeness == pytest.approx(
        (aligned.structure_correlation + abs(aligned.tone_correlation)) / 2
    )
    assert aligned.likeness > 0.9


def test_what_only_the_network_finds_alike_is_as_likely_as_it_says(pair):
    """Nothing else was measured of a repaint to choose between related works by."""
    found, _ = pair
    assert replace(measure(found, None), feature_agreement=0.6).likeness == 0.6


def test_ratios_are_of_what_was_found(pair):
    """Inliers among pairs, and correlation times prominence."""
    found, _ = pair
    measures = measure(found, None)
    assert measures.inlier_ratio == found.inliers / found.pairs
    assert measures.layout_score == found.layout_correlation * found.layout_prominence


def test_writing_is_looked_at_closely(pair):
    """A drawing is not: its lines are seen from afar."""
    page = np.full((600, 480, 3), 245, np.uint8)
    for line in range(12):
        cv2.putText(page, "river amber ghost", (40, 60 + 44 * line), 0, 0.9, (30, 30, 40), 2)
    found = verify(prepare(describe(page)), describe(page))
    alignment = compare_aligned(page, page, found.transform, found.matched)
    assert examine(measure(found, alignment), alignment).own_lines_closely_share < 0.01
    drawn, laid = pair
    assert isnan(examine(measure(drawn, laid), laid).own_lines_closely_share)
