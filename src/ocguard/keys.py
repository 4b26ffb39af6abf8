"""The creator's secret key: made once, kept private, and the root of every derived key.

Everything keyed in ocguard (mark ids, carriers, checks, the identity that signs) is derived from 32
random bytes with HKDF-SHA256, so that no two purposes ever share a stream and a released version
stays readable. So one copy of the key holds everything, and who has published their identity is
bound to the key: no other key gives the same identity.
The key file and an exported key hold the same armored text: base32 in groups, with a checksum, so
that a key typed in from paper is either right or refused.

References
----------
.. [1] H. Krawczyk, P. Eronen, "HMAC-based Extract-and-Expand Key Derivation Function (HKDF)",
   RFC 5869, 2010, https://doi.org/10.17487/RFC5869
.. [2] S. Josefsson, "The Base16, Base32, and Base64 Data Encodings", RFC 4648, 2006,
   https://doi.org/10.17487/RFC4648
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
import stat
from pathlib import Path
from typing import Final, NoReturn, final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ocguard.atomic import PRIVATE, whole_file
from ocguard.errors import OutputExistsError, ProfileError
from ocguard.identity import SEED_BYTES, Signer
from ocguard.language.message import Message

__all__ = ["SecretKey"]

SECRET_BYTES: Final = 32
"""256 bits: out of reach of every search, quantum computers included."""

CHECKSUM_BYTES: Final = 8
"""A wrong key text is accepted once in 2**64; together with the secret exactly 64 characters."""

KEY_FILE_LIMIT_BYTES: Final = 4096
"""A key text is about 150 bytes; whatever is far larger is another file."""

_INFO_PREFIX: Final = b"ocguard/v1/"
_HEAD: Final = "-----BEGIN OCGUARD SECRET KEY-----"
_FOOT: Final = "-----END OCGUARD SECRET KEY-----"
_LOOKALIKES: Final = str.maketrans("018", "OIB", " \t-")
_PAYLOAD_CHARACTERS: Final = (SECRET_BYTES + CHECKSUM_BYTES) * 8 // 5
_OTHERS_MAY_READ: Final = stat.S_IRWXG | stat.S_IRWXO


@final
class SecretKey:
    """A creator's secret key of 32 random bytes.

    The secret never shows in ``repr``, ``str`` or a pickle; only :meth:`to_bytes` and
    :meth:`to_text` hand it out, by name. Keys are compared in constant time.

    Parameters
    ----------
    secret : bytes
        Exactly 32 bytes.

    Raises
    ------
    ValueError
        `secret` is not 32 bytes long.

    Examples
    --------
    >>> key = SecretKey(bytes(32))
    >>> key
    SecretKey(key_id='bc393c1d95ba5652')
    >>> SecretKey.from_text(key.to_text()) == key
    True
    >>> len(key.derive("mark-id/demo", 8))
    8
    """

    __slots__ = ("_secret",)

    def __init__(self, secret: bytes) -> None:
        if len(secret) != SECRET_BYTES:
            raise ValueError(
                Message(
                    "a secret key has {needed} bytes, got {count}",
                    needed=SECRET_BYTES,
                    count=len(secret),
                )
            )
        self._secret: Final = bytes(secret)

    @classmethod
    def generate(cls) -> SecretKey:
        """Make a new key from the operating system's source of randomness."""
        return cls(secrets.token_bytes(SECRET_BYTES))

    @classmethod
    def from_bytes(cls, secret: bytes) -> SecretKey:
        """Take the 32 bytes that :meth:`to_bytes` gave; ``ValueError`` on any other length."""
        return cls(secret)

    def to_bytes(self) -> bytes:
        """Hand out the secret itself, to give it to a worker process. Never print or store it."""
        return self._secret

    def derive(self, purpose: str, length: int) -> bytes:
        """Derive bytes for one purpose with HKDF-SHA256.

        Other purposes, and other keys, give independent bytes. A shorter request is a prefix of
        a longer one.

        Parameters
        ----------
        purpose : str
            Names the use, for example ``"carrier/3"``; part of the format of every mark.
        length : int
            Bytes wanted, 1 to 8160.

        Returns
        -------
        bytes
            `length` bytes, the same on every machine.

        Raises
        ------
        ValueError
            `length` is out of range.
        """
        info = _INFO_PREFIX + purpose.encode("utf-8")
        if not 1 <= length <= 255 * SHA256.digest_size:
            raise ValueError(
                Message("HKDF-SHA256 derives 1 to 8160 bytes, asked for {length}", length=length)
            )
        return HKDF(algorithm=SHA256(), length=length, salt=None, info=info).derive(self._secret)

    @property
    def key_id(self) -> str:
        """Public name of the key: 16 hexadecimal digits that reveal nothing of the secret."""
        return self.derive("key-id", 8).hex()

    @property
    def commitment(self) -> str:
        """Digest that binds to this key and reveals nothing of it: 64 hexadecimal digits.

        Whoever is shown the key can derive it again; no other key gives the same.
        """
        return self.derive("commitment/1", 32).hex()

    def signer(self) -> Signer:
        """Give the identity that signs in this key's name; the same on every machine."""
        return Signer(self.derive("identity/1", SEED_BYTES))

    def to_text(self) -> str:
        """Write the key as armored text, to keep on paper or to carry to another machine.

        Returns
        -------
        str
            Five lines: head, public key id, two lines of base32 with a 64-bit checksum, foot.
        """
        payload = base64.b32encode(self._secret + _checksum(self._secret)).decode("ascii")
        groups = [payload[start : start + 8] for start in range(0, _PAYLOAD_CHARACTERS, 8)]
        lines = [" ".join(groups[:4]), " ".join(groups[4:])]
        return "\n".join([_HEAD, f"Key-Id: {self.key_id}", *lines, _FOOT, ""])

    @classmethod
    def from_text(cls, text: str) -> SecretKey:
        """Read armored text; lower case, line breaks, and 0, 1, 8 for O, I, B are forgiven.

        Parameters
        ----------
        text : str
            What :meth:`to_text` gave, or only its two lines of base32.

        Raises
        ------
        ProfileError
            Characters are missing, or the checksum says that one is wrong.
        """
        letters = [line for line in text.splitlines() if ":" not in line and "---" not in line]
        payload = "".join(letters).upper().translate(_LOOKALIKES)
        if len(payload) != _PAYLOAD_CHARACTERS:
            raise ProfileError(
                "this is no key text: it has {count} of {needed} letters and "
                "digits; copy everything that 'ocguard profile key export' wrote",
                count=len(payload),
                needed=_PAYLOAD_CHARACTERS,
            )
        try:
            raw = base64.b32decode(payload)
        except ValueError:  # no letters of the alphabet, also of no alphabet at all
            raw = b""
        secret, checksum = raw[:SECRET_BYTES], raw[SECRET_BYTES:]
        if not hmac.compare_digest(checksum, _checksum(secret)):
            raise ProfileError(
                "a character of the key text is wrong: its checksum does not fit; compare it"
                " with the exported text, character by character"
            )
        return cls(secret)

    def save(self, path: Path) -> None:
        """Write the key file, readable by its owner alone, whole or not at all.

        Parameters
        ----------
        path : Path
            A name that does not exist yet, in a folder that does.

        Raises
        ------
        ProfileError
            The name is taken: a key file is never overwritten.
        """
        try:
            with whole_file(path, mode=PRIVATE) as stream:
                stream.write(self.to_text().encode("ascii"))
        except OutputExistsError as error:
            raise ProfileError(
                "{path} holds a secret key already and is never overwritten: move it to a safe "
                "place first, since every mark made with it needs it",
                path=path,
            ) from error

    @classmethod
    def load(cls, path: Path) -> SecretKey:
        """Read a key file.

        Parameters
        ----------
        path : Path
            What :meth:`save` wrote.

        Raises
        ------
        ProfileError
            The file is missing, not a key, damaged, or readable by other accounts (POSIX).
        """
        try:
            _require_private(path)
            with path.open("rb") as stream:
                raw = stream.read(KEY_FILE_LIMIT_BYTES)
        except FileNotFoundError as error:
            raise ProfileError(
                "there is no secret key at {path}: 'ocguard profile key import' brings yours "
                "from another machine, 'ocguard protect' makes a first one",
                path=path,
            ) from error
        try:
            return cls.from_text(raw.decode("utf-8", errors="replace"))
        except ProfileError as error:
            raise ProfileError("{path}: {reason}", path=path, reason=error) from error

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SecretKey):
            return NotImplemented
        return hmac.compare_digest(self._secret, other._secret)

    def __hash__(self) -> int:
        return hash(self.key_id)

    def __repr__(self) -> str:
        return f"SecretKey(key_id={self.key_id!r})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret key is not pickled; pass key.to_bytes() where it must travel")


def _checksum(secret: bytes) -> bytes:
    """Check of the armored text; it tells typing errors, not forgeries."""
    return hashlib.sha256(_INFO_PREFIX + b"armor/" + secret).digest()[:CHECKSUM_BYTES]


def _require_private(path: Path) -> None:
    """Refuse a key file that other accounts of this machine may read."""
    mode = path.stat().st_mode
    if os.name == "posix" and mode & _OTHERS_MAY_READ:
        raise ProfileError(
            "{path} can be read by other accounts (mode {mode:03o}): run 'chmod 600 "
            "{path}', and make a new key if somebody may have copied it",
            path=path,
            mode=stat.S_IMODE(mode),
        )
