"""Content Credentials made by the reference library, with certificates of the tests' own."""

from __future__ import annotations

import datetime
import io
from functools import cache
from typing import Any

import c2pa
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

__all__ = ["MIME", "chain_and_key", "signed"]

MIME = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "WEBP": "image/webp",
    "AVIF": "image/avif",
    "TIFF": "image/tiff",
    "GIF": "image/gif",
}
"""Formats that carry Content Credentials, by Pillow's names."""

OFFLINE = {"remote_manifest_fetch": False, "ocsp_fetch": False}


def signed(
    data: bytes,
    mime: str,
    manifest: dict[str, Any],
    *,
    is_edit: bool = False,
    has_thumbnail: bool = False,
) -> bytes:
    """Sign a picture file with a manifest, perhaps as an edit of what it was."""
    certificates, key = chain_and_key()
    info = c2pa.C2paSignerInfo(b"es256", certificates, key, None)
    builder = {"thumbnail": {"enabled": has_thumbnail}}
    settings = c2pa.Settings.from_dict({"builder": builder, "verify": OFFLINE})
    made = io.BytesIO()
    with (
        c2pa.Context(settings) as context,
        c2pa.Signer.from_info(info) as signer,
        c2pa.Builder(manifest, context) as one,
    ):
        if is_edit:
            one.set_intent(c2pa.C2paBuilderIntent.EDIT)
        one.sign(signer, mime, io.BytesIO(data), made)
    return made.getvalue()


@cache
def chain_and_key(ocsp: str = "") -> tuple[bytes, bytes]:
    """Make a root and a leaf; return both as PEM, and the leaf's key.

    The leaf may name an address at which to ask whether it was revoked.
    """
    root_key, leaf_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root = _certificate("Root", root_key, root_key, is_root=True)
    leaf = _certificate("Leaf", leaf_key, root_key, is_root=False, ocsp=ocsp)
    pem = b"".join(one.public_bytes(serialization.Encoding.PEM) for one in (leaf, root))
    private = leaf_key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return pem, private


def _certificate(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: ec.EllipticCurvePrivateKey,
    *,
    is_root: bool,
    ocsp: str = "",
) -> x509.Certificate:
    """Make one certificate as the profile of C2PA wants it."""
    now = datetime.datetime.now(datetime.UTC)
    day = datetime.timedelta(days=1)
    signs = dict.fromkeys(("key_cert_sign", "crl_sign"), is_root)
    unused = dict.fromkeys(
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
    builder = (
        x509.CertificateBuilder(_name("Root"), _name(name), key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - day)
        .not_valid_after(now + day)
        .add_extension(x509.BasicConstraints(is_root, 0 if is_root else None), True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.public_key()), False
        )
        .add_extension(x509.KeyUsage(digital_signature=not is_root, **signs, **unused), True)
    )
    if not is_root:
        purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION])
        builder = builder.add_extension(purpose, False)
    if ocsp:
        place = x509.UniformResourceIdentifier(ocsp)
        access = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, place)
        builder = builder.add_extension(x509.AuthorityInformationAccess([access]), False)
    return builder.sign(issuer, hashes.SHA256())


def _name(common: str) -> x509.Name:
    attributes = {NameOID.COMMON_NAME: common, NameOID.ORGANIZATION_NAME: "Tests"}
    return x509.Name([x509.NameAttribute(*one) for one in attributes.items()])
