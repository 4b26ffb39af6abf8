"""Promises of the secret key: derivation, armored text, and a private file."""

from __future__ import annotations

import copy
import os
import pickle
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes, hmac
from hypothesis import given
from hypothesis import strategies as st

from ocguard.errors import ProfileError
from ocguard.keys import SecretKey

SECRET = bytes(range(32))
BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
posix_only = pytest.mark.skipif(os.name != "posix", reason="permission bits are POSIX")


def hkdf_by_hand(secret: bytes, info: bytes, length: int) -> bytes:
    """RFC 5869 written out with HMAC alone."""

    def mac(key: bytes, data: bytes) -> bytes:
        signer = hmac.HMAC(key, hashes.SHA256())
        signer.update(data)
        return signer.finalize()

    extracted, block, output = mac(bytes(32), secret), b"", b""
    for counter in range(1, -(-length // 32) + 1):
        block = mac(extracted, block + info + bytes([counter]))
        output += block
    return output[:length]


@pytest.mark.parametrize("length", [1, 8, 32, 33, 1000, 8160])
def test_derivation_is_hkdf_sha256_with_a_versioned_purpose(length: int) -> None:
    """An independent HKDF gives the same bytes, so other programs can derive them too."""
    expected = hkdf_by_hand(SECRET, b"ocguard/v1/carrier", length)
    assert SecretKey(SECRET).derive("carrier", length) == expected


def test_derived_bytes_never_change_between_releases() -> None:
    """Marks in the world were made with these bytes."""
    key = SecretKey(SECRET)
    assert key.key_id == "8b31c13ae876e848"
    assert key.derive("mark-id/demo", 8).hex() == "6280dba158bd4cdf"


@pytest.mark.parametrize("length", [0, -1, 8161])
def test_impossible_lengths_are_refused(length: int) -> None:
    """HKDF gives 1 to 255 blocks."""
    with pytest.raises(ValueError, match="8160"):
        SecretKey(SECRET).derive("x", length)


@pytest.mark.parametrize("size", [0, 31, 33])
def test_a_key_has_32_bytes(size: int) -> None:
    """Any other size is a caller's mistake."""
    with pytest.raises(ValueError, match="32 bytes"):
        SecretKey.from_bytes(bytes(size))


def test_generated_keys_differ() -> None:
    """Every creator gets a key of their own."""
    assert len({SecretKey.generate() for _ in range(20)}) == 20


def test_the_secret_stays_out_of_repr_and_str() -> None:
    """Logs and tracebacks show the public id alone."""
    key = SecretKey(SECRET)
    for text in (repr(key), str(key), f"{key}", repr({"key": key})):
        assert key.key_id in text
        assert SECRET.hex() not in text
        assert repr(SECRET) not in text


@pytest.mark.parametrize("duplicate", [pickle.dumps, copy.copy, copy.deepcopy])
def test_a_key_is_not_pickled_by_accident(duplicate: object) -> None:
    """Queues and caches must not write the secret to a disk."""
    with pytest.raises(TypeError, match="not pickled"):
        duplicate(SecretKey(SECRET))  # type: ignore[operator]


def test_equality_is_by_secret() -> None:
    """Two objects of one secret are one key; nothing else equals a key."""
    assert SecretKey(SECRET) == SecretKey(SECRET)
    assert SecretKey(SECRET) != SecretKey(bytes(32))
    assert SecretKey(SECRET) != SECRET


@given(st.binary(min_size=32, max_size=32))
def test_armored_text_brings_the_key_back(secret: bytes) -> None:
    """Export and import are lossless."""
    key = SecretKey(secret)
    assert SecretKey.from_text(key.to_text()) == key


@given(st.binary(min_size=32, max_size=32), st.data())
def test_one_wrong_character_is_refused(secret: bytes, data: st.DataObject) -> None:
    """A mistyped key must never become another key."""
    lines = SecretKey(secret).to_text().splitlines()
    row = data.draw(st.sampled_from([2, 3]))
    places = [i for i, character in enumerate(lines[row]) if character != " "]
    place = data.draw(st.sampled_from(places))
    wrong = data.draw(st.sampled_from(BASE32.replace(lines[row][place], "")))
    lines[row] = lines[row][:place] + wrong + lines[row][place + 1 :]
    with pytest.raises(ProfileError, match="checksum"):
        SecretKey.from_text("\n".join(lines))


@given(st.binary(min_size=32, max_size=32))
def test_typing_habits_are_forgiven(secret: bytes) -> None:
    """Lower case, other line breaks, and digits that look like letters give the same key."""
    key = SecretKey(secret)
    body = "".join(key.to_text().splitlines()[2:4]).lower()
    typed = body.replace("o", "0").replace("i", "1").replace("b", "8").replace(" ", "\t")
    assert SecretKey.from_text(f"{typed[:13]}\r\n{typed[13:]}") == key


@given(st.text())
def test_other_text_is_refused_with_advice(text: str) -> None:
    """Whatever is pasted, the answer is a key or a clear error."""
    with pytest.raises(ProfileError, match="key"):
        SecretKey.from_text(text)


def test_a_saved_key_comes_back(tmp_path: Path) -> None:
    """The file keeps the key."""
    key = SecretKey.generate()
    key.save(tmp_path / "secret.key")
    assert SecretKey.load(tmp_path / "secret.key") == key


@posix_only
def test_the_key_file_is_private_whatever_the_umask(tmp_path: Path) -> None:
    """Other accounts of the machine cannot read it."""
    old = os.umask(0)
    try:
        SecretKey.generate().save(tmp_path / "secret.key")
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600


@posix_only
@pytest.mark.parametrize("mode", [0o604, 0o640, 0o644, 0o777])
def test_a_key_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    """The message says how to repair it."""
    path = tmp_path / "secret.key"
    SecretKey.generate().save(path)
    path.chmod(mode)
    with pytest.raises(ProfileError, match="chmod 600"):
        SecretKey.load(path)


def test_a_key_file_is_never_overwritten(tmp_path: Path) -> None:
    """An old key is worth more than a new one."""
    path = tmp_path / "secret.key"
    SecretKey(SECRET).save(path)
    with pytest.raises(ProfileError, match="never overwritten"):
        SecretKey.generate().save(path)
    assert SecretKey.load(path) == SecretKey(SECRET)
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_key_file_is_explained(tmp_path: Path) -> None:
    """The message names the two ways to get a key."""
    with pytest.raises(ProfileError, match="key import"):
        SecretKey.load(tmp_path / "secret.key")


@pytest.mark.parametrize("content", [b"", b"\x00" * 100_000, b"\xff\xfe key", b"-----BEGIN"])
def test_a_damaged_key_file_is_named(tmp_path: Path, content: bytes) -> None:
    """The message says which file is no key."""
    path = tmp_path / "secret.key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(ProfileError, match=r"secret\.key"):
        SecretKey.load(path)


def test_the_commitment_binds_to_the_key_and_hides_it() -> None:
    """Always the same of one key, another of every other, and no part of anything else."""
    key = SecretKey(SECRET)
    assert key.commitment == SecretKey(SECRET).commitment
    assert key.commitment != SecretKey.generate().commitment
    assert len(key.commitment) == 64
    assert key.key_id not in key.commitment
