"""Promises of ocguard.provenance.credentials: what is signed, and that readers agree."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import c2pa
import numpy as np
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from PIL import Image, ImageSequence

from ocguard.certificate import SigningKey, own_signing_key
from ocguard.errors import ImageWriteError
from ocguard.keys import SecretKey
from ocguard.provenance.cbor import decode_cbor
from ocguard.provenance.claims import claims_of
from ocguard.provenance.content_credentials import manifest_store
from ocguard.provenance.credentials import (
    MARK_ALGORITHM,
    MEDIA_TYPES,
    ROOM_BYTES,
    manifest_of,
    signed_file,
)
from ocguard.provenance.jumbf import read_superboxes

KEY = own_signing_key(SecretKey(bytes(range(32))), "Mira Vale")
MARK_ID = "00c0ffee00c0ffee"
MANIFEST = manifest_of(MARK_ID, "digitalCreation", "DMI-PROHIBITED-AIMLTRAINING", "1.0")
X5CHAIN = "33"
"""Where COSE keeps certificates."""

SIGN_WITHOUT_IT = """
import sys
sys.modules["c2pa"] = None
from ocguard.errors import MissingExtraError
from ocguard.provenance.credentials import require_c2pa
try:
    require_c2pa()
except MissingExtraError as error:
    print(error)
