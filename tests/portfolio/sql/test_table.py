"""Promises of ocguard.portfolio.sql.table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from ocguard.errors import PortfolioError
from ocguard.portfolio.cases import Case
from ocguard.portfolio.sql.database import Database
from ocguard.portfolio.sql.store import SqlStore
from ocguard.portfolio.sql.table import SqlTable

Table = SqlTable[Case]


@pytest.fixture
def database(store: SqlStore) -> Iterator[Database]:
    """Give a new database inside a transaction."""
    with store._database.writing():
        yield store._database


@pytest.fixture
def table(database: Database) -> Table:
    """Give the table of cases."""
    return SqlTable(database, "cases", Case, "case_id", "created_utc, case_id", called="case")


def test_a_record_comes_back_as_it_was_put(table: Table, case: Case) -> None:
    """The later one of a key stays."""
    table.put(case)
    table.put(replace(case, verdict="identical"))
    assert list(table.records()) == [replace(case, verdict="identical")]
    assert list(table.damaged()) == []


def test_records_are_found_by_values(table: Table, case: Case) -> None:
    """All that are named must hold."""
    table.put(case)
    assert list(table.records(case_id=case.case_id, verdict=case.verdict)) == [case]
    assert list(table.records(case_id=case.case_id, verdict="identical")) == []
    assert table.drop(case_id="f" * 16) == 0
    assert table.drop(case_id=case.case_id) == 1
    assert list(table.records()) == []


def test_a_changed_row_is_damaged_until_it_is_mended(
    table: Table, database: Database, case: Case
) -> None:
    """What is whole stays, and what is gone comes back only where that is wanted."""
    whole = replace(case, case_id="d" * 16)
    table.put(case)
    table.put(whole)
    database.run("UPDATE cases SET answer = 'x' WHERE case_id = ?", case.case_id)
    assert [row["case_id"] for row in table.damaged()] == [case.case_id]
    gone = replace(case, case_id="e" * 16)
    table.mend([case, replace(whole, verdict="identical"), gone], are_added=False)
    assert list(table.records()) == [case, whole]
    table.mend([gone], are_added=True)
    assert list(table.records()) == [case, whole, gone]


def test_a_row_that_is_no_record_is_our_error(table: Table, database: Database, case: Case) -> None:
    """It names the kind and says what to do."""
    table.put(case)
    database.run("UPDATE cases SET state = 'won'")
    with pytest.raises(PortfolioError, match=r"the case 'cccc.*portfolio check"):
        list(table.records())
