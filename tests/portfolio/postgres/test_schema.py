"""Promises of ocguard.portfolio.postgres.schema."""

from __future__ import annotations

import hashlib
from pathlib import Path

from ocguard.portfolio import open_store
from ocguard.portfolio.postgres.schema import MIGRATIONS, TABLES
from ocguard.portfolio.sql.copying import KEYS, MADE_AGAIN
from postgres_server import Server

RELEASED: list[str] = []
"""Beginnings of the SHA-256 of each step that a release brought."""


def test_released_steps_are_never_edited() -> None:
    """Databases in the world were made by them."""
    made = [hashlib.sha256(step.encode()).hexdigest()[:16] for step in MIGRATIONS]
    assert made[: len(RELEASED)] == RELEASED


def test_both_databases_have_the_same_tables_and_columns(postgres: Server, tmp_path: Path) -> None:
    """One set of queries is for both."""
    with (
        open_store(tmp_path / "a.sqlite3", create=True) as file,
        open_store(postgres.new_url(), create=True) as server,
    ):
        for table in (*KEYS, "changes", "shared_index", "index_files"):
            columns = [set(store._database.columns(table)) for store in (file, server)]
            assert columns[0] == columns[1], table
    assert set(TABLES) == {*MADE_AGAIN, *KEYS}
