"""Promises of ocguard.watermark.invisible.backing."""

from __future__ import annotations

import numpy as np
import pytest

from ocguard.keys import SecretKey
from ocguard.watermark.invisible.backing import (
    around_pilots,
    chance_of_both,
    pilot_score,
    see_pilots,
)
from ocguard.watermark.invisible.carrier import PERIOD_PX, Carrier, derive_carrier

CARRIER = derive_carrier(SecretKey(bytes(range(32))))
ORIGIN = (301, 77)
SHAPE = (480, 640)


def waves(origin: tuple[int, int], shape: tuple[int, int], carrier: Carrier = CARRIER):
    """Draw the pilots over a plane at an origin."""
    x, y = np.meshgrid(np.arange(shape[1]) + origin[0], np.arange(shape[0]) + origin[1])
    turn = 2 * np.pi / PERIOD_PX
    phases = zip(carrier.pilots, carrier.phases, strict=True)
    drawn = sum(np.cos(turn * (f * x + g * y) + phase) for (f, g), phase in phases)
    return np.asarray(drawn, np.float32)


def noise(seed: int, shape: tuple[int, int] = SHAPE) -> np.ndarray:
    """Draw a plane of white noise of deviation 1."""
    return np.random.default_rng(seed).standard_normal(shape, dtype=np.float32)


HOST = around_pilots(noise(2), CARRIER)


@pytest.mark.parametrize("shape", [SHAPE, (400, 1500)])
def test_pilots_far_below_the_noise_stand_out_at_their_origin(shape):
    """Each a hundredth of its power; in planes longer than a period of the carrier, too."""
    residual = noise(1, shape) + np.float32(0.02) * waves(ORIGIN, shape)
    seen = see_pilots(residual, around_pilots(noise(2, shape), CARRIER), CARRIER)
    assert pilot_score(seen, ORIGIN, CARRIER) > 5
    assert abs(pilot_score(seen, (ORIGIN[0] + 40, ORIGIN[1]), CARRIER)) < 3


def test_a_negative_scores_below_zero():
    """By as much."""
    residual = noise(1) + np.float32(0.05) * waves(ORIGIN, SHAPE)
    scores = [
        pilot_score(see_pilots(sign * residual, HOST, CARRIER), ORIGIN, CARRIER) for sign in (1, -1)
    ]
    assert scores[0] > 6
    assert scores[1] == pytest.approx(-scores[0])


def test_no_score_is_above_the_root_of_twice_their_number():
    """Pure pilots reach it, so that pilots alone prove little more than one in a trillion."""
    score = pilot_score(see_pilots(waves(ORIGIN, SHAPE), HOST, CARRIER), ORIGIN, CARRIER)
    assert score == pytest.approx(np.sqrt(2 * len(CARRIER.pilots)), abs=0.2)


def test_what_is_left_of_a_host_is_not_a_mark():
    """A host that looks like the pilots, as embedders choose it, lies in the residual sharpened."""
    host = noise(2) + np.float32(0.05) * waves(ORIGIN, SHAPE)
    residual = noise(1) + np.float32(0.5) * host
    none, some = (around_pilots(one, CARRIER) for one in (np.zeros_like(host), host))
    assert pilot_score(see_pilots(residual, none, CARRIER), ORIGIN, CARRIER) > 5
    assert abs(pilot_score(see_pilots(residual, some, CARRIER), ORIGIN, CARRIER)) < 3


def test_two_scores_say_more_together_than_the_better_one() -> None:
    """As far as the weaker adds enough; scores below zero say nothing."""
    assert chance_of_both(6, 6) < 1e-15 < chance_of_both(6, 0) < 1
    assert chance_of_both(-1, -2) == 1


@pytest.mark.parametrize("weights", [(1.0,), (1.0, 0.5), np.linspace(0.2, 2.5, 28)])
def test_the_chance_of_both_bounds_random_signs_and_phases(weights) -> None:
    """One equal sign beside few or many pilots, of whatever strengths."""
    rng = np.random.default_rng(1)
    waves = np.cos(rng.uniform(0, 2 * np.pi, (20_000, len(weights)))) @ weights
    pilots = waves / np.sqrt(np.square(weights).sum() / 2)
    chips = rng.choice([-1.0, 1.0], (20_000, 3)).sum(axis=1) / np.sqrt(3)
    for score in (0.0, 1.0, 2.0, 3.0, 4.0):
        assert (chips + pilots >= score).mean() <= chance_of_both(score, 0)
