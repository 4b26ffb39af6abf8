"""Promises of ocguard.workflows.home.claims."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

import ocguard
from ocguard.errors import OcguardError
from ocguard.fingerprint.view_id import view_id
from ocguard.home import Home
from ocguard.matching.identification.views import MAX_WORK_VIEWS
from ocguard.portfolio import Draft, Entry, draft_id, open_store, rendition_id
from ocguard.workflows.home.claims import require_honest, require_honest_draft
from ocguard.workflows.home.parts import MAX_FRAMES
from ocguard.workflows.home.works import REFERENCE_PX, describe_work, reference_jpeg, small_view
from ocguard.workflows.sources import load


@pytest.fixture(scope="module")
def entries(gallery) -> list[Entry]:
    """Give the works of a home as they would come out of its export."""
    found = []
    with open_store(Home(gallery.home).portfolio_file) as store:
        for work in store.works():
            marks = store.marks(work.work_id)
            names = {work.reference_sha256, *(mark.reference_sha256 for mark in marks)}
            renditions = {name: store.rendition(name) for name in names}
            found.append(Entry(work, store.fingerprint(work.work_id), renditions, marks))
    return found


def test_honest_entries_pass(entries, gallery) -> None:
    """Marks of the own key too."""
    key = Home(gallery.home).load_key()
    for entry in entries:
        require_honest(entry, key)


def test_a_fingerprint_of_another_picture_is_refused(entries) -> None:
    """That picture would be recognized as this work."""
    first, second = entries[:2]
    work = replace(first.work, hashes=second.work.hashes)
    with pytest.raises(OcguardError, match="fingerprint is not one of its picture"):
        require_honest(replace(first, work=work, fingerprint=second.fingerprint), None)


def test_hashes_of_another_picture_are_refused(entries) -> None:
    """Other programs read them."""
    work = replace(entries[0].work, hashes=entries[1].work.hashes)
    with pytest.raises(OcguardError, match="hashes"):
        require_honest(replace(entries[0], work=work), None)


def test_a_forged_mark_of_the_own_key_is_refused(entries, gallery) -> None:
    """Nobody else can say to whom this key issued a copy."""
    entry = entries[0]
    forged = tuple(replace(mark, recipient="somebody else") for mark in entry.marks)
    with pytest.raises(OcguardError, match="falsely"):
        require_honest(replace(entry, marks=forged), Home(gallery.home).load_key())


def test_a_rendition_is_as_large_as_ocguard_makes_them(entries) -> None:
    """Each is decoded by every check."""
    jpeg = reference_jpeg(np.zeros((20, 2000, 3), np.uint8))
    digest = rendition_id(jpeg)
    work = replace(entries[0].work, reference_sha256=digest)
    entry = Entry(work, entries[0].fingerprint, {digest: jpeg})
    with pytest.raises(OcguardError, match="none that ocguard makes"):
        require_honest(entry, None)


@pytest.fixture(scope="module")
def tall(drawings) -> Entry:
    """Describe a strip of pictures."""
    loaded = load(np.concatenate([drawings.cel(300, 300, seed) for seed in range(30, 34)]))
    return describe_work(loaded, small_view(loaded.picture))


def test_honest_views_pass_and_others_are_refused(tall) -> None:
    """A view is recognized like a work, and could be another picture just as well."""
    require_honest(tall, None)
    first, last = tall.views[0], tall.views[-1]
    swapped = (
        replace(first, fingerprint_sha256=last.fingerprint_sha256),
        *tall.views[1:-1],
        replace(last, fingerprint_sha256=first.fingerprint_sha256),
    )
    with pytest.raises(OcguardError, match="fingerprint is not one of its picture"):
        require_honest(replace(tall, views=swapped), None)


def test_more_views_than_ocguard_makes_are_refused(tall) -> None:
    """Before any of them is looked at: each takes a fifth of a second."""
    many = tuple(
        replace(tall.views[0], view_id=view_id(tall.work.work_id, number))
        for number in range(1, MAX_WORK_VIEWS + MAX_FRAMES + 2)
    )
    kept = {tall.views[0].fingerprint_sha256, tall.views[0].reference_sha256}
    kept |= {tall.work.reference_sha256}
    entry = Entry(
        tall.work,
        tall.fingerprint,
        {name: jpeg for name, jpeg in tall.renditions.items() if name in kept},
        views=many,
        view_fingerprints={n: data for n, data in tall.view_fingerprints.items() if n in kept},
    )
    with pytest.raises(OcguardError, match="more than ocguard makes"):
        require_honest(entry, None)


def test_works_of_another_creator_are_no_finding(gallery, tmp_path, drawings) -> None:
    """They are recognized, and told of as theirs."""
    theirs = ocguard.Portfolio(home=gallery.home)
    theirs.export(tmp_path / "theirs.zip")
    home = tmp_path / "home"
    Image.fromarray(drawings.cel(480, 400, 9)).save(tmp_path / "mine.png")
    ocguard.protect(tmp_path / "mine.png", out=tmp_path / "out", home=home, creator="Me")
    ocguard.Portfolio(home=home).merge(tmp_path / "theirs.zip")
    found = ocguard.check(gallery.art / "cel.png", home=home)
    assert (found.verdict, found.is_others, found.is_finding) == ("identical", True, False)
    mine = ocguard.check(tmp_path / "mine.png", home=home)
    assert (mine.verdict, mine.is_others, mine.is_finding) == ("identical", False, True)


def test_the_rendition_of_a_draft_is_a_small_picture(drawings) -> None:
    """As ocguard makes them."""
    small, large = (
        reference_jpeg(drawings.cel(width, 300, 1)) for width in (400, REFERENCE_PX + 1)
    )

    def drawn(jpeg: bytes) -> Draft:
        work, file, pixels = "0" * 16, "a" * 64, "b" * 64
        facts = ("s.png", file, pixels, 0, 400, 300, "no-match", "2026-05-01T12:00:00.000000Z")
        return Draft(draft_id(work, file, 0), work, *facts, rendition_id(jpeg))

    require_honest_draft(drawn(small), small)
    for false in (large, b"no picture"):
        with pytest.raises(OcguardError):
            require_honest_draft(drawn(false), false)
