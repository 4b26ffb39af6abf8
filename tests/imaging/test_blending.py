"""Tests of adding light and laying stamps."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocguard.imaging.blending import Stamp, add_luma, compose
from ocguard.imaging.picture import Carried, Frame, Picture
from ocguard.imaging.rendition import rendition

DEEP_STEP = 257  # one 8-bit grey level on the 16-bit scale


def field(shape, seed=0, rms=3.0):
    """A random field as an embedder makes it."""
    return np.random.default_rng(seed).normal(0, rms, shape).astype(np.float32)


def test_light_is_added_rounded_and_clipped():
    """Every channel gets the field's value, rounded, within 0..255."""
    art = np.array([[[10, 20, 250], [3, 0, 100]]], np.uint8)
    lit = add_luma(Picture.from_array(art), np.array([[7.6, -4.4]], np.float32))
    assert lit.frames[0].pixels.tolist() == [[[18, 28, 255], [0, 0, 96]]]


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 90), st.integers(0, 90))
def test_fields_are_enlarged_like_opencv(rows, columns, more_rows, more_columns):
    """Strips and all, the enlarged field is OpenCV's bicubic one."""
    size = (columns + more_columns, rows + more_rows)
    delta = field((rows, columns), rms=20)
    art = np.full((size[1], size[0]), 128, np.uint8)
    expected = 128 + cv2.resize(delta, size, interpolation=cv2.INTER_CUBIC)
    lit = add_luma(Picture.from_array(art), delta).frames[0].pixels[..., 0]
    assert np.abs(lit - np.clip(expected, 0, 255)).max() <= 0.5 + 1e-3


def test_a_rendition_sees_the_field_it_was_made_for(drawings):
    """What is added on the raster of a rendition appears in the next rendition, in place."""
    picture = Picture.from_array(drawings.gradient(640, 480))
    delta = cv2.GaussianBlur(field((120, 160), rms=30), (0, 0), 3)
    before, after = (
        rendition(p, 160).rgb[..., 1].astype(float) for p in (picture, add_luma(picture, delta))
    )
    assert np.corrcoef((after - before).ravel(), delta.ravel())[0, 1] > 0.98


def test_hidden_pixels_and_alpha_stay_exactly(drawings):
    """Alpha never changes, nor any pixel of alpha 0."""
    art = drawings.cutout(120, 90)
    lit = add_luma(Picture.from_array(art), field((90, 120))).frames[0].pixels
    hidden = art[..., 3] == 0
    assert np.array_equal(lit[hidden], art[hidden])
    assert np.array_equal(lit[..., 3], art[..., 3])
    assert (lit[~hidden] != art[~hidden]).any()


def test_deep_pictures_change_in_fine_steps(drawings):
    """On 16 bits, a third of a grey level is not lost."""
    deep = drawings.deep(64, 48)
    lit = add_luma(Picture.from_array(deep), np.full((48, 64), 1 / 3, np.float32))
    assert np.abs(lit.frames[0].pixels.astype(int) - deep - DEEP_STEP / 3).max() <= 0.5


@pytest.mark.parametrize("has_profile", [False, True])
def test_ink_changes_the_light_as_much(drawings, profiles, has_profile):
    """On CMYK, the shown luma changes nearly as the field says."""
    profile = profiles.cmyk() if has_profile else None
    ink = drawings.cmyk(160, 120)
    picture = Picture((Frame(ink),), "cmyk", False, Carried(icc_profile=profile))
    delta = cv2.GaussianBlur(field((120, 160), rms=40), (0, 0), 2)
    before, after = (
        cv2.cvtColor(rendition(p, 160).rgb, cv2.COLOR_RGB2GRAY).astype(float)
        for p in (picture, add_luma(picture, delta))
    )
    slope, correlation = (
        np.polyfit(delta.ravel(), (after - before).ravel(), 1)[0],
        np.corrcoef(delta.ravel(), (after - before).ravel()),
    )
    assert correlation[0, 1] > 0.9
    assert 0.5 < slope < 1.5


