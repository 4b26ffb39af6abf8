"""Promises of ocguard.watermark.visible.ground."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from ocguard.watermark.visible.ground import Beneath, Ground, choose_ink, outline_color
from ocguard.watermark.visible.ink import ANYWHERE, DARK, DARK_ANYWHERE, GREY, LIGHT, Ink
from ocguard.watermark.visible.pieces import Piece


def square(side: int = 40, colors: NDArray[np.uint8] | None = None) -> Piece:
    """A solid piece laid from its point to the right and down."""
    return Piece(0, 0, np.full((side, side), 255, np.uint8), colors, 2.0)


def read(rgb: NDArray[np.uint8], alpha: NDArray[np.uint8] | None, at: tuple[int, int]) -> Beneath:
    """Read the ground of a picture ten times the rendition."""
    ground = Ground.of(rgb, alpha, (rgb.shape[1] * 10, rgb.shape[0] * 10))
    piece = square(400)
    return ground.beneath([(piece, ground.footprint(piece))], at)


@pytest.mark.parametrize(("grey", "ink"), [(0, LIGHT), (128, LIGHT), (200, DARK), (255, DARK)])
def test_ink_is_light_on_dark_and_dark_on_light(grey: int, ink: Ink) -> None:
    """Middle tones take light ink."""
    rgb = np.full((100, 100, 3), grey, np.uint8)
    assert choose_ink(read(rgb, None, (0, 0))) is ink


def test_only_what_lies_beneath_counts() -> None:
    """A light picture with one dark corner takes light ink there."""
    rgb = np.full((100, 100, 3), 250, np.uint8)
    rgb[60:, 60:] = 10
    assert read(rgb, None, (600, 600)).light == 0.0
    assert read(rgb, None, (0, 0)).light == 1.0


def test_ground_of_light_and_dark_takes_a_wide_rim() -> None:
    """Where half is black and half white, neither plain ink would be read."""
    rgb = np.full((100, 100, 3), 250, np.uint8)
    rgb[:, 20:] = 10
    assert choose_ink(read(rgb, None, (0, 0))) is ANYWHERE


def test_even_middle_tones_need_no_wide_rim() -> None:
    """A sky that lies just where light ground begins is not ground of light and dark."""
    for low, high, is_wide in [(144, 158, False), (90, 210, True)]:
        rgb = np.full((100, 100, 3), low, np.uint8)
        rgb[:, ::2] = high
        assert (choose_ink(read(rgb, None, (0, 0))) is ANYWHERE) == is_wide


def test_transparent_ground_takes_a_wide_rim() -> None:
    """The page below may be white or black; hidden color does not count."""
    rgb = np.full((100, 100, 3), 250, np.uint8)
    beneath = read(rgb, np.zeros((100, 100), np.uint8), (0, 0))
    assert beneath.opacity == 0
    assert choose_ink(beneath) is ANYWHERE


def test_ground_outside_the_picture_is_no_ground() -> None:
    """A piece that lies outside reads nothing and raises nothing."""
    rgb = np.full((100, 100, 3), 250, np.uint8)
    for at in ((-900, 0), (5000, 0), (0, -900), (0, 5000)):
        assert read(rgb, None, at) == Beneath(0.0, 0.0)


RED, NAVY, YELLOW, IVORY, COAL = (
    (180, 30, 60), (20, 22, 60), (255, 240, 60), (250, 248, 240), (10, 10, 12),
)  # fmt: skip


@pytest.mark.parametrize(
    ("logo", "grey", "ink"),
    [
        (IVORY, 255, ANYWHERE),
        (YELLOW, 255, ANYWHERE),
        (COAL, 0, DARK_ANYWHERE),
        (NAVY, 10, DARK_ANYWHERE),
        (RED, 90, DARK_ANYWHERE),
    ],
)
def test_a_logo_gets_a_wide_rim_where_it_would_vanish(
    logo: tuple[int, int, int], grey: int, ink: Ink
) -> None:
    """Its own colors stay; one as light as the ground gets help, whatever its hue."""
    piece = square(40, np.full((40, 40, 3), logo, np.uint8))
    ground = Beneath(float(grey > 150), 1.0, (grey, grey, grey))
    assert choose_ink(ground, outline_color(piece)) is ink


@pytest.mark.parametrize(
    ("logo", "grey"), [(IVORY, 0), (COAL, 255), (RED, 0), (RED, 30), (RED, 255), (NAVY, 200)]
)
def test_a_logo_that_stands_out_has_no_halo(logo: tuple[int, int, int], grey: int) -> None:
    """On even ground of another lightness nothing is drawn around it."""
    piece = square(40, np.full((40, 40, 3), logo, np.uint8))
    ground = Beneath(float(grey > 150), 1.0, (grey, grey, grey))
    assert choose_ink(ground, outline_color(piece)).rim_strength == 0


def test_a_logo_on_clear_ground_has_no_halo_if_any_page_shows_it() -> None:
    """Red is seen on a black page and on a white one, ivory is not."""
    assert choose_ink(Beneath(0.0, 0.0), RED).rim_strength == 0
    assert choose_ink(Beneath(0.0, 0.0), IVORY) is ANYWHERE


def test_what_counts_of_a_logo_is_its_outline() -> None:
    """A white star within a red disc is a red logo; text has no colors of its own."""
    colors = np.full((40, 40, 3), RED, np.uint8)
    colors[10:30, 10:30] = 255
    assert outline_color(square(40, colors)) == pytest.approx(RED)
    assert outline_color(square()) is None


def test_a_faint_mark_is_grey_on_clear_ground() -> None:
    """Seen on any page without a heavy rim; a credit line and a logo keep theirs."""
    clear = Beneath(0.0, 0.1)
    assert choose_ink(clear, is_faint=True) is GREY
    assert choose_ink(clear) is ANYWHERE
    assert choose_ink(clear, IVORY, is_faint=True) is ANYWHERE
    assert choose_ink(Beneath(0.0, 1.0), is_faint=True) is LIGHT
