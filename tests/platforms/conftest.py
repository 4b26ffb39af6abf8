"""Metadata for uploads."""

from __future__ import annotations

import pytest
from PIL import Image


@pytest.fixture(scope="session")
def exif_of():
    """``exif_of(orientation)`` gives EXIF with an artist, as Pillow writes it."""

    def make(orientation: int = 1) -> bytes:
        exif = Image.Exif()
        exif[0x0112] = orientation
        exif[0x013B] = "A. Artist"
        return exif.tobytes()

    return make


@pytest.fixture(scope="session")
def xmp_packet() -> bytes:
    """A small XMP packet."""
    return (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></x:xmpmeta>'
    )
