"""The creator's public identity: an Ed25519 key that signs what ocguard hands out.

The public part is an ordinary PEM file, and a signature 64 plain bytes, so that anybody can verify
them without ocguard: ``openssl pkeyutl -verify -pubin -inkey identity.pem -rawin -in FILE -sigfile
SIGNATURE``. The fingerprint is short enough to post in a profile.

References
----------
S. Josefsson, I. Liusvaara, "Edwards-Curve Digital Signature Algorithm (EdDSA)", RFC 8032, 2017,
https://doi.org/10.17487/RFC8032; "Algorithm Identifiers for Ed25519 ...", RFC 8410, 2018.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ocguard.errors import ProfileError

if TYPE_CHECKING:
    from cryptography import x509

__all__ = ["SEED_BYTES", "PublicIdentity", "Signer"]

SEED_BYTES: Final = 32
"""Length of the secret that an identity is made from."""

FINGERPRINT_BYTES: Final = 16
"""128 bits: nobody makes a second identity with the same fingerprint."""

PEM_LIMIT_BYTES: Final = 4096
"""A public identity has 113 bytes, and perhaps a few lines of a person's before it."""


@dataclass(frozen=True)
class PublicIdentity:
    """The part of an identity that everybody may know.

    Attributes
    ----------
    key : bytes
        The public key, 32 bytes.
    """

    key: bytes

    @property
    def fingerprint(self) -> str:
        """Its name for people: eight groups of four hexadecimal digits.

        Examples
        --------
        >>> Signer(bytes(32)).identity.fingerprint
        '139e-3940-e64b-5491-7220-88d9-a0d7-4162'
        """
        digits = hashlib.sha256(self.key).digest()[:FINGERPRINT_BYTES].hex()
        return "-".join(digits[start : start + 4] for start in range(0, len(digits), 4))

    def to_pem(self) -> bytes:
        """Write it as a PEM file (SubjectPublicKeyInfo, RFC 8410)."""
        from cryptography.hazmat.primitives import serialization  # slow to import: knows SSH, too

        return Ed25519PublicKey.from_public_bytes(self.key).public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    @classmethod
    def from_pem(cls, pem: bytes) -> PublicIdentity:
        """Read what :meth:`to_pem` wrote.

        Raises
        ------
        ProfileError
            It is no public Ed25519 key.
        """
        from cryptography.hazmat.primitives import serialization

        try:
            key = serialization.load_pem_public_key(pem[:PEM_LIMIT_BYTES])
        except (ValueError, UnsupportedAlgorithm):
            key = None
        if not isinstance(key, Ed25519PublicKey):
            raise ProfileError(
                "this is no public identity: it is what 'ocguard profile identity FILE' writes"
            )
        return cls(key.public_bytes_raw())

    def has_signed(self, message: bytes, signature: bytes) -> bool:
        """Tell whether a signature (64 bytes) of a message is by this identity."""
        try:
            Ed25519PublicKey.from_public_bytes(self.key).verify(signature, message)
        except InvalidSignature:
            return False
        return True


@final
class Signer:
    """The secret part of an identity; it never shows in ``repr``.

    Parameters
    ----------
    seed : bytes
        32 secret bytes; see :meth:`ocguard.keys.SecretKey.signer`.
    """

    __slots__ = ("_key",)

    def __init__(self, seed: bytes) -> None:
        self._key: Final = Ed25519PrivateKey.from_private_bytes(seed)

    @property
    def identity(self) -> PublicIdentity:
        """The public part."""
        return PublicIdentity(self._key.public_key().public_bytes_raw())

    def sign(self, message: bytes) -> bytes:
        """Sign a message: 64 bytes, always the same for the same message."""
        return self._key.sign(message)

    def issue(self, builder: x509.CertificateBuilder) -> x509.Certificate:
        """Sign a certificate with this identity as its issuer."""
        return builder.sign(self._key, None)
