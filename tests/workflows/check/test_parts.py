"""Promises of ocguard.workflows.check.parts."""

from __future__ import annotations

import numpy as np

from ocguard.fingerprint.normalize import Box
from ocguard.imaging.picture import Picture
from ocguard.workflows.check.parts import part_of, views_of


def board(drawings, count: int) -> np.ndarray:
    """Draw a row of pictures on white."""
    page = np.full((260, 40 + 240 * count, 3), 255, np.uint8)
    for place in range(count):
        page[30:230, 40 + 240 * place : 240 + 240 * place] = drawings.cel(200, 200, place)
    return page


def test_the_panels_of_a_board_are_its_views(drawings) -> None:
    """From three on, as long as nobody asks for fewer."""
    three, two = (Picture.from_array(board(drawings, count)) for count in (3, 2))
    assert len(views_of(three).boxes) == 3
    assert views_of(two).boxes == ()
    assert len(views_of(two, 2).boxes) == 2


def test_a_part_holds_the_pixels_of_its_box(drawings) -> None:
    """Of one frame, with everything else of the picture."""
    pixels = drawings.cel(120, 90, 1)
    part = part_of(Picture.from_array(pixels), Box(10, 20, 70, 60))
    assert part.size == (60, 40)
    assert np.array_equal(part.frames[0].pixels, pixels[20:60, 10:70])
