"""Proofs of OpenTimestamps: read one, and follow it to the header of a Bitcoin block, offline.

A proof (``.ots``) begins with the digest of a file and leads by hashing alone to the Merkle root of
a block: so the file was there before the block was made. As long as the calendar that took the
digest has not found a place in a block, the proof is *pending*: it names the calendar, and proves
nothing yet. Proofs are untrusted: bounded before they are read, and nothing that they name is
fetched.

References
----------
P. Todd, "OpenTimestamps: Scalable, Trust-Minimized, Distributed Timestamping with Bitcoin", 2016,
https://petertodd.org/2016/opentimestamps-announcement
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ocguard.errors import MissingExtraError, TimestampError
from ocguard.provenance.block_header import BlockHeader

__all__ = ["OTS_LIMIT_BYTES", "OpenTimestamp", "follow", "read_ots"]

OTS_LIMIT_BYTES: Final = 1 << 15
"""A proof of four calendars has 6 kB."""

MAX_ATTESTATIONS: Final = 64
"""Places that one proof leads to."""


@dataclass(frozen=True)
class OpenTimestamp:
    """What a proof says.

    Attributes
    ----------
    file_sha256 : str
        Digest of the file that it is of.
    blocks : tuple of (int, bytes)
        Heights of the blocks that it leads to, the lowest first, each with the Merkle root that
        the block must have.
    calendars : tuple of str
        Addresses of the calendars where the rest of a pending proof is to be had.
    """

    file_sha256: str
    blocks: tuple[tuple[int, bytes], ...]
    calendars: tuple[str, ...]


def read_ots(data: bytes) -> OpenTimestamp:
    """Read a proof.

    Parameters
    ----------
    data : bytes
        The file; untrusted.

    Raises
    ------
    TimestampError
        It is no proof, far larger than one, or leads to nothing that is known.
    MissingExtraError
        The extra ``opentimestamps`` is not installed.

    Notes
    -----
    Under 1 CPU-ms for a usual proof; at most 0.3 CPU-s for the worst one of this size.
    """
    notary, op, serialize, timestamp = _library()
    if len(data) > OTS_LIMIT_BYTES:
        raise TimestampError("a proof of OpenTimestamps is far smaller")
    try:
        context = serialize.BytesDeserializationContext(data)
        detached = timestamp.DetachedTimestampFile.deserialize(context)
        found = list(detached.timestamp.all_attestations())
    except (serialize.DeserializationError, ValueError, TypeError, AssertionError) as error:
        raise TimestampError(
            "this is no whole proof of OpenTimestamps: {reason}", reason=error
        ) from error
    if not isinstance(detached.file_hash_op, op.OpSHA256):
        raise TimestampError("the proof is not of a SHA-256 digest")
    blocks = {
        (one.height, message)
        for message, one in found
        if isinstance(one, notary.BitcoinBlockHeaderAttestation)
    }
    calendars = {one.uri for _, one in found if isinstance(one, notary.PendingAttestation)}
    if not (blocks or calendars) or len(found) > MAX_ATTESTATIONS:
        raise TimestampError("the proof leads to no block of Bitcoin, and to no calendar")
    return OpenTimestamp(
        detached.file_digest.hex(), tuple(sorted(blocks)), tuple(sorted(calendars))
    )


def follow(proof: bytes, data: bytes, headers: Mapping[int, BlockHeader]) -> BlockHeader | None:
    """Follow a proof from the bytes of a file to the first block whose header is given.

    Parameters
    ----------
    proof : bytes
        The ``.ots`` file; untrusted.
    data : bytes
        What it should be of.
    headers : mapping of int to BlockHeader
        By height, from a source that the reader trusts.

    Returns
    -------
    BlockHeader or None
        None while the proof is pending, or where it names other blocks than those given.

    Raises
    ------
    TimestampError
        It is no proof, is of other bytes, or a block that it names has another root.
    MissingExtraError
        As for :func:`read_ots`.
    """
    said = read_ots(proof)
    if said.file_sha256 != hashlib.sha256(data).hexdigest():
        raise TimestampError("the proof is of another file")
    named = [(headers[height], root) for height, root in said.blocks if height in headers]
    for header, root in named:
        if header.merkle_root != root:
            raise TimestampError(
                "the proof does not lead to block {height} as its header has it",
                height=header.height,
            )
    return named[0][0] if named else None


def _library() -> tuple[Any, Any, Any, Any]:
    """Import what reads proofs."""
    try:
        from opentimestamps.core import notary, op, serialize, timestamp
    except ImportError as error:
        raise MissingExtraError("proofs of OpenTimestamps", "opentimestamps") from error
    return notary, op, serialize, timestamp
