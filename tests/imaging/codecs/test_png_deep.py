"""Promises of ocguard.imaging.codecs.png_deep."""

import cv2
import numpy as np
import pytest

from ocguard.errors import ImageReadError
from ocguard.imaging.codecs import png_chunks, png_deep


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_deep_pixels_agree_with_other_readers(drawings, channels):
    """OpenCV reads what is encoded here, and what OpenCV encodes is read here."""
    deep = np.dstack([drawings.deep(31, 17), drawings.deep(31, 17, seed=1)])[..., :channels]
    deep = np.ascontiguousarray(deep)
    assert np.array_equal(png_deep.decoded(png_deep.encoded(deep)), deep)
    if channels != 2:
        swapped = deep if channels == 1 else deep[..., [2, 1, 0, 3][:channels]]
        made = cv2.imencode(".png", swapped)[1].tobytes()
        assert np.array_equal(png_deep.decoded(made), deep)
        seen = cv2.imdecode(np.frombuffer(png_deep.encoded(deep), np.uint8), cv2.IMREAD_UNCHANGED)
        assert np.array_equal(seen.reshape(swapped.shape), swapped)


def test_strips_do_not_show(drawings, monkeypatch):
    """Filtered in strips of one row or all at once, the file holds the same pixels."""
    deep = drawings.deep(31, 17)
    whole = png_deep.encoded(deep)
    monkeypatch.setattr(png_deep, "_STRIP_PX", 31)
    assert np.array_equal(png_deep.decoded(png_deep.encoded(deep)), deep)
    assert np.array_equal(png_deep.decoded(whole), deep)


def test_prediction_makes_smooth_pictures_small():
    """A slow ramp takes less than a quarter of its samples."""
    ramp = np.arange(64 * 64, dtype=np.uint16).reshape(64, 64, 1)
    assert len(png_deep.encoded(ramp)) < ramp.nbytes / 4


def test_metadata_stands_behind_the_header_and_pixels_read_all_the_same(drawings):
    """Chunks are written as given."""
    text = png_chunks.text_chunk("Title", "fox")
    png = png_deep.encoded(drawings.deep(9, 7), [text])
    assert png[33 : 33 + len(text)] == text
    assert np.array_equal(png_deep.decoded(png), drawings.deep(9, 7))


@pytest.mark.parametrize("change", [lambda png: png[:60], lambda png: b"\0" * 99])
def test_what_cannot_be_decoded_is_refused(change, drawings):
    """Cut and foreign bytes."""
    with pytest.raises(ImageReadError, match="damaged"):
        png_deep.decoded(change(png_deep.encoded(drawings.deep(9, 7))))
