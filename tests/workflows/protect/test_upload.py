"""Promises of what is made for platforms: their size, their format, sRGB."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ocguard.imaging.picture import Carried, Picture
from ocguard.platforms.shipped import shipped_profiles
from ocguard.workflows.protect.upload import fit_for_upload, largest_upload, upload_format

P = shipped_profiles()


def test_the_platform_chooses_the_format_unless_the_person_does() -> None:
    """Of several platforms, what all of them take."""
    assert upload_format([P["x"]], "keep") == "jpeg"
    assert upload_format([P["pixiv-original"]], "keep") == "png"
    assert upload_format([P["pixiv-original"], P["tiktok"]], "keep") == "jpeg"
    assert upload_format([P["x"]], "webp") == "webp"


def test_an_impossible_format_is_refused() -> None:
    """Who does not take it, and what they take."""
    with pytest.raises(ValueError, match="tiktok takes jpeg, webp, not png"):
        upload_format([P["x"], P["tiktok"]], "png")
    gif = replace(P["x"], name="gifs", upload=replace(P["x"].upload, formats=("gif",)))
    with pytest.raises(ValueError, match="no format in common"):
        upload_format([P["x"], gif], "keep")


def test_the_smallest_limit_in_bytes_counts() -> None:
    """None where nobody says."""
    assert largest_upload([P["x"], P["reddit"], P["weibo"]]) == 5_000_000
    assert largest_upload([P["weibo"]]) is None


def test_a_picture_is_shrunk_to_the_largest_size_that_is_shown(drawings) -> None:
    """No platform of several loses detail; small pictures stay."""
    large = Picture.from_array(drawings.cel(3000, 1500))
    made, warnings = fit_for_upload(large, [P["x-small"], P["weibo"]])
    assert made.size == (2048, 1024)
    assert "2048 x 1024" in warnings[0]
    small, warnings = fit_for_upload(Picture.from_array(drawings.cel(300, 200)), [P["x-small"]])
    assert (small.size, warnings) == ((300, 200), ())


def test_without_platforms_nothing_changes(drawings) -> None:
    """The very same picture."""
    picture = Picture.from_array(drawings.cutout())
    assert fit_for_upload(picture, ()) == (picture, ())


def test_colors_become_srgb(drawings) -> None:
    """The profile is applied, not dropped; ink and 16 bits become 8-bit RGB."""
    deep = Picture.from_array(drawings.deep(200, 100))
    made, _ = fit_for_upload(deep, [P["x"]])
    assert (made.bit_depth, made.color) == (8, "rgb")
    carried = Carried(icc_profile=b"not a profile", color_chunks=(("gAMA", b"\0\0\0\1"),))
    tagged = Picture.from_array(drawings.cel(), carried=carried)
    bare, _ = fit_for_upload(tagged, [P["x"]])
    assert (bare.carried.icc_profile, bare.carried.color_chunks) == (None, ())


def test_transparency_stays_only_where_the_file_is_kept(drawings) -> None:
    """Elsewhere it is laid on white, and that is said."""
    picture = Picture.from_array(drawings.cutout())
    kept, warnings = fit_for_upload(picture, [P["pixiv-original"]])
    assert (kept.has_alpha, warnings) == (True, ())
    flat, warnings = fit_for_upload(picture, [P["x"]])
    assert not flat.has_alpha
    assert "laid on white" in warnings[0]
    assert np.array_equal(flat.frames[0].pixels[0, 0], (255, 255, 255))
