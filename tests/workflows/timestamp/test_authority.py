"""Promises of ocguard.workflows.timestamp.authority."""

from __future__ import annotations

import pytest

from ocguard.errors import TimestampError
from ocguard.provenance.trusted_time import ask, certificates_of, verify
from ocguard.workflows.timestamp.authority import send
from timestamps import Authority


def test_an_authority_answers(authority: Authority) -> None:
    """It gets the question, which holds a digest and nothing of what is stamped."""
    question = ask(b"secret picture")
    token = send(authority.address, question.der)
    assert verify(token, b"secret picture", certificates_of(authority.root.read_text()))
    assert authority.questions[-1] == question.der
    assert b"secret" not in question.der


@pytest.mark.parametrize(
    ("path", "why"),
    [("gone", "answered 404"), ("elsewhere", "answered 302"), ("endless", "far more")],
)
def test_other_answers_are_refused(authority: Authority, path: str, why: str) -> None:
    """Nobody is led to another address, and no answer fills the memory."""
    before = len(authority.questions)
    with pytest.raises(TimestampError, match=why):
        send(authority.address + path, b"0")
    assert len(authority.questions) == before


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://a/b", "tsa", ""])
def test_only_web_addresses_are_asked(address: str) -> None:
    """No file is read, no other server is asked."""
    with pytest.raises(TimestampError, match="no address"):
        send(address, b"0")


@pytest.mark.parametrize("address", ["http://127.0.0.1:1/", "http://127.0.0.1:x/", "http:///"])
def test_an_authority_that_is_not_there_is_named(address: str) -> None:
    """With what went wrong."""
    with pytest.raises(TimestampError, match="cannot be asked"):
        send(address, b"0")
