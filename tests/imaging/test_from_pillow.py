"""Tests of pictures taken from Pillow images."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from ocguard.errors import ImageReadError
from ocguard.imaging.formats import decode
from ocguard.imaging.from_pillow import picture_of_image
from ocguard.imaging.picture import pixel_sha256


@pytest.mark.parametrize("kind", ["cel", "cutout", "grey"])
def test_images_made_in_memory_are_taken(drawings, kind):
    """RGB, RGBA and grey, to be written as PNG."""
    art = getattr(drawings, kind)(20, 10)
    picture = picture_of_image(Image.fromarray(art))
    assert np.array_equal(picture.frames[0].pixels.reshape(art.shape), art)
    assert picture.carried.file_format == "PNG"


def test_opened_files_give_what_reading_gives(drawings, saved, make_exif, profiles):
    """Pixels upright, profile, EXIF and resolution."""
    options = {"exif": make_exif(6), "icc_profile": profiles.rgb(), "dpi": (150, 150)}
    data = saved(drawings.cel(20, 10), "JPEG", **options)
    read = decode(data)
    with Image.open(BytesIO(data)) as image:
        taken = picture_of_image(image)
    assert pixel_sha256(taken) == pixel_sha256(read)
    for name in ("file_format", "icc_profile", "exif", "dpi", "orientation"):
        assert getattr(taken.carried, name) == getattr(read.carried, name)


def test_every_frame_is_taken(drawings):
    """Animations come with their durations."""
    images = [Image.fromarray(f) for f in drawings.frames()]
    out = BytesIO()
    images[0].save(out, "WEBP", save_all=True, append_images=images[1:], duration=70, lossless=True)
    with Image.open(BytesIO(out.getvalue())) as image:
        picture = picture_of_image(image)
    assert [frame.duration_ms for frame in picture.frames] == [70, 70, 70]
    assert np.array_equal(picture.frames[2].pixels[..., :3], drawings.frames()[2])


def test_deep_grey_is_taken():
    """Pillow's 16-bit grey keeps its depth."""
    deep = np.arange(12, dtype=np.uint16).reshape(3, 4) * 5000
    assert np.array_equal(picture_of_image(Image.fromarray(deep)).frames[0].pixels[..., 0], deep)


@pytest.mark.parametrize("mode", ["F", "LAB"])
def test_other_modes_are_refused(mode):
    """Floating point and Lab are named."""
    with pytest.raises(ImageReadError, match=f"has {mode} pixels"):
        picture_of_image(Image.new(mode, (4, 4)))
