"""Promises of ocguard.provenance.block_header."""

from __future__ import annotations

import random

import pytest

from blocks import REAL_HEADER, mined
from ocguard.errors import TimestampError
from ocguard.provenance.block_header import headers_of


def test_a_real_header_says_what_the_network_knows() -> None:
    """Its hash, root and time, and that it took the work of the main chain."""
    (header,) = headers_of(REAL_HEADER).values()
    name = "000000000000000003e892881a8cdcdc117c06d444057c98b6f04a9ee75a2319"
    assert header.block_hash == name
    root = "8a1b66ecb7cbd07d8139a7e7d7f2c41aab1f5009b8364aaf61d03ad245e47e00"
    assert header.merkle_root[::-1].hex() == root
    assert header.unix_seconds == 1_432_827_678
    assert header.is_costly


def test_a_made_up_header_is_told_from_a_costly_one() -> None:
    """Whoever makes one without the work can date it as they like."""
    (header,) = headers_of(mined(b"r" * 32)).values()
    assert header.merkle_root == b"r" * 32
    assert not header.is_costly
    assert headers_of(header.line) == {840_000: header}


def test_every_flipped_bit_of_a_real_header_is_found() -> None:
    """Its own hash shows it."""
    height, digits = REAL_HEADER.split()
    place = random.Random(4)
    for _ in range(200):
        raw = bytearray.fromhex(digits)
        raw[place.randrange(80)] ^= 1 << place.randrange(8)
        with pytest.raises(TimestampError, match="358391"):
            headers_of(f"{height} {raw.hex()}")


@pytest.mark.parametrize(
    "text", ["", "\n", "840000", "840000 00ff", "x" * 300, "-1 " + "0" * 160, "1 " + "f" * 160]
)
def test_what_is_no_header_is_our_error(text: str) -> None:
    """The message says how a line looks."""
    with pytest.raises(TimestampError, match="header"):
        headers_of(text)


def test_a_file_of_far_too_many_headers_is_refused() -> None:
    """A proof needs one."""
    with pytest.raises(TimestampError, match="no headers"):
        headers_of(f"{REAL_HEADER}\n" * 1001)
