"""Tests of reading the merged picture of paintings with layers."""

import io
import zipfile

import numpy as np
import pytest

from ocguard.errors import ImageReadError
from ocguard.imaging.codecs import archive as archives
from ocguard.imaging.files import read_picture


def archive(contents, kind="application/x-krita"):
    """Pack files the way that Krita does."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("mimetype", kind, zipfile.ZIP_STORED)
        for name, data in contents.items():
            packed.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("kind", "expected"), [("application/x-krita", "KRA"), ("image/openraster", "ORA")]
)
def test_the_merged_picture_is_read(drawings, saved, kind, expected):
    """As it is, and the loss of the layers is told."""
    pixels = drawings.cel(40, 30)
    picture = read_picture(archive({"mergedimage.png": saved(pixels, "PNG")}, kind))
    assert picture.carried.file_format == expected
    assert np.array_equal(picture.frames[0].pixels, pixels)
    assert "The layers were flattened." in picture.carried.lost


def test_an_archive_without_a_picture_says_what_to_do():
    """Not every painting holds one."""
    with pytest.raises(ImageReadError, match="export it as PNG"):
        read_picture(archive({"layers/1": b"x"}))


def test_bombs_are_refused_before_they_are_unpacked():
    """By what is claimed, by the length of the list of contents, and by a claim that is false."""
    with pytest.raises(ImageReadError, match="impossible size"):
        read_picture(archive({"mergedimage.png": bytes(64 << 20)}))
    many = archive({"mergedimage.png": b""})
    end = many.rindex(b"PK\5\6")
    huge = (archives._MAX_LIST_BYTES + 1).to_bytes(4, "little")
    with pytest.raises(ImageReadError, match="too many files"):
        read_picture(many[: end + 12] + huge + many[end + 16 :])


def test_a_cut_archive_is_truncated(drawings, saved):
    """The list of contents stands at the end."""
    data = archive({"mergedimage.png": saved(drawings.cel(40, 30), "PNG")})
    with pytest.raises(ImageReadError, match="truncated"):
        read_picture(data[:-60])
