"""Promises of ocguard.certificate."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from ocguard.certificate import own_signing_key, read_signing_key
from ocguard.errors import ProfileError
from ocguard.keys import SecretKey

KEY = SecretKey(bytes(range(32)))


def chain_of(pem: bytes) -> list[x509.Certificate]:
    """Read certificates."""
    return x509.load_pem_x509_certificates(pem)


def pem_of(key, password: bytes = b"") -> bytes:
    """Write a private key."""
    encryption = (
        serialization.BestAvailableEncryption(password)
        if password
        else serialization.NoEncryption()
    )
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption
    )


def self_signed(key) -> bytes:
    """Certify a key by itself."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Studio")])
    day = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, day, day.replace(year=2030))
    algorithm = None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    return made.sign(key, algorithm).public_bytes(serialization.Encoding.PEM)


@pytest.fixture
def files(tmp_path: Path):
    """Write a chain and a key, and give their paths."""

    def write(certificates: bytes, key: bytes) -> tuple[Path, Path]:
        paths = tmp_path / "chain.pem", tmp_path / "key.pem"
        for path, data in zip(paths, (certificates, key), strict=True):
            path.write_bytes(data)
        return paths

    return write


def test_the_identity_vouches_for_the_key_that_signs() -> None:
    """Two levels: the published identity is the root, another key signs."""
    signing = own_signing_key(KEY, "Mira Vale")
    leaf, root = chain_of(signing.certificates)
    leaf.verify_directly_issued_by(root)
    root.verify_directly_issued_by(root)
    assert root.public_key().public_bytes_raw() == KEY.signer().identity.key
    private = serialization.load_pem_private_key(signing.private_key, None)
    assert private.public_key() == leaf.public_key()
    assert leaf.public_key() != root.public_key()
    assert signing.algorithm == "ed25519"


def test_the_certificates_are_as_the_c2pa_wants_them() -> None:
    """Purpose, use and level of each; only the root may issue."""
    leaf, root = chain_of(own_signing_key(KEY, "Mira Vale").certificates)
    purpose = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(purpose) == [ExtendedKeyUsageOID.EMAIL_PROTECTION]
    for one, is_root in ((leaf, False), (root, True)):
        level = one.extensions.get_extension_for_class(x509.BasicConstraints)
        use = one.extensions.get_extension_for_class(x509.KeyUsage)
        assert (level.critical, level.value.ca) == (True, is_root)
        assert (use.critical, use.value.digital_signature) == (True, not is_root)
        assert use.value.key_cert_sign == is_root
        assert one.version == x509.Version.v3
        (organization,) = one.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
        assert organization.value == "Mira Vale"


def test_the_certificates_follow_from_key_and_name_alone() -> None:
    """On every machine byte by byte the same; another key or name has others."""
    first = own_signing_key(KEY, "Mira Vale")
    assert own_signing_key(SecretKey(bytes(range(32))), "Mira Vale") == first
    assert own_signing_key(KEY, "Mo").certificates != first.certificates
    assert own_signing_key(SecretKey(bytes(32)), "Mira Vale").private_key != first.private_key


@pytest.mark.parametrize("name", ["画师" * 60, "x" * 300, "Ünal"])
def test_any_name_fits(name: str) -> None:
    """A long one is cut where certificates end."""
    leaf, _ = chain_of(own_signing_key(KEY, name).certificates)
    (common,) = leaf.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    assert name.startswith(str(common.value).removesuffix(" (Content Credentials)"))
    assert str(common.value).endswith(" (Content Credentials)")


def test_the_secret_does_not_show() -> None:
    """Neither in ``repr`` nor in ``str``."""
    signing = own_signing_key(KEY, "Mo")
    secret = signing.private_key.splitlines()[1].decode()
    assert secret not in f"{signing!r} {signing}"


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        (ed25519.Ed25519PrivateKey.generate(), "ed25519"),
        (ec.generate_private_key(ec.SECP256R1()), "es256"),
        (ec.generate_private_key(ec.SECP384R1()), "es384"),
        (rsa.generate_private_key(65_537, 2048), "ps256"),
    ],
)
def test_a_chain_of_ones_own_is_read(files, key, algorithm: str) -> None:
    """Any key that the C2PA takes, with its certificates as they are."""
    chain = self_signed(key)
    signing = read_signing_key(*files(chain, pem_of(key)))
    assert (signing.certificates, signing.algorithm) == (chain, algorithm)
    assert signing.private_key == pem_of(key)


def test_what_does_not_belong_together_is_refused(files) -> None:
    """Another key, a kind that is not taken, a password, nonsense: each is said."""
    key, other = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    odd = ec.generate_private_key(ec.SECP521R1())
    with pytest.raises(ProfileError, match="is not the key of the first certificate"):
        read_signing_key(*files(self_signed(key), pem_of(other)))
    with pytest.raises(ProfileError, match="P-256, P-384 or RSA"):
        read_signing_key(*files(self_signed(odd), pem_of(odd)))
    with pytest.raises(ProfileError, match="without a password"):
        read_signing_key(*files(self_signed(key), pem_of(key, b"secret")))
    for chain, private in ((b"", pem_of(key)), (self_signed(key), b"nonsense")):
        with pytest.raises(ProfileError, match="no certificates and key"):
            read_signing_key(*files(chain, private))
