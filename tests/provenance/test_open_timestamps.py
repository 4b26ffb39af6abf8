"""Promises of ocguard.provenance.open_timestamps."""

from __future__ import annotations

import random
import sys
import time

import pytest

from blocks import CALENDAR, REAL_HEADER, anchored, mined, pending
from ocguard.errors import MissingExtraError, TimestampError
from ocguard.provenance.block_header import headers_of
from ocguard.provenance.open_timestamps import OTS_LIMIT_BYTES, follow, read_ots

DATA = b"ocguard.stamp/1 " + b"0" * 64 + b"\n"
HEAD = pending(DATA)[:65]
"""Magic bytes, version, kind of digest, digest."""

FORK, APPEND, HEXLIFY, REVERSE, SHA256 = b"\xff", b"\xf0", b"\xf3", b"\xf2", b"\x08"
HOSTILE = {
    "empty": b"",
    "no-magic": b"x" * 200,
    "cut": pending(DATA)[:-3],
    "longer": pending(DATA) + b"x",
    "far-too-long": HEAD + SHA256 * OTS_LIMIT_BYTES,
    "deep": HEAD + SHA256 * 5000,
    "wide": HEAD + (FORK + SHA256) * 15000,
    "growing": HEAD + HEXLIFY * 200,
    "long-argument": HEAD + APPEND + b"\xff" * 8 + b"\x7f" + b"x" * 100,
    "endless-version": HEAD[:31] + b"\xff" * (OTS_LIMIT_BYTES - 31),
    "unknown-operation": HEAD + b"\x77",
    "unknown-attestation": HEAD + b"\x00" + b"u" * 8 + b"\x00",
    "other-digest": HEAD[:32] + b"\x02" + HEAD[33:53] + pending(DATA)[65:],
}


def test_a_pending_proof_names_its_calendar() -> None:
    """And proves no time, whatever headers there are."""
    said = read_ots(pending(DATA))
    assert (said.blocks, said.calendars) == ((), (CALENDAR,))
    assert follow(pending(DATA), DATA, headers_of(REAL_HEADER)) is None


def test_a_proof_leads_to_the_block_that_has_its_root() -> None:
    """Where its header is given; without, it waits."""
    proof, root = anchored(DATA)
    header = follow(proof, DATA, headers_of(mined(root)))
    assert header is not None
    assert (header.height, header.merkle_root) == (840_000, root)
    assert follow(proof, DATA, {}) is None
    assert follow(proof, DATA, headers_of(REAL_HEADER)) is None


def test_a_block_with_another_root_is_refused() -> None:
    """A header that does not fit is a mistake, or a lie."""
    proof, _ = anchored(DATA)
    with pytest.raises(TimestampError, match="840000"):
        follow(proof, DATA, headers_of(mined(b"r" * 32)))


def test_a_proof_of_another_file_is_refused() -> None:
    """Its first digest says of which."""
    with pytest.raises(TimestampError, match="another file"):
        follow(pending(DATA), b"else", {})


def test_every_flipped_byte_of_a_proof_is_found() -> None:
    """It leads elsewhere, or nowhere."""
    proof, root = anchored(DATA)
    headers, place = headers_of(mined(root)), random.Random(3)
    for _ in range(200):
        raw = bytearray(proof)
        raw[place.randrange(len(raw))] ^= 1 << place.randrange(8)
        try:
            assert follow(bytes(raw), DATA, headers) is None
        except TimestampError:
            continue


@pytest.mark.parametrize("proof", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_refused_soon(proof: bytes) -> None:
    """Whatever it holds, in less than a second."""
    before = time.process_time()
    with pytest.raises(TimestampError):
        read_ots(proof)
    assert time.process_time() - before < 1


def test_without_the_library_the_message_says_what_to_install(monkeypatch) -> None:
    """It is an extra."""
    monkeypatch.setitem(sys.modules, "opentimestamps.core", None)
    with pytest.raises(MissingExtraError, match="pip install opentimestamps"):
        read_ots(pending(DATA))
