"""Stored pairs, with the verdict that they were given: works and suspects of the fitted half."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from ocguard.matching.decision.verdict import Compared
from ocguard.matching.evidence.measures import Measures

STORED = json.loads((Path(__file__).parent / "examples.json").read_text(encoding="utf-8"))


def compared_in(example, work_id="work"):
    """Return the compared work of an example."""
    return Compared(work_id, example["log10_lr"], Measures(**example["measures"]))


@pytest.fixture(scope="session")
def stored():
    return SimpleNamespace(bounds_id=STORED["bounds_id"], examples=STORED["examples"])


@pytest.fixture(scope="session")
def first_with(stored):
    """Return the first stored pair of a reason."""

    def find(code, work_id="work"):
        found = next(one for one in stored.examples if one["reason_code"] == code)
        return compared_in(found, work_id)

    return find


@pytest.fixture(scope="session")
def all_compared(stored):
    return [(one, compared_in(one)) for one in stored.examples]
