"""Promises of ocguard.provenance.claims."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from credentials import MIME, signed
from ocguard.provenance.claims import claims_of
from ocguard.provenance.content_credentials import manifest_store

SOURCE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
MANIFEST: dict[str, Any] = {
    "claim_generator_info": [{"name": "Paint <b>", "version": "1.2"}],
    "title": "fox\u202e.png",
    "assertions": [
        {
            "label": "c2pa.actions.v2",
            "data": {
                "actions": [
                    {
                        "action": "c2pa.created",
                        "digitalSourceType": SOURCE,
                        "softwareAgent": {"name": "Dream", "version": "9"},
                    }
                ]
            },
        },
        {
            "label": "cawg.training-mining",
            "data": {"entries": {"cawg.ai_training": {"use": "notAllowed"}}},
        },
    ],
}


def picture(file_format: str) -> bytes:
    """A small picture."""
    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), (90, 120, 200)).save(buffer, file_format)
    return buffer.getvalue()


@pytest.mark.parametrize("file_format", MIME)
def test_what_the_reference_library_signs_is_read(file_format: str) -> None:
    """Program, title, actions with their source, and uses; in every format."""
    store = manifest_store(signed(picture(file_format), MIME[file_format], MANIFEST))
    (claim,) = claims_of(store or b"")
    assert claim.pop("manifest").startswith("urn:c2pa:")
    assert claim == {
        "generator": "Paint <b> 1.2",
        "title": "fox\N{REPLACEMENT CHARACTER}.png",
        "actions": [
            {
                "action": "c2pa.created",
                "digital_source_type": SOURCE,
                "software_agent": "Dream 9",
            }
        ],
        "training_mining": {"cawg.ai_training": "notAllowed"},
    }


def test_a_store_of_many_pieces_is_put_together() -> None:
    """JPEG holds 64 kB in one segment; a thumbnail makes the store longer."""
    noise = io.BytesIO()
    Image.effect_noise((1600, 1200), 80).convert("RGB").save(noise, "JPEG")
    data = signed(noise.getvalue(), MIME["JPEG"], MANIFEST, has_thumbnail=True)
    store = manifest_store(data) or b""
    assert len(store) > 1 << 16
    assert claims_of(store)[0]["actions"]


def test_the_newest_manifest_is_first() -> None:
    """A file that was signed, then signed again as made from itself, has both."""
    first = signed(picture("PNG"), MIME["PNG"], MANIFEST)
    again = {"claim_generator_info": [{"name": "Second"}]}
    second = signed(first, MIME["PNG"], again, is_edit=True)
    generators = [claim["generator"] for claim in claims_of(manifest_store(second) or b"")]
    assert generators == ["Second", "Paint <b> 1.2"]


@given(st.binary(max_size=60), st.integers(0, 3000))
def test_damaged_stores_never_raise(patch: bytes, at: int) -> None:
    """Whatever is overwritten where, the answer is ready for JSON."""
    store = STORE[:at] + patch + STORE[at + len(patch) :]
    json.dumps(claims_of(store)).encode()


STORE = manifest_store(signed(picture("PNG"), MIME["PNG"], MANIFEST)) or b""
