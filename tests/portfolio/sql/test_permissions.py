"""Promises of ocguard.portfolio.sql.permissions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ocguard.errors import PortfolioError
from ocguard.portfolio import Store, export_entries, import_entries, open_store


def test_permissions_are_kept_until_they_are_withdrawn(
    store: Store, make_entry: Callable, make_permission: Callable
) -> None:
    """For one work and for all, the oldest first."""
    store.record([make_entry(1)])
    one, every = make_permission(make_entry(1).work.work_id), make_permission(None, number=2)
    store.permissions.record(every)
    store.permissions.record(one)
    assert store.permissions.all() == [one, every]
    store.permissions.withdraw(one.permission_id)
    assert store.permissions.all() == [every]
    assert list(store.damage()) == []


def test_a_permission_needs_its_work(store: Store, make_permission: Callable) -> None:
    """Nothing is stored without, and what is unknown cannot be withdrawn."""
    with pytest.raises(PortfolioError, match="no work"):
        store.permissions.record(make_permission("a" * 16))
    with pytest.raises(PortfolioError, match="no permission"):
        store.permissions.withdraw("a" * 16)


def test_permissions_stay_at_home(
    store: Store, make_entry: Callable, make_permission: Callable, tmp_path: Path
) -> None:
    """An export carries none of them: they are other people's affairs."""
    store.record([make_entry(1)])
    store.permissions.record(make_permission(None, "weibo:a-secret-friend"))
    export_entries(store, tmp_path / "all.zip")
    with open_store(tmp_path / "new.sqlite3", create=True) as new:
        import_entries(new, tmp_path / "all.zip")
        assert new.permissions.all() == []
    assert b"a-secret-friend" not in (tmp_path / "all.zip").read_bytes()


def test_a_backup_mends_what_is_damaged(
    store: Store, change: Callable, make_permission: Callable, tmp_path: Path
) -> None:
    """And brings back nothing that was withdrawn."""
    one, withdrawn = make_permission(None), make_permission(None, number=2)
    for permission in (one, withdrawn):
        store.permissions.record(permission)
    store.back_up(tmp_path / "copy.sqlite3")
    store.permissions.withdraw(withdrawn.permission_id)
    change("UPDATE permitted SET place = 'x:thief'")
    assert [one.permission_id in damage.what for damage in store.damage()] == [True]
    with open_store(tmp_path / "copy.sqlite3") as backup:
        store.permissions.mend(backup.permissions.all())
    assert store.permissions.all() == [one]
    assert list(store.damage()) == []
