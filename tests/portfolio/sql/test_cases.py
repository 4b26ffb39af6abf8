"""Promises of ocguard.portfolio.sql.cases."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Thread

import pytest

from ocguard.errors import PortfolioError
from ocguard.portfolio import Case, Store, export_entries, open_store, utc_now


def test_a_case_is_kept_and_changed(store: Store, case: Case) -> None:
    """It is found by its file's digest."""
    store.cases.open(case)
    changed = store.cases.change(case.case_id, lambda one: one.noted("asked a friend", utc_now()))
    assert store.cases.all() == [changed]
    assert store.cases.of_suspect(case.suspect_sha256) == [changed]
    assert store.cases.of_suspect("0" * 64) == []
    assert list(store.damage()) == []


def test_an_unknown_case_cannot_be_changed(store: Store, case: Case) -> None:
    """The error names it."""
    with pytest.raises(PortfolioError, match="no case"):
        store.cases.change(case.case_id, lambda one: one)


def test_a_change_that_fails_changes_nothing(store: Store, case: Case) -> None:
    """Not even halfway."""
    store.cases.open(case)
    with pytest.raises(ValueError, match="2026-05-01"):
        store.cases.change(case.case_id, lambda one: one.sent("soon", "x", "", utc_now()))
    assert store.cases.all() == [case]


def test_no_note_is_lost_when_two_write(store: Store, location: str, case: Case) -> None:
    """Each change is read and written in one transaction."""
    store.cases.open(case)

    def write(who: str) -> None:
        with open_store(location) as other:
            for number in range(5):
                noted = partial(Case.noted, text=f"{who} {number}", now=utc_now())
                other.cases.change(case.case_id, noted)

    threads = [Thread(target=write, args=(who,)) for who in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.cases.all()[0].notes.splitlines()) == 10


def test_a_case_outlives_its_work_and_stays_at_home(
    store: Store, make_entry: Callable, case: Case, tmp_path: Path
) -> None:
    """No export carries it."""
    store.record([make_entry(1)])
    store.cases.open(case)
    export_entries(store, tmp_path / "all.zip")
    store.remove(make_entry(1).work.work_id)
    assert store.cases.all() == [case]
    assert b"thief" not in (tmp_path / "all.zip").read_bytes()


def test_a_backup_mends_what_is_damaged(
    store: Store, change: Callable, case: Case, tmp_path: Path
) -> None:
    """The damage names the case."""
    store.cases.open(case)
    store.back_up(tmp_path / "copy.sqlite3")
    change("UPDATE cases SET answer = 'paid'")
    assert [case.case_id in damage.what for damage in store.damage()] == [True]
    with open_store(tmp_path / "copy.sqlite3") as backup:
        store.cases.mend(backup.cases.all())
    assert store.cases.all() == [case]
