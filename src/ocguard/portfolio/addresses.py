"""Compare the places where pictures are shown: addresses of the web, and accounts on platforms.

An address is taken apart before it is compared, so that no beginning of its text deceives:
``https://x.com/me`` covers neither ``https://x.com/mean`` nor ``https://x.com.evil.example``. What
browsers and servers read in different ways is refused, or covered by nothing: when in doubt, a
place is not the one that was meant.

References
----------
T. Berners-Lee, R. Fielding, L. Masinter, "Uniform Resource Identifier (URI): Generic Syntax",
RFC 3986, 2005. P. Faltstrom, P. Hoffman, A. Costello, "Internationalizing Domain Names in
Applications", RFC 3490, 2003. "URL", WHATWG Living Standard.
"""

from __future__ import annotations

import re
import stringprep
import unicodedata
from dataclasses import dataclass
from typing import Final, Self

from ocguard.language.message import Message

__all__ = ["MAX_URL_CHARACTERS", "Account", "Address"]

MAX_URL_CHARACTERS: Final = 2000
MAX_NAME_CHARACTERS: Final = 200

FULL_WIDTH_COLON: Final = "\uff1a"
"""What a Chinese or Japanese keyboard types for a colon."""

_PORTS: Final = {"http": 80, "https": 443}
_MAX_PORT: Final = 65535
_PARTS: Final = re.compile(
    r"(?P<scheme>[^:/?#]+)://(?P<host>[^/?#:]*)(?::(?P<port>[0-9]{0,5}))?"
    r"(?P<path>(?:/[^?#]*)?)(?:\?(?P<query>[^#]*))?(?:#(?P<fragment>.*))?"
)
"""After appendix B of RFC 3986, with the parts of the authority."""

_ESCAPED: Final = re.compile(rb"%([0-9A-Fa-f]{2})")
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zs", "Zl", "Zp"})
"""Unicode categories that no address holds as they are: they hide in it, or end it."""

_READ_TWO_WAYS: Final = frozenset("ßς")
"""Letters that old and new rules of domain names turn into different names."""

_LABEL: Final = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_PLATFORM: Final = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,38}[a-z0-9])?")
_SEPARATORS: Final = (b"/", b"\\", b"\0")
"""What some servers take for the end of a folder's name though it was written as ``%2F``."""


@dataclass(frozen=True)
class Address:
    """An address of the web, taken apart.

    Attributes
    ----------
    scheme : str
        ``http`` or ``https``.
    host : str
        Name of the machine, lower case, in the form that the network uses (``xn--...``).
    port : int
        The one that is written, or the usual one of the scheme.
    segments : tuple of bytes
        Names of the path, decoded, without ``.`` and ``..`` and without an empty last one.
    query : str
        What stands behind ``?``.
    fragment : str
        What stands behind ``#``: it is never sent to the machine.
    """

    scheme: str
    host: str
    port: int
    segments: tuple[bytes, ...]
    query: str
    fragment: str

    @classmethod
    def of(cls, text: str) -> Self:
        """Take an address apart.

        Raises
        ------
        ValueError
            It is no address of the web, holds a name and password, or can be read in two ways.

        Examples
        --------
        >>> Address.of("HTTPS://X.com:443/me/").host
        'x.com'
        """
        if len(text) > MAX_URL_CHARACTERS:
            raise ValueError(
                Message("an address has at most {limit} characters", limit=MAX_URL_CHARACTERS)
            )
        if "\\" in text or any(unicodedata.category(one) in _UNSEEN for one in text):
            raise ValueError(
                Message(
                    "no address holds spaces, hidden characters or '\\': {text!r}", text=text[:80]
                )
            )
        if "@" in re.split("[/?#]", text.partition("//")[2])[0]:
            raise ValueError(
                Message("leave out what stands before '@' in the address {text!r}", text=text[:80])
            )
        parts = _PARTS.fullmatch(text)
        scheme = parts["scheme"].lower() if parts else ""
        if parts is None or scheme not in _PORTS:
            raise ValueError(
                Message("an address begins with https:// or http://, got {text!r}", text=text[:80])
            )
        port = int(parts["port"] or _PORTS[scheme])
        if port > _MAX_PORT:
            raise ValueError(
                Message(
                    "no address has a port above {limit}: {text!r}", limit=_MAX_PORT, text=text[:80]
                )
            )
        query, fragment = parts["query"] or "", parts["fragment"] or ""
        segments = _segments(parts["path"])
        return cls(scheme, _host(parts["host"], text), port, segments, query, fragment)

    def covers(self, other: Address) -> bool:
        """Tell whether another address is this one, or lies below it.

        With a query this one covers itself alone.
        """
        ours, theirs = ((one.scheme, one.host, one.port) for one in (self, other))
        if ours != theirs:
            return False
        if self.query:
            return (self.segments, self.query) == (other.segments, other.query)
        depth = len(self.segments)
        below = other.segments[depth:]
        is_clear = not any(mark in name for name in below for mark in _SEPARATORS)
        return other.segments[:depth] == self.segments and is_clear


@dataclass(frozen=True)
class Account:
    """An account on a platform.

    Attributes
    ----------
    platform : str
        Lower case, such as ``x`` or ``xiaohongshu``.
    name : str
        What the account is called there, without ``@``; letters A to Z become small.
    """

    platform: str
    name: str

    @classmethod
    def of(cls, text: str) -> Self:
        """Read ``PLATFORM:NAME``.

        Raises
        ------
        ValueError
            It has another form, or hidden characters.

        Examples
        --------
        >>> Account.of("X:@Lin_Art")
        Account(platform='x', name='lin_art')
        """
        halves = text.replace(FULL_WIDTH_COLON, ":", 1) if ":" not in text else text
        platform, _, name = (part.strip() for part in halves.partition(":"))
        name = unicodedata.normalize("NFC", name).removeprefix("@")
        hidden = _UNSEEN - {"Zs"}
        if any(unicodedata.category(one) in hidden for one in name):
            raise ValueError(
                Message("the account {text!r} holds hidden characters", text=text[:80])
            )
        if not _PLATFORM.fullmatch(platform.lower()) or not 0 < len(name) <= MAX_NAME_CHARACTERS:
            raise ValueError(
                Message(
                    "an account is PLATFORM:NAME, such as x:lin_art, got {text!r}", text=text[:80]
                )
            )
        return cls(platform.lower(), "".join(map(_small, name)))


def _small(letter: str) -> str:
    return letter.lower() if letter.isascii() else letter


def _host(name: str, text: str) -> str:
    """Give a host as the network knows it; refuse names that rules of different years differ on."""
    is_doubtful = any(one in _READ_TWO_WAYS or stringprep.in_table_a1(one) for one in name)
    try:
        host = name.encode("idna").decode("ascii").lower().removesuffix(".")
    except UnicodeError:
        host = ""
    if is_doubtful or not _HOST.fullmatch(host):
        raise ValueError(
            Message(
                "the name of the host in {text!r} can be read in two ways or is none: write it "
                "as your browser's address bar gives it when you copy it (xn--...)",
                text=text[:80],
            )
        )
    return host


def _segments(path: str) -> tuple[bytes, ...]:
    """Take a path apart, and walk it as a browser does."""
    walked: list[bytes] = []
    for name in map(_unescaped, path.split("/")[1:]):
        if name == b"..":
            del walked[-1:]
        elif name != b".":
            walked.append(name)
    while walked and not walked[-1]:
        walked.pop()
    return tuple(walked)


def _unescaped(name: str) -> bytes:
    return _ESCAPED.sub(lambda escape: bytes.fromhex(escape[1].decode()), name.encode())
