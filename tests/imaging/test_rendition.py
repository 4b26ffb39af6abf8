"""Tests of the small sRGB view."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocguard.imaging.picture import Carried, Frame, Picture
from ocguard.imaging.rendition import fitted_size, flatten, own_color, rendition


@given(st.integers(1, 500), st.integers(1, 500), st.integers(1, 600))
def test_long_side_fits_and_is_never_enlarged(width, height, long_side_px):
    """The long side is the wish or the original, whichever is less; no side vanishes."""
    fitted = fitted_size((width, height), long_side_px)
    assert max(fitted) == min(max(width, height), long_side_px)
    assert min(fitted) >= 1


def test_sizes_below_one_are_refused():
    """A long side of zero is a mistake."""
    with pytest.raises(ValueError, match="long_side_px"):
        fitted_size((10, 10), 0)


def test_small_pictures_stay_as_they_are(drawings):
    """An sRGB picture that fits is copied, not resampled, and the copy is independent."""
    art = drawings.cel(60, 40)
    view = rendition(Picture.from_array(art), 100)
    assert np.array_equal(view.rgb, art)
    assert view.alpha is None
    view.rgb[:] = 0
    assert art.any()


def test_shrinking_keeps_the_mean(drawings):
    """Area averaging neither lightens nor darkens."""
    art = drawings.painterly(321, 243)
    view = rendition(Picture.from_array(art), 80)
    assert view.rgb.shape == (61, 80, 3)
    assert np.abs(view.rgb.mean((0, 1)) - art.mean((0, 1))).max() < 0.3


def test_hidden_color_does_not_bleed():
    """Green under alpha 0 leaves the edge of a red figure red."""
    art = np.zeros((64, 64, 4), np.uint8)
    art[..., 1] = 255
    art[:, :33] = (255, 0, 0, 255)
    view = rendition(Picture.from_array(art), 16)
    assert view.alpha is not None
    visible = view.alpha > 0
    assert view.rgb[visible][:, 0].min() >= 254
    assert view.rgb[~visible][:, 1].min() >= 254
    assert 0 < view.alpha[0, 8] < 255


@pytest.mark.parametrize("has_alpha", [False, True])
def test_strips_do_not_show(drawings, monkeypatch, has_alpha):
    """The result does not depend on how many rows are worked on at a time."""
    art = drawings.cutout(150, 97) if has_alpha else drawings.cel(150, 97)
    whole = rendition(Picture.from_array(art), 50)
    monkeypatch.setattr("ocguard.imaging.rendition._STRIP_PX", 450)
    assert np.array_equal(whole.rgb, rendition(Picture.from_array(art), 50).rgb)


def test_deep_pictures_are_reduced_to_eight_bits(drawings):
    """65535 becomes 255."""
    deep = drawings.deep(64, 48)
    view = rendition(Picture.from_array(deep), 64)
    assert np.abs(view.rgb * 257.0 - deep).max() <= 129


def test_any_frame_can_be_seen(drawings):
    """The frame is chosen by number."""
    frames = drawings.frames()
    picture = Picture(tuple(map(Frame, frames)), "rgb", False)
    assert np.array_equal(rendition(picture, 96, frame=2).rgb, frames[2])


@pytest.mark.parametrize("has_alpha", [False, True])
def test_ink_becomes_light(drawings, has_alpha):
    """CMYK, with and without alpha, is shown as paper under ink."""
    ink = drawings.cmyk(40, 30)
    if has_alpha:
        ink = np.dstack([ink, np.full(ink.shape[:2], 200, np.uint8)])
    picture = Picture((Frame(ink),), "cmyk", has_alpha)
    view = rendition(picture, 20)
    assert view.rgb.shape == (15, 20, 3)
    expected = (255.0 - ink[..., :3]) * (255.0 - ink[..., 3:4]) / 255
    assert np.abs(view.rgb.mean((0, 1)) - expected.mean((0, 1))).max() < 1.5


def test_profiles_are_applied(drawings, profiles):
    """A wide-gamut picture is shown in sRGB, where it looks more colorful."""
    art = drawings.painterly(40, 30)
    plain = rendition(Picture.from_array(art), 40).rgb
    tagged = Picture.from_array(art, carried=Carried(icc_profile=profiles.rgb()))
    shown = rendition(tagged, 40).rgb
    assert np.ptp(shown.astype(int), axis=2).mean() > 1.1 * np.ptp(plain.astype(int), axis=2).mean()


def test_flatten_shows_the_ground():
    """Half-transparent black on white is grey; without alpha nothing happens."""
    rgb = np.zeros((1, 3, 3), np.uint8)
    alpha = np.array([[0, 128, 255]], np.uint8)
    assert flatten(rgb, alpha)[0, :, 0].tolist() == [255, 127, 0]
    assert flatten(rgb, alpha, (0, 100, 0))[0, 0].tolist() == [0, 100, 0]
    assert flatten(rgb, None) is rgb


def test_the_own_color_of_a_picture_is_that_of_what_shows():
    """The mean, without the color under alpha 0."""
    rgb = np.array([[(10, 20, 30), (30, 40, 50), (200, 0, 0)]], np.uint8)
    assert own_color(rgb, np.array([[255, 9, 0]], np.uint8)) == (20, 30, 40)
    assert own_color(rgb[:, :2], None) == (20, 30, 40)
