"""Promises of ocguard.workflows.timestamp.verifying."""

from __future__ import annotations

import pytest

from blocks import REAL_HEADER, anchored, mined, pending
from ocguard.errors import TimestampError
from ocguard.provenance.block_header import headers_of
from ocguard.workflows.timestamp.verifying import block_time, verified

DATA = b"stated\n"


def test_a_block_of_the_main_chain_has_no_caveat() -> None:
    """One that anybody can make has."""
    (header,) = headers_of(REAL_HEADER).values()
    time = block_time(header)
    assert (time.at_utc, time.until_utc, time.caveat) == ("2015-05-28T15:41:18.000000Z", "", "")
    assert time.authority == f"Bitcoin block 358391 ({header.block_hash})"
    _, root = anchored(DATA)
    assert "anybody" in block_time(headers_of(mined(root))[840_000]).caveat


def test_a_proof_is_verified_by_the_headers_that_are_given() -> None:
    """Without the right one there is no time."""
    proof, root = anchored(DATA)
    assert verified("opentimestamps", proof, DATA, mined(root)).at_utc[:10] == "2026-09-21"
    for token in (proof, pending(DATA)):
        with pytest.raises(TimestampError, match="none of the blocks"):
            verified("opentimestamps", token, DATA, REAL_HEADER)
