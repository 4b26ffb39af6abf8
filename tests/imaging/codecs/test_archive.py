"""Tests of unpacking archives within bounds."""

from __future__ import annotations

import io
import zipfile

import pytest

from ocguard.errors import ImageReadError
from ocguard.imaging.codecs import archive
from ocguard.imaging.codecs.archive import is_archive, opened, unpacked


def packed(content: bytes, name: str = "a.png") -> bytes:
    """Pack one file as tightly as it goes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(name, content)
    return out.getvalue()


def test_a_file_comes_out_as_it_went_in() -> None:
    """By its name."""
    data = packed(b"picture" * 9)
    assert is_archive(data)
    with opened(data) as found:
        assert unpacked(found, "a.png") == b"picture" * 9
        with pytest.raises(KeyError):
            unpacked(found, "b.png")


def test_bombs_are_refused_before_they_are_unpacked() -> None:
    """By what is claimed, and by the length of the list of contents."""
    with (
        opened(packed(bytes(64 << 20))) as found,
        pytest.raises(ImageReadError, match="impossible"),
    ):
        unpacked(found, "a.png")
    many = packed(b"")
    end = many.rindex(b"PK\5\6")
    huge = (archive._MAX_LIST_BYTES + 1).to_bytes(4, "little")
    with (
        pytest.raises(ImageReadError, match="too many files"),
        opened(many[: end + 12] + huge + many[end + 16 :]),
    ):
        pass


def test_damage_is_our_error() -> None:
    """A cut archive lacks its list; a changed one has another checksum."""
    data = packed(bytes(range(256)))
    with pytest.raises(ImageReadError, match="truncated"), opened(data[:-60]):
        pass
    spoiled = bytearray(data)
    spoiled[60] ^= 255
    with pytest.raises(ImageReadError, match="damaged"), opened(bytes(spoiled)) as found:
        unpacked(found, "a.png")
