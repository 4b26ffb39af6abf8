"""The journal of a portfolio: signed entries, each of which holds the digest of the one before it.

An entry is the exact text that was hashed and signed, so that anybody can verify it with SHA-256
and Ed25519 alone. Entries form chains. A chain is what one device wrote into one portfolio without
a break. Where an older copy was put back, the device begins a new chain that says so, so no chain
ever forks. Imported chains stay as they came, as those of other devices.

A chain proves that nothing in it was changed, taken out or put in between. It does not prove when:
its owner could write all of it anew. A trusted time of its last entry fixes all entries before.

References
----------
S. Haber, W. S. Stornetta, "How to time-stamp a digital document", Journal of Cryptology 3, 1991,
https://doi.org/10.1007/BF00196791
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from ocguard.identity import PublicIdentity, Signer
from ocguard.language.message import Message

__all__ = ["MAX_ENTRY_CHARACTERS", "JournalRow", "first_broken", "next_row"]

MAX_ENTRY_CHARACTERS: Final = 8192
"""A usual entry has 500 characters."""

_CHAIN: Final = re.compile(r"[0-9a-f]{16}")
_NO_ENTRY: Final = "0" * 64
"""What stands for the entry before the first."""


@dataclass(frozen=True)
class JournalRow:
    """One entry of a journal as it is stored.

    Attributes
    ----------
    chain_id : str
        The chain that it belongs to: 16 random hexadecimal digits.
    number : int
        Its place in the chain, from 1.
    entry : str
        Its text, JSON: chain, number, digest of the entry before, time, identity, event, facts.
    entry_sha256 : str
        Digest of that text in UTF-8.
    signature : str
        Of the same bytes by the identity in it, 128 hexadecimal digits; empty where there was no
        key.

    Raises
    ------
    ValueError
        A value cannot be one of a row.
    """

    chain_id: str
    number: int
    entry: str
    entry_sha256: str
    signature: str

    def __post_init__(self) -> None:
        if not (isinstance(self.chain_id, str) and _CHAIN.fullmatch(self.chain_id)):
            raise ValueError(f"a chain has 16 hexadecimal digits, got {self.chain_id!r:.80}")
        if type(self.number) is not int or self.number < 1:
            raise ValueError(f"entries are numbered from 1, got {self.number!r:.80}")
        texts = self.entry, self.entry_sha256, self.signature
        if not all(isinstance(one, str) and len(one) <= MAX_ENTRY_CHARACTERS for one in texts):
            raise ValueError(f"an entry has at most {MAX_ENTRY_CHARACTERS} characters")

    @cached_property
    def said(self) -> Mapping[str, Any]:
        """What the entry says; empty where it is no JSON object."""
        try:
            said = json.loads(self.entry)
        except (ValueError, RecursionError):
            return {}
        return said if isinstance(said, dict) else {}

    @property
    def at(self) -> str:
        """When it was written, as the clock of that device said; UTC."""
        return str(self.said.get("at", ""))

    @property
    def event(self) -> str:
        """What happened, in one word."""
        return str(self.said.get("event", ""))

    @property
    def facts(self) -> Mapping[str, Any]:
        """What it happened to."""
        facts = self.said.get("facts")
        return facts if isinstance(facts, dict) else {}

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON record ``ocguard.journal/1``."""
        return {
            "schema": "ocguard.journal/1",
            "chain_id": self.chain_id,
            "number": self.number,
            "at": self.at,
            "event": self.event,
            "facts": dict(self.facts),
            "identity": self.identity,
            "entry": self.entry,
            "entry_sha256": self.entry_sha256,
            "signature": self.signature,
        }

    @property
    def identity(self) -> str:
        """The public key that signed, 64 hexadecimal digits; empty where there was no key."""
        return str(self.said.get("identity", ""))


def next_row(
    chain_id: str,
    last: JournalRow | None,
    signer: Signer | None,
    at: str,
    event: str,
    facts: Mapping[str, Any],
) -> JournalRow:
    """Write the entry that follows the last one of a chain, or its first.

    Parameters
    ----------
    chain_id : str
        The chain.
    last : JournalRow or None
        Its last entry.
    signer : Signer or None
        Who signs; None where there is no key.
    at : str
        UTC time, as :func:`~.records.utc_now` writes it.
    event : str
        What happened, in one word.
    facts : mapping
        What it happened to, ready for JSON.

    Raises
    ------
    ValueError
        The facts are too long for an entry.
    """
    number = last.number + 1 if last else 1
    said = {
        "at": at,
        "chain": chain_id,
        "event": event,
        "facts": dict(facts),
        "identity": signer.identity.key.hex() if signer else "",
        "number": number,
        "previous": last.entry_sha256 if last else _NO_ENTRY,
    }
    entry = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    raw = entry.encode("utf-8", "surrogatepass")
    signature = signer.sign(raw).hex() if signer else ""
    return JournalRow(chain_id, number, entry, hashlib.sha256(raw).hexdigest(), signature)


def first_broken(rows: Iterable[JournalRow]) -> tuple[int, str] | None:
    """Verify one chain from its first entry, and name the first link that does not hold.

    Parameters
    ----------
    rows : iterable of JournalRow
        One chain in the order of its numbers; untrusted.

    Returns
    -------
    (int, str) or None
        Number of the first entry that is not as it was written, and why; None when all are.

    Notes
    -----
    0.15 CPU-ms an entry, nearly all of it for its signature.
    """
    last: JournalRow | None = None
    for row in rows:
        if row.number != (expected := last.number + 1 if last else 1):
            return expected, Message("it is missing")
        if why := _fault(row, last):
            return row.number, why
        last = row
    return None


def _fault(row: JournalRow, last: JournalRow | None) -> str:
    """Say why an entry does not hold or does not follow the last one; empty when it does."""
    raw = row.entry.encode("utf-8", "surrogatepass")
    if hashlib.sha256(raw).hexdigest() != row.entry_sha256:
        return Message("its text does not have its digest")
    if (row.said.get("chain"), row.said.get("number")) != (row.chain_id, row.number):
        return Message("it was written for another place")
    if row.said.get("previous") != (last.entry_sha256 if last else _NO_ENTRY):
        return Message("it does not follow the entry before it")
    if not _is_signed(row, raw):
        return Message("its signature does not fit")
    return ""


def _is_signed(row: JournalRow, raw: bytes) -> bool:
    """Tell whether the identity in an entry signed it; without one there is no signature."""
    if not row.identity:
        return not row.signature
    try:
        key, signature = bytes.fromhex(row.identity), bytes.fromhex(row.signature)
        return PublicIdentity(key).has_signed(raw, signature)
    except ValueError:  # no hexadecimal digits, or no public key
        return False
