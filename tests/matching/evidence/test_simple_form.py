"""Ornaments look the same when turned, silhouettes have an outline alone; figures are neither."""

import cv2
import numpy as np
import pytest

from ocguard.matching.evidence.agreement import compare_aligned
from ocguard.matching.evidence.simple_form import measure_simple_form

INK = (30, 30, 40)


def simple_form(suspect, work):
    """Measure two pictures that lie on each other."""
    return measure_simple_form(compare_aligned(suspect, work, np.eye(3)).laid)


def wheel(spokes, inner):
    """Draw a wheel with a smaller one in it."""
    page = np.full((480, 480, 3), 240, np.uint8)
    for radius in (190, inner):
        cv2.circle(page, (240, 240), radius, INK, 6, cv2.LINE_AA)
    for angle in np.arange(spokes) * 2 * np.pi / spokes:
        tip = (240 + 180 * np.array([np.cos(angle), np.sin(angle)])).astype(int).tolist()
        cv2.line(page, (240, 240), tip, INK, 5, cv2.LINE_AA)
    return page


def silhouette(hair):
    """Draw a standing shape of one color."""
    page = np.full((480, 480, 3), 240, np.uint8)
    cv2.circle(page, (240, 120), 50, INK, cv2.FILLED, cv2.LINE_AA)
    cv2.rectangle(page, (200, 160), (280, 430), INK, cv2.FILLED)
    cv2.ellipse(page, (240 + hair, 120), (60, 25), 20, 0, 360, INK, cv2.FILLED, cv2.LINE_AA)
    return page


@pytest.mark.parametrize("spokes", [5, 8, 12])
def test_wheels_look_the_same_when_turned(spokes):
    """Whatever lies between their spokes."""
    found = simple_form(wheel(spokes, 60), wheel(spokes, 110))
    assert found.turned_correlation > 0.6


def test_both_must_look_the_same_when_turned(draw_figure):
    """A figure that is laid on a wheel has a form of its own."""
    assert simple_form(draw_figure(71), wheel(8, 60)).turned_correlation < 0.4


def test_a_figure_is_no_simple_form(draw_figure):
    """Turned it is another picture, and most of its lines are inside."""
    found = simple_form(draw_figure(72), draw_figure(72))
    assert found.turned_correlation < 0.4
    assert found.outline_lines_share < 0.8


def test_a_silhouette_has_no_lines_but_its_outline():
    """Another one neither."""
    assert simple_form(silhouette(40), silhouette(-50)).outline_lines_share > 0.95


def test_the_silhouette_of_a_figure_is_one_picture_alone(draw_figure):
    """The figure has lines inside, which its maker chose."""
    work = draw_figure(73)
    away = np.abs(work.astype(int) - work[0, 0]).max(axis=2) > 12
    black = np.where(away[..., None], np.uint8(20), work)
    assert simple_form(black, work).outline_lines_share < 0.8


def test_empty_pictures_have_no_form():
    """Nothing is said of them."""
    white = np.full((120, 90, 3), 255, np.uint8)
    found = simple_form(white, white)
    assert found.turned_correlation == 0
    assert found.outline_lines_share == 0
