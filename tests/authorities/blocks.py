"""Proofs of OpenTimestamps and Bitcoin blocks of the tests' own, made without any network."""

from __future__ import annotations

import hashlib

from opentimestamps.core.notary import BitcoinBlockHeaderAttestation, PendingAttestation
from opentimestamps.core.op import OpAppend, OpSHA256
from opentimestamps.core.serialize import BytesSerializationContext
from opentimestamps.core.timestamp import DetachedTimestampFile, Timestamp, cat_sha256d

__all__ = ["CALENDAR", "REAL_HEADER", "anchored", "mined", "pending"]

CALENDAR = "https://calendar.example.org"

REAL_HEADER = (
    "358391 02000000b96394585a281b7e5f438fd1c9ed492645a1fd61cb380204000000000000000000"
    "7ee445d23ad061af4a36b809501fab1ac4f2d7e7a739817dd0cbb7ec661b8a1e376755f58616186272def6"
)
"""Block 358391 of Bitcoin's main chain, of 28 May 2015."""

_EASY = bytes.fromhex("ffff7f20")
"""The target of a test network: every second hash will do."""


def pending(data: bytes) -> bytes:
    """Make the proof that a client writes at first."""
    stamp = Timestamp(hashlib.sha256(data).digest())
    sent = stamp.ops.add(OpAppend(b"n" * 16)).ops.add(OpSHA256())
    sent.attestations.add(PendingAttestation(CALENDAR))
    return written(stamp)


def anchored(data: bytes, height: int = 840_000) -> tuple[bytes, bytes]:
    """Make a proof that leads to a block, and the Merkle root that the block must have."""
    stamp = Timestamp(hashlib.sha256(data).digest())
    sent = stamp.ops.add(OpAppend(b"n" * 16)).ops.add(OpSHA256())
    root = cat_sha256d(sent, b"t" * 32)
    root.attestations.add(BitcoinBlockHeaderAttestation(height))
    return written(stamp), root.msg


def mined(root: bytes, height: int = 840_000, seconds: int = 1_790_000_000) -> str:
    """Find a header with a Merkle root, on a test network, as a line with its height."""
    for nonce in range(1000):
        raw = b"\x02\0\0\0" + bytes(32) + root + seconds.to_bytes(4, "little") + _EASY
        raw += nonce.to_bytes(4, "little")
        digest = hashlib.sha256(hashlib.sha256(raw).digest()).digest()
        if digest[31] < 0x7F:
            break
    return f"{height} {raw.hex()}\n"


def written(stamp: Timestamp) -> bytes:
    """Write a proof as a file."""
    context = BytesSerializationContext()
    DetachedTimestampFile(OpSHA256(), stamp).serialize(context)
    return bytes(context.getbytes())
