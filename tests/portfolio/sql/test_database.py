"""Promises of ocguard.portfolio.sql.database, kept by both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ocguard.errors import PortfolioError
from ocguard.portfolio import open_store
from ocguard.portfolio.sql.database import Database, damaged

ROW = "INSERT INTO renditions (sha256, jpeg) VALUES (?, ?)"


@pytest.fixture
def database(location: str) -> Iterator[Database]:
    """Open a new database as such."""
    with open_store(location, create=True) as store:
        yield store._database


def kept(database: Database) -> list[tuple[Any, ...]]:
    """Read what the tests store."""
    return list(database.rows("SELECT sha256, jpeg FROM renditions ORDER BY sha256"))


def test_a_slot_may_stand_in_several_places(database: Database) -> None:
    """By its number; others are filled in their order."""
    assert list(database.rows("SELECT ?1 || ?2 || ?1", "a", "b")) == [("aba",)]
    with database.writing():
        database.run(ROW, "b", b"\x00\xff")
        database.run_many(ROW, [("a", b""), ("c", b"x")])
    assert kept(database) == [("a", b""), ("b", b"\x00\xff"), ("c", b"x")]


def test_values_are_never_part_of_a_statement(database: Database) -> None:
    """Quotes and slots in a value mean nothing."""
    value = "'; DROP TABLE works; -- ? $1 %s"
    with database.writing():
        database.run(ROW, value, b"")
    assert kept(database) == [(value, b"")]


def test_an_error_undoes_all_of_a_block(database: Database) -> None:
    """And the next block works."""
    for failing in (RuntimeError, KeyboardInterrupt):
        with pytest.raises(failing), database.writing():
            database.run(ROW, "a", b"")
            raise failing
    assert kept(database) == []
    with database.writing():
        database.run(ROW, "a", b"")
    assert len(kept(database)) == 1


def test_a_wrong_statement_is_our_error(database: Database) -> None:
    """The message names the portfolio, and later statements work."""
    with pytest.raises(PortfolioError) as caught:
        list(database.rows("SELECT nonsense FROM works"))
    assert database.name in str(caught.value)
    with pytest.raises(PortfolioError), database.writing():
        database.run("INSERT INTO fingerprints (work_id, digest, data) VALUES ('a', '', '')")
    assert kept(database) == []


def test_rows_are_read_while_others_are(database: Database) -> None:
    """A query may be asked in the middle of another one's rows."""
    with database.writing():
        database.run_many(ROW, [(name, b"") for name in "abc"])
    names = [name for name, _ in database.rows("SELECT sha256, jpeg FROM renditions ORDER BY 1")]
    for name in names:
        assert len(list(database.rows("SELECT 1 FROM renditions WHERE sha256 = ?", name))) == 1
    pairs = database.rows("SELECT sha256 FROM renditions ORDER BY 1")
    assert [(one, len(kept(database))) for (one,) in pairs] == [("a", 3), ("b", 3), ("c", 3)]


def test_texts_sort_by_their_code_points(database: Database) -> None:
    """In no language's order, so that both databases give the same."""
    names = ["B", "a", "Ä", "ä", "林", "\U0001f431", "-", "_", "a-", "aa"]
    with database.writing():
        database.run_many(ROW, [(name, b"") for name in names])
    assert [name for name, _ in kept(database)] == sorted(names)


def test_what_is_changed_by_nobody_can_be_mended(database: Database) -> None:
    """Rows take the place of those of their key; a plain statement does not."""
    columns = "chain_id, number, entry, entry_sha256, signature"
    with database.writing():
        database.run(f"INSERT INTO journal ({columns}) VALUES ('a', 1, 'old', '', '')")
    with pytest.raises(PortfolioError, match="only ever added to"), database.writing():
        database.run("UPDATE journal SET entry = 'new'")
    rows = [("a", 1, "new", "", ""), ("a", 2, "more", "", "")]
    with database.writing():
        database.rewrite("journal", columns, "chain_id, number", rows)
    assert list(database.rows(f"SELECT {columns} FROM journal ORDER BY number")) == rows
    with pytest.raises(PortfolioError, match="only ever added to"), database.writing():
        database.run("DELETE FROM journal")


def test_columns_are_named_in_their_order(database: Database) -> None:
    """Those that every database has."""
    assert database.columns("renditions") == ["sha256", "jpeg"]


def test_the_size_grows_with_what_is_stored(database: Database) -> None:
    """In bytes."""
    before = database.size_bytes()
    with database.writing():
        database.run(ROW, "a", bytes(100_000))
    assert before + 100_000 <= database.size_bytes() < before + 300_000


def test_damage_says_what_to_do(database: Database, make_entry: Callable) -> None:
    """And where."""
    said = str(damaged(database, "the mark"))
    assert said.startswith(f"{database.name} is damaged: the mark is not as it was stored")
    assert "portfolio repair" in said
