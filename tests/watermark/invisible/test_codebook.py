"""Identification: which mark some soft bits show."""

from __future__ import annotations

import numpy as np
import pytest

from ocguard.watermark.invisible.codebook import (
    Codebook,
    KnownMark,
    chance,
    find_issued_marks,
    find_mark,
)
from ocguard.watermark.invisible.payload import decode_payload, encode_payload
from ocguard.watermark.invisible.reading import SoftBits

TRUE_ID, ISSUED = 0xABCDEF0123456789, 2000


def soft_bits(mark_id: int, key, strength: float, seed: int = 0) -> SoftBits:
    """Return soft bits of a mark in noise of variance 1."""
    signs = 1 - 2 * encode_payload(mark_id, key).astype(np.float64)
    noise = np.random.default_rng(seed).normal(0, 1, len(signs))
    return SoftBits(strength * signs + noise, np.ones(len(signs)))


def issued(*mark_ids: int) -> list[KnownMark]:
    return [KnownMark(mark_id, (800, 600), (0, 0)) for mark_id in mark_ids]


@pytest.mark.parametrize("strength", [0.0, 0.2, 1.0, 8.0])
def test_no_other_mark_is_named(key, strength):
    """However strong a mark is that was not issued here, no issued one is taken for it."""
    codebook = Codebook(key, issued(*range(ISSUED)))
    for seed in range(20):
        reading = soft_bits(TRUE_ID, key, strength, seed)
        assert find_mark([reading], [None], codebook, 27, 18).p_value > 1e-4


def test_what_was_read_is_believed(key):
    """A decoded id wins over any issued one, and the list confirms it where it holds it."""
    reading = soft_bits(TRUE_ID, key, 1.0)
    read = [decode_payload(reading.values, key)]
    unknown = find_mark([reading], read, Codebook(key, issued(*range(ISSUED))), 27, 18)
    known = find_mark([reading], read, Codebook(key, issued(TRUE_ID, *range(ISSUED))), 27, 18)
    assert unknown.mark_id == known.mark_id == TRUE_ID
    assert known.p_value < unknown.p_value < 1e-9


def test_an_issued_mark_is_found_below_what_can_be_read(key):
    """Looking up needs less than reading."""
    reading = soft_bits(TRUE_ID, key, 0.3, seed=2)
    assert decode_payload(reading.values, key) is None
    found = find_mark([reading], [None], Codebook(key, issued(TRUE_ID, *range(100))), 27, 18)
    assert found.mark_id == TRUE_ID
    assert found.p_value < 1e-9


@pytest.mark.parametrize("strengths", [(8.0,), (8.0, 3.0), (2.0, 1.0, 0.5), (0.5, 0.5, 0.5, 0.5)])
def test_mixed_marks_are_named_and_no_innocent_one(key, strengths):
    """Not even one whose id, and so whose codeword, is much like that of a strong mark."""
    neighbors = range(TRUE_ID, TRUE_ID + 300)
    guilty = [neighbors[50 * place] for place in range(len(strengths))]
    values = np.random.default_rng(1).normal(0, 1, 1024)
    for mark_id, strength in zip(guilty, strengths, strict=True):
        values += strength * (1 - 2 * encode_payload(mark_id, key).astype(np.float64))
    readings = [SoftBits(values, np.ones(1024))]
    found = find_issued_marks(readings, Codebook(key, issued(*neighbors)), 300, 1e-9)
    assert {one.mark_id for one in found} == set(guilty)


def test_chance_bounds_sums_of_few_and_of_many_signs():
    """Of two equal ones, where the bound is tight, and of a thousand."""
    assert chance(2**0.5) == pytest.approx(0.25, rel=1e-3)
    signs = np.random.default_rng(1).choice([-1.0, 1.0], (4000, 1024))
    scores = signs.sum(axis=1) / 32
    assert all((scores >= score).mean() <= chance(score) for score in (0.0, 1.0, 2.0, 3.0))


@pytest.mark.parametrize("issued_ids", [(TRUE_ID, 1, 2), ()])
def test_the_reading_with_a_mark_is_the_likeliest(key, issued_ids):
    """By the marks that were issued, or without any by the energy of its bits."""
    readings = [soft_bits(TRUE_ID, key, 0.5 * (seed == 7), seed) for seed in range(20)]
    likeliest = Codebook(key, issued(*issued_ids)).likeliest(readings, 3)
    assert (likeliest[0], len(likeliest)) == (7, 3)
