"""Synchronization: placements on the carrier's torus."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from ocguard.keys import SecretKey
from ocguard.watermark.invisible.carrier import PERIOD_PX, Carrier, derive_carrier
from ocguard.watermark.invisible.constellation import turned_maps, upright_maps
from ocguard.watermark.invisible.placement import DRIFT_TERMS, Placement, drift_terms
from ocguard.watermark.invisible.spectrum import take_spectrum
from ocguard.watermark.invisible.sync import (
    BENT,
    TILTED,
    place,
    place_beside,
    refine,
    refine_drift,
)

SIZE_PX = (400, 300)
CELLS_PX = (50.0, 300.0)
NOISE = 2.0  # deviation, where each pilot has an amplitude of 1


@pytest.fixture(scope="module")
def carrier() -> Carrier:
    return derive_carrier(SecretKey.from_bytes(hashlib.sha256(b"sync").digest()))


def pilots_seen(placement: Placement, carrier: Carrier, seed: int = 0) -> np.ndarray:
    """Draw the pilots in noise, as a plane shows them under a placement."""
    width, height = placement.size_px
    x, y = np.meshgrid(np.arange(width), np.arange(height))
    points = np.column_stack([x.ravel(), y.ravel()]).astype(np.float64)
    laid = placement.on_torus(points)
    waves = np.cos(laid @ carrier.pilots.T * (2 * np.pi / PERIOD_PX) + carrier.phases).sum(axis=1)
    noise = np.random.default_rng(seed).normal(0, NOISE * np.sqrt(len(carrier.pilots)), len(waves))
    return (waves + noise).reshape(height, width).astype(np.float32)


def farthest(first: Placement, second: Placement, period_px: int = PERIOD_PX) -> float:
    """Return how far apart two placements lay the plane, at most, on the torus."""
    width, height = first.size_px
    x, y = np.meshgrid(np.linspace(0, width, 9), np.linspace(0, height, 9))
    points = np.column_stack([x.ravel(), y.ravel()])
    apart = first.on_torus(points) - second.on_torus(points)
    return float(np.abs((apart + period_px / 2) % period_px - period_px / 2).max())


def laid(matrix: np.ndarray, shift: tuple[float, float] = (321.5, 77.25)) -> Placement:
    return Placement(np.column_stack([matrix, shift]), 0.0, SIZE_PX)


@pytest.mark.parametrize(
    "matrix",
    [np.eye(2), np.diag([-1.0, 1.0]), 1.7 * np.eye(2), np.diag([1.0, 1.15])],
    ids=["as it is", "mirrored", "smaller", "wider"],
)
def test_an_upright_plane_is_placed_to_a_pixel(carrier, matrix) -> None:
    """Size, proportion, mirroring and shift come from the pilots alone."""
    truth = laid(matrix)
    samples = pilots_seen(truth, carrier)
    spectrum = take_spectrum(samples)
    maps = upright_maps(spectrum, carrier, CELLS_PX, 40)
    best = place(spectrum, maps, carrier, SIZE_PX, 5)[0]
    assert farthest(refine(samples, best, carrier), truth) < 1


@pytest.mark.parametrize("degrees", [7, 45, 133, 180])
@pytest.mark.parametrize("side", [1, -1], ids=["plain", "mirrored"])
def test_a_turned_plane_is_placed_to_a_pixel(carrier, degrees, side) -> None:
    """Any angle, also mirrored and upside down."""
    angle = np.radians(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    truth = laid(1.2 * turn @ np.diag([side, 1]))
    samples = pilots_seen(truth, carrier)
    spectrum = take_spectrum(samples)
    maps = turned_maps(spectrum, carrier, CELLS_PX, 40)
    best = place(spectrum, maps, carrier, SIZE_PX, 5)[0]
    assert farthest(refine(samples, best, carrier), truth) < 1


def test_a_drift_is_followed(carrier) -> None:
    """Where no affine map fits, the drift finds the plane to about a pixel."""
    drift = np.zeros((2, DRIFT_TERMS, DRIFT_TERMS))
    drift[0, 1, 1], drift[1, 2, 0], drift[1, 0, 2] = 9.0, -6.0, 5.0
    truth = Placement(np.column_stack([np.eye(2), (10.0, 20.0)]), 0.0, SIZE_PX, drift)
    samples = pilots_seen(truth, carrier)
    straight = refine(samples, Placement(truth.transform, 0.0, SIZE_PX), carrier)
    followed = refine_drift(samples, straight, carrier, BENT)
    assert farthest(straight, truth) > 6
    assert farthest(followed, truth) < 2
    assert followed.score > straight.score


def tilted(tilt: tuple[float, float]) -> Placement:
    """Lay the plane as perspective does: its scale changes by a tilt from the middle to a side."""
    width, height = SIZE_PX
    x, y = np.meshgrid(np.linspace(0, width - 1, 20), np.linspace(0, height - 1, 20))
    points = np.column_stack([x.ravel(), y.ravel()])
    terms = drift_terms(points, SIZE_PX)
    sides = points * 2 / np.array(SIZE_PX) - 1
    seen = points / (1 + sides @ tilt)[:, None]
    drift = np.linalg.lstsq(terms, seen - points, rcond=None)[0].T
    straight = np.column_stack([np.eye(2), (10.0, 20.0)])
    return Placement(straight, 0.0, SIZE_PX, drift.reshape(2, DRIFT_TERMS, DRIFT_TERMS))


@pytest.mark.parametrize("tilt", [(0.06, 0.0), (-0.05, 0.04), (0.0, 0.08)])
def test_a_tilted_plane_is_followed(carrier, tilt) -> None:
    """Perspective grows from where an affine map fits to the whole plane, to about a pixel."""
    truth = tilted(tilt)
    samples = pilots_seen(truth, carrier)
    around = np.array([[199.5, 149.5]])
    there, here = truth.local_maps(around)[0], truth.on_torus(around)[0]
    local = Placement(np.column_stack([there, here - there @ around[0]]), 0.0, SIZE_PX)
    assert farthest(local, truth) > 8
    assert farthest(refine_drift(samples, local, carrier, TILTED), truth) < 1.5


def test_noise_places_nothing_with_certainty(carrier) -> None:
    """Without pilots no placement stands out as it does with them."""
    noise = np.random.default_rng(3).normal(0, 1, SIZE_PX[::-1]).astype(np.float32)
    marked = pilots_seen(laid(np.eye(2)), carrier)
    scores = []
    for samples in (noise, marked):
        spectrum = take_spectrum(samples)
        maps = upright_maps(spectrum, carrier, CELLS_PX, 40)
        scores.append(place(spectrum, maps, carrier, SIZE_PX, 5)[0].score)
    assert scores[0] < 8 < scores[1]


def test_a_second_mark_is_placed_beside_the_first(carrier) -> None:
    """Under the same map; where there is none, nothing is."""
    first, second = laid(np.eye(2)), laid(np.eye(2), (901.0, 440.5))
    alone, beside = pilots_seen(first, carrier), pilots_seen(second, carrier, 1)
    found = place_beside(take_spectrum(alone + beside), first, carrier)
    assert min(farthest(one, second) for one in found) < 4
    assert place_beside(take_spectrum(alone), first, carrier) == []
