"""Verify what is kept of a trusted time, of either kind, without any network."""

from __future__ import annotations

import datetime

from ocguard.errors import TimestampError
from ocguard.language.message import Message
from ocguard.portfolio import TimeKind, TrustedTime, stamped_text
from ocguard.portfolio.records import utc_text
from ocguard.provenance.block_header import BlockHeader, headers_of
from ocguard.provenance.open_timestamps import follow
from ocguard.provenance.trusted_time import VerifiedTime, certificates_of, verify

__all__ = ["block_time", "verified", "verified_time", "with_caveat"]


def verified(kind: TimeKind, token: bytes, data: bytes, anchor: str) -> VerifiedTime:
    """Verify that some bytes had a time.

    Parameters
    ----------
    kind : {"rfc3161", "opentimestamps"}
        What the token is.
    token : bytes
        An authority's answer, or a proof; untrusted.
    data : bytes
        What was stamped.
    anchor : str
        What is trusted: certificates (PEM), or headers of blocks.

    Raises
    ------
    TimestampError
        It does not hold, or is pending.
    MissingExtraError
        The extra of that kind is not installed.
    """
    if kind == "rfc3161":
        return verify(token, data, certificates_of(anchor))
    header = follow(token, data, headers_of(anchor))
    if header is None:
        raise TimestampError("the proof leads to none of the blocks whose headers are given")
    return block_time(header)


def verified_time(time: TrustedTime) -> VerifiedTime:
    """Verify a time of the portfolio by what is kept with it; errors as for :func:`verified`."""
    return verified(time.kind, time.token, stamped_text(time.root_sha256), time.certificates)


def block_time(header: BlockHeader) -> VerifiedTime:
    """Say when a block was made, by its header."""
    name = Message(
        "Bitcoin block {height} ({block_hash})", height=header.height, block_hash=header.block_hash
    )
    cheap = Message(
        "anybody can make such a block: it took far less work than one of Bitcoin's main chain"
    )
    caveat = "" if header.is_costly else cheap
    made = datetime.datetime.fromtimestamp(header.unix_seconds, datetime.UTC)
    return VerifiedTime(utc_text(made), "", name, caveat)


def with_caveat(told: Message, time: VerifiedTime) -> Message:
    """Add to what is told of a time why it may be worth little, if anything is known."""
    return Message("{told} ({caveat})", told=told, caveat=time.caveat) if time.caveat else told
