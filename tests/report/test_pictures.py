"""Promises of ocguard.report.pictures."""

from __future__ import annotations

import numpy as np

from ocguard.report.pictures import (
    STAGE,
    difference_map,
    fitted_to_page,
    laid_on,
    matched_points,
    outlined,
    palette,
)

MOVED = np.array([[2.0, 0, 40], [0, 2, 20], [0, 0, 1]])


def test_large_pictures_are_shrunk_and_small_ones_stay(drawings) -> None:
    """To 800 pixels, in their proportion."""
    assert fitted_to_page(drawings.cel(1600, 1200)).shape == (600, 800, 3)
    small = drawings.cel(320, 240)
    assert fitted_to_page(small) is small


def test_a_suspect_is_seen_as_the_work_lies(drawings) -> None:
    """A part of half the size is laid where it was taken from; the rest is grey."""
    work = drawings.cel(320, 240)
    suspect = work[20:220:2, 40:280:2]
    laid, reached = laid_on(suspect, MOVED, (320, 240))
    assert tuple(laid[5, 5]) == STAGE
    assert (reached[0, 0], reached[100, 160]) == (0, 255)
    apart = np.abs(laid[60:180, 80:240].astype(int) - work[60:180, 80:240])
    assert np.median(apart) <= 2


def test_differences_stand_out_and_what_agrees_is_pale(drawings) -> None:
    """A patch of another color is colorful, the rest is not; what was not reached is plain."""
    work = drawings.gradient(320, 240)
    changed = work.copy()
    changed[100:140, 100:160] = (255, 0, 0)
    reached = np.full((240, 320), 255, np.uint8)
    reached[:, 300:] = 0
    shown = difference_map(work, changed, reached).astype(int)
    colorful = shown.max(axis=2) - shown.min(axis=2)
    assert colorful[105:135, 105:155].min() > 40
    assert colorful[180:, :280].max() == 0
    assert tuple(shown[0, 310]) == STAGE


def test_matching_details_are_joined(drawings) -> None:
    """Both pictures are equally high, and unchanged far from the lines."""
    work = drawings.cel(320, 240)
    points = np.array([(100, 100)] * 500, np.float32)
    drawn = matched_points(work[::2, ::2], work, points / 2, points)
    assert drawn.shape[0] == 240
    assert (drawn[:, 325:330] == 255).mean() > 0.9  # the gap
    assert np.array_equal(drawn[200:, -320:], work[200:])
    none = np.empty((0, 2), np.float32)
    assert matched_points(work, work, none, none).shape[0] == 240


def test_an_outline_is_seen_on_light_and_dark() -> None:
    """The picture itself stays as it was."""
    for ground in (0, 255):
        blank = np.full((200, 300, 3), ground, np.uint8)
        drawn = outlined(blank, np.array([(50, 50), (250, 50), (250, 150), (50, 150)], float))
        assert len(np.unique(drawn[50, 100:200])) >= 1
        assert np.ptp(drawn[40:60, 150]) > 200
        assert np.ptp(blank) == 0


def test_a_palette_names_the_colors_by_their_share() -> None:
    """Always the same ones; a picture of one color has one."""
    image = np.full((90, 96, 3), (200, 30, 30), np.uint8)
    image[:27] = (20, 40, 220)
    found = palette(image)
    assert [(one.color, round(one.share, 1)) for one in found] == [
        ("#c81e1e", 0.7),
        ("#1428dc", 0.3),
    ]
    assert palette(image) == found
    assert len(palette(image[50:])) == 1
