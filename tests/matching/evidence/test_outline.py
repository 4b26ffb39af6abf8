"""Outlines: the same figure whatever fills it, and nothing that a frame leaves."""

import cv2
import numpy as np
import pytest

from ocguard.matching.evidence.outline import same_outline
from ocguard.matching.identification.identify import Suspect, compare

FINDINGS = {"near-copy", "likely-derivative"}
EVERYWHERE = np.ones((288, 288), np.float32)


def shape(seed):
    """The mask of a figure with a head and four limbs, 288 x 288."""
    random = np.random.default_rng(seed)
    mask = np.zeros((288, 288), np.uint8)
    cv2.ellipse(mask, (144, 150), (34, 60), 0, 0, 360, 255, -1)
    cv2.circle(mask, (144 + int(random.integers(-12, 12)), 70), 30, 255, -1)
    for start, side in (((125, 120), -1), ((163, 120), 1), ((130, 195), -1), ((158, 195), 1)):
        end = (start[0] + side * int(random.integers(20, 90)), start[1] + random.integers(10, 80))
        cv2.line(mask, start, tuple(map(int, end)), 255, 22)
    return mask


def filled(mask, seed):
    """A figure of that shape on white, filled with clouds of its own."""
    random = np.random.default_rng(seed)
    clouds = cv2.resize(random.integers(0, 200, (7, 7, 3)).astype(np.uint8), mask.shape[::-1])
    return np.where(mask[..., None] > 0, clouds, 255).astype(np.uint8)


def framed(rgb, *, is_ornate):
    """Surround a picture by a frame on white."""
    canvas = rgb.copy()
    cv2.rectangle(canvas, (20, 20), (267, 267), (90, 60, 20), 14)
    for place in range(20, 268, 31) if is_ornate else ():
        for spot in ((place, 20), (place, 267), (20, place), (267, place)):
            cv2.circle(canvas, spot, 6 + place % 11, (90, 60, 20), -1)
    return canvas


def test_the_same_shape_filled_otherwise_has_the_same_outline():
    """Nothing but the outline is left of a figure that was filled anew."""
    assert same_outline(filled(shape(1), 5), filled(shape(1), 6), EVERYWHERE) > 0.95


@pytest.mark.parametrize("seed", range(2, 8))
def test_other_shapes_have_other_outlines(seed):
    """Figures that stand alike differ in their limbs."""
    assert same_outline(filled(shape(seed), 5), filled(shape(1), 6), EVERYWHERE) < 0.6


@pytest.mark.parametrize("is_ornate", [False, True])
def test_a_frame_has_no_outline(is_ornate):
    """What a frame leaves of different pictures fills its box."""
    pictures = [framed(filled(shape(seed), seed), is_ornate=is_ornate) for seed in (1, 2)]
    assert same_outline(*pictures, EVERYWHERE) == 0.0


def test_a_picture_without_plain_ground_has_no_outline():
    """Scenes have no figure that stands apart from its ground."""
    random = np.random.default_rng(4)
    scene = cv2.resize(random.integers(0, 255, (9, 9, 3)).astype(np.uint8), (288, 288))
    assert same_outline(scene, scene, EVERYWHERE) == 0.0


def test_a_filled_outline_is_found():
    """A figure that was filled with something else is a derivative of the work."""
    work, suspect = (cv2.resize(filled(shape(1), seed), (600, 600)) for seed in (5, 6))
    assert compare(Suspect.of(work), Suspect.of(suspect)).verdict in FINDINGS


def test_the_largest_of_many_things_is_no_figure():
    """A page of writing has a largest letter, whose outline says nothing of the page."""
    small = np.where(cv2.resize(shape(3), (120, 120))[..., None] > 127, 20, 255).astype(np.uint8)
    page = np.full((288, 288, 3), 255, np.uint8)
    page[10:130, 84:204] = small
    assert same_outline(page, page, EVERYWHERE) > 0.9
    for place in range(40):
        spot = (40 + place % 8 * 28, 150 + place // 8 * 28)
        cv2.circle(page, spot, 10 + place % 3, (20, 20, 20), cv2.FILLED)
    assert same_outline(page, page, EVERYWHERE) == 0
