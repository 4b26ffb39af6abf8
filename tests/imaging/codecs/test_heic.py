"""Promises of ocguard.imaging.codecs.heic."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from ocguard.errors import ImageReadError, MissingExtraError
from ocguard.imaging import pillow_arrays
from ocguard.imaging.codecs import heic
from ocguard.imaging.formats import decode, encode_picture

DATA = Path(__file__).parents[1] / "data"
HEIC = DATA / "turned.heic"


def test_heic_is_read_upright(drawings, profiles, xmp_packet):
    """The container's turn is applied once; profile, XMP and EXIF are carried to PNG."""
    pytest.importorskip("pi_heif", reason="needs the extra heic")
    picture = decode(HEIC.read_bytes())
    expected = np.rot90(drawings.cutout(48, 32), -1)
    assert picture.size == (32, 48)
    seen = picture.frames[0].pixels.astype(int)
    assert np.abs(seen - expected)[expected[..., 3] == 255].mean() < 8
    assert picture.carried.orientation == 1
    encoded = encode_picture(picture)
    after = decode(encoded.data)
    assert encoded.file_format == "PNG"
    assert after.carried.icc_profile == profiles.rgb()
    assert after.carried.xmp == xmp_packet
    assert np.array_equal(after.frames[0].pixels, picture.frames[0].pixels)


def test_heic_without_the_extra_says_what_to_install(monkeypatch):
    """The message names the extra."""
    monkeypatch.setitem(sys.modules, "pi_heif", None)
    with pytest.raises(MissingExtraError, match="pip install pi-heif"):
        decode(HEIC.read_bytes())


def test_a_file_that_ends_its_decoder_is_refused():
    """The decoder's process ends, and ours goes on."""
    pytest.importorskip("pi_heif", reason="needs the extra heic")
    with pytest.raises(ImageReadError, match=r"a\.heic cannot be decoded as HEIC"):
        decode((DATA / "crashing.heic").read_bytes(), "a.heic")


def test_a_damaged_file_is_refused_with_the_decoder_s_reason():
    """Cut in the middle."""
    pytest.importorskip("pi_heif", reason="needs the extra heic")
    whole = HEIC.read_bytes()
    with pytest.raises(ImageReadError, match=r"HEIC \(.+\); export"):
        decode(whole[: len(whole) // 2])


def test_a_picture_over_the_pixel_limit_is_not_decoded(monkeypatch):
    """The size is told, as for every format."""
    pytest.importorskip("pi_heif", reason="needs the extra heic")
    for module in (heic, pillow_arrays):
        monkeypatch.setattr(module, "MAX_PIXELS", 32 * 48 - 1)
    with pytest.raises(ImageReadError, match="is too large"):
        heic.read(HEIC.read_bytes())
