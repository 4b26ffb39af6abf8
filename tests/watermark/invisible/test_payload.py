"""The payload: mark id, keyed check, codeword."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocguard.keys import SecretKey
from ocguard.watermark.invisible.payload import decode_payload, encode_payload

KEY = SecretKey(bytes(32))


@given(st.integers(0, 2**64 - 1))
def test_every_id_comes_back_with_its_key(mark_id):
    """Any 64-bit id survives encoding and decoding."""
    assert decode_payload(1 - 2.0 * encode_payload(mark_id, KEY), KEY) == mark_id


@given(st.integers(0, 2**64 - 1), st.binary(min_size=32, max_size=32))
def test_another_key_reads_nothing(mark_id, secret):
    """The check of one key does not hold under another."""
    other = SecretKey(secret)
    if other != KEY:
        assert decode_payload(1 - 2.0 * encode_payload(mark_id, KEY), other) is None


def test_noise_never_passes_the_check():
    """300 lists of 32 messages from pure noise hold no valid check (expected: 1e-8 of one)."""
    rng = np.random.default_rng(0)
    assert all(decode_payload(rng.normal(size=1024), KEY) is None for _ in range(300))


@pytest.mark.parametrize("mark_id", [-1, 2**64])
def test_ids_beyond_64_bits_are_refused(mark_id):
    """An id that does not fit is a ValueError."""
    with pytest.raises(ValueError, match="64 bits"):
        encode_payload(mark_id, KEY)
