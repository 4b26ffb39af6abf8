"""What trusted times are given to: leaves of one tree for works, drafts, keys and the journal."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ocguard.portfolio.values import SHA256, UTC, require
from ocguard.provenance.merkle import root_of

__all__ = ["Leaf", "Stamp", "TrustedTime", "stamped_text"]

_KIND: Final = re.compile(r"work|draft|key|journal|token")
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
    """An authority's answer about the root of a tree.

    Attributes
    ----------
    root_sha256 : str
        The root of the stamped leaves.
    authority : str
        The address that was asked.
    at_utc : str
        When the authority signed.
    until_utc : str
        When its certificates end.
    certificates : str
        The root above them, as the person gave it: PEM.
    token : bytes
        The answer (``TimeStampResp``, DER).
    token_sha256 : str
        Its digest.
    imported_utc : str
        When it came out of an imported file. Empty for those that were asked for here.

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

    def __post_init__(self) -> None:
        require(SHA256, "root_sha256", self.root_sha256)
        require(SHA256, "token_sha256", self.token_sha256)
        require(UTC, "at_utc", self.at_utc)
        require(UTC, "until_utc", self.until_utc)
        if len(self.token) > MAX_TOKEN_BYTES or len(self.authority) > MAX_LEAF_CHARACTERS:
            raise ValueError("a time stamp is far smaller")
        if hashlib.sha256(self.token).hexdigest() != self.token_sha256:
            raise ValueError("a time stamp does not have its digest")
        if len(self.certificates) > MAX_CERTIFICATES_CHARACTERS:
            raise ValueError("the certificates of an authority are far smaller")


@dataclass(frozen=True)
class Stamp:
    """A tree with the times that it was given.

    Attributes
    ----------
    leaves : tuple of Leaf
        In the order of the tree.
    times : tuple of TrustedTime
        Of its root, oldest first.

    Raises
    ------
    ValueError
        The root of the leaves is another than the one of a time.
    """

    leaves: tuple[Leaf, ...]
    times: tuple[TrustedTime, ...]

    def __post_init__(self) -> None:
        root = root_of([leaf.text.encode() for leaf in self.leaves]).hex()
        if not self.times or {time.root_sha256 for time in self.times} != {root}:
            raise ValueError("a tree and its trusted time do not belong together")


def stamped_text(root: bytes) -> bytes:
    """Write down what an authority stamps, as the file that ``openssl ts -verify -data`` wants."""
    return f"ocguard.stamp/1 {root.hex()}\n".encode()
