"""Tests of the picture in memory."""

import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from ocguard.imaging.picture import Carried, Frame, Picture, eight_bits, equal_digests, pixel_sha256


def test_size_is_width_then_height(drawings):
    """A wide array gives a wide picture."""
    picture = Picture.from_array(drawings.cel(30, 20))
    assert (picture.size, picture.width, picture.height) == ((30, 20), 30, 20)


@pytest.mark.parametrize(
    ("channels", "color", "has_alpha"),
    [(1, "grey", False), (2, "grey", True), (3, "rgb", False), (4, "rgb", True)],
)
def test_channels_tell_color_and_alpha(channels, color, has_alpha):
    """Arrays of one to four channels are grey, grey with alpha, RGB, RGBA."""
    picture = Picture.from_array(np.zeros((2, 3, channels), np.uint8))
    assert (picture.color, picture.has_alpha) == (color, has_alpha)
    assert picture.color_channels == channels - has_alpha


def test_flat_arrays_are_grey():
    """A 16-bit array without channels is a deep grey picture."""
    picture = Picture.from_array(np.zeros((2, 3), np.uint16))
    assert (picture.color, picture.bit_depth) == ("grey", 16)


@pytest.mark.parametrize(
    "pixels",
    [
        np.zeros((2, 3, 5), np.uint8),
        np.zeros((2, 3, 3), np.float32),
        np.zeros((0, 3, 3), np.uint8),
        np.zeros(4, np.uint8),
    ],
)
def test_other_arrays_are_refused(pixels):
    """Wrong shapes and dtypes are the caller's mistake."""
    with pytest.raises(ValueError, match=r"pixels|expected"):
        Picture.from_array(pixels)


def test_frames_must_be_alike():
    """A picture has at least one frame, and all of one shape."""
    one, other = Frame(np.zeros((2, 2, 1), np.uint8)), Frame(np.zeros((3, 2, 1), np.uint8))
    with pytest.raises(ValueError, match="one shape"):
        Picture((one, other), "grey", False)
    with pytest.raises(ValueError, match="at least one"):
        Picture((), "grey", False)


def test_new_pixels_keep_durations():
    """Replacing pixels leaves everything else."""
    frames = tuple(Frame(np.zeros((2, 2, 1), np.uint8), ms) for ms in (10.0, 20.0))
    picture = Picture(frames, "grey", False, Carried(loop=3))
    changed = picture.with_pixels([np.ones((2, 2, 1), np.uint8)] * 2)
    assert [frame.duration_ms for frame in changed.frames] == [10, 20]
    assert changed.carried.loop == 3
    assert changed.is_animated


def test_repr_shows_no_file_content():
    """What files carry, which may be large or private, is not printed."""
    carried = Carried(exif=b"home address", text=(("prompt", "private"),))
    assert "home" not in repr(carried)
    assert "private" not in repr(carried)


@given(hnp.arrays(np.uint16, (3, 2, 1)))
def test_eight_bits_round_to_the_nearest(pixels):
    """Reduced samples lie within half a step of the original."""
    assert np.abs(eight_bits(pixels).astype(float) * 257 - pixels).max() <= 128.5


def test_hash_covers_pixels_shape_and_model():
    """Any other pixel, shape, depth or color model hashes differently."""
    base = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
    changed = base.copy()
    changed[1, 2, 0] += 1
    variants = [base, changed, base.reshape(4, 2, 3), base.astype(np.uint16)]
    hashes = {pixel_sha256(Picture.from_array(pixels)) for pixels in variants}
    two = Picture((Frame(base), Frame(base)), "rgb", False)
    ink = Picture((Frame(np.zeros((2, 2, 4), np.uint8)),), "cmyk", False)
    rgba = Picture((Frame(np.zeros((2, 2, 4), np.uint8)),), "rgb", True)
    assert len(hashes | {pixel_sha256(p) for p in (two, ink, rgba)}) == 7


@given(st.data())
def test_hash_ignores_what_is_carried(data):
    """Metadata, durations and memory layout do not count."""
    pixels = data.draw(hnp.arrays(np.uint8, (3, 4, 3)))
    plain = Picture.from_array(pixels)
    frame = Frame(np.asfortranarray(pixels), 40.0)
    other = Picture((frame,), "rgb", False, Carried(file_format="JPEG", xmp=b"x"))
    assert pixel_sha256(plain) == pixel_sha256(other)


def test_hash_is_golden():
    """The hash of a known picture never changes, since it names works for ever."""
    picture = Picture.from_array(np.arange(12, dtype=np.uint8).reshape(2, 2, 3))
    described = hashlib.sha256(b"rgb/0/uint8/2x2x3/1" + bytes(range(12))).hexdigest()
    assert pixel_sha256(picture) == described
    assert described.startswith("5f2ef37821d80971")


def forms(grey, *, is_grey):
    """The same pixels in all forms that hold them."""
    color = grey if is_grey else np.dstack([grey[..., 0], 255 - grey[..., 0], grey[..., 0]])
    colors = [grey, np.repeat(grey, 3, axis=2)] if is_grey else [color]
    plain = [*colors, *(np.dstack([one, np.full(one.shape[:2], 255, np.uint8)]) for one in colors)]
    return [*plain, *(one.astype(np.uint16) * 257 for one in plain)]


@pytest.mark.parametrize(("is_grey", "count"), [(True, 8), (False, 4)])
def test_every_form_of_the_same_pixels_knows_the_others(is_grey, count):
    """Opaque alpha, depth and grey as color: old digests stay, and each form finds each."""
    rng = np.random.default_rng(1)
    pictures = [
        Picture.from_array(one)
        for one in forms(rng.integers(0, 256, (9, 7, 1)).astype(np.uint8), is_grey=is_grey)
    ]
    own = {pixel_sha256(picture) for picture in pictures}
    assert len(own) == len(pictures) == count
    assert all(set(equal_digests(picture)) == own for picture in pictures)


def test_other_pixels_have_no_digest_in_common():
    """One sample, one bit of depth, one clear pixel more."""
    deep = np.random.default_rng(1).integers(0, 256, (9, 7, 4)).astype(np.uint16) * 257
    deep[..., 3] = 65535
    seen = [set(equal_digests(Picture.from_array(deep)))]
    for place in ((0, 0, 0), (0, 0, 3)):
        other = deep.copy()
        other[place] ^= 1
        seen.append(set(equal_digests(Picture.from_array(other))))
    assert sum(map(len, seen)) == len(set.union(*seen)) == 4 + 2 + 1
