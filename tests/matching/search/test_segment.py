"""Promises of ocguard.matching.search.segment."""

from dataclasses import fields, replace

import numpy as np
import pytest

from ocguard.fingerprint.local import LocalFeatures
from ocguard.matching.search.segment import Segment, pose
from ocguard.matching.search.vocabulary import CELLS, words

ARRAYS = [field.name for field in fields(Segment) if field.name != "dead"]


@pytest.fixture(scope="module")
def segment(works):
    """Five of the drawn works."""
    return Segment.build(list(works.fingerprints.items())[:5])


def same(one, other):
    """Tell whether all arrays of two segments agree."""
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in ARRAYS)


def entries_of(segment, row):
    """List the entries of a row: cell, signature and pose."""
    cells = np.repeat(np.arange(CELLS), np.diff(segment.starts.astype(np.int64)))
    at = segment.rows == row
    return sorted(
        zip(
            cells[at].tolist(),
            segment.signatures[at].tolist(),
            segment.poses[at].tolist(),
            strict=True,
        )
    )


def assert_alike(one, other):
    """Compare what two segments know of each work; the order within a cell does not count."""
    assert np.array_equal(one.work_ids, other.work_ids)
    assert np.array_equal(one.codes, other.codes)
    assert np.array_equal(one.layouts, other.layouts)
    assert np.array_equal(one.starts, other.starts)
    for row in range(len(one)):
        assert entries_of(one, row) == entries_of(other, row)


def test_works_are_sorted_by_id_whatever_their_order(works, segment):
    """Built backwards, a segment is the same."""
    backwards = Segment.build(list(works.fingerprints.items())[:5][::-1])
    assert list(segment.work_ids) == sorted(segment.work_ids)
    assert same(backwards, segment)


def test_every_keypoint_has_one_entry_under_its_cell(works, segment):
    """With its signature and its pose."""
    for row, work_id in enumerate(segment.work_ids.astype(str)):
        fingerprint = works.fingerprints[work_id]
        found = words(fingerprint.local.descriptors, cells_each=1)
        poses = pose(fingerprint.local, fingerprint.size)
        expected = zip(
            found.cells[:, 0].tolist(), found.signatures[:, 0].tolist(), poses.tolist(), strict=True
        )
        assert entries_of(segment, row) == sorted(expected)


def test_rows_are_found_by_id(segment):
    """Unknown ids, longer ones and removed works have none."""
    ids = segment.work_ids.astype(str)
    assert segment.rows_of([ids[3], ids[1]]).tolist() == [1, 3]
    assert segment.rows_of(["none", ids[0] + "x" * 40, "zzz", ""]).tolist() == []
    removed = replace(segment, dead=np.array([1], np.uint32))
    assert removed.rows_of([ids[3], ids[1]]).tolist() == [3]
    assert removed.live.tolist() == [True, False, True, True, True]
    assert len(removed) == 5


def test_merged_segments_are_as_if_built_at_once(works, segment):
    """In any order, and without what was removed."""
    items = list(works.fingerprints.items())
    parts = [Segment.build(items[5:8]), segment]
    assert_alike(Segment.merge(parts), Segment.build(items[:8]))
    without = replace(segment, dead=segment.rows_of([items[2][0]]))
    left = [item for item in items[:8] if item[0] != items[2][0]]
    assert_alike(Segment.merge([without, parts[0]]), Segment.build(left))


def test_a_segment_needs_works():
    """An empty one is a mistake of the caller."""
    with pytest.raises(ValueError, match="at least one work"):
        Segment.build([])


def test_a_pose_survives_scaling_and_wraps_at_a_full_turn():
    """Sizes are relative to the long side; extreme ones are clipped, not wrapped."""
    angles = np.array([0.0, 90.0, 359.9], np.float32)

    def posed(sizes_px, size):
        local = LocalFeatures(
            np.zeros((3, 2), np.float32), np.array(sizes_px, np.float32), angles,
            np.zeros((3, 32), np.uint8),
        )  # fmt: skip
        return pose(local, size)

    assert posed([10, 20, 40], (400, 300))[:, 0].tolist() == [0, 64, 0]
    assert np.array_equal(posed([10, 20, 40], (400, 300)), posed([20, 40, 80], (800, 600)))
    octaves = posed([10, 20, 40], (400, 300))[:, 1].astype(int)
    assert np.diff(octaves).tolist() == [16, 16]
    assert posed([1e-6, 1, 1e9], (400, 300))[[0, 2], 1].tolist() == [0, 255]
