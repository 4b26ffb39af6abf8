"""Promises of ocguard.workflows.check.by_fingerprint."""

from __future__ import annotations

import numpy as np
import pytest

from ocguard.errors import PortfolioError
from ocguard.workflows.check.by_fingerprint import check_fingerprint
from ocguard.workflows.check.fingerprints import fingerprint_one
from ocguard.workflows.check.run import prepare_check
from ocguard.workflows.home.workspace import Workspace


@pytest.fixture(scope="module")
def job(gallery):
    """Prepare checks against the gallery."""
    return prepare_check(Workspace.at(gallery.home))


def test_the_very_work_is_named_and_nothing_is_decided(job, gallery) -> None:
    """A fingerprint alone shows too little."""
    text = fingerprint_one(gallery.art / "cel.png").fingerprint
    result = check_fingerprint(job, text)
    assert (result.verdict, result.reason_code) == ("cannot-tell", "fingerprint-alone")
    assert result.work_id == gallery.protected("cel.png").work_id
    assert not result.is_finding


def test_a_stranger_matches_nothing(job, drawings) -> None:
    """And it is said what was not looked for."""
    text = fingerprint_one(drawings.cel(500, 500, 99)).fingerprint
    result = check_fingerprint(job, text)
    assert (result.verdict, result.work_id) == ("no-match", None)
    assert "marks" in result.reason_values["not_compared"]


def test_a_suspect_that_holds_too_little_is_told(job) -> None:
    """As with the picture itself."""
    text = fingerprint_one(np.full((300, 300, 3), 200, np.uint8)).fingerprint
    result = check_fingerprint(job, text)
    assert (result.verdict, result.reason_code) == ("cannot-tell", "suspect-too-flat")


def test_a_damaged_fingerprint_is_refused(job) -> None:
    """Its bytes are not trusted."""
    with pytest.raises(PortfolioError):
        check_fingerprint(job, "ocguard-fingerprint@1:T0NGUA==")
