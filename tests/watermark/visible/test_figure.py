"""Promises of ocguard.watermark.visible.figure."""

from __future__ import annotations

import numpy as np

from ocguard.watermark.visible.figure import spot_on_figure
from ocguard.watermark.visible.ground import Ground

BOX = (-40.0, -10.0, 40.0, 10.0)


def opacity(top: int, bottom: int, left: int, right: int) -> np.ndarray:
    """A figure within clear ground, at a quarter of the picture's size."""
    alpha = np.zeros((100, 100), np.uint8)
    alpha[top:bottom, left:right] = 255
    return alpha


def ground(opacity: np.ndarray, grey: np.ndarray | None = None) -> Ground:
    """A picture of 400 pixels a side in a plain tone, or in the given ones, a quarter as large."""
    grey = np.full(opacity.shape, 120, np.uint8) if grey is None else grey
    return Ground(np.dstack([grey] * 3), grey, opacity, (0.25, 0.25))


def test_an_opaque_picture_is_marked_where_it_was_wanted() -> None:
    """So is a veil that is thin all over, and a picture without any figure."""
    for level in (255, 90, 0):
        alpha = np.full((100, 100), level, np.uint8)
        assert spot_on_figure(ground(alpha), BOX, (350, 380)) == (350, 380)


def test_a_mark_moves_onto_the_figure() -> None:
    """To a place near by where all of it, with a border, shows no ground."""
    alpha = opacity(20, 80, 10, 60)
    spot = spot_on_figure(ground(alpha), BOX, (350, 380))
    assert spot is not None
    x, y = spot
    assert (x + BOX[2]) / 4 <= 60 and (y + BOX[3]) / 4 <= 80
    assert x > 150 and y > 220


def test_a_mark_on_the_figure_stays() -> None:
    """Also where other ground is clear."""
    alpha = opacity(20, 80, 10, 60)
    assert spot_on_figure(ground(alpha), BOX, (150, 200)) == (150, 200)


def test_a_figure_without_room_gets_none() -> None:
    """Too narrow, or smaller than the mark altogether."""
    assert spot_on_figure(ground(opacity(0, 100, 50, 60)), BOX, (350, 380)) is None
    assert spot_on_figure(ground(np.eye(4, dtype=np.uint8)), BOX, (3, 3)) is None


def test_a_mark_keeps_off_what_is_thin_or_hardly_lets_it_be_read() -> None:
    """An arm nearer to the corner than the body, and a pattern low on the body."""
    alpha = opacity(20, 80, 10, 60)
    alpha[60:68, 60:95] = 255  # the arm
    x, y = spot_on_figure(ground(alpha), BOX, (350, 380)) or (0, 0)
    assert x + BOX[2] <= 4 * 60
    grey = np.full(alpha.shape, 120, np.uint8)
    grey[55:80:2] = 250  # the pattern
    grey[56:80:2] = 20
    _, higher = spot_on_figure(ground(alpha, grey), BOX, (350, 380)) or (0, 0)
    assert higher + BOX[3] <= 4 * 56 < y + BOX[3]
