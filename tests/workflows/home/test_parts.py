"""Promises of ocguard.workflows.home.parts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ocguard.fingerprint.normalize import Box
from ocguard.imaging.picture import Frame, Picture
from ocguard.workflows.home.parts import (
    MAX_FRAMES,
    MAX_PANELS,
    Part,
    cut,
    distinct_frames,
    panels,
    work_parts,
)


def animation(pictures: list[np.ndarray]) -> Picture:
    """Make frames of pictures."""
    frames = tuple(Frame(pixels, 100.0) for pixels in pictures)
    return replace(Picture.from_array(pictures[0]), frames=frames)


def test_a_part_is_cut_out_of_its_frame(drawings) -> None:
    """Exactly its pixels, as a still picture."""
    pictures = [drawings.cel(60, 40, seed) for seed in range(2)]
    part = cut(animation(pictures), Part(Box(5, 10, 45, 30), 1))
    assert len(part.frames) == 1
    assert np.array_equal(part.frames[0].pixels, pictures[1][10:30, 5:45])


def test_frames_that_repeat_are_no_further_ones(drawings) -> None:
    """Nor are those that hardly differ, and the first is not listed."""
    first, other = drawings.cel(60, 60, 1), drawings.cel(60, 60, 2)
    nearly = np.clip(first.astype(int) + 2, 0, 255).astype(np.uint8)
    assert list(distinct_frames(animation([first, nearly, other, first, other]))) == [2]


def test_an_ordinary_still_picture_has_no_parts(drawings) -> None:
    """Nothing is described twice."""
    for size in ((1200, 900), (900, 2000)):
        assert work_parts(Picture.from_array(drawings.cel(*size))).parts == ()


@pytest.mark.parametrize("size", [(200, 2000), (2400, 300)])
def test_a_long_work_has_regions(drawings, size) -> None:
    """Of its first frame."""
    found = work_parts(Picture.from_array(drawings.painterly(*size)))
    assert len(found.parts) >= 8
    assert {part.frame for part in found.parts} == {0}
    assert found.left_out == 0


def test_a_thin_banner_has_no_parts_that_could_be_works(drawings) -> None:
    """None of them would be large enough to be compared."""
    banner = work_parts(Picture.from_array(drawings.painterly(4000, 16)[:8]))
    assert (banner.parts, banner.left_out) == ((), 0)


def test_panels_lie_within_a_long_picture_the_middle_first() -> None:
    """A picture that is not long is one panel."""
    tall = Picture.from_array(np.zeros((3000, 200, 3), np.uint8))
    boxes = [part.box for part in panels(tall)]
    assert 1 < len(boxes) <= MAX_PANELS
    assert all(0 <= box.top < box.bottom <= 3000 for box in boxes)
    assert abs(boxes[0].top + boxes[0].bottom - 3000) < 320
    assert [part.box.height for part in panels(cut(tall, Part(Box(0, 0, 200, 600))))] == [600]
    wide = [part.box for part in panels(Picture.from_array(np.zeros((200, 3000, 3), np.uint8)))]
    assert [(box.left, box.top) for box in wide] == [(box.top, box.left) for box in boxes]


def test_frames_have_a_budget(drawings) -> None:
    """What is beyond it is counted."""
    pictures = [drawings.cel(40, 40, seed) for seed in range(MAX_FRAMES + 3)]
    found = work_parts(animation(pictures))
    assert [part.frame for part in found.parts] == list(range(1, MAX_FRAMES))
    assert {part.size for part in found.parts} == {(40, 40)}
    assert found.left_out == 3
