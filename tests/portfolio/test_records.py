"""Promises of the records: what cannot be true is not stored."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ocguard.portfolio import new_issue_id, utc_now


@pytest.mark.parametrize(
    "change",
    [
        {"work_id": "0" * 16},
        {"work_id": "../../etc"},
        {"file_sha256": "x" * 64},
        {"width": 0},
        {"width": True},
        {"height": 10**9},
        {"height": "5"},
        {"created_utc": "yesterday"},
        {"source": "x" * 10_000},
        {"source": None},
        {"hashes": {"phash@1": 5}},
    ],
)
def test_impossible_works_are_refused(make_entry, change) -> None:
    """Records come out of files that somebody else wrote."""
    with pytest.raises(ValueError, match=r"must look like|begin|pixels|text"):
        replace(make_entry().work, **change)


@pytest.mark.parametrize(
    "change",
    [
        {"issue_id": "short"},
        {"mark_id": "G" * 16},
        {"key_id": 5},
        {"recipient": "x" * 10_000},
        {"options": {"strength": 1}},
        {"output_sha256": ""},
        {"origin_x_px": 10**9},
        {"origin_y_px": "0"},
    ],
)
def test_impossible_marks_are_refused(make_entry, change) -> None:
    """A mark that cannot be one is not kept."""
    with pytest.raises(ValueError, match=r"must look like|text|origin"):
        replace(make_entry(marks=1).marks[0], **change)


@pytest.mark.parametrize(
    "change",
    [
        {"view_id": "0123456789abcdef#1"},
        {"view_id": "nothing"},
        {"work_id": "../../etc"},
        {"frame": -1},
        {"left_px": 1.5},
        {"top_px": 10**9},
        {"width": 0},
        {"fingerprint_sha256": ""},
    ],
)
def test_impossible_views_are_refused(make_entry, change) -> None:
    """A view lies in a work, and is named after it."""
    with pytest.raises(ValueError, match=r"must look like|no view|pixel"):
        replace(make_entry(views=1).views[0], **change)


def test_an_entry_brings_exactly_what_its_views_are_recognized_by(make_entry) -> None:
    """No fingerprint is missing later, or another view's, and no two have one number."""
    entry = make_entry(1, views=2)
    with pytest.raises(ValueError, match="must bring"):
        replace(entry, view_fingerprints={})
    digest, other = entry.view_fingerprints
    with pytest.raises(ValueError, match="damaged"):
        replace(entry, view_fingerprints={digest: b"x", other: entry.view_fingerprints[other]})
    with pytest.raises(ValueError, match="one number"):
        replace(
            entry, views=(entry.views[0], replace(entry.views[1], view_id=entry.views[0].view_id))
        )
    with pytest.raises(ValueError, match="another work"):
        replace(make_entry(2), views=entry.views)


def test_an_entry_brings_exactly_its_renditions(make_entry) -> None:
    """A reference is never missing later, and never another picture."""
    entry = make_entry(1, marks=1)
    with pytest.raises(ValueError, match="must bring"):
        replace(entry, renditions={})
    with pytest.raises(ValueError, match="damaged"):
        replace(entry, renditions={entry.work.reference_sha256: b"other"})


def test_an_entry_takes_no_marks_of_other_works(make_entry) -> None:
    """A mark belongs to one work."""
    with pytest.raises(ValueError, match="another work"):
        replace(make_entry(1), marks=make_entry(2, marks=1).marks)


def test_credentials_have_their_mark(make_entry) -> None:
    """Or nothing would ever lead to them."""
    with pytest.raises(ValueError, match="without their mark"):
        replace(make_entry(1, marks=1), credentials={"0" * 32: b"manifest"})


def test_times_sort_as_text() -> None:
    """The fixed width makes text order time order."""
    times = [utc_now() for _ in range(100)]
    assert times == sorted(times)
    assert {len(time) for time in times} == {27}


def test_issue_ids_are_unique() -> None:
    """Two issues never share a name."""
    assert len({new_issue_id() for _ in range(1000)}) == 1000
