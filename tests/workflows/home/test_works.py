"""Promises of ocguard.workflows.home.works."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ocguard.errors import PortfolioError
from ocguard.fingerprint.fingerprint import Fingerprint
from ocguard.imaging.rendition import flatten
from ocguard.keys import SecretKey
from ocguard.portfolio import Mark, open_store
from ocguard.watermark.invisible import KnownMark
from ocguard.workflows.home.works import (
    REFERENCE_PX,
    StoredWorks,
    describe_work,
    known_mark,
    known_marks,
    reference_jpeg,
    small_view,
    thin_work_warnings,
)
from ocguard.workflows.sources import load


@pytest.fixture(scope="module")
def loaded(drawings):
    """Load a cut-out figure."""
    return load(drawings.cutout(300, 240, 1))


@pytest.fixture(scope="module")
def entry(loaded):
    """Describe it."""
    return describe_work(loaded, small_view(loaded.picture))


def mark(entry, key: SecretKey, number: int) -> Mark:
    """Return a mark of the work as the portfolio keeps it."""
    return Mark(
        issue_id=f"{number:032x}",
        mark_id=f"{number:016x}",
        work_id=entry.work.work_id,
        key_id=key.key_id,
        recipient="",
        options={},
        width=300,
        height=240,
        origin_x_px=-3,
        origin_y_px=117,
        output_sha256="0" * 64,
        output="out.png",
        reference_sha256=entry.work.reference_sha256,
        created_utc=entry.work.created_utc,
        visible={},
    )


def test_a_work_is_named_by_its_pixels(loaded, entry) -> None:
    """So that another file of the same picture is the same work."""
    assert entry.work.work_id == loaded.pixel_sha256[:16]
    assert (entry.work.width, entry.work.height) == (300, 240)
    assert entry.marks == ()
    assert entry.work.hashes.keys() > Fingerprint.from_bytes(entry.fingerprint).hashes.keys() or (
        entry.work.hashes == Fingerprint.from_bytes(entry.fingerprint).hashes
    )


def test_the_kept_reference_shows_the_view_on_white(loaded, entry, tmp_path) -> None:
    """Within the error of its JPEG; both it and the fingerprint come back from the portfolio."""
    view = small_view(loaded.picture)
    with open_store(tmp_path / "p.sqlite3", create=True) as store:
        store.record([entry])
        works = StoredWorks(store)
        reference = works.reference(entry.work.work_id)
        assert works.fingerprint(entry.work.work_id).to_bytes() == entry.fingerprint
        with pytest.raises(PortfolioError):
            works.fingerprint("f" * 16)
    shown = flatten(view.rgb, view.alpha)
    assert reference.shape == shown.shape
    assert np.abs(reference.astype(int) - shown).mean() < 2


def test_another_reference_can_be_kept(loaded, drawings) -> None:
    """The picture just before its mark; the fingerprint stays that of the work."""
    other = drawings.painterly(300, 240, 7)
    view = small_view(loaded.picture)
    entry = describe_work(loaded, view, other)
    assert entry.renditions == {entry.work.reference_sha256: reference_jpeg(other)}
    assert entry.fingerprint == describe_work(loaded, view).fingerprint


def test_large_pictures_are_described_small(drawings) -> None:
    """At most 1,024 pixels a side, never enlarged."""
    assert max(small_view(load(drawings.gradient(2000, 50)).picture).rgb.shape) == REFERENCE_PX
    assert small_view(load(drawings.gradient(20, 50)).picture).rgb.shape == (50, 20, 3)


def test_a_work_that_holds_too_little_is_warned_of(entry) -> None:
    """Only its mark can be recognized; a figure needs no warning."""
    flat = load(np.full((200, 200, 3), 240, np.uint8))
    (warning,) = thin_work_warnings(describe_work(flat, small_view(flat.picture)).fingerprint)
    assert "hardly recognized" in warning
    assert thin_work_warnings(entry.fingerprint) == ()


def test_detection_knows_the_marks_of_its_key_alone(entry, tmp_path) -> None:
    """Id, size and place on the carrier."""
    mine, theirs = SecretKey(bytes(range(32))), SecretKey(bytes(32))
    marks = (mark(entry, mine, 0xABC), mark(entry, theirs, 0xDEF))
    with open_store(tmp_path / "p.sqlite3", create=True) as store:
        store.record([replace(entry, marks=marks)])
        assert known_marks(store, mine) == [KnownMark(0xABC, (300, 240), (-3, 117))]
    assert known_mark(marks[1]).mark_id == 0xDEF
