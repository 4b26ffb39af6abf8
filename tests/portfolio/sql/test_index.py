"""Promises of ocguard.portfolio.sql.index, kept by every database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ocguard.errors import PortfolioError
from ocguard.portfolio import open_store
from ocguard.portfolio.sql import index as shared_index


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """Give two files of an index."""
    for name in "ab":
        (tmp_path / name).write_bytes(name.encode() * 10)
    return {"s/a": tmp_path / "a", "s/b": tmp_path / "b"}


def read(store, name: str) -> bytes:
    """Read a file of the shared index."""
    return b"".join(store.index.read(name))


def test_what_changed_since_a_state_is_told(store, make_entry: Callable) -> None:
    """Works and views, whether they are there or gone."""
    store.record([make_entry(1), make_entry(2)])
    before = store.state()
    assert store.index.changed_since(before) == {}
    store.record([make_entry(3, views=1)])
    gone, new = (make_entry(seed).work.work_id for seed in (1, 3))
    store.remove(gone)
    assert store.index.changed_since(before) == {gone: False, new: True, f"{new}#1": True}


def test_everything_changed_since_the_portfolio_was_made(store, make_entry: Callable) -> None:
    """Also where it was empty when somebody looked first."""
    empty = store.state()
    store.record([make_entry(1)])
    assert store.index.changed_since(empty) == {make_entry(1).work.work_id: True}


def test_what_stays_as_it_was_is_no_change(store, make_entry: Callable) -> None:
    """A mark more is not a fingerprint more."""
    store.record([make_entry(1)])
    before = store.state()
    store.record([make_entry(1, marks=1)])
    assert (store.state(), store.index.changed_since(before)) == (before, {})


def test_a_state_of_another_history_is_not_known(store, new_location, make_entry) -> None:
    """A copy that went on by itself has other states, though as many changes."""
    with open_store(new_location(), create=True) as other:
        other.record([make_entry(1)])
        store.record([make_entry(1)])
        assert store.index.changed_since(other.state()) is None


def test_a_shared_index_comes_back_as_it_was(store, files, monkeypatch) -> None:
    """In however many parts its files are."""
    monkeypatch.setattr(shared_index, "PART_BYTES", 4)
    assert store.index.manifest() == ""
    store.index.publish("first", files)
    assert store.index.manifest() == "first"
    assert [read(store, name) for name in files] == [b"a" * 10, b"b" * 10]
    assert read(store, "s/c") == b""


def test_only_what_is_new_is_sent(store, files, tmp_path: Path) -> None:
    """Files that are there stay, those that are not named go."""
    store.index.publish("first", files)
    (tmp_path / "a").write_bytes(b"A" * 10)  # would be noticed if it were sent again
    (tmp_path / "c").write_bytes(b"c")
    store.index.publish("second", {"s/a": tmp_path / "a", "s/c": tmp_path / "c"})
    assert store.index.manifest() == "second"
    assert [read(store, name) for name in ("s/a", "s/b", "s/c")] == [b"a" * 10, b"", b"c"]


def test_who_is_overtaken_changes_nothing(store, location, files, monkeypatch) -> None:
    """Another one clears the files away that were sent, before they are named."""
    send = shared_index.SqlSharedIndex._send

    def overtaken(self, name: str, path: Path) -> None:
        send(self, name, path)
        with open_store(location) as other:
            monkeypatch.setattr(shared_index.SqlSharedIndex, "_send", send)
            other.index.publish("theirs", {"s/b": files["s/b"]})

    monkeypatch.setattr(shared_index.SqlSharedIndex, "_send", overtaken)
    store.index.publish("ours", files)
    assert store.index.manifest() == "theirs"
    assert (read(store, "s/a"), read(store, "s/b")) == (b"", b"b" * 10)


def test_a_damaged_part_is_an_error(store, files, change: Callable) -> None:
    """Nobody searches what is not as it was stored."""
    store.index.publish("first", files)
    change("UPDATE index_files SET data = x'00' WHERE name = 's/a'")
    with pytest.raises(PortfolioError, match="the shared index"):
        read(store, "s/a")
