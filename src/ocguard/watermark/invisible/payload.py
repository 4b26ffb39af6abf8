"""The payload: a 64-bit mark id with a keyed check, as a codeword and back.

The check is an HMAC-SHA256 of the id under a key of its own, cut to `CHECK_BITS`. Whatever a
picture without a mark, or a mark of another key, makes of the decoder, it passes the check with
probability 2**-`CHECK_BITS` a message looked at, because the check is pseudo-random to everybody
who lacks the key. The false-positive rate is thus a matter of counting, not of calibration.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ocguard.keys import SecretKey
from ocguard.watermark.invisible import polar

__all__ = ["CHECK_BITS", "LIST_SIZE", "decode_payload", "encode_payload", "encode_payloads"]

ID_BITS: Final = 64
CHECK_BITS: Final = polar.MESSAGE_BITS - ID_BITS
LIST_SIZE: Final = 32
"""Messages looked at for one set of soft bits."""


def encode_payload(mark_id: int, key: SecretKey) -> NDArray[np.uint8]:
    """Return the (1024,) codeword, bits 0 or 1, of a mark id under a key.

    Raises
    ------
    ValueError
        The id does not fit 64 bits.
    """
    return np.asarray(encode_payloads([mark_id], key)[0])


def encode_payloads(mark_ids: Sequence[int], key: SecretKey) -> NDArray[np.uint8]:
    """Return the (n, 1024) codewords of several ids; 0.1 s for 10,000 of them.

    Ids should be random, or derived with a key: the code is linear, so ids that differ in a few
    bits alone have codewords that are alike.

    Raises
    ------
    ValueError
        An id does not fit 64 bits.
    """
    check_key = _check_key(key)
    messages = bytearray()
    for mark_id in mark_ids:
        if not 0 <= mark_id < 2**ID_BITS:
            raise ValueError(f"a mark id has {ID_BITS} bits, got {mark_id:#x}")
        identity = mark_id.to_bytes(ID_BITS // 8, "big")
        messages += identity + _check(identity, check_key)
    rows = np.frombuffer(messages, np.uint8).reshape(len(mark_ids), -1)
    return polar.encode(np.unpackbits(rows, axis=1))


def decode_payload(soft_bits: NDArray[np.floating], key: SecretKey) -> int | None:
    """Return the mark id that soft bits (positive for 0) stand for, ``None`` if no check holds."""
    check_key = _check_key(key)
    for message in np.packbits(polar.decode(soft_bits, LIST_SIZE), axis=1):
        identity, check = bytes(message[: ID_BITS // 8]), bytes(message[ID_BITS // 8 :])
        if hmac.compare_digest(check, _check(identity, check_key)):
            return int.from_bytes(identity, "big")
    return None


def _check_key(key: SecretKey) -> bytes:
    """Derive the key of the checks."""
    return key.derive("mark-1/check", 32)


def _check(identity: bytes, check_key: bytes) -> bytes:
    """Return the keyed check of an id."""
    return hmac.digest(check_key, identity, "sha256")[: CHECK_BITS // 8]
