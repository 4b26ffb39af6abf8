"""Every promise of the queries is kept by every database: a SQLite file and a PostgreSQL server."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

DATABASES = ("sqlite", "postgresql")


@pytest.fixture(params=DATABASES)
def new_location(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Give the way to name portfolios that do not exist yet, all in databases of one kind."""
    if request.param == "postgresql":
        return request.getfixturevalue("postgres").new_url
    numbers = itertools.count()
    return lambda: str(tmp_path / "portfolios" / f"{next(numbers)}.sqlite3")


@pytest.fixture
def location(new_location: Callable[[], str]) -> str:
    """Name a portfolio that does not exist yet."""
    return new_location()


@pytest.fixture
def change(location: str, request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Give the way to change rows behind the program's back, and that of triggers and keys."""
    if "://" not in location:
        return lambda sql: _change_file(location, sql)
    server, tenant = request.getfixturevalue("postgres"), location.partition("tenant=")[2]
    return lambda sql: _change_tenant(server, tenant, sql)


def _change_file(location: str, sql: str) -> None:
    with sqlite3.connect(location) as db:
        found = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in found:
            db.execute(f"DROP TRIGGER {name}")
        db.execute(sql)
        for _, trigger in found:
            db.execute(trigger)
    db.close()


def _change_tenant(server: Any, tenant: str, sql: str) -> None:
    with server.connect() as db:
        db.execute("SET session_replication_role = replica")
        db.execute(f"SET ocguard.tenant = '{tenant}'")
        db.execute("SET search_path = ocguard")
        db.execute("SET ROLE artist")
        db.execute(sql.replace("x'00'", r"'\x00'"))
