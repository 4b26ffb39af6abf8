"""Promises of ocguard.distortions.surroundings."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocguard.distortions import surroundings
from ocguard.distortions.kind import Kind

INSIDE = [kind for kind in surroundings.KINDS if kind.stem != "screen-photo"]
KINDS = pytest.mark.parametrize("kind", INSIDE, ids=lambda kind: kind.stem)
sides = st.integers(1, 300)


def value_of(kind: Kind) -> int:
    """Return a number that the kind takes."""
    return kind.listed[0] if kind.listed else 0


def box_of(kind: Kind, size: tuple[int, int], seed: int) -> tuple[np.ndarray, tuple[int, int]]:
    """Return left, top, right, bottom of the picture on the canvas, and the canvas's size."""
    assert kind.place is not None
    placement = kind.place(size, value_of(kind), np.random.default_rng(seed))
    to_canvas = np.linalg.inv(placement.matrix)
    near = to_canvas @ (-0.5, -0.5, 1) + 0.5
    far = to_canvas @ (size[0] - 0.5, size[1] - 0.5, 1) + 0.5
    return np.array([*near[:2], *far[:2]]), placement.size


@KINDS
@given(sides, sides, st.integers(0, 3))
def test_the_whole_picture_lies_on_the_canvas(
    kind: Kind, width: int, height: int, seed: int
) -> None:
    """At any size and seed, and its edges fall between pixels."""
    box, canvas = box_of(kind, (width, height), seed)
    left, top, right, bottom = box
    assert min(left, top) >= -1e-6
    assert right <= canvas[0] + 1e-6
    assert bottom <= canvas[1] + 1e-6
    assert box == pytest.approx(np.rint(box), abs=1e-6)


@KINDS
def test_the_picture_is_shown_where_the_placement_says(kind: Kind) -> None:
    """A flat picture fills its box; around it the canvas shows something else."""
    rgb = np.full((60, 90, 3), (250, 10, 120), np.uint8)
    shown = kind.paint(rgb, value_of(kind), np.random.default_rng(1)).astype(int)
    left, top, right, bottom = np.rint(box_of(kind, (90, 60), 1)[0]).astype(int)
    inner = shown[top + 8 : bottom - 8, left + 8 : right - 8]
    assert np.abs(inner - (250, 10, 120)).max() <= 6
    is_other = np.abs(shown - (250, 10, 120)).max(axis=2) > 40
    is_other[top:bottom, left:right] = False
    outside = shown.shape[0] * shown.shape[1] - (bottom - top) * (right - left)
    assert is_other.sum() > outside / 2


def test_a_letterbox_is_sixteen_to_nine_and_keeps_the_pixels() -> None:
    """Bars above and below a wide picture, left and right of a tall one."""
    generator = np.random.default_rng(0)
    assert surroundings.place_letterbox((320, 100), 0, generator).size == (320, 180)
    assert surroundings.place_letterbox((100, 180), 0, generator).size == (320, 180)


def test_a_collage_holds_the_picture_at_its_percentage() -> None:
    """Sixty percent of each side, on a canvas of the picture's own size."""
    placement = surroundings.place_collage((200, 100), 60, np.random.default_rng(0))
    assert placement.size == (200, 100)
    assert np.diag(placement.matrix)[:2] == pytest.approx(1 / 0.6)


def test_a_grid_takes_every_cell_in_turn() -> None:
    """Over some seeds the picture appears in all four cells."""
    corners = {
        tuple(np.rint(np.linalg.inv(placement.matrix)[:2, 2] / 50).astype(int))
        for seed in range(30)
        for placement in [surroundings.place_grid((200, 200), 4, np.random.default_rng(seed))]
    }
    assert len(corners) == 4


def test_pasting_leaves_the_given_canvas_alone() -> None:
    """The result is a picture of its own."""
    canvas = np.zeros((20, 20, 3), np.uint8)
    place = surroundings.inside((20, 20), (5, 6, 4, 4), (8, 8))
    pasted = surroundings.paste(np.full((8, 8, 3), 9, np.uint8), canvas, place)
    assert canvas.max() == 0
    assert (pasted[6:10, 5:9] == 9).all()
    assert pasted.sum() == 9 * 16 * 3


def test_a_photographed_screen_has_waves_that_the_picture_has_not() -> None:
    """Moire of some levels on flat grey, beyond the sensor's noise of three."""
    seen = surroundings.photograph_screen(
        np.full((120, 120, 3), 160, np.uint8), 0, np.random.default_rng(2)
    )
    assert 3.5 < seen[20:-20, 20:-20, 1].std() < 20


def test_cells_of_a_grid_are_parted_by_white() -> None:
    """Two gaps of two percent cross in the middle; everywhere else there is a scene."""
    canvas = surroundings.draw_grid((200, 100), np.random.default_rng(3))
    assert (canvas[48:50] == 255).all()
    assert (canvas[:, 98:100] == 255).all()
    for top in (0, 50):
        for left in (0, 100):
            assert (canvas[top : top + 48, left : left + 98] != 255).any(axis=2).mean() > 0.8
