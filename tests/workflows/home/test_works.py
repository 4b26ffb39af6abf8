"""Promises of ocguard.workflows.home.works."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ocguard.errors import PortfolioError
from ocguard.fingerprint.fingerprint import Fingerprint
from ocguard.fingerprint.normalize import Box
from ocguard.imaging.picture import Picture
from ocguard.imaging.rendition import flatten
from ocguard.keys import SecretKey
from ocguard.portfolio import Mark, open_store
from ocguard.watermark.invisible import KnownMark
from ocguard.workflows.home.parts import Part, Parts
from ocguard.workflows.home.works import (
    CELLS,
    PANEL_CELLS,
    REFERENCE_PX,
    StoredWorks,
    describe_work,
    known_mark,
    known_marks,
    left_out_warnings,
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
    size = flat.picture.size
    (warning,) = thin_work_warnings(describe_work(flat, small_view(flat.picture)).fingerprint, size)
    assert "hardly recognized" in warning
    assert thin_work_warnings(entry.fingerprint, (300, 240)) == ()


def test_a_work_that_is_too_thin_is_told_its_own_size(drawings) -> None:
    """And what it would need at that size, not in the small view that is looked at."""
    banner = load(np.ascontiguousarray(drawings.painterly(4096, 16)[:8]))
    fingerprint = describe_work(banner, small_view(banner.picture)).fingerprint
    (warning,) = thin_work_warnings(fingerprint, banner.picture.size)
    assert warning.startswith("is too small to compare: 4096 x 8 pixels, 96 a side are needed")


def test_detection_knows_the_marks_of_its_key_alone(entry, tmp_path) -> None:
    """Id, size and place on the carrier."""
    mine, theirs = SecretKey(bytes(range(32))), SecretKey(bytes(32))
    marks = (mark(entry, mine, 0xABC), mark(entry, theirs, 0xDEF))
    with open_store(tmp_path / "p.sqlite3", create=True) as store:
        store.record([replace(entry, marks=marks)])
        assert known_marks(store, mine) == [KnownMark(0xABC, (300, 240), (-3, 117))]
    assert known_mark(marks[1]).mark_id == 0xDEF


def test_detection_knows_how_large_the_cells_of_a_long_picture_are(entry) -> None:
    """Marks of early releases, which do not say so, had larger ones."""
    early = replace(mark(entry, SecretKey(bytes(32)), 0xABC), width=400, height=8000)
    now = replace(early, options={CELLS: PANEL_CELLS})
    assert known_mark(early).cell_px > 300
    assert known_mark(now).cell_px == 128


@pytest.fixture(scope="module")
def tall(drawings):
    """Load a strip of four pictures."""
    return load(np.concatenate([drawings.cel(300, 300, seed) for seed in range(30, 34)]))


def test_a_long_work_is_kept_in_views(tall, tmp_path) -> None:
    """Each with a fingerprint, a rendition of its own size, and its place."""
    entry = describe_work(tall, small_view(tall.picture))
    assert len(entry.views) >= 3
    with open_store(tmp_path / "p.sqlite3", create=True) as store:
        store.record([entry])
        works = StoredWorks(store)
        assert works.part(entry.work.work_id) == Part(Box(0, 0, 300, 1200))
        for view in entry.views:
            part = works.part(view.view_id)
            seen = works.reference(view.view_id)
            assert seen.shape[:2] == part.size[::-1] == (480, 300)
            cut_out = tall.picture.frames[0].pixels[part.box.top : part.box.bottom]
            assert np.abs(seen.astype(int) - cut_out).mean() < 4
            assert len(works.fingerprint(view.view_id).local) > 20


def test_parts_that_hold_too_little_are_no_views(drawings) -> None:
    """A page of plain paper is in every work."""
    strip = np.full((2000, 200, 3), 250, np.uint8)
    strip[:300] = drawings.cel(200, 300, 30)
    entry = describe_work(*((found := load(strip)), small_view(found.picture)))
    assert {view.top_px for view in entry.views} <= {0, 160, 187, 188, 189, 190}
    assert 1 <= len(entry.views) <= 2


def test_views_show_the_picture_as_it_was_published(tall, drawings) -> None:
    """With its visible mark, which is in every copy; the fingerprints are the original's."""
    published = Picture.from_array(255 - tall.picture.frames[0].pixels)
    view = small_view(tall.picture)
    marked, plain = describe_work(tall, view, published=published), describe_work(tall, view)
    assert marked.view_fingerprints == plain.view_fingerprints
    assert marked.renditions.keys() & plain.renditions.keys() == {plain.work.reference_sha256}


def test_what_is_not_described_is_told() -> None:
    """With how much that is."""
    assert left_out_warnings(Parts()) == ()
    (warning,) = left_out_warnings(Parts((), 7))
    assert warning.startswith("7 of its parts and frames are not described")
