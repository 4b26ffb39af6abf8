"""Normalization: borders, transparency, size."""

import numpy as np
import pytest

from ocguard.fingerprint.normalize import LONG_SIDE_PX, Box, flatten_on, normalize, trim_box


def test_a_plain_border_is_trimmed(drawings):
    """What lies inside a border of one color is found to the pixel."""
    art = drawings.painterly(120, 90)
    framed = np.full((150, 200, 3), (40, 60, 90), np.uint8)
    framed[20:110, 30:150] = art
    assert trim_box(framed) == Box(30, 20, 150, 110)


def test_a_frame_around_a_mount_is_trimmed_twice(drawings):
    """A dark frame around a white mount is removed together with the mount."""
    framed = np.full((200, 200, 3), 10, np.uint8)
    framed[20:180, 20:180] = 255
    framed[60:140, 50:150] = drawings.painterly(100, 80)
    assert trim_box(framed) == Box(50, 60, 150, 140)


def test_a_picture_without_border_is_left_whole(drawings):
    """Nothing is trimmed of a painting that reaches its edges."""
    art = drawings.painterly(160, 120)
    assert trim_box(art) == Box(0, 0, 160, 120)


def test_a_flat_picture_is_left_whole():
    """A picture of one color has no content to trim to."""
    assert trim_box(np.full((40, 50, 3), 200, np.uint8)) == Box(0, 0, 50, 40)


def test_the_long_side_is_capped_and_never_enlarged(drawings):
    """Large pictures shrink to the cap, small ones keep their size."""
    large = normalize(drawings.cel(1600, 800), None)
    assert large.on_ground.shape == (LONG_SIDE_PX // 2, LONG_SIDE_PX)
    assert large.scale == pytest.approx(1600 / LONG_SIDE_PX)
    assert normalize(drawings.cel(50, 40), None).on_ground.shape == (40, 50)


def test_transparency_is_laid_on_white_and_on_black(drawings):
    """The ground is white in one luma and black in the other, the figure the same in both."""
    rgba = drawings.cutout(200, 160)
    picture = normalize(np.ascontiguousarray(rgba[..., :3]), np.ascontiguousarray(rgba[..., 3]))
    assert picture.on_opposite is not None
    assert (picture.on_ground[0, 0], picture.on_opposite[0, 0]) == (255, 0)
    assert picture.on_ground[80, 100] == picture.on_opposite[80, 100]


def test_white_art_is_laid_on_black_first(drawings):
    """On white there would be nothing to describe."""
    alpha = np.ascontiguousarray(drawings.cel(200, 160)[..., 0])
    picture = normalize(np.full((160, 200, 3), 255, np.uint8), alpha)
    assert picture.on_ground.std() > 10
    assert picture.on_opposite.min() == 255


def test_an_opaque_alpha_counts_as_none(drawings):
    """An alpha channel without a transparent pixel changes nothing."""
    art = drawings.cel(100, 80)
    assert normalize(art, np.full((80, 100), 255, np.uint8)).alpha is None


def test_colors_under_full_transparency_do_not_show(drawings):
    """Flattening hides what the file carries under alpha 0."""
    art = drawings.cel(40, 30)
    assert (flatten_on(art, np.zeros((30, 40), np.uint8), 255) == 255).all()


@pytest.mark.parametrize(
    ("rgb", "alpha"),
    [
        (np.zeros((10, 10), np.uint8), None),
        (np.zeros((10, 10, 3), np.float32), None),
        (np.zeros((0, 10, 3), np.uint8), None),
        (np.zeros((10, 10, 3), np.uint8), np.zeros((9, 10), np.uint8)),
    ],
)
def test_arrays_of_another_form_are_refused(rgb, alpha):
    """Wrong shapes and types are the caller's mistake and named as such."""
    with pytest.raises(ValueError, match="uint8"):
        normalize(rgb, alpha)
