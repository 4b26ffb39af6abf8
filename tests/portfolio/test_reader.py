"""Promises of several portfolios that are read as one."""

from __future__ import annotations

import pytest

from ocguard.portfolio import JoinedReader, open_store
from ocguard.portfolio.reader import NotHeldError


@pytest.fixture
def joined(tmp_path, make_entry):
    """Put works 0 and 1 into one portfolio, 1 and 2 into another one."""
    stores = []
    for name, seeds in (("a", (0, 1)), ("b", (1, 2))):
        store = open_store(tmp_path / f"{name}.sqlite3", create=True)
        store.record(make_entry(seed, second=seed, marks=1, views=1) for seed in seeds)
        stores.append(store)
    yield JoinedReader(stores)
    for store in stores:
        store.close()


def test_every_work_and_every_issue_is_given_once(joined, make_entry) -> None:
    """Also those that are in both."""
    entries = [make_entry(seed, second=seed, marks=1, views=1) for seed in range(3)]
    assert [work.work_id for work in joined.works()] == [one.work.work_id for one in entries]
    for entry in entries:
        assert joined.marks(entry.work.work_id) == entry.marks
        assert joined.marks_with_id(entry.marks[0].mark_id) == entry.marks
        assert joined.marks_of_file(entry.marks[0].output_sha256) == entry.marks
    assert len(joined.marks_of_key(entries[0].marks[0].key_id)) == 3


def test_what_a_work_is_known_by_comes_from_where_it_lies(joined, make_entry) -> None:
    """Its fingerprint, its views and its renditions."""
    for seed, holder in ((0, 0), (1, 0), (2, 1)):
        entry = make_entry(seed, second=seed, marks=1, views=1)
        assert joined.holder(entry.work.work_id) == holder
        assert joined.fingerprint(entry.work.work_id) == entry.fingerprint
        assert joined.views(entry.work.work_id) == entry.views
        (view,) = entry.views
        assert joined.fingerprint(view.view_id) == entry.view_fingerprints[view.fingerprint_sha256]
        assert joined.rendition(entry.work.reference_sha256)


def test_what_nobody_holds_is_an_error(joined) -> None:
    """As it is for one portfolio."""
    with pytest.raises(NotHeldError):
        joined.fingerprint("0" * 16)
    with pytest.raises(NotHeldError):
        joined.rendition("0" * 64)


def test_a_work_is_anothers_only_where_all_say_so(tmp_path, make_entry) -> None:
    """Whoever registered it in one of them owns it."""
    entry = make_entry(0, marks=1)
    with (
        open_store(tmp_path / "own.sqlite3", create=True) as own,
        open_store(tmp_path / "claim.sqlite3", create=True) as claim,
    ):
        own.record([entry])
        claim.take_over([entry])
        assert claim.is_of_others(entry.work.work_id, "f" * 16)
        assert JoinedReader([claim]).is_of_others(entry.work.work_id, "f" * 16)
        assert not JoinedReader([claim, own]).is_of_others(entry.work.work_id, "f" * 16)
