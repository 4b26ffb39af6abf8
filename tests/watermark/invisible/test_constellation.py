"""Promises of ocguard.watermark.invisible.constellation."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from ocguard.watermark.invisible.carrier import CELL_PX, PERIOD_PX, Carrier, derive_carrier
from ocguard.watermark.invisible.constellation import (
    COARSE,
    FINE,
    STRETCHES,
    highest,
    scaled_maps,
    turned_maps,
    upright_maps,
    usual_maps,
)
from ocguard.watermark.invisible.spectrum import take_spectrum

SIZE_PX = (400, 300)
CELLS_PX = (50.0, 300.0)


@pytest.fixture(scope="module")
def carrier(key) -> Carrier:
    """The carrier of a fixed key."""
    return derive_carrier(key)


def spectrum_under(matrix: NDArray[np.float64], carrier: Carrier):
    """Take the spectrum of pilots in noise, laid on a plane by a map."""
    width, height = SIZE_PX
    y, x = np.indices((height, width)).reshape(2, -1)
    laid = np.column_stack([x, y]) @ matrix.T
    turns = laid @ carrier.pilots.T * (2 * np.pi / PERIOD_PX) + carrier.phases
    noise = np.random.default_rng(1).normal(0, 2 * np.sqrt(len(carrier.pilots)), len(x))
    return take_spectrum((np.cos(turns).sum(axis=1) + noise).reshape(height, width).astype("f4"))


def rotation(degrees: float) -> NDArray[np.float64]:
    """Return the matrix of a rotation."""
    cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[cosine, -sine], [sine, cosine]])


def nearest(maps: NDArray[np.float64], truth: NDArray[np.float64]) -> float:
    """Return the relative distance of the nearest map; a map and its twin upside down are alike."""
    off = np.minimum(*(np.linalg.norm(maps - side * truth, axis=(1, 2)) for side in (1, -1)))
    return float(off.min() / np.linalg.norm(truth))


@pytest.mark.parametrize(
    "matrix",
    [np.eye(2), np.diag([-1.0, 1.0]), 2.1 * np.eye(2), 0.5 * np.eye(2), np.diag([1.0, 1.2])],
    ids=["as it is", "mirrored", "smaller", "enlarged", "wider"],
)
def test_the_map_of_an_upright_copy_is_among_the_first(carrier, matrix) -> None:
    """To less than a step of its scales, whatever its size, proportion and side."""
    maps = upright_maps(spectrum_under(matrix, carrier), carrier, CELLS_PX, 20)
    assert maps.shape == (20, 2, 2)
    assert nearest(maps, matrix) < 0.008


def test_half_of_the_maps_of_upright_copies_keep_proportions(carrier) -> None:
    """To about a step of the scales, and no map is listed twice."""
    maps = upright_maps(spectrum_under(np.eye(2), carrier), carrier, CELLS_PX, 20)
    x, y = np.abs(maps[:, (0, 1), (0, 1)]).T
    # The grids of both scales start apart by whole steps, so that one may be half a step off.
    assert (np.abs(np.log(x / y)) < 0.013).sum() >= 10
    assert len(np.unique(maps.reshape(20, 4), axis=0)) == 20


@pytest.mark.parametrize("grid", [FINE, COARSE])
@pytest.mark.parametrize("degrees", [4, 61, 149])
def test_the_map_of_a_turned_copy_is_among_the_first(carrier, degrees, grid) -> None:
    """Also mirrored and of another size, on both grids."""
    truth = 1.3 * rotation(degrees) @ np.diag([-1.0, 1.0])
    spectrum = spectrum_under(truth, carrier)
    assert nearest(turned_maps(spectrum, carrier, CELLS_PX, 40, grid=grid), truth) < 0.015


def test_the_map_of_a_sheared_copy_needs_stretches(carrier) -> None:
    """The grid of stretches finds what the search for turned copies does not."""
    truth = rotation(30) @ np.array([[1.0, 0.16], [0.0, 1.0]])
    spectrum = spectrum_under(truth, carrier)
    stretched = turned_maps(spectrum, carrier, CELLS_PX, 40, STRETCHES, COARSE)
    assert nearest(stretched, truth) < 0.02
    assert nearest(turned_maps(spectrum, carrier, CELLS_PX, 40), truth) > 0.04


def test_stretches_keep_the_area() -> None:
    """Each stretches one way as much as it shrinks across, in every direction."""
    assert np.allclose([np.linalg.det(one) for one in STRETCHES], 1)
    assert all(np.allclose(one, one.T) for one in STRETCHES)
    directions = {float(np.round(np.arctan2(one[0, 1], one[0, 0] - 1), 2)) for one in STRETCHES}
    assert len(directions) > 10


def test_usual_copies_are_both_sides_of_each_size() -> None:
    """A cell of half the size on the plane is seen at twice the working pixels."""
    maps = usual_maps([CELL_PX, CELL_PX / 2])
    expected = [np.diag(one) for one in ((1, 1), (-1, 1), (2, 2), (-2, 2))]
    assert np.allclose(maps, expected)


def test_the_highest_places_keep_their_distance() -> None:
    """Rows are around, columns end at the border; the shoulder of a peak is no place of its own."""
    score = np.zeros((20, 20), np.float32)
    score[0, 10], score[19, 11], score[5, 10], score[4, 13], score[12, 0] = 9, 8, 7, 6, 5
    assert highest(score, 3, reach=3) == [(0, 10), (5, 10), (12, 0)]
    assert score[0, 10] == 9


@pytest.mark.parametrize("mirror", [1, -1])
def test_a_scaled_copy_is_listed_to_a_fifth_of_a_percent(carrier, mirror) -> None:
    """Mirrored or not, of any size in the range, proportions kept."""
    truth = 1.437 * np.diag((mirror, 1))
    maps = scaled_maps(spectrum_under(truth, carrier), carrier, CELLS_PX, 20)
    assert any(np.allclose(one, truth, rtol=0.0025) for one in maps)