def test_black_ink_carries_the_mark_of_black_art():
    """Line art printed in black alone gets no colored ink."""
    ink = np.zeros((8, 8, 4), np.uint8)
    ink[..., 3] = 255
    lit = add_luma(Picture((Frame(ink),), "cmyk", False), np.full((8, 8), 6, np.float32))
    assert lit.frames[0].pixels[0, 0].tolist() == [0, 0, 0, 249]


def test_frames_get_one_field_or_one_each(drawings):
    """One field marks every frame alike, several mark one frame each."""
    frames = drawings.frames(count=2)
    picture = Picture(tuple(Frame(f) for f in frames), "rgb", False)
    up, down = np.full((64, 96), 5, np.float32), np.full((64, 96), -5, np.float32)
    before = [np.mean(f) for f in frames]
    alike, apart = (
        [f.pixels.mean() for f in add_luma(picture, fields).frames] for fields in (up, [up, down])
    )
    assert alike[0] > before[0]
    assert alike[1] > before[1]
    assert apart[1] < before[1]


@pytest.mark.parametrize(
    "fields", [np.zeros((9, 8), np.float32), [np.zeros((2, 2), np.float32)] * 2]
)
def test_fields_that_do_not_fit_are_refused(fields):
    """Larger than the picture, or more than frames."""
    with pytest.raises(ValueError, match="fit"):
        add_luma(Picture.from_array(np.zeros((8, 8), np.uint8)), fields)


def stamp(left, top, size=(4, 4), color=(255, 0, 0), opacity=255):
    """A plain stamp."""
    rgba = np.zeros((size[1], size[0], 4), np.uint8)
    rgba[...] = (*color, opacity)
    return Stamp(left, top, rgba)


def test_no_stamps_no_change(drawings):
    """The very same picture comes back."""
    picture = Picture.from_array(drawings.cel(20, 20))
    assert compose(picture, []) is picture


@given(st.integers(-9, 14), st.integers(-9, 14))
def test_stamps_may_overhang(left, top):
    """Only the part inside shows, and only there anything changes."""
    art = np.zeros((10, 12, 3), np.uint8)
    marked = compose(Picture.from_array(art), [stamp(left, top)]).frames[0].pixels
    expected = np.zeros((30, 32), bool)
    expected[top + 10 : top + 14, left + 10 : left + 14] = True
    assert np.array_equal(marked[..., 0] == 255, expected[10:20, 10:22])
    assert not art.any()


def test_half_opacity_mixes_in_native_depth():
    """Half red on deep white gives half green and blue."""
    art = np.full((4, 4, 3), 65535, np.uint16)
    marked = compose(Picture.from_array(art), [stamp(0, 0, opacity=51)]).frames[0].pixels
    assert marked[0, 0].tolist() == [65535, 52428, 52428]


def test_stamps_show_on_transparent_ground():
    """Over alpha 0 a stamp brings its own alpha; elsewhere hidden color stays."""
    art = np.zeros((4, 8, 4), np.uint8)
    art[...] = (9, 8, 7, 0)
    marked = compose(Picture.from_array(art), [stamp(0, 0, opacity=128)]).frames[0].pixels
    assert marked[0, 0].tolist() == [255, 0, 0, 128]
    assert marked[0, 7].tolist() == [9, 8, 7, 0]


@pytest.mark.parametrize(("color", "expected"), [("grey", [76]), ("cmyk", [0, 255, 255, 0])])
def test_stamps_take_the_pictures_colors(color, expected):
    """Red is luma on grey, magenta and yellow on CMYK."""
    channels = len(expected)
    picture = Picture((Frame(np.full((4, 4, channels), 9, np.uint8)),), color, False)
    assert compose(picture, [stamp(0, 0)]).frames[0].pixels[0, 0].tolist() == expected


def test_every_frame_is_stamped(drawings):
    """An animation carries the stamp throughout."""
    picture = Picture(tuple(map(Frame, drawings.frames())), "rgb", False)
    for frame in compose(picture, [stamp(0, 0)]).frames:
        assert frame.pixels[0, 0].tolist() == [255, 0, 0]
