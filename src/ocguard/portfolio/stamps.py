"""What trusted times are given to: leaves of one tree for works, drafts, keys and the journal."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from ocguard.portfolio.values import SHA256, UTC, UTC_OR_NONE, require
from ocguard.provenance.merkle import root_of

__all__ = ["Leaf", "Stamp", "TimeKind", "TrustedTime", "root_of_leaves", "stamped_text"]

TimeKind = Literal["rfc3161", "opentimestamps"]
"""Who says when: a time stamp authority that signs, or the Bitcoin block that a proof leads to."""

_KIND: Final = re.compile(r"work|draft|key|journal|token")
_KINDS: Final = re.compile(r"rfc3161|opentimestamps")
_EMPTY: Final = re.compile("")
_SUBJECT: Final = re.compile(r"[0-9a-f]{16,64}(:\d{1,12})?")
MAX_LEAF_CHARACTERS: Final = 2048
MAX_TOKEN_BYTES: Final = 1 << 18
MAX_CERTIFICATES_CHARACTERS: Final = 1 << 18


@dataclass(frozen=True)
class Leaf:
    """One thing that a trusted time is for.

    Attributes
    ----------
    kind : {"work", "draft", "key", "journal", "token"}
        What it is; a token is an older time that is renewed.
    subject : str
        Which one: a work's or draft's id, a key's commitment, a chain and number, a token's digest.
    text : str
        What is stamped: JSON with the digests that a person can make again.

    Raises
    ------
    ValueError
        A value cannot be one of a leaf.
    """

    kind: str
    subject: str
    text: str

    def __post_init__(self) -> None:
        require(_KIND, "kind", self.kind)
        require(_SUBJECT, "subject", self.subject)
        if not isinstance(self.text, str) or len(self.text) > MAX_LEAF_CHARACTERS:
            raise ValueError(f"a leaf has at most {MAX_LEAF_CHARACTERS} characters")

    @classmethod
    def of(cls, kind: str, subject: str, facts: Mapping[str, Any]) -> Leaf:
        """Make the leaf of some facts."""
        text = json.dumps({"kind": kind, **facts}, ensure_ascii=False, separators=(",", ":"))
        return cls(kind, subject, text)


@dataclass(frozen=True)
class TrustedTime:
    """What says when the root of a tree was there: an authority's answer, or a proof to a block.

    A proof that leads to no block yet, or to one whose header is not known here, is *pending*: it
    has no time.

    Attributes
    ----------
    root_sha256 : str
        The root of the stamped leaves.
    authority : str
        The address that was asked. Of a proof the height of the block, or the calendar's address.
    at_utc : str
        When the authority signed, or the block was made. Empty while pending.
    until_utc : str
        When its certificates end. Empty for a proof, which does not end.
    certificates : str
        The root above them, as the person gave it: PEM. For a proof the header of the block, as
        the person gave it: height and hexadecimal digits.
    token : bytes
        The answer (``TimeStampResp``, DER), or the proof (``.ots``).
    token_sha256 : str
        Its digest.
    imported_utc : str
        When it came out of an imported file. Empty for those that were asked for here.
    kind : {"rfc3161", "opentimestamps"}
        What `token` is.

    Raises
    ------
    ValueError
        A value cannot be one of a trusted time.
    """

    root_sha256: str
    authority: str
    at_utc: str
    until_utc: str
    certificates: str
    token: bytes
    token_sha256: str
    imported_utc: str = ""
    kind: TimeKind = "rfc3161"

    def __post_init__(self) -> None:
        require(SHA256, "root_sha256", self.root_sha256)
        require(SHA256, "token_sha256", self.token_sha256)
        require(_KINDS, "kind", self.kind)
        is_signed = self.kind == "rfc3161"
        require(UTC if is_signed else UTC_OR_NONE, "at_utc", self.at_utc)
        require(UTC if is_signed else _EMPTY, "until_utc", self.until_utc)
        if len(self.token) > MAX_TOKEN_BYTES or len(self.authority) > MAX_LEAF_CHARACTERS:
            raise ValueError("a time stamp is far smaller")
        if hashlib.sha256(self.token).hexdigest() != self.token_sha256:
            raise ValueError("a time stamp does not have its digest")
        if len(self.certificates) > MAX_CERTIFICATES_CHARACTERS:
            raise ValueError("the certificates of an authority are far smaller")

    @property
    def is_pending(self) -> bool:
        """Whether it proves no time yet."""
        return not self.at_utc


@dataclass(frozen=True)
class Stamp:
    """A tree with the times that it was given.

    Attributes
    ----------
    leaves : tuple of Leaf
        In the order of the tree.
    times : tuple of TrustedTime
        Of its root, oldest first; pending ones last.

    Raises
    ------
    ValueError
        The root of the leaves is another than the one of a time.
    """

    leaves: tuple[Leaf, ...]
    times: tuple[TrustedTime, ...]

    def __post_init__(self) -> None:
        root = root_of_leaves(self.leaves)
        if not self.times or {time.root_sha256 for time in self.times} != {root}:
            raise ValueError("a tree and its trusted time do not belong together")


def root_of_leaves(leaves: Sequence[Leaf]) -> str:
    """Give the root of a tree, hexadecimal; `ValueError` without leaves."""
    return root_of([leaf.text.encode() for leaf in leaves]).hex()


def stamped_text(root_sha256: str) -> bytes:
    """Write down what is stamped, as the file that ``openssl ts -verify`` and ``ots`` want."""
    return f"ocguard.stamp/1 {root_sha256}\n".encode()
