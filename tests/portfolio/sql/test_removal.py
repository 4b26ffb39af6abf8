"""Promises of ocguard.portfolio.sql.removal."""

from __future__ import annotations

from collections.abc import Callable

from ocguard.portfolio import Store, Title, open_store, rendition_id
from ocguard.portfolio.sql.copying import KEYS


def contents(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Read every row of every table but the journal and the token."""
    database = store._database
    held = {}
    for table in KEYS.keys() - {"journal"}:
        columns = ", ".join(database.columns(table))
        held[table] = sorted(database.rows(f"SELECT {columns} FROM {table}"))
    return held


def test_a_removed_work_comes_back_as_it_was(
    location: str,
    make_entry: Callable,
    make_posting: Callable,
    make_permission: Callable,
    change: Callable,
) -> None:
    """Marks, views, codes and what only other tables know of it, to the last byte."""
    entry, other = make_entry(1, marks=2, views=2), make_entry(2, marks=1)
    work_id, issue_id = entry.work.work_id, entry.marks[0].issue_id
    with open_store(location, create=True) as store:
        store.record([entry, other])
        store.record_codes("d@1", [(work_id, entry.work.reference_sha256, b"code")])
        store.postings.record([make_posting(1)])
        store.titles.record(Title(work_id, "林", "2026-05-01T12:00:00.000000Z"))
        store.permissions.record(make_permission(work_id))
    names, digest = "issue_id, manifest_sha256, manifest", rendition_id(b"\0")
    change(f"INSERT INTO credentials ({names}) VALUES ('{issue_id}', '{digest}', x'00')")
    with open_store(location) as store:
        before = contents(store)
        removed = store.remove(work_id)
        assert [work.work_id for work in store.works()] == [other.work.work_id]
        assert (removed.title, removed.source) == ("林", entry.work.source)
        store.put_back(removed)
        assert list(store.damage()) == []
        assert contents(store) == before


def test_an_imported_work_stays_a_claim(store: Store, make_entry: Callable) -> None:
    """Going and coming back makes nothing one's own."""
    entry = make_entry(1, marks=1)
    store.take_over([entry])
    (before,) = store.works()
    store.put_back(store.remove(entry.work.work_id))
    (after,) = store.works()
    assert before.imported_utc
    assert after.imported_utc == before.imported_utc
    assert store.stats().imported == 1


def test_what_was_registered_again_keeps_its_new_marks(store: Store, make_entry: Callable) -> None:
    """The older date is back, and both issues are known."""
    entry = make_entry(1, second=1, marks=1)
    again = make_entry(1, second=90, marks=1, recipient="Mo", text=" 2")
    store.record([entry])
    removed = store.remove(entry.work.work_id)
    store.record([again])
    store.put_back(removed)
    (work,) = store.works()
    assert work.created_utc == entry.work.created_utc
    assert {mark.recipient for mark in store.marks(work.work_id)} == {"", "Mo"}
    assert list(store.damage()) == []
