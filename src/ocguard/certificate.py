"""The creator's certificates: what Content Credentials are signed with.

Two levels, as the C2PA's profile of certificates wants it. The creator's identity is the root; it
issues a certificate to a second key, which signs. Both follow from the secret key and the creator's
name alone, byte by byte, so there is nothing to keep: whoever trusts the root once, because its
fingerprint is published, trusts it on every machine and in every year. Nobody else vouches for the
name, so viewers call the issuer unknown.

References
----------
C2PA, "Content Credentials: C2PA Technical Specification 2.1", section "X.509 Certificates".
D. Cooper et al., "Internet X.509 Public Key Infrastructure Certificate and CRL Profile", RFC 5280,
2008, https://doi.org/10.17487/RFC5280.
"""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes, PublicKeyTypes
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from ocguard.errors import ProfileError
from ocguard.identity import SEED_BYTES, Signer
from ocguard.keys import SecretKey
from ocguard.toml import bounded_bytes

__all__ = ["SigningKey", "own_signing_key", "read_signing_key"]

VALID_FROM: Final = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
VALID_UNTIL: Final = datetime.datetime(2126, 1, 1, tzinfo=datetime.UTC)
"""Fixed, so that the certificates are the same every time. Nobody renews them: a signature without
a trusted time is valid only as long as its certificate."""

MAX_NAME_BYTES: Final = 64
"""Longest name: RFC 5280 counts characters, some readers the bytes of UTF-8."""

_UNUSED: Final = dict.fromkeys(
    (
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "encipher_only",
        "decipher_only",
    ),
    False,
)


@dataclass(frozen=True)
class SigningKey:
    """A private key with the certificates that speak for it.

    Attributes
    ----------
    certificates : bytes
        PEM, the one of the key first, then its issuers.
    private_key : bytes
        PEM (PKCS 8); secret, never shown.
    algorithm : str
        Of its signatures, as the C2PA calls it: ``ed25519``, ``es256``, ``es384`` or ``ps256``.
    """

    certificates: bytes
    private_key: bytes = field(repr=False)
    algorithm: str


def own_signing_key(key: SecretKey, creator: str) -> SigningKey:
    """Return the key and certificates that follow from the creator's secret key.

    Parameters
    ----------
    key : SecretKey
        The creator's; its identity issues the certificate.
    creator : str
        The name in the certificates; cut where they allow no more.
    """
    root = key.signer()
    private = ed25519.Ed25519PrivateKey.from_private_bytes(key.derive("credentials/1", SEED_BYTES))
    root_public = ed25519.Ed25519PublicKey.from_public_bytes(root.identity.key)
    chain = (
        _certificate(root, creator, private.public_key(), "Content Credentials", is_root=False),
        _certificate(root, creator, root_public, "identity", is_root=True),
    )
    pem = b"".join(one.public_bytes(serialization.Encoding.PEM) for one in chain)
    return SigningKey(pem, _pem_of(private), "ed25519")


def read_signing_key(certificates: Path, private_key: Path) -> SigningKey:
    """Read a key and certificates that somebody else issued to the creator.

    Parameters
    ----------
    certificates : Path
        PEM, the one of the key first, then its issuers.
    private_key : Path
        PEM without a password.

    Raises
    ------
    ProfileError
        Either is not what it should be, or they do not belong together.
    OSError
        A file cannot be read.
    """
    chain, pem = bounded_bytes(certificates), bounded_bytes(private_key)
    try:
        leaf = x509.load_pem_x509_certificates(chain)[0]
        key = serialization.load_pem_private_key(pem, None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise ProfileError(
            "{certificates} and {private_key} are no certificates and key in PEM without a "
            "password: {reason}",
            certificates=certificates,
            private_key=private_key,
            reason=error,
        ) from error
    algorithm = _algorithm(key)
    if algorithm is None:
        raise ProfileError(
            "{private_key}: Content Credentials are signed with Ed25519, P-256, P-384 or RSA keys",
            private_key=private_key,
        )
    if _public_bytes(leaf.public_key()) != _public_bytes(key.public_key()):
        raise ProfileError(
            "{private_key} is not the key of the first certificate in {certificates}",
            private_key=private_key,
            certificates=certificates,
        )
    return SigningKey(chain, _pem_of(key), algorithm)


def _certificate(
    root: Signer,
    creator: str,
    public: ed25519.Ed25519PublicKey,
    role: str,
    *,
    is_root: bool,
) -> x509.Certificate:
    """Issue one certificate; its serial number follows from the key and the names."""
    issuer, subject = _name(creator, "identity"), _name(creator, role)
    seen = hashlib.sha256(public.public_bytes_raw() + subject.public_bytes()).digest()
    root_public = ed25519.Ed25519PublicKey.from_public_bytes(root.identity.key)
    signs = dict.fromkeys(("key_cert_sign", "crl_sign"), is_root)
    use = x509.KeyUsage(digital_signature=not is_root, **signs, **_UNUSED)
    issuer_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_public)
    builder = (
        x509.CertificateBuilder(issuer, subject, public)
        .serial_number(int.from_bytes(seen[:16]) | 1)
        .not_valid_before(VALID_FROM)
        .not_valid_after(VALID_UNTIL)
        .add_extension(x509.BasicConstraints(is_root, 0 if is_root else None), critical=True)
        .add_extension(use, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(issuer_key, critical=False)
    )
    if not is_root:
        purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION])
        builder = builder.add_extension(purpose, critical=False)
    return root.issue(builder)


def _name(creator: str, role: str) -> x509.Name:
    """Name a creator in one of their roles; older verifiers want an organization."""
    named = f" ({role})"
    common = _cut(creator, MAX_NAME_BYTES - len(named)) + named
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, common),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, _cut(creator, MAX_NAME_BYTES)),
        ]
    )


def _cut(text: str, size_bytes: int) -> str:
    """Keep as many whole characters as fit."""
    return text.encode()[:size_bytes].decode("utf-8", "ignore")


def _algorithm(key: object) -> str | None:
    """Return what the C2PA calls the signatures of a key; None for kinds that it does not take."""
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return "ed25519"
    if isinstance(key, rsa.RSAPrivateKey):
        return "ps256"
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return {"secp256r1": "es256", "secp384r1": "es384"}.get(key.curve.name)
    return None


def _pem_of(key: PrivateKeyTypes) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _public_bytes(key: PublicKeyTypes) -> bytes:
    return key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
