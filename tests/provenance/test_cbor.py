"""Promises of ocguard.provenance.cbor."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocguard.provenance.cbor import BrokenCborError, decode_cbor


@pytest.mark.parametrize(
    ("encoded", "value"),
    [
        ("00", 0),
        ("1bffffffffffffffff", 18446744073709551615),
        ("3903e7", -1000),
        ("f93e00", 1.5),
        ("fb3ff199999999999a", 1.1),
        ("f5", True),
        ("f6", None),
        ("4401020304", b"\x01\x02\x03\x04"),
        ("63e6b0b4", "水"),
        ("83010203", [1, 2, 3]),
        ("a26161016162820203", {"a": 1, "b": [2, 3]}),
        ("a10102", {"1": 2}),
        ("c074323031332d30332d32315432303a30343a30305a", "2013-03-21T20:04:00Z"),
        ("5f42010243030405ff", b"\x01\x02\x03\x04\x05"),
        ("7f657374726561646d696e67ff", "streaming"),
        ("9f018202039f0405ffff", [1, [2, 3], [4, 5]]),
        ("bf61610161629f0203ffff", {"a": 1, "b": [2, 3]}),
    ],
)
def test_the_examples_of_the_standard_are_decoded(encoded: str, value: object) -> None:
    """Appendix A of RFC 8949; keys become text."""
    assert decode_cbor(bytes.fromhex(encoded)) == value


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x61",
        b"\xff",
        b"\x82\xff\xff",
        b"\x1c",
        b"\x81" * 10_000,
        b"\xc0" * 10_000,
        b"\x9b" + b"\xff" * 8,
        b"\x5b" + b"\xff" * 8,
        b"\x9f" + b"\x00" * 200_000,
        b"\x7f\x41a\xff",
    ],
)
def test_what_ends_early_or_never_is_refused(data: bytes) -> None:
    """Truncated, reserved, too deep, too wide, or mixed."""
    with pytest.raises(BrokenCborError):
        decode_cbor(data)


@given(st.binary(max_size=200))
def test_random_bytes_are_decoded_or_refused(data: bytes) -> None:
    """Nothing else is raised."""
    try:
        decode_cbor(data)
    except BrokenCborError:
        return
