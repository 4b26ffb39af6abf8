"""Promises of ocguard.portfolio.sql.copying: between databases of the same kind and of two."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ocguard.creator import Profile
from ocguard.errors import OutputExistsError
from ocguard.home import Home
from ocguard.portfolio import Author, Case, Draft, Store, Title, open_store
from ocguard.portfolio.sql import copying
from ocguard.portfolio.sql.copying import KEYS, copy_rows, tables_apart, tables_beyond


@pytest.fixture
def filled(
    location: str,
    tmp_path: Path,
    make_entry: Callable,
    make_posting: Callable,
    make_permission: Callable,
    case: Case,
    draft: tuple[Draft, bytes],
) -> str:
    """Give a portfolio with rows in every table but those of trusted times."""
    home = Home(tmp_path / "home")
    home.create(Profile("Mo"))
    with open_store(location, create=True, author=Author(home)) as store:
        entries = [make_entry(seed, marks=2, views=1, is_signed=True) for seed in range(5)]
        store.record(entries)
        store.drafts.record([draft])
        store.postings.record([make_posting(1), make_posting(1, 2, "https://a.example")])
        store.titles.record(Title(entries[0].work.work_id, "林", "2026-05-01T12:00:00.000000Z"))
        for number, work_id in enumerate((entries[0].work.work_id, None)):
            store.permissions.record(make_permission(work_id, number=number))
        store.cases.open(case)
        works = [(one.work.work_id, one.work.reference_sha256, b"code") for one in entries]
        store.record_codes("d@1", works)
    return location


def held(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Read every row of every table."""
    database = store._database
    return {
        table: list(
            database.rows(
                f"SELECT {', '.join(sorted(database.columns(table)))} FROM {table} ORDER BY {key}"
            )
        )
        for table, key in KEYS.items()
    }


@pytest.mark.parametrize("to_file", [True, False])
def test_a_copy_holds_the_same(
    filled: str,
    new_location: Callable,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    to_file: bool,
) -> None:
    """Every row, also where a table takes several pages; the journal is whole after it."""
    monkeypatch.setattr(copying, "PAGE_ROWS", 3)
    monkeypatch.setattr(copying, "PAGE_KEYS", 4)
    target = str(tmp_path / "copy.sqlite3") if to_file else new_location()
    with open_store(filled) as source, open_store(target, create=True) as copy:
        for _ in range(2):  # the second time there is nothing left to do
            copy_rows(source._database, copy._database)
            assert held(copy) == held(source)
        assert list(copy.damage()) == []


def test_what_two_portfolios_hold_is_compared(
    filled: str, new_location: Callable, make_entry: Callable, change: Callable
) -> None:
    """Keys that only the second has, and rows that are not the same, to the last byte."""
    with open_store(filled) as source, open_store(new_location(), create=True) as copy:
        here, there = source._database, copy._database
        assert tables_beyond(here, there) == []
        copy_rows(here, there)
        assert tables_apart(here, there) == []
        change("UPDATE fingerprints SET data = x'00'")
        assert tables_apart(here, there) == ["fingerprints"]
        copy.record([make_entry(9, marks=1)])
        assert tables_beyond(here, there) == ["renditions", "works", "fingerprints", "marks"]
        assert tables_beyond(there, here) == []


def test_a_backup_is_a_file_of_its_own(filled: str, tmp_path: Path) -> None:
    """Wherever the portfolio lies; a name that is taken stays as it is."""
    with open_store(filled) as source:
        source.back_up(tmp_path / "backup.sqlite3")
        with open_store(tmp_path / "backup.sqlite3") as backup:
            assert held(backup) == held(source)
        with pytest.raises(OutputExistsError):
            source.back_up(tmp_path / "backup.sqlite3")
