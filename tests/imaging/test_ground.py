"""Promises of ocguard.imaging.ground."""

from __future__ import annotations

import numpy as np
import pytest

from ocguard.imaging.ground import BLACK, WHITE, on_showing_ground, showing_ground


def lines(ink: tuple[int, int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Draw thin lines of one color on transparency."""
    rgb = np.full((80, 100, 3), ink, np.uint8)
    alpha = np.zeros((80, 100), np.uint8)
    alpha[::10], alpha[:, ::12] = 255, 200
    return rgb, alpha


@pytest.mark.parametrize("ink", [(255, 255, 255), (255, 255, 120), (255, 220, 235)])
def test_art_that_white_hides_is_shown_on_black(ink) -> None:
    """White and pale lines."""
    assert showing_ground(*lines(ink)) == BLACK


@pytest.mark.parametrize("ink", [(0, 0, 0), (220, 30, 40), (40, 80, 220), (140, 140, 140)])
def test_art_that_white_shows_is_shown_on_white(ink) -> None:
    """Lines of any other color."""
    assert showing_ground(*lines(ink)) == WHITE


def test_a_white_figure_with_dark_lines_stays_on_white() -> None:
    """Its outline shows it; most pictures keep the ground that they always had."""
    rgb, alpha = np.full((100, 100, 3), 255, np.uint8), np.zeros((100, 100), np.uint8)
    alpha[10:90, 10:90] = 255
    rgb[10:13, 10:90] = rgb[87:90, 10:90] = 20
    assert showing_ground(rgb, alpha) == WHITE


def test_what_is_hidden_does_not_count() -> None:
    """Dark color under alpha 0 shows nothing."""
    rgb, alpha = lines((255, 255, 255))
    rgb[alpha == 0] = 0
    assert showing_ground(rgb, alpha) == BLACK


def test_opaque_and_empty_pictures_are_on_white(drawings) -> None:
    """There is nothing to choose."""
    rgb = drawings.cel(50, 40)
    assert showing_ground(rgb, None) == WHITE
    assert showing_ground(rgb, np.zeros((40, 50), np.uint8)) == WHITE
    assert on_showing_ground(rgb, None) is rgb


def test_a_picture_is_laid_on_the_ground_that_shows_it() -> None:
    """Transparent pixels have its color."""
    rgb, alpha = lines((255, 255, 255))
    assert on_showing_ground(rgb, alpha)[5, 5].tolist() == [0, 0, 0]
    assert on_showing_ground(*lines((0, 0, 0)))[5, 5].tolist() == [255, 255, 255]
