"""Promises of ocguard.fingerprint.describe."""

import numpy as np
import pytest

from ocguard.fingerprint.describe import describe
from ocguard.fingerprint.fingerprint import Fingerprint


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1), (7, 5), (1024, 3)])
def test_odd_sizes_are_described(size):
    """Tiny and thin pictures get a fingerprint that reads back."""
    art = np.random.default_rng(2).integers(0, 256, (size[1], size[0], 3)).astype(np.uint8)
    found = describe(art)
    assert Fingerprint.from_bytes(found.to_bytes()) == found


def test_a_flat_picture_holds_no_detail():
    """The information gate reads 0 and there are no keypoints."""
    found = describe(np.full((80, 90, 3), 128, np.uint8))
    assert found.detail == 0
    assert len(found.local) == 0


def test_hashes_name_algorithm_and_version(drawings):
    """Every stored hash says what made it; the standard ones are made for works only."""
    art = drawings.cel(120, 90)
    own, all_hashes = describe(art).hashes, describe(art, with_standard_hashes=True).hashes
    assert all("@" in name for name in all_hashes)
    assert {name.split("@")[0] for name in own} == {"ocguard-code", "ocguard-layout"}
    assert own.items() < all_hashes.items()


def test_the_content_box_is_in_pixels_of_the_rendition(drawings):
    """A white mount is left out, at the size that came in and not at the one used inside."""
    mounted = np.full((800, 1200, 3), 255, np.uint8)
    mounted[100:700, 200:1000] = drawings.painterly(800, 600)
    found = describe(mounted)
    assert (found.width, found.height) == (1200, 800)
    assert found.content == pytest.approx((200, 100, 1000, 700), abs=3)


def test_what_is_no_rgb_picture_is_refused():
    """Grey and floating-point arrays are a mistake of the caller."""
    for wrong in (np.zeros((9, 9), np.uint8), np.zeros((9, 9, 3), np.float32)):
        with pytest.raises(ValueError, match="uint8 picture"):
            describe(wrong)