"""


def plain(file_format: str, drawings) -> bytes:
    """Encode a picture; an animation where the format is for that."""
    buffer = io.BytesIO()
    frames = [Image.fromarray(one) for one in drawings.frames(96, 64)]
    more = {"save_all": True, "append_images": frames[1:]} if file_format == "GIF" else {}
    frames[0].save(buffer, file_format, **more)
    return buffer.getvalue()


def frames_of(data: bytes) -> list[np.ndarray]:
    """Decode all frames."""
    with Image.open(io.BytesIO(data)) as image:
        return [np.asarray(one.convert("RGB")) for one in ImageSequence.Iterator(image)]


def read_by_c2pa(data: bytes, media_type: str, trusted: bytes = b"") -> dict[str, Any]:
    """Ask the reference library, without its network, what it makes of a file."""
    settings: dict[str, Any] = {
        "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False},
        "trust": {"trust_anchors": trusted.decode()} if trusted else {},
    }
    with (
        c2pa.Context(c2pa.Settings.from_dict(settings)) as context,
        c2pa.Reader(media_type, io.BytesIO(data), context=context) as reader,
    ):
        return dict(json.loads(reader.json()))


def root_of(key: SigningKey) -> bytes:
    """Return the last certificate of a chain, in PEM."""
    return b"-----BEGIN" + key.certificates.rpartition(b"-----BEGIN")[2]


def cbor_bytes(value: bytes) -> bytes:
    """Encode bytes in CBOR, as briefly as it can."""
    size = len(value)
    if size < 24:
        return bytes([0x40 | size]) + value
    heads = {1: 0x58, 2: 0x59, 4: 0x5A}
    width = next(one for one in heads if size < 256**one)
    return bytes([heads[width]]) + size.to_bytes(width, "big") + value


@pytest.mark.parametrize("file_format", MEDIA_TYPES)
def test_every_format_is_signed_and_keeps_its_pixels(file_format: str, drawings) -> None:
    """The reference library calls it valid, and trusted once the identity is."""
    before = plain(file_format, drawings)
    after = signed_file(before, file_format, MANIFEST, KEY)
    media_type = MEDIA_TYPES[file_format]
    assert read_by_c2pa(after, media_type)["validation_state"] == "Valid"
    assert read_by_c2pa(after, media_type, root_of(KEY))["validation_state"] == "Trusted"
    assert all(map(np.array_equal, frames_of(after), frames_of(before)))
    assert len(frames_of(after)) == len(frames_of(before))
    assert 0 < len(after) - len(before) < ROOM_BYTES


def test_a_byte_that_changes_is_seen_by_the_reference_library(drawings) -> None:
    """The signature binds the whole file."""
    data = bytearray(signed_file(plain("PNG", drawings), "PNG", MANIFEST, KEY))
    data[-40] ^= 1
    assert read_by_c2pa(bytes(data), "image/png")["validation_state"] == "Invalid"


def test_our_reader_and_the_reference_library_agree(drawings) -> None:
    """On how it was made, which mark is in it, and what is not allowed."""
    data = signed_file(plain("PNG", drawings), "PNG", MANIFEST, KEY)
    theirs = read_by_c2pa(data, "image/png")
    active = theirs["manifests"][theirs["active_manifest"]]
    stated = {one["label"]: one["data"] for one in active["assertions"]}
    (ours,) = claims_of(manifest_store(data) or b"")
    assert ours["generator"] == "ocguard 1.0"
    assert [one["action"] for one in ours["actions"]] == ["c2pa.created", "c2pa.watermarked.bound"]
    assert [one["action"] for one in stated["c2pa.actions.v2"]["actions"]] == [
        one["action"] for one in ours["actions"]
    ]
    assert ours["actions"][0]["digital_source_type"].endswith("/digitalCreation")
    binding = stated["c2pa.soft-binding"]
    assert (binding["alg"], binding["blocks"][0]["value"]) == (MARK_ALGORITHM, MARK_ID)
    entries = stated["cawg.training-mining"]["entries"]
    assert {name: one["use"] for name, one in entries.items()} == ours["training_mining"]
    assert "thumbnail" not in json.dumps(theirs)


def test_the_signature_is_verified_by_nothing_but_its_key(drawings) -> None:
    """A COSE_Sign1 (RFC 9052) over the claim, by the certificate that comes with it."""
    store = manifest_store(signed_file(plain("PNG", drawings), "PNG", MANIFEST, KEY)) or b""
    manifest = read_superboxes(store)[0].boxes[0]
    claim, signature = manifest.inner("c2pa.claim"), manifest.inner("c2pa.signature")
    assert claim is not None
    assert signature is not None
    protected, unprotected, _, signed = decode_cbor(signature.content[b"cbor"])
    headers = {**unprotected, **decode_cbor(protected)}
    leaf = x509.load_der_x509_certificate(headers[X5CHAIN][0])
    assert leaf == x509.load_pem_x509_certificates(KEY.certificates)[0]
    message = b"\x84\x6aSignature1" + b"".join(
        cbor_bytes(part) for part in (protected, b"", claim.content[b"cbor"])
    )
    public = leaf.public_key()
    assert isinstance(public, Ed25519PublicKey)
    public.verify(signed, message)


@pytest.mark.parametrize(
    ("data_mining", "refused"),
    [
        ("DMI-PROHIBITED", 4),
        ("DMI-PROHIBITED-AIMLTRAINING", 4),
        ("DMI-PROHIBITED-GENAIMLTRAINING", 1),
        ("DMI-ALLOWED", 0),
    ],
)
def test_the_credentials_refuse_what_the_opt_out_refuses(data_mining: str, refused: int) -> None:
    """No more and no less; what is allowed is not mentioned."""
    manifest = manifest_of(MARK_ID, "digitalCreation", data_mining, "1.0")
    stated = {one["label"]: one["data"] for one in manifest["assertions"]}
    entries = stated.get("cawg.training-mining", {"entries": {}})["entries"]
    assert [one["use"] for one in entries.values()] == ["notAllowed"] * refused


def test_what_cannot_be_signed_is_an_error_that_says_why(drawings) -> None:
    """A format without a place for it; certificates that are not as the C2PA wants them."""
    with pytest.raises(ImageWriteError, match="a BMP file carries no"):
        signed_file(b"BM", "BMP", MANIFEST, KEY)
    root_alone = SigningKey(root_of(KEY), KEY.private_key, KEY.algorithm)
    with pytest.raises(ImageWriteError, match="could not be signed"):
        signed_file(plain("PNG", drawings), "PNG", MANIFEST, root_alone)


def test_without_the_extra_it_is_said_what_to_install() -> None:
    """By its name."""
    command = [sys.executable, "-c", SIGN_WITHOUT_IT]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "pip install c2pa-python" in said


def test_exiftool_reads_what_was_signed(tmp_path: Path, drawings, exiftool) -> None:
    """An independent reader of the boxes finds the same claim."""
    path = tmp_path / "a.png"
    path.write_bytes(signed_file(plain("PNG", drawings), "PNG", MANIFEST, KEY))
    said = json.dumps(exiftool(path))
    assert MARK_ALGORITHM in said
    assert "digitalCreation" in said
