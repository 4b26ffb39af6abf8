"""Promises of ocguard.imaging.codecs.pillow_frames."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from ocguard.imaging.codecs.pillow_frames import encoded, frames_of
from ocguard.imaging.picture import Carried, Frame, Picture

LOSSLESS = {"lossless": True}


@pytest.fixture
def animation(drawings):
    """Three frames, which the file stores turned."""
    frames = tuple(Frame(f, 40.0 * (i + 1)) for i, f in enumerate(drawings.frames(12, 8)))
    return Picture(frames, "rgb", False, Carried(file_format="WEBP", orientation=6, loop=3))


def test_frames_and_durations_come_back_upright(animation):
    """Stored turned, read upright, each with its own time."""
    with Image.open(BytesIO(encoded(animation, "WEBP", LOSSLESS))) as image:
        assert image.size == (8, 12)
        assert image.info["loop"] == 3
        frames = frames_of(image, 3, "RGB", 6)
    assert [frame.duration_ms for frame in frames] == [40, 80, 120]
    for before, after in zip(animation.frames, frames, strict=True):
        assert np.array_equal(before.pixels, after.pixels)


def test_a_still_picture_has_no_duration(drawings):
    """And is no animation of one frame."""
    picture = Picture.from_array(drawings.cel(12, 8))
    with Image.open(BytesIO(encoded(picture, "WEBP", LOSSLESS))) as image:
        assert not image.is_animated
        (frame,) = frames_of(image, 1, "RGB", 1)
    assert frame.duration_ms == 0
    assert np.array_equal(frame.pixels, drawings.cel(12, 8))


def test_what_the_picture_carried_is_in_the_file(drawings, profiles, make_exif, xmp_packet):
    """Profile, EXIF and XMP, byte for byte."""
    exif = make_exif(1).removeprefix(b"Exif\0\0")
    carried = Carried(icc_profile=profiles.rgb(), exif=exif, xmp=xmp_packet)
    picture = Picture.from_array(drawings.cel(12, 8), carried=carried)
    with Image.open(BytesIO(encoded(picture, "WEBP", LOSSLESS))) as image:
        assert image.info["icc_profile"] == profiles.rgb()
        assert image.info["exif"].removeprefix(b"Exif\0\0") == exif
        assert image.info["xmp"] == xmp_packet


def test_a_file_without_metadata_gets_none(drawings):
    """Nothing is invented."""
    with Image.open(BytesIO(encoded(Picture.from_array(drawings.cel(9, 9)), "WEBP", {}))) as image:
        assert not {"icc_profile", "exif", "xmp"} & image.info.keys()
