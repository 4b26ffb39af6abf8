"""Tests of WebP."""

import numpy as np

from ocguard.imaging.formats import decode, encode_picture
from ocguard.imaging.picture import Picture


def test_a_lossy_file_does_not_grow(saved, drawings):
    """Saved again at its own quality, a file stays near its size."""
    source = saved(drawings.painterly(300, 200), "WEBP", quality=80)
    assert len(encode_picture(decode(source)).data) < 1.2 * len(source)


def test_lossless_stays_lossless_with_hidden_color(saved, drawings):
    """Colors under alpha 0 come back exactly, without a warning."""
    source = saved(drawings.cutout(60, 40), "WEBP", lossless=True, exact=True)
    encoded = encode_picture(decode(source))
    after = decode(encoded.data)
    assert after.carried.is_lossless
    assert np.array_equal(after.frames[0].pixels, drawings.cutout(60, 40))
    assert encoded.warnings == ()


def test_asking_for_quality_makes_it_lossy(saved, drawings):
    """A quality is a wish for lossy coding."""
    source = saved(drawings.cel(60, 40), "WEBP", lossless=True)
    assert not decode(encode_picture(decode(source), quality=90).data).carried.is_lossless


def test_lossy_coding_of_hidden_color_is_named(drawings):
    """Colors under alpha 0 of a PNG change in lossy WebP and AVIF, and that is said."""
    picture = Picture.from_array(drawings.cutout(60, 40))
    for kind in ("webp", "avif"):
        assert any("transparent" in warning for warning in encode_picture(picture, kind).warnings)
