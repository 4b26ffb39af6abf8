"""Promises of ocguard.imaging.pillow_arrays."""

import threading

import numpy as np
import pytest
from PIL import Image

from ocguard.errors import ImageReadError
from ocguard.imaging import pillow_arrays
from ocguard.imaging.picture import MAX_PIXELS
from ocguard.imaging.pillow_arrays import (
    array_of,
    at_most_pixels,
    color_of,
    image_of,
    pixel_limit,
    plain_mode,
    raw_image,
    require_size,
)


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_arrays_become_images_and_arrays_again(channels):
    """Grey and RGB, with and without alpha, exactly."""
    rng = np.random.default_rng(channels)
    pixels = rng.integers(0, 256, (7, 9, channels), dtype=np.uint8)
    image = image_of(pixels)
    assert image.size == (9, 7)
    assert np.array_equal(array_of(image), pixels)
    color, has_alpha = color_of(image.mode)
    assert (color, has_alpha) == ("grey" if channels < 3 else "rgb", channels in {2, 4})


def test_strips_do_not_show(monkeypatch):
    """Copied two rows at a time, the last strip one row high, an image is the same."""
    pixels = np.random.default_rng(1).integers(0, 256, (7, 9, 3), dtype=np.uint8)
    monkeypatch.setattr(pillow_arrays, "_STRIP_PX", 18)
    assert np.array_equal(array_of(image_of(pixels)), pixels)


def test_an_array_has_memory_of_its_own():
    """Drawing on it changes no image."""
    image = Image.new("RGB", (4, 4), (1, 2, 3))
    array_of(image)[:] = 9
    assert image.getpixel((0, 0)) == (1, 2, 3)


def test_a_view_of_an_array_is_handed_over_as_it_looks():
    """Every second column, from the right."""
    pixels = np.arange(24, dtype=np.uint8).reshape(2, 12, 1)[:, ::-2]
    assert np.array_equal(np.asarray(raw_image(pixels, "L")), pixels[..., 0])


@pytest.mark.parametrize(
    ("mode", "plain"),
    [("1", "L"), ("L", "L"), ("P", "RGB"), ("RGBa", "RGBA"), ("CMYK", "CMYK"), ("LA", "LA")],
)
def test_a_mode_becomes_the_plainest_that_holds_it(mode, plain):
    """Palettes and single bits are unfolded."""
    assert plain_mode(Image.new(mode, (2, 2))) == plain


@pytest.mark.parametrize(
    ("mode", "plain"), [("1", "LA"), ("L", "LA"), ("P", "RGBA"), ("RGB", "RGBA")]
)
def test_a_color_key_becomes_alpha(mode, plain):
    """One color that is clear needs a channel, and array and mode agree."""
    image = Image.new(mode, (2, 2))
    image.info["transparency"] = (0, 0, 0) if mode == "RGB" else 0
    assert plain_mode(image) == plain
    assert array_of(image).shape[2] == len(plain)
    assert not array_of(image)[..., -1].any()


@pytest.mark.parametrize("mode", ["F", "I", "LAB", "HSV"])
def test_other_pixels_are_refused_by_name(mode):
    """With what to do instead."""
    with pytest.raises(ImageReadError, match=f"has {mode} pixels.*convert it to RGB first"):
        plain_mode(Image.new(mode, (2, 2)))


def test_the_limit_of_pillow_is_ours_for_a_while_only():
    """Nested and after an error, the program that embeds us gets its own limit back."""
    outside = Image.MAX_IMAGE_PIXELS
    with pytest.raises(ValueError, match="inside"), pixel_limit():
        with pixel_limit():
            assert MAX_PIXELS == Image.MAX_IMAGE_PIXELS
        assert MAX_PIXELS == Image.MAX_IMAGE_PIXELS
        raise ValueError("inside")
    assert outside == Image.MAX_IMAGE_PIXELS


def test_threads_do_not_restore_the_limit_under_each_other():
    """The first to finish leaves it to the one that still reads."""
    outside, entered, leave = Image.MAX_IMAGE_PIXELS, threading.Event(), threading.Event()

    def read():
        with pixel_limit():
            entered.set()
            leave.wait(5)

    thread = threading.Thread(target=read)
    with pixel_limit():
        thread.start()
        entered.wait(5)
    assert MAX_PIXELS == Image.MAX_IMAGE_PIXELS
    leave.set()
    thread.join()
    assert outside == Image.MAX_IMAGE_PIXELS


def test_sizes_up_to_the_limit_pass_and_no_others():
    """Empty pictures, one pixel too many, and frames that add up to too many are named."""
    require_size((16_384, 16_384))
    require_size((8192, 16_384), frames=2)
    for size, frames, said in (
        ((0, 5), 1, "no pixels"),
        ((16_384, 16_385), 1, r"too large \(16384 x 16385;"),
        ((16_384, 16_384), 2, "2 frames"),
    ):
        with pytest.raises(ImageReadError, match=said):
            require_size(size, frames)


def test_a_lower_limit_holds_for_a_while_and_for_its_thread_alone():
    """A server may allow less than the library does."""
    allowed = []

    def elsewhere():
        require_size((100, 100))
        allowed.append(True)

    with at_most_pixels(9_999):
        with pytest.raises(ImageReadError, match="the limit is 9,999 pixels"):
            require_size((100, 100))
        other = threading.Thread(target=elsewhere)
        other.start()
        other.join()
    require_size((100, 100))
    assert allowed == [True]
