"""Promises of ocguard.web.problems."""

from __future__ import annotations

import json
import pickle

import pytest

from ocguard.web.problems import MEDIA_TYPE, TITLES, Refusal, problem, refusal_of, response_of


@pytest.mark.parametrize("code", TITLES)
def test_a_refusal_is_a_problem_for_programs_and_people(code: str) -> None:
    """The code says it to programs; it keeps to RFC 9457."""
    response = response_of(Refusal(code, "what to do"))
    said = json.loads(response.body)
    assert said["status"] == response.status_code == TITLES[code][0]
    assert (said["code"], said["detail"]) == (code, "what to do")
    assert response.headers["content-type"] == MEDIA_TYPE


def test_what_a_mistake_was_is_told_to_the_log_alone() -> None:
    """It may name places of the server."""
    refused = refusal_of(KeyError("/home/lin"))
    assert "/home/lin" not in str(problem(refused))
    assert refused.cause == "KeyError('/home/lin')"


def test_who_brings_no_token_is_told_which_kind_is_needed() -> None:
    """RFC 6750: a 401 names the scheme."""
    assert response_of(Refusal("no-token", "")).headers["www-authenticate"].startswith("Bearer")


def test_a_refusal_says_when_to_come_again() -> None:
    """In seconds."""
    assert response_of(Refusal("too-many-requests", "", 7)).headers["retry-after"] == "7"


def test_a_refusal_crosses_from_a_worker() -> None:
    """With all that it says."""
    again = pickle.loads(pickle.dumps(Refusal("too-large", "smaller", 3)))
    assert (again.code, again.detail, again.retry_after_seconds) == ("too-large", "smaller", 3)
