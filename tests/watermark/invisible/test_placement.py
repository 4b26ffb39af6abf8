"""Promises of ocguard.watermark.invisible.placement."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ocguard.watermark.invisible.placement import DRIFT_TERMS, Placement, drift_terms, normalized

SIZE_PX = (400, 300)


@given(
    st.floats(0.4, 2.5),
    st.floats(-3.2, 3.2),
    st.lists(st.floats(-4, 4), min_size=32, max_size=32),
)
def test_the_inverse_of_a_placement_is_its_inverse(scale, angle, terms) -> None:
    """Points on the torus come back to where they were, also with a drift."""
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    degrees = np.add.outer(np.arange(DRIFT_TERMS), np.arange(DRIFT_TERMS))
    drift = np.reshape(terms, (2, DRIFT_TERMS, DRIFT_TERMS)) * scale * (degrees > 1) * 0.2
    placement = Placement(np.column_stack([scale * turn, (5.0, 6.0)]), 0.0, SIZE_PX, drift)
    points = np.array([(10.0, 20.0), (200.0, 150.0), (390.0, 290.0)])
    assert np.allclose(placement.on_plane(placement.on_torus(points)), points, atol=0.05)


def test_a_placement_holds_on_a_smaller_plane() -> None:
    """The middle of every pixel pair of the smaller plane lies where it lay on the larger one."""
    drift = np.zeros((2, DRIFT_TERMS, DRIFT_TERMS))
    drift[0, 2, 1] = 3.0
    placement = Placement(np.column_stack([np.eye(2), (5.0, 6.0)]), 0.0, SIZE_PX, drift)
    to_this = np.array([[2, 0, 0.5], [0, 2, 0.5], [0, 0, 1.0]])
    half = placement.on_other((200, 150), to_this)
    points = np.array([(0.0, 0.0), (50.0, 60.0), (199.0, 149.0)])
    assert np.allclose(half.on_torus(points), placement.on_torus(2 * points + 0.5))


def test_local_maps_are_the_derivatives() -> None:
    """They agree with differences of the map."""
    drift = np.random.default_rng(1).normal(0, 2, (2, DRIFT_TERMS, DRIFT_TERMS))
    placement = Placement(np.column_stack([np.eye(2), (5.0, 6.0)]), 0.0, SIZE_PX, drift)
    points = np.array([(50.0, 60.0), (300.0, 100.0)])
    step = 1e-3
    differences = [
        (placement.on_torus(points + move) - placement.on_torus(points - move)) / (2 * step)
        for move in (np.array([step, 0]), np.array([0, step]))
    ]
    assert np.allclose(placement.local_maps(points), np.stack(differences, axis=-1), atol=1e-5)


def test_without_drift_a_placement_is_its_matrix() -> None:
    """One local map serves for all points."""
    matrix = np.array([[1.5, 0.2], [-0.1, 0.8]])
    placement = Placement(np.column_stack([matrix, (5.0, 6.0)]), 0.0, SIZE_PX)
    points = np.array([(10.0, 20.0), (0.0, 0.0)])
    assert np.allclose(placement.on_torus(points), points @ matrix.T + (5, 6))
    assert np.array_equal(placement.local_maps(points), matrix[None])


def test_a_drift_does_not_grow_beyond_the_border() -> None:
    """Polynomials run away outside of the plane, where nothing was measured."""
    drift = np.zeros((2, DRIFT_TERMS, DRIFT_TERMS))
    drift[:, 3, 3] = 2.0
    placement = Placement(np.column_stack([np.eye(2), (0.0, 0.0)]), 0.0, SIZE_PX, drift)
    far = np.array([(4000.0, 3000.0)])
    assert np.abs(placement.on_torus(far) - far).max() <= 2.0 + 1e-9


def test_the_sides_of_a_plane_run_from_minus_one_to_one() -> None:
    """From the outer edge of the first pixel to that of the last."""
    edges = np.array([(-0.5, -0.5), (399.5, 299.5), (199.5, 149.5)])
    assert np.allclose(normalized(edges, SIZE_PX), [(-1, -1), (1, 1), (0, 0)])


def test_the_terms_of_a_drift_are_those_that_a_placement_adds() -> None:
    """A fit over these columns can be put into a placement as it is."""
    drift = np.random.default_rng(2).normal(0, 2, (2, DRIFT_TERMS, DRIFT_TERMS))
    placement = Placement(np.column_stack([np.eye(2), (0.0, 0.0)]), 0.0, SIZE_PX, drift)
    points = np.array([(50.0, 60.0), (300.0, 100.0)])
    added = drift_terms(points, SIZE_PX) @ drift.reshape(2, -1).T
    assert np.allclose(placement.on_torus(points) - points, added)


def test_a_placement_knows_how_much_of_the_carrier_it_covers() -> None:
    """In cells, whatever the turn: twice the scale is four times as many."""
    turn = np.array([[0.6, -0.8], [0.8, 0.6]])
    once, twice = (
        Placement(np.column_stack([scale * turn, (5, 6)]), 0.0, (256, 384)) for scale in (1, 2)
    )
    assert np.isclose(once.cells, 6)
    assert np.isclose(twice.cells, 24)
