"""Promises of ocguard.portfolio.sql.mending."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ocguard.portfolio import credentials_of, open_store


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE works SET source = 'x'",
        "UPDATE works SET created_utc = 'yesterday'",
        "UPDATE marks SET recipient = 'x'",
        "DELETE FROM marks",
        "UPDATE fingerprints SET data = x'00'",
        "DELETE FROM fingerprints",
        "UPDATE renditions SET jpeg = x'00'",
        "DELETE FROM renditions",
        "DELETE FROM works",
        "UPDATE views SET top_px = 999",
        "UPDATE views SET fingerprint = x'00'",
        "DELETE FROM renditions WHERE sha256 IN (SELECT reference_sha256 FROM views)",
        "UPDATE credentials SET manifest = x'00'",
        "DELETE FROM credentials",
    ],
)
def test_each_kind_of_damage_is_mended(
    location: str, make_entry: Callable, change: Callable, sql: str
) -> None:
    """The work is as it was, and other works are not touched."""
    entry, other = make_entry(1, marks=2, views=2, is_signed=True), make_entry(2, marks=1)
    with open_store(location, create=True) as store:
        store.record([entry])
    change(sql)
    with open_store(location) as store:
        store.record([other])
        store.mend(entry)
        assert list(store.damage()) == []
        works = {work.work_id: work for work in store.works()}
        assert works == {one.work.work_id: one.work for one in (entry, other)}
        for one in (entry, other):
            assert store.marks(one.work.work_id) == one.marks
            assert store.fingerprint(one.work.work_id) == one.fingerprint
            assert store.views(one.work.work_id) == one.views
            assert credentials_of(store, one.marks) == one.credentials


def test_a_whole_record_keeps_its_date_when_its_picture_is_described_anew(
    location: str, make_entry: Callable, change: Callable
) -> None:
    """The original picture knows nothing of when it was registered."""
    entry, anew = make_entry(1, second=1), make_entry(1, second=500, text="moved")
    with open_store(location, create=True) as store:
        store.record([entry])
    change("UPDATE renditions SET jpeg = x'00'")
    with open_store(location) as store:
        store.mend(anew)
        (work,) = store.works()
        assert (work.created_utc, work.source) == (entry.work.created_utc, entry.work.source)
        assert store.rendition(work.reference_sha256) == b"jpeg 1 500 moved"
        assert store.fingerprint(work.work_id) == anew.fingerprint
        assert list(store.damage()) == []
