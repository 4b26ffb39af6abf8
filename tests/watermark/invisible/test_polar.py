"""The polar code: encoding, list decoding, and how much noise it stands."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocguard.watermark.invisible import polar

MESSAGES = st.binary(min_size=13, max_size=13).map(
    lambda data: np.unpackbits(np.frombuffer(data, np.uint8))
)


def kronecker_codeword(message):
    """Encode by the definition, a product with the Kronecker power of Arikan's kernel."""
    kernel = np.array([[1, 0], [1, 1]], np.uint8)
    matrix = np.array([[1]], np.uint8)
    for _ in range(10):
        matrix = np.kron(matrix, kernel)
    weights = [
        sum(2 ** (stage / 4) for stage in range(10) if index >> stage & 1) for index in range(1024)
    ]
    inputs = np.zeros(1024, np.uint8)
    inputs[sorted(np.argsort(weights, kind="stable")[-104:])] = message
    return inputs.astype(int) @ matrix % 2


@given(MESSAGES)
def test_every_message_comes_back_from_its_codeword(message):
    """Decoding a clean codeword gives the message, the likeliest of the list."""
    soft = 1 - 2.0 * polar.encode(message)
    assert np.array_equal(polar.decode(soft)[0], message)


def test_codewords_match_the_definition():
    """The codeword equals the product with the Kronecker power of the kernel."""
    message = np.random.default_rng(1).integers(0, 2, 104, dtype=np.uint8)
    assert np.array_equal(polar.encode(message), kronecker_codeword(message))


def test_95_percent_decode_at_the_documented_noise():
    """At 0.5 dB over the Shannon limit's side of noise, at least 95 of 100 messages come back."""
    rng = np.random.default_rng(2)
    snr = 0.23  # mean squared over variance a coded bit: Eb/N0 of 0.5 dB at rate 104/1024
    right = 0
    for _ in range(100):
        message = rng.integers(0, 2, 104, dtype=np.uint8)
        soft = (1 - 2.0 * polar.encode(message)) * snr**0.5 + rng.normal(size=1024)
        right += bool((polar.decode(soft, 32) == message).all(axis=1).any())
    assert right >= 95


def test_a_longer_list_holds_the_shorter_ones_best():
    """The list is ordered: its first entry does not get worse with a longer list."""
    rng = np.random.default_rng(3)
    soft = rng.normal(size=1024)

    def cost(message):
        return np.sum(np.maximum(-(1 - 2.0 * polar.encode(message)) * soft, 0))

    assert cost(polar.decode(soft, 32)[0]) <= cost(polar.decode(soft, 1)[0])


def test_wrong_message_length_is_refused():
    """A message of another length is a ValueError that names the length."""
    with pytest.raises(ValueError, match="104"):
        polar.encode(np.zeros(64, np.uint8))
