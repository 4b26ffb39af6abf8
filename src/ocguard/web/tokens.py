"""Bearer tokens: who may ask for what.

A token file has one token a line, then a space and its scopes: ``TOKEN SCOPE[,SCOPE]``. Empty lines
and lines that begin with ``#`` are passed over. Only digests of the tokens are kept in memory.

References
----------
M. Jones, D. Hardt, "The OAuth 2.0 Authorization Framework: Bearer Token Usage", RFC 6750, 2012,
doi:10.17487/RFC6750.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from ocguard.errors import ConfigError
from ocguard.language.message import Message

__all__ = ["SCOPES", "Token", "Tokens", "read_tokens"]

SCOPES: Final = ("check", "protect")
"""What a token may allow: asking about pictures, and marking and registering them."""

STRONG_CHARACTERS: Final = 32
"""Shorter tokens are told of: 32 hexadecimal digits are 128 random bits."""

MAX_BYTES: Final = 1 << 20


@dataclass(frozen=True)
class Token:
    """A token without its text.

    Attributes
    ----------
    digest : bytes
        SHA-256 of the token.
    scopes : frozenset of str
        Some of :data:`SCOPES`.
    """

    digest: bytes = field(repr=False)
    scopes: frozenset[str]

    @property
    def name(self) -> str:
        """What logs call it: the first 8 hexadecimal digits of its digest."""
        return self.digest.hex()[:8]


@dataclass(frozen=True)
class Tokens:
    """Every token that a server takes.

    Attributes
    ----------
    known : tuple of Token
        In the order of the file.
    warnings : tuple of str
        What is unwise about the file.
    """

    known: tuple[Token, ...]
    warnings: tuple[str, ...] = ()

    def find(self, authorization: str) -> Token | None:
        """Return the token that an ``Authorization`` header brings; None for any other."""
        scheme, _, text = authorization.partition(" ")
        if scheme.lower() != "bearer":
            return None
        digest = hashlib.sha256(text.strip().encode("utf-8", "surrogateescape")).digest()
        found = [one for one in self.known if hmac.compare_digest(one.digest, digest)]
        return found[0] if found else None


def read_tokens(path: Path) -> Tokens:
    """Read a token file.

    Raises
    ------
    ConfigError
        It is no such file; the message names the line, never a token.
    OSError
        It cannot be opened.
    """
    with path.open("rb") as file:
        is_shared = bool(os.fstat(file.fileno()).st_mode & (stat.S_IRWXG | stat.S_IRWXO))
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ConfigError(
            "{path} is larger than {limit:,} bytes: it is no token file",
            path=path,
            limit=MAX_BYTES,
        )
    try:
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise ConfigError(
            "{path} is no text: a line of a token file is TOKEN SCOPE", path=path
        ) from error
    warnings = []
    if is_shared and os.name == "posix":
        others = Message("other accounts can read {path}: run 'chmod 600 {path}'", path=path)
        warnings.append(others)
    known: dict[bytes, Token] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        place = Message("{path}, line {number}", path=path, number=number)
        text, scopes = _parsed(line, place)
        token = Token(hashlib.sha256(text.encode()).digest(), scopes)
        if token.digest in known:
            raise ConfigError("{place}: the same token stands above", place=place)
        if len(text) < STRONG_CHARACTERS:
            short = Message("{place}: the token is short; make it of 32 random digits", place=place)
            warnings.append(short)
        known[token.digest] = token
    if not known:
        raise ConfigError("{path} holds no token: write TOKEN SCOPE, one a line", path=path)
    return Tokens(tuple(known.values()), tuple(warnings))


def _parsed(line: str, place: str) -> tuple[str, frozenset[str]]:
    """Split a line into token and scopes."""
    parts = line.split()
    if len(parts) != 2:
        raise ConfigError(
            "{place}: write TOKEN SCOPE[,SCOPE]; scopes are {scopes}",
            place=place,
            scopes=SCOPES,
        )
    scopes = frozenset(parts[1].split(","))
    if not scopes <= set(SCOPES):
        raise ConfigError(
            "{place}: there is no such scope; scopes are {scopes}",
            place=place,
            scopes=SCOPES,
        )
    return parts[0], scopes
