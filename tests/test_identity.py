"""Promises of the identity that signs."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

from ocguard.errors import ProfileError
from ocguard.identity import PublicIdentity, Signer
from ocguard.keys import SecretKey

SIGNER = Signer(bytes(range(32)))


def test_a_signature_is_verified_by_the_public_part_alone() -> None:
    """And neither another message, another signature, nor another identity passes."""
    signature = SIGNER.sign(b"message")
    identity = SIGNER.identity
    assert identity.has_signed(b"message", signature)
    assert not identity.has_signed(b"messagE", signature)
    assert not identity.has_signed(b"message", bytes(64))
    assert not identity.has_signed(b"message", b"")
    assert not Signer(bytes(32)).identity.has_signed(b"message", signature)


def test_the_public_part_comes_back_from_its_file() -> None:
    """Text before it is allowed, as in every PEM file."""
    pem = SIGNER.identity.to_pem()
    assert PublicIdentity.from_pem(b"Mira's\n" + pem) == SIGNER.identity


def test_what_is_no_public_identity_is_refused() -> None:
    """Nonsense, another kind of key, a secret key."""
    other = generate_private_key(SECP256R1()).public_key()
    pem = other.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    for data in (b"", b"nonsense", pem, SecretKey(bytes(32)).to_text().encode()):
        with pytest.raises(ProfileError, match="no public identity"):
            PublicIdentity.from_pem(data)


def test_the_key_alone_gives_the_identity() -> None:
    """On every machine the same, and another one for another key."""
    first, again, other = (SecretKey(bytes([n]) * 32).signer().identity for n in (1, 1, 2))
    assert first == again
    assert first.fingerprint != other.fingerprint
    assert first.fingerprint == "fd13-82f7-18a8-7c90-8b74-bd59-e95b-79ab"


def test_the_secret_does_not_show() -> None:
    """Neither in ``repr`` nor in ``str``."""
    assert bytes(range(32)).hex() not in f"{SIGNER!r} {SIGNER}"


def test_openssl_verifies_what_we_sign(tmp_path: Path) -> None:
    """Nobody needs ocguard for it."""
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("openssl is not installed")
    (tmp_path / "identity.pem").write_bytes(SIGNER.identity.to_pem())
    (tmp_path / "message").write_bytes(b"message")
    (tmp_path / "signature").write_bytes(SIGNER.sign(b"message"))
    words = "pkeyutl -verify -pubin -inkey identity.pem -rawin -in message -sigfile signature"
    command = [program, *words.split()]
    good = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    (tmp_path / "message").write_bytes(b"messagE")
    bad = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert (good.returncode, bad.returncode) == (0, 1)
