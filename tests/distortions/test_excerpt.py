"""Promises of ocguard.distortions.excerpt."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocguard.distortions import excerpt

sides = st.integers(1, 300)


@given(sides, sides)
def test_the_face_box_lies_inside_the_picture(width: int, height: int) -> None:
    """At any size, also of one pixel."""
    left, top, across, down = excerpt.face_box((width, height))
    assert across == down >= 1
    assert left >= 0
    assert top >= 0
    assert left + across <= width
    assert top + down <= height


def test_the_face_stands_in_the_upper_middle() -> None:
    """Of a bust of 100 by 200, the box is centered across and lies in the upper half."""
    left, top, side, _ = excerpt.face_box((100, 200))
    assert left + side / 2 == pytest.approx(50, abs=1)
    assert top + side < 100


def test_the_upper_half_is_the_upper_half() -> None:
    """Rows from the top, exactly; one row of a single one."""
    rgb = np.arange(5 * 4 * 3, dtype=np.uint8).reshape(5, 4, 3)
    generator = np.random.default_rng(0)
    assert np.array_equal(excerpt.upper_half(rgb, 0, generator), rgb[:2])
    assert np.array_equal(excerpt.upper_half(rgb[:1], 0, generator), rgb[:1])


@pytest.mark.parametrize("seed", range(4))
def test_a_pasted_face_lies_where_its_placement_says(seed: int) -> None:
    """A white cross on the face is found, mirrored, at the place that the matrix gives."""
    rgb = np.zeros((200, 160, 3), np.uint8)
    left, top, side, _ = excerpt.face_box((160, 200))
    x, y = left + side // 4, top + side // 3
    cv2.rectangle(rgb, (left, top), (left + side - 1, top + side - 1), (40, 40, 40), -1)
    cv2.circle(rgb, (x, y), 6, (255, 255, 255), -1)
    placement = excerpt.place_face((160, 200), 0, np.random.default_rng(seed))
    shown = excerpt.paste_face(rgb, 0, np.random.default_rng(seed))
    there = np.linalg.inv(placement.matrix) @ (x, y, 1)
    assert shown.shape == rgb.shape
    assert shown[round(there[1]), round(there[0])].min() > 240


def test_a_silhouette_keeps_the_ground_and_hides_what_it_encloses() -> None:
    """Two figures of one outline on one ground look alike afterwards."""
    shown = []
    for color in ((200, 30, 30), (10, 90, 160)):
        rgb = np.full((80, 80, 3), 255, np.uint8)
        cv2.circle(rgb, (40, 40), 20, color, -1)
        shown.append(excerpt.silhouette(rgb, 0, np.random.default_rng(0)))
    assert np.array_equal(shown[0], shown[1])
    assert (shown[0][:10] == 255).all()
    assert shown[0][30:50, 30:50].std() > 1


@pytest.mark.parametrize("size", [(7, 1), (7, 2), (8, 9)])
def test_the_placement_of_the_upper_half_has_its_size(size: tuple[int, int]) -> None:
    """And moves nothing."""
    placed = excerpt.place_upper_half(size, 0, np.random.default_rng(0))
    half = excerpt.upper_half(
        np.zeros((size[1], size[0], 3), np.uint8), 0, np.random.default_rng(0)
    )
    assert placed.size == (half.shape[1], half.shape[0])
    assert np.array_equal(placed.matrix, np.eye(3))
