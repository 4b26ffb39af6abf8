"""Promises of ocguard.workflows.check.candidates."""

from __future__ import annotations

import json

import pytest

from ocguard.fingerprint.describe import describe
from ocguard.matching.identification.identify import Suspect, identify
from ocguard.matching.search.index import Index
from ocguard.workflows.check.candidates import NamedWork, candidate_of

LAID = {"work_coverage", "structure_similarity", "palette_similarity"}
"""What can be said only of a suspect that was laid on a work."""


class Works:
    """Two works in memory."""

    def __init__(self, drawings) -> None:
        self.pictures = {"a": drawings.painterly(360, 300, 1), "b": drawings.cel(360, 300, 2)}

    def fingerprint(self, work_id: str):
        """Give the fingerprint of a work."""
        return describe(self.pictures[work_id])

    def reference(self, work_id: str):
        """Give the picture of a work."""
        return self.pictures[work_id]


@pytest.fixture(scope="module")
def compared(drawings):
    """Compare a crop of the first work with both."""
    works = Works(drawings)
    index = Index.build((one, works.fingerprint(one)) for one in works.pictures)
    suspect = Suspect.of(works.pictures["a"][30:, 40:].copy(), None)
    return {one.work_id: one for one in identify(suspect, index, works).candidates}


def test_a_candidate_is_named_as_the_portfolio_names_it(compared) -> None:
    """Whatever the matcher calls it; the ratio that is told is rounded, not changed."""
    shown = candidate_of(
        compared["a"], 3.456, NamedWork("0123456789abcdef", "art/fox.png", "Fox"), {}
    )
    assert (shown.work_id, shown.source, shown.title) == ("0123456789abcdef", "art/fox.png", "Fox")
    assert shown.log10_lr == 3.46


def test_evidence_is_ready_for_json_and_true(compared) -> None:
    """Plain numbers and words; a crop lies on its work by many keypoints."""
    evidence = candidate_of(compared["a"], 1.0, NamedWork("a", ""), {}).evidence
    assert json.loads(json.dumps(evidence)) == evidence
    assert evidence["method"] == "keypoints"
    assert not evidence["mirrored"]
    assert evidence["inliers"] > 20
    assert 0 < evidence["work_coverage"] <= 1
    assert 0 < evidence["suspect_coverage"] <= 1
    assert evidence.keys() >= LAID


def test_what_was_not_laid_on_a_work_has_no_measures_of_that(compared) -> None:
    """Missing instead of zero."""
    for one in compared.values():
        evidence = candidate_of(one, 1.0, NamedWork(one.work_id, ""), {}).evidence
        assert (evidence.keys() >= LAID) == (one.alignment is not None)


def test_a_learned_similarity_belongs_to_its_own_work(compared) -> None:
    """By the id that the matcher knows."""
    with_it = candidate_of(compared["a"], 1.0, NamedWork("elsewhere", ""), {"a": 0.98765, "b": 0.5})
    without = candidate_of(compared["a"], 1.0, NamedWork("elsewhere", ""), {"elsewhere": 0.5})
    assert with_it.evidence["learned_similarity"] == 0.988
    assert "learned_similarity" not in without.evidence
