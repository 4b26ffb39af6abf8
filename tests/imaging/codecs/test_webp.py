"""Tests of WebP."""

import numpy as np
import pytest

from ocguard.imaging.codecs.webp_quality import estimated_quality
from ocguard.imaging.formats import decode, encode_picture
from ocguard.imaging.picture import Picture

QUALITY_ERROR = 12  # libwebp's base index is spread over segments by texture


@pytest.mark.parametrize("quality", [50, 75, 90, 100])
@pytest.mark.parametrize("kind", ["cel", "painterly", "gradient"])
def test_quality_is_estimated_from_the_header(saved, drawings, kind, quality):
    """The estimate is near what the encoder was asked for."""
    picture = decode(saved(getattr(drawings, kind)(160, 120), "WEBP", quality=quality))
    assert picture.carried.quality == pytest.approx(quality, abs=QUALITY_ERROR)


@pytest.mark.parametrize("data", [b"", b"\1" * 20, b"\0" * 20])
def test_other_bytes_have_no_quality(data):
    """Only key frames of VP8 have one."""
    assert estimated_quality(data) is None


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
