"""Promises of ocguard.watermark.visible.figure."""

from __future__ import annotations

import numpy as np

from ocguard.watermark.visible.figure import spot_on_figure

BOX = (-40.0, -10.0, 40.0, 10.0)


def opacity(top: int, bottom: int, left: int, right: int) -> np.ndarray:
    """A figure within clear ground, at a quarter of the picture's size."""
    alpha = np.zeros((100, 100), np.uint8)
    alpha[top:bottom, left:right] = 255
    return alpha


def test_an_opaque_picture_is_marked_where_it_was_wanted() -> None:
    """So is a veil that is thin all over, and a picture without any figure."""
    for level in (255, 90, 0):
        alpha = np.full((100, 100), level, np.uint8)
        assert spot_on_figure(alpha, (0.25, 0.25), BOX, (350, 380)) == (350, 380)


def test_a_mark_moves_onto_the_figure() -> None:
    """To the nearest place where all of it, with a border, shows no ground."""
    alpha = opacity(20, 80, 10, 60)
    spot = spot_on_figure(alpha, (0.25, 0.25), BOX, (350, 380))
    assert spot is not None
    x, y = spot
    assert (x + BOX[2]) / 4 <= 60 and (y + BOX[3]) / 4 <= 80
    assert x > 180 and y > 290


def test_a_mark_on_the_figure_stays() -> None:
    """Also where other ground is clear."""
    alpha = opacity(20, 80, 10, 60)
    assert spot_on_figure(alpha, (0.25, 0.25), BOX, (150, 200)) == (150, 200)


def test_a_figure_without_room_gets_none() -> None:
    """Too narrow, or smaller than the mark altogether."""
    assert spot_on_figure(opacity(0, 100, 50, 60), (0.25, 0.25), BOX, (350, 380)) is None
    assert spot_on_figure(np.eye(4, dtype=np.uint8), (0.25, 0.25), BOX, (3, 3)) is None
