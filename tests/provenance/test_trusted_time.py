"""Promises of ocguard.provenance.trusted_time."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

from ocguard.errors import MissingExtraError, TimestampError
from ocguard.provenance.trusted_time import ask, certificates_of, verify
from timestamps import Authority, running_authority

DATA = b"what was there"


@pytest.fixture(scope="module")
def token(authority: Authority) -> bytes:
    """Give the authority's answer about some bytes."""
    return authority.reply(ask(DATA).der)


@pytest.fixture(scope="module")
def pem(authority: Authority) -> str:
    """Give its root."""
    return authority.root.read_text()


def test_a_stamp_says_when_and_by_whom(token: bytes, pem: str) -> None:
    """In the format of all records, so that text order is time order."""
    time = verify(token, DATA, certificates_of(pem))
    assert time.authority == "CN=Test authority"
    assert len(time.at_utc) == len("2026-05-01T12:00:00.000000Z")
    assert time.at_utc < time.until_utc


def test_a_stamp_is_of_these_bytes_and_this_question(token: bytes, pem: str) -> None:
    """An old answer is none to a new question."""
    with pytest.raises(TimestampError, match="does not hold"):
        verify(token, DATA + b"x", certificates_of(pem))
    with pytest.raises(TimestampError, match="Nonce"):
        verify(token, DATA, certificates_of(pem), nonce=7)


def test_a_stamp_of_an_authority_that_is_not_trusted_does_not_hold(
    token: bytes, tmp_path: Path
) -> None:
    """Anybody can run an authority."""
    with (
        running_authority(tmp_path) as other,
        pytest.raises(TimestampError, match="does not hold"),
    ):
        verify(token, DATA, certificates_of(other.root.read_text()))


def test_what_is_signed_cannot_be_flipped(token: bytes, pem: str) -> None:
    """Places where nothing is said (a version, the name of an algorithm) do no harm."""
    place, trusted = random.Random(1), certificates_of(pem)
    before = verify(token, DATA, trusted)
    for _ in range(200):
        flipped = bytearray(token)
        flipped[place.randrange(len(token))] ^= 1 << place.randrange(8)
        try:
            assert verify(bytes(flipped), DATA, trusted) == before
        except TimestampError:
            continue


@pytest.mark.parametrize("answer", [b"", b"<html>", bytes(500), b"0\x80" * 300])
def test_what_is_no_answer_is_our_error(answer: bytes, pem: str) -> None:
    """Whatever a server sends."""
    with pytest.raises(TimestampError):
        verify(answer, DATA, certificates_of(pem))


def test_a_refusal_is_told(authority: Authority, pem: str) -> None:
    """With what the authority says."""
    refused = authority.reply(b"0\x03\x02\x01\x07")
    with pytest.raises(TimestampError, match="gave no time stamp"):
        verify(refused, DATA, certificates_of(pem))


@pytest.mark.parametrize(
    "text", ["", "no", "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----"]
)
def test_a_file_without_certificates_is_refused(text: str) -> None:
    """Before anybody is asked."""
    with pytest.raises(TimestampError, match="certificate"):
        certificates_of(text)


def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """And the command that brings it."""
    monkeypatch.setitem(sys.modules, "rfc3161_client", None)
    with pytest.raises(MissingExtraError, match="rfc3161-client"):
        ask(DATA)
