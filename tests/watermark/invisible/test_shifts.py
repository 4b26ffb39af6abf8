"""Promises of ocguard.watermark.invisible.shifts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocguard.keys import SecretKey
from ocguard.watermark.invisible.carrier import PERIOD_PX, Carrier, derive_carrier
from ocguard.watermark.invisible.shifts import (
    best_shifts,
    likely_origins,
    limited,
    many_shifts,
    wave,
)

CARRIER = derive_carrier(SecretKey(bytes(range(32))))
coordinates = st.floats(0, PERIOD_PX - 1)


def seen_at(x: float, y: float, carrier: Carrier = CARRIER) -> np.ndarray:
    """Return the pilots' coefficients as a plane that begins at a place of the torus shows them."""
    return np.exp(1j * (carrier.pilots @ (x, y) * (2 * np.pi / PERIOD_PX) + carrier.phases))


def apart(shift: np.ndarray, x: float, y: float) -> float:
    """Return how far a shift is from a place of the torus."""
    off = (shift - (x, y) + PERIOD_PX / 2) % PERIOD_PX - PERIOD_PX / 2
    return float(np.abs(off).max())


@settings(max_examples=10)
@given(coordinates, coordinates)
def test_a_shift_is_found_to_a_pixel(x: float, y: float) -> None:
    """Anywhere on the torus, between the points of the grid too."""
    (found,) = best_shifts(seen_at(x, y)[None], CARRIER, 1)
    assert (found.row, found.polarity) == (0, 1)
    assert apart(found.on_torus, x, y) <= 1
    assert found.score > 0.9 * np.sqrt(2 * len(CARRIER.pilots))


def test_a_negative_is_found_where_its_original_is() -> None:
    """With the same score, and told to be one."""
    original, negative = (
        best_shifts(sign * seen_at(301, 77)[None], CARRIER, 1)[0] for sign in (1, -1)
    )
    assert (original.polarity, negative.polarity) == (1, -1)
    assert negative.score == pytest.approx(original.score)
    assert np.array_equal(negative.on_torus, original.on_torus)


def test_the_right_row_comes_first() -> None:
    """Among rows of noise and one that a true map gave, half as strong as the noise."""
    rng = np.random.default_rng(1)
    pilots = len(CARRIER.pilots)
    rows = (rng.normal(size=(16, pilots)) + 1j * rng.normal(size=(16, pilots))) / np.sqrt(2)
    rows[11] += 1.5 * seen_at(301, 77)
    found = best_shifts(rows, CARRIER, 3)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert found[0].row == 11
    assert apart(found[0].on_torus, 301, 77) <= 4
    assert found[0].score > 1.5 * max(one.score for one in found if one.row != 11)


def test_a_negative_hides_no_original_of_its_row() -> None:
    """A host that agrees with the negative at one place, and a mark a little weaker at another."""
    row = 0.9 * seen_at(301, 77) - seen_at(640, 512)
    found = best_shifts(row[None], CARRIER, 2)
    assert [one.polarity for one in found] == [-1, 1]
    assert apart(found[1].on_torus, 301, 77) <= 4


def test_a_blank_plane_has_no_shift() -> None:
    """Score 0 instead of a place picked from nothing."""
    (found,) = best_shifts(np.zeros((1, len(CARRIER.pilots))), CARRIER, 1)
    assert found.score == 0
    assert not found.on_torus.any()


@pytest.mark.parametrize(("x", "y"), [(0, 0), (210, 998), (640, 320)])
def test_a_host_is_given_the_place_that_it_looks_like(x: int, y: int) -> None:
    """A host that shows the pilots as from some place is offered that place first."""
    rows, columns = np.indices((200, 260)).reshape(2, -1)
    turns = np.column_stack([columns + x, rows + y]) @ CARRIER.pilots.T * (2 * np.pi / PERIOD_PX)
    host = np.cos(turns + CARRIER.phases).sum(axis=1).reshape(200, 260).astype(np.float32)
    origins = likely_origins(host, CARRIER, 4)
    assert len(set(origins)) == 4
    assert apart(np.array(origins[0]), x, y) <= 2


def test_strength_is_limited_and_direction_kept() -> None:
    """One strong line must not outvote the other pilots; nothing is made stronger."""
    seen = np.array([0, 0.5j, -10, 3 + 4j])
    kept = limited(seen, 2.5)
    assert np.allclose(kept, [0, 0.5j, -2.5, 1.5 + 2j])


@given(st.integers(2, 200), st.floats(0, 100), st.floats(-3, 3))
def test_a_wave_is_a_conjugate_wave_with_its_phase_at_the_middle(length, middle, frequency):
    """In single precision, however long."""
    found = wave(length, middle, np.array([frequency]))
    expected = np.exp(-1j * frequency * (np.arange(length) - middle))
    assert found.dtype == np.complex64
    assert np.abs(found[:, 0] - expected).max() < 1e-3


def test_many_shifts_hold_a_place_that_others_outdo() -> None:
    """The place of a faint mark is listed after that of a host that agrees more."""
    row = seen_at(640, 512) + 0.7 * seen_at(301, 77)
    found = many_shifts(row[None], CARRIER, 20)
    assert len(found) == 20
    assert apart(found[0].on_torus, 640, 512) <= 1
    assert any(apart(one.on_torus, 301, 77) <= 1 for one in found[1:])
