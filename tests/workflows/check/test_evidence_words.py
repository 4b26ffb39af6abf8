"""Promises of ocguard.workflows.check.evidence_words."""

from __future__ import annotations

import json
from importlib import resources

import pytest

from ocguard.language.choice import speaking
from ocguard.language.message import translated
from ocguard.workflows.check.evidence_words import EVIDENCE, evidence_line

FILE = resources.files("ocguard") / "schemas" / "check-2.json"
FIELDS = json.loads(FILE.read_text("utf-8"))["properties"]["candidates"]["items"]["properties"][
    "evidence"
]["properties"]


def test_everything_that_a_record_measures_is_said_in_words() -> None:
    """And nothing that it does not."""
    assert EVIDENCE.keys() == FIELDS.keys()


@pytest.mark.parametrize("method", FIELDS["method"]["enum"])
def test_every_way_of_comparing_is_said_in_words(method: str) -> None:
    """As a person would."""
    assert method not in evidence_line("method", method).removeprefix("compared by: ").split()[:1]


def test_evidence_is_said_in_the_language_of_the_reader() -> None:
    """Numbers as they are."""
    assert evidence_line("mirrored", False) == "shows the work mirrored: no"
    with speaking("zh"):
        assert translated(evidence_line("inliers", 160)) == "位置对得上的细节数：160"
