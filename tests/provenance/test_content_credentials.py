"""Promises of ocguard.provenance.content_credentials."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from ocguard.provenance.content_credentials import has_content_credentials, manifest_store

UUID = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
HEADS = (
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8",
    b"RIFF0000WEBP",
    b"GIF89a",
    b"0000ftyp",
    b"II*\0",
    b"MM",
)


def plain(file_format: str) -> bytes:
    """A small picture without a manifest."""
    buffer = io.BytesIO()
    Image.new("RGB", (32, 24), (90, 120, 200)).save(buffer, file_format)
    return buffer.getvalue()


def with_manifest(file_format: str) -> bytes:
    """The same picture with an empty manifest store where its format puts it."""
    data = plain(file_format)
    box = b"jumb\0\0\0\x20jumdc2pa\0\x11\0\x10\x80\0\0\xaa\0\x38\x9b\x71\x03c2pa\0"
    if file_format == "PNG":
        chunk = struct.pack(">I", len(box)) + b"caBX" + box
        return data[:33] + chunk + struct.pack(">I", zlib.crc32(chunk[4:])) + data[33:]
    if file_format == "JPEG":
        body = b"JP\0\x01\0\0\0\x01" + box
        return data[:2] + b"\xff\xeb" + struct.pack(">H", len(body) + 2) + body + data[2:]
    if file_format == "WEBP":
        return data + b"C2PA" + struct.pack("<I", len(box)) + box
    if file_format == "AVIF":
        (size,) = struct.unpack(">I", data[:4])
        body = b"uuid" + UUID + box
        return data[:size] + struct.pack(">I", len(body) + 4) + body + data[size:]
    if file_format == "GIF":
        return data[:-1] + b"\x21\xff\x0bC2PA_GIF\x01\x00\x00\x00" + b"\x3b"
    entry = struct.pack("<HHII", 0xCD41, 7, 4, 0)
    return b"II*\0\x08\0\0\0\x01\0" + entry + b"\0\0\0\0"


@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "WEBP", "AVIF", "GIF", "TIFF"])
def test_a_manifest_is_seen_where_the_format_puts_it(file_format: str) -> None:
    """And only there: the same picture without one has none."""
    assert has_content_credentials(with_manifest(file_format))
    assert not has_content_credentials(plain(file_format))
    assert manifest_store(plain(file_format)) is None


def test_the_words_alone_are_no_manifest() -> None:
    """A text chunk or comment that mentions C2PA does not count."""
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8)).save(buffer, "JPEG", comment=b"jumb c2pa caBX")
    assert not has_content_credentials(buffer.getvalue())


@given(st.binary(max_size=400))
def test_random_files_never_raise(data: bytes) -> None:
    """Whatever the bytes behind a known beginning, there is an answer."""
    for head in HEADS:
        assert has_content_credentials(head + data) in {True, False}


def test_files_that_run_in_circles_end() -> None:
    """Sizes of zero and of everything do not keep the reader busy."""
    for data in (
        b"0000ftyp" + b"\0" * 10_000,
        b"\x89PNG\r\n\x1a\n" + b"\0" * 100_000,
        b"RIFF0000WEBP" + b"\xff" * 100,
        b"\xff\xd8" + b"\xff\xe0\0\0" * 10_000,
    ):
        assert not has_content_credentials(data)
