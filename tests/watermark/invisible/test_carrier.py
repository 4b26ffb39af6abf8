"""The carrier: keyed, stable, well spread."""

from __future__ import annotations

import hashlib

import numpy as np

from ocguard.watermark.invisible.carrier import (
    CELL_PX,
    PILOT_RING,
    PILOT_SPACING,
    cell_size_px,
    derive_carrier,
    early_cell_size_px,
    is_long,
)


def test_the_carrier_of_a_key_never_changes(key):
    """Golden: marks of this release are read with exactly these bits, signs and pilots."""
    carrier = derive_carrier(key)
    digest = hashlib.sha256()
    digest.update(carrier.pilots.astype("<i8").tobytes())
    digest.update(np.rint(carrier.phases * 1e6).astype("<i8").tobytes())
    digest.update(carrier.chip_bits.astype("<i8").tobytes())
    digest.update(carrier.chip_signs.astype("<f4").tobytes())
    assert digest.hexdigest() == "0d2678f2364396a13198b8f948687c0b1a4ecab5830de460caa0e77e0996aa97"


def test_every_cell_holds_every_coded_bit_once(key):
    """Any 128 px cell carries the whole codeword."""
    bits = derive_carrier(key).chip_bits
    for top in range(0, 256, 32):
        cell = bits[top : top + 32, 64:96]
        assert np.array_equal(np.sort(cell.ravel()), np.arange(1024))


def test_keys_share_no_pattern(key, other_key):
    """Two keys agree on chips and pilots no more than chance."""
    ours, theirs = derive_carrier(key), derive_carrier(other_key)
    assert abs(np.mean(ours.chip_signs * theirs.chip_signs)) < 5 / 256
    shared = {tuple(pilot) for pilot in ours.pilots} & {tuple(pilot) for pilot in theirs.pilots}
    assert len(shared) <= 1


def test_pilots_keep_their_ring_and_their_distance(key):
    """Pilots and their mirror twins lie in the ring, none closer than the spacing."""
    pilots = derive_carrier(key).pilots.astype(float)
    radius = np.hypot(*pilots.T)
    assert radius.min() > PILOT_RING[0] - 1
    assert radius.max() < PILOT_RING[1] + 1
    both = np.concatenate([pilots, -pilots])
    distance = np.hypot(*(both[:, None] - both[None]).transpose(2, 0, 1))
    assert distance[~np.eye(len(both), dtype=bool)].min() >= PILOT_SPACING


def test_cells_grow_with_large_pictures_only():
    """A cell is 128 px up to 1024 px and an eighth of the long side above."""
    assert cell_size_px((400, 600)) == CELL_PX
    assert cell_size_px((4096, 2731)) == 512
    assert cell_size_px((6000, 2100)) < 6000 / 8


def test_cells_of_a_long_picture_are_those_of_its_panels():
    """A panel of a webtoon reads as if it were alone; early releases made them larger."""
    assert cell_size_px((800, 12_000)) == cell_size_px((800, 4000)) == 160
    assert cell_size_px((12_000, 800)) == 160
    assert cell_size_px((4000, 60)) == CELL_PX
    assert early_cell_size_px((800, 12_000)) > 600
    assert is_long((800, 2500))
    assert not is_long((800, 2300))
