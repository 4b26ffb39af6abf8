"""Promises of ocguard.imaging.codecs.webp_quality."""

import pytest

from ocguard.imaging.codecs.webp_quality import estimated_quality
from ocguard.imaging.formats import decode

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
