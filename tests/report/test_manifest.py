"""Promises of ocguard.report.manifest."""

from __future__ import annotations

import json
import random

import pytest

from ocguard.identity import Signer
from ocguard.report.manifest import IDENTITY, MANIFEST, SIGNATURE, signed_bundle, verify_bundle

SIGNER, THIEF = Signer(bytes(32)), Signer(bytes([1]) * 32)
FILES = {"report.html": b"<p>page</p>" * 40, "pictures/work.jpg": bytes(range(256))}


@pytest.fixture
def bundle() -> dict[str, bytes]:
    """Return a signed bundle of two files."""
    return signed_bundle(FILES, {"verdict": "near-copy"}, SIGNER)


def test_an_untouched_bundle_is_intact_and_its_makers(bundle: dict[str, bytes]) -> None:
    """With the identity that is known from elsewhere; without one whose it is stays open."""
    known = verify_bundle(bundle, SIGNER.identity)
    unknown = verify_bundle(bundle, None)
    assert (known.signed, known.problems, known.is_intact) == ("by-the-identity", (), True)
    assert (unknown.signed, unknown.is_intact) == ("unverified", True)
    assert known.fingerprint == SIGNER.identity.fingerprint


def test_every_flipped_byte_is_found(bundle: dict[str, bytes]) -> None:
    """At 200 random places of all files, manifest, signature and identity among them."""
    rng = random.Random(1)
    places = [(name, at) for name, data in bundle.items() for at in range(len(data))]
    for name, at in rng.sample(places, 200):
        changed = bytearray(bundle[name])
        changed[at] ^= 1 << rng.randrange(8)
        found = verify_bundle({**bundle, name: bytes(changed)}, None)
        assert not found.is_intact, (name, at)


@pytest.mark.parametrize("name", [*FILES, MANIFEST, SIGNATURE, IDENTITY])
def test_a_missing_file_is_named(bundle: dict[str, bytes], name: str) -> None:
    """Whichever it is."""
    del bundle[name]
    assert f"{name} is missing." in verify_bundle(bundle, None).problems


def test_an_added_file_is_named(bundle: dict[str, bytes]) -> None:
    """Nobody can slip something in."""
    found = verify_bundle({**bundle, "more.html": b""}, SIGNER.identity)
    assert found.problems == ("more.html was added.",)
    assert not found.is_intact


def test_who_signs_anew_is_not_the_maker(bundle: dict[str, bytes]) -> None:
    """A bundle that was changed and signed by somebody else is not taken for the maker's."""
    forged = signed_bundle({**FILES, "report.html": b"changed"}, {}, THIEF)
    assert verify_bundle(forged, SIGNER.identity).signed == "by-another-identity"
    assert not verify_bundle(forged, SIGNER.identity).is_intact
    mixed = {**forged, IDENTITY: bundle[IDENTITY]}
    assert verify_bundle(mixed, SIGNER.identity).signed == "not-at-all"


@pytest.mark.parametrize("manifest", [b"", b"[]", b"{}", b'{"schema": "ocguard.manifest/1"}'])
def test_a_signed_manifest_that_lists_nothing_is_none(manifest: bytes) -> None:
    """A signature alone says nothing of the files."""
    files = {
        MANIFEST: manifest,
        SIGNATURE: SIGNER.sign(manifest),
        IDENTITY: SIGNER.identity.to_pem(),
    }
    found = verify_bundle(files, SIGNER.identity)
    assert not found.is_intact
    assert "no list of a bundle" in found.problems[0]


@pytest.mark.parametrize("name", ["../a", "/a", "a/b/c", "a b", "", ".hidden", "a\\b"])
def test_names_that_lead_elsewhere_are_never_written(name: str) -> None:
    """A bundle's files lie in its folder."""
    with pytest.raises(ValueError, match="no names of files"):
        signed_bundle({name: b""}, {}, SIGNER)


def test_the_manifest_says_what_it_is_about(bundle: dict[str, bytes]) -> None:
    """As JSON that other programs read."""
    record = json.loads(bundle[MANIFEST])
    assert record["verdict"] == "near-copy"
    assert record["files"]["report.html"]["bytes"] == len(FILES["report.html"])
