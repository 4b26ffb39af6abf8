"""Where two pictures have the same color, and which edges they share."""

import cv2
import numpy as np

from ocguard.matching.evidence.color import (
    closed_up,
    common_edges,
    differing,
    pieces_of,
    shrunk,
    steepness,
    to_lab,
)

EVERYWHERE = np.ones((80, 80), bool)


def squares():
    """Two pictures of one color, with a square of another one in the second."""
    ours = np.full((80, 80, 3), (200, 180, 160), np.uint8)
    theirs = ours.copy()
    theirs[20:50, 30:60] = (40, 90, 200)
    return ours, theirs


def test_colors_are_in_lab_units():
    """White is 100, black is 0, both without color."""
    page = np.zeros((4, 4, 3), np.uint8)
    page[:, 2:] = 255
    lab = to_lab(page, 0.1)
    assert np.allclose(lab[0, 0], (0, 0, 0), atol=0.5)
    assert np.allclose(lab[0, 3], (100, 0, 0), atol=0.5)


def test_what_has_another_color_differs_and_nothing_else():
    """To a pixel or two at its rim."""
    ours, theirs = (to_lab(rgb, 0.8) for rgb in squares())
    found = differing(ours, theirs, EVERYWHERE)
    assert found[24:46, 34:56].all()
    assert not found[:16].any()
    assert not differing(ours, ours, EVERYWHERE).any()


def test_a_shift_by_a_pixel_is_no_difference():
    """The best of a pixel's neighbors counts."""
    noise = np.random.default_rng(0).integers(0, 255, (80, 80, 3)).astype(np.uint8)
    page = cv2.GaussianBlur(noise, (0, 0), 3)
    moved = np.roll(page, 1, axis=1)
    found = differing(to_lab(page, 0.8), to_lab(moved, 0.8), EVERYWHERE)
    assert not found[:, 3:-3].any()


def test_a_ring_is_closed_up():
    """What a differing outline encloses belongs to the hole."""
    ring = cv2.circle(np.zeros((80, 80), np.uint8), (40, 40), 20, 1, 5) > 0
    assert not ring[40, 40]
    assert closed_up(ring)[40, 40]
    assert not closed_up(ring)[2, 2]


def test_small_pieces_are_left_out():
    """Of two, one is large enough."""
    mask = np.zeros((40, 40), bool)
    mask[2:4, 2:4] = mask[10:20, 10:20] = True
    assert pieces_of(mask, 50).sum() == 100
    assert not pieces_of(mask, 101).any()


def test_a_border_is_cut_off():
    """On all four sides, also where the picture ends."""
    assert shrunk(np.ones((20, 20), bool), 4).sum() == 12 * 12


def test_edges_that_both_have_are_common():
    """All of them in equal pictures, and none between a picture and a flat one."""
    _, framed = squares()
    flat = np.full_like(framed, 120)
    near, elsewhere = common_edges(framed, framed, EVERYWHERE, EVERYWHERE)
    assert (near, elsewhere) == (1.0, 0.0)
    assert common_edges(framed, flat, EVERYWHERE, ~EVERYWHERE) == (0.0, 0.0)


def test_steepness_is_lab_units_a_pixel():
    """A ramp in lightness of one unit a pixel."""
    ramp = np.zeros((10, 30, 3), np.float32)
    ramp[..., 0] = np.arange(30)
    assert np.allclose(steepness(ramp)[2:-2, 2:-2], 1.0)
