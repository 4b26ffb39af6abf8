"""Promises of ocguard.workflows.check.mark_search."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from ocguard import protect
from ocguard.distortions import apply
from ocguard.keys import SecretKey
from ocguard.matching.identification.identify import Suspect, identify
from ocguard.matching.search.index import Index
from ocguard.portfolio import open_store
from ocguard.watermark.invisible import Codebook
from ocguard.workflows.check import mark_search
from ocguard.workflows.check.mark_search import (
    find_marks,
    owner_of,
    read_beside,
    rounded_p,
)
from ocguard.workflows.home.works import StoredWorks, known_marks, small_view
from ocguard.workflows.sources import load

ATTACK = "bend+jpeg-30"


@given(st.floats(0, 1))
def test_a_rounded_bound_is_still_a_bound(p_value: float) -> None:
    """Never lower than what it rounds, never above one, and near it."""
    rounded = rounded_p(p_value)
    assert rounded <= 1
    assert rounded >= p_value * (1 - 1e-9) or p_value < 1e-300
    assert rounded <= 1.16 * p_value or p_value < 1e-300


@pytest.fixture
def store(gallery):
    """Open the portfolio of the gallery."""
    with open_store(gallery.home / "portfolio.sqlite3") as opened:
        yield opened


@pytest.fixture
def key(gallery) -> SecretKey:
    """The key of the gallery."""
    return SecretKey.load(gallery.home / "secret.key")


def test_an_owner_is_known_by_the_mark_id(gallery, store) -> None:
    """Work and recipient; nobody for a mark that was never issued here."""
    result = gallery.protected("cel.png")
    assert owner_of(result.mark_id, store) == (result.work_id, "studio")
    assert owner_of("0" * 16, store) == (None, None)


def suspect_of(path):
    """Prepare a suspect as a check does."""
    view = small_view(load(path).picture)
    return Suspect.of(view.rgb, view.alpha)


def compared_with(suspect, store):
    """Compare a suspect with the works of the portfolio."""
    works = StoredWorks(store)
    ids = [work.work_id for work in store.works()]
    index = Index.build((one, works.fingerprint(one)) for one in ids)
    return identify(suspect, index, works).candidates


def test_a_resembled_work_helps_and_spares_the_blind_search(gallery, store, key) -> None:
    """The codebook of all marks is not even made."""
    result = gallery.protected("soft.jpg")
    suspect = suspect_of(result.output)

    def never() -> Codebook:
        raise AssertionError

    (found,) = find_marks(suspect.rgb, key, store, never, compared_with(suspect, store))
    assert (found.mark_id, found.work_id, found.mode) == (
        result.mark_id,
        result.work_id,
        "informed",
    )
    assert found.recipient == "studio"
    assert found.p_value < 1e-6


@pytest.mark.parametrize(("share", "is_read"), [(0.03, True), (0.1, False)])
def test_a_mark_is_read_in_a_whole_that_was_matched_beside_its_place(
    share: float, is_read: bool, gallery, store, key
) -> None:
    """As repaints are; what was matched far from there is a part, and is not laid on the whole."""
    suspect = suspect_of(gallery.protected("soft.jpg").output)
    (best, *_) = compared_with(suspect, store)
    beside = np.eye(3)
    beside[:2, 2] = share * max(suspect.rgb.shape)
    moved = replace(best, found=replace(best.found, transform=beside @ best.transform))
    marks = find_marks(suspect.rgb, key, store, None, [moved])
    assert [mark.mode for mark in marks] == ["informed"] * is_read


def test_what_was_bent_and_saved_hard_is_read_beside_an_imitation(
    gallery, store, key, monkeypatch
) -> None:
    """From the reference that the portfolio keeps, a JPEG, and as the matcher laid it."""
    result = gallery.protected("cel.png")
    attacked = apply(ATTACK, suspect_of(result.output).rgb, 3)
    compared = compared_with(Suspect.of(attacked, None), store)
    (found,) = find_marks(attacked, key, store, None, compared)
    assert (found.mark_id, found.mode) == (result.mark_id, "informed")
    monkeypatch.setattr(mark_search, "IMITATED", 0)
    assert find_marks(attacked, key, store, None, compared) == ()


def test_the_reading_beside_a_work_says_how_the_marked_picture_lies(gallery, store, key) -> None:
    """In its own pixels; the p-value is corrected for other ways to look."""
    suspect = suspect_of(gallery.protected("soft.jpg").output)
    compared = compared_with(suspect, store)
    one, three = (read_beside(suspect.rgb, key, store, compared, ways) for ways in (1, 3))
    assert one.is_finding
    assert one.size_px == (600, 520)
    assert one.to_marked / one.to_marked[2, 2] == pytest.approx(np.eye(3), abs=0.5)
    assert three.detections[0].p_value == pytest.approx(3 * one.detections[0].p_value)


def test_there_is_no_reading_beside_nothing(gallery, store, key) -> None:
    """Where no work is resembled, or none has a mark of the key."""
    suspect = suspect_of(gallery.protected("soft.jpg").output)
    assert read_beside(suspect.rgb, key, store, []) is None
    compared = compared_with(suspect, store)
    assert read_beside(suspect.rgb, SecretKey(bytes(32)), store, compared) is None


def test_without_a_resembled_work_the_mark_is_read_blind(gallery, store, key) -> None:
    """And its owner is known all the same."""
    result = gallery.protected("soft.jpg")
    suspect = suspect_of(result.output)
    codebook = Codebook(key, known_marks(store, key))
    (found,) = find_marks(suspect.rgb, key, store, lambda: codebook, [])
    assert (found.mark_id, found.work_id, found.mode) == (result.mark_id, result.work_id, "blind")


def test_somebody_elses_key_finds_nothing(gallery, store) -> None:
    """Though the work is the same, and whatever of it is shown."""
    suspect = suspect_of(gallery.protected("soft.jpg").output)
    other = SecretKey(bytes(32))
    codebook = Codebook(other, known_marks(store, other))
    compared = compared_with(suspect, store)
    part = np.ascontiguousarray(suspect.rgb[:120, :120])
    assert find_marks(part, other, store, lambda: codebook, compared) == ()


def test_a_mark_is_read_through_a_view_of_its_work(tmp_path, drawings) -> None:
    """The way leads from the view to the whole, whose reference is known."""
    page = np.full((1600, 1600, 3), 255, np.uint8)
    for number in range(4):
        top, left = 20 + 790 * (number // 2), 20 + 790 * (number % 2)
        page[top : top + 770, left : left + 770] = drawings.cel(770, 770, number)
    Image.fromarray(page).save(tmp_path / "page.png")
    home = tmp_path / "home"
    options = {"visible": "none", "creator": "Mo", "home": home}
    (done,) = protect([tmp_path / "page.png"], out=tmp_path / "out", **options)
    marked = np.asarray(Image.open(done.output).convert("RGB"))
    suspect = suspect_of(np.ascontiguousarray(marked[20:790, 810:1580]))
    key = SecretKey.load(home / "secret.key")
    with open_store(home / "portfolio.sqlite3") as store:
        works = StoredWorks(store)
        index = Index.build((one, works.fingerprint(one)) for one in store.fingerprint_digests())
        compared = identify(suspect, index, works).candidates
        assert compared[0].view_id != done.work_id
        (found,) = find_marks(suspect.rgb, key, store, None, compared)
    assert (found.mark_id, found.mode) == (done.mark_id, "informed")
