"""Plain shapes: hearts, stars and badges are on many pictures, and accuse nobody."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

import ocguard
from ocguard.distortions import apply
from ocguard.matching.evidence.plain_shape import is_plain_shape, overlap

SIDE_PX = 480
FINDINGS = {"near-copy", "likely-derivative", "shared-base", "identical"}


def polygon(x, y):
    """Draw a closed line around the middle of a mask."""
    points = np.column_stack([x, y])
    points = (points - points.min(axis=0)) / np.ptp(points, axis=0).max() * 400 + 40
    mask = np.zeros((SIDE_PX, SIDE_PX), np.uint8)
    cv2.fillPoly(mask, [points.astype(np.int32)], 1)
    return mask > 0


def heart():
    """The usual curve."""
    t = np.linspace(0, 2 * np.pi, 300)
    lobes = 13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t)
    return polygon(16 * np.sin(t) ** 3, -lobes)


def spikes(count, depth):
    """A star, a gear or, of no depth, a polygon."""
    angle = np.arange(2 * count) * np.pi / count - np.pi / 2
    radius = np.where(np.arange(2 * count) % 2, 1 - depth, 1.0)
    return polygon(radius * np.cos(angle), radius * np.sin(angle))


def cloud():
    """Four disks."""
    mask = np.zeros((SIDE_PX, SIDE_PX), np.uint8)
    for middle, radius in (((150, 260), 90), ((260, 200), 105), ((340, 260), 85), ((240, 300), 90)):
        cv2.circle(mask, middle, radius, 1, -1)
    return mask > 0


def figure():
    """Somebody with a staff, one arm raised."""
    mask = np.zeros((SIDE_PX, SIDE_PX), np.uint8)
    cv2.circle(mask, (230, 90), 46, 1, -1)
    cv2.ellipse(mask, (225, 230), (60, 105), 8, 0, 360, 1, -1)
    for start, end, width in (
        ((190, 180), (80, 90), 30), ((265, 170), (350, 270), 30), ((200, 310), (150, 440), 40),
        ((250, 310), (330, 430), 40), ((360, 60), (340, 440), 12),
    ):  # fmt: skip
        cv2.line(mask, start, end, 1, width)
    return mask > 0


SHAPES = {
    "heart": heart(),
    "star": spikes(5, 0.55),
    "hexagon": spikes(3, 0.0),
    "gear": spikes(14, 0.2),
    "cloud": cloud(),
}


def cut(mask, drawings, seed):
    """Cut a drawing to a shape, on white."""
    return np.where(mask[..., None], drawings.cel(SIDE_PX, SIDE_PX, seed), 255)


@pytest.mark.parametrize("name", SHAPES)
def test_shapes_that_anybody_cuts_are_plain(name):
    """Simple, or symmetric, at any size and angle."""
    turned = cv2.warpAffine(
        SHAPES[name].astype(np.uint8), cv2.getRotationMatrix2D((240, 240), 33, 0.7), (480, 480)
    )
    assert is_plain_shape(SHAPES[name])
    assert is_plain_shape(turned > 0)


def test_the_outline_of_a_figure_is_not_plain():
    """Limbs and a staff are neither symmetric nor told in a few strokes."""
    assert not is_plain_shape(figure())
    assert not is_plain_shape(figure()[:, ::-1])


def test_the_smallest_shape_is_plain():
    """One pixel is a shape too."""
    assert is_plain_shape(np.ones((1, 1), bool))


def test_overlap_of_nothing_is_nothing():
    """No division by nothing."""
    nothing = np.zeros((4, 4), bool)
    assert overlap(nothing, nothing) == 0
    assert overlap(~nothing, ~nothing) == 1


@pytest.mark.parametrize("name", SHAPES)
def test_two_pictures_cut_to_one_shape_are_no_copies(name, drawings):
    """What agrees is the shape; inside it they differ."""
    ours, theirs = (cut(SHAPES[name], drawings, seed).astype(np.uint8) for seed in (1, 2))
    assert ocguard.compare(ours, theirs).verdict not in FINDINGS


@pytest.mark.parametrize("name", SHAPES)
def test_a_copy_in_a_plain_shape_is_found(name, drawings):
    """The picture inside agrees, whatever it was cut to."""
    work = cut(SHAPES[name], drawings, 3).astype(np.uint8)
    suspect = apply("hue-30", apply("jpeg-50", work, 0), 0)
    assert ocguard.compare(work, suspect).verdict in FINDINGS
