"""Tests of conversions between own colors and sRGB."""

import numpy as np
import pytest
from PIL import ImageCms

from ocguard.imaging.color import from_srgb, to_srgb

GREYS = np.array([[[0, 0, 0], [128, 128, 128], [255, 255, 255]]], np.uint8)


def test_srgb_needs_no_conversion(drawings):
    """SRGB in name or by default is left exactly as it is."""
    art = drawings.cel(20, 10)
    named = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert np.array_equal(to_srgb(art, "rgb", None), art)
    assert np.array_equal(to_srgb(art, "rgb", named), art)


def test_gamma_of_a_profile_counts(profiles):
    """Middle grey of gamma 1.8 is lighter in sRGB, black and white stay."""
    assert to_srgb(GREYS, "rgb", profiles.rgb())[0, :, 0].tolist() == [0, 146, 255]
    assert to_srgb(GREYS[..., :1], "grey", profiles.grey())[0, :, 2].tolist() == [0, 146, 255]


@pytest.mark.parametrize("color", ["grey", "rgb"])
@pytest.mark.parametrize("has_profile", [False, True])
def test_there_and_back_is_near(profiles, color, has_profile):
    """Grey tones survive both directions within rounding."""
    profile = getattr(profiles, color)() if has_profile else None
    back = to_srgb(from_srgb(GREYS, color, profile), color, profile)
    assert np.abs(back.astype(int) - GREYS).max() <= 2


def test_plain_ink_there_and_back(drawings):
    """Without a profile, RGB to ink and back is exact within rounding."""
    art = drawings.painterly(30, 20)
    back = to_srgb(from_srgb(art, "cmyk", None), "cmyk", None)
    assert np.abs(back.astype(int) - art).max() <= 2


def test_bare_paper_is_white_and_black_ink_is_black(profiles):
    """Ink amounts, not light: zero is white, with a profile and without."""
    ink = np.array([[[0, 0, 0, 0], [0, 0, 0, 255]]], np.uint8)
    for profile in (None, profiles.cmyk()):
        shown = to_srgb(ink, "cmyk", profile)
        assert shown[0, 0].min() >= 250
        assert shown[0, 1].max() <= 60


def test_stamps_of_a_profile_use_its_inks(profiles):
    """White is printed without ink through a printing profile."""
    assert from_srgb(GREYS, "cmyk", profiles.cmyk())[0, 2].max() <= 2


@pytest.mark.parametrize("damage", ["garbage", "other model"])
def test_unusable_profiles_count_as_absent(profiles, damage):
    """Garbage, or a CMYK profile on an RGB picture, changes nothing."""
    profile = b"not a profile" if damage == "garbage" else profiles.cmyk()
    assert np.array_equal(to_srgb(GREYS, "rgb", profile), GREYS)
