"""Promises of ocguard.portfolio.postgres.database."""

from __future__ import annotations

import itertools
import random
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest

from ocguard.errors import PortfolioError
from ocguard.portfolio import Case, Store, has_portfolio, open_store
from ocguard.portfolio.postgres import database as postgres_database
from ocguard.portfolio.postgres.schema import MIGRATIONS, TABLES
from postgres_server import ADMINISTRATOR, ARTISTS, DATABASE, Server

OWNER, OTHER = ARTISTS
_numbers = itertools.count()


def tenant_of(url: str) -> str:
    """Name the tenant of an address that the server wrote."""
    return url.partition("tenant=")[2]


@pytest.fixture
def filled(
    postgres: Server,
    make_entry: Callable,
    make_posting: Callable,
    make_permission: Callable,
    case: Case,
) -> str:
    """Give the address of a portfolio with a row in most tables."""
    url = postgres.new_url()
    with open_store(url, create=True) as store:
        entry = make_entry(1, marks=2, views=2, is_signed=True)
        store.record([entry, make_entry(2)])
        store.postings.record([make_posting(1)])
        store.permissions.record(make_permission(None))
        store.cases.open(case)
        store.record_codes("d@1", [(entry.work.work_id, entry.work.reference_sha256, b"code")])
    return url


@pytest.fixture
def intruder(postgres: Server, filled: str) -> Iterator[psycopg.Connection[Any]]:
    """Connect as a role with a portfolio of its own that names another role's tenant."""
    open_store(postgres.url(f"own-{next(_numbers)}", OTHER), create=True).close()
    with postgres.connect(OTHER) as db:
        db.execute("SET search_path = ocguard")
        db.execute(f"SET ocguard.tenant = '{tenant_of(filled)}'")
        yield db
    db.close()


@pytest.fixture
def new_database(postgres: Server) -> Iterator[str]:
    """Give the address of a database that ocguard has never seen."""
    name = f"new_{next(_numbers)}"
    with postgres.connect() as db:
        db.execute(f"CREATE DATABASE {name} OWNER {OWNER}")
        yield f"postgresql://{OWNER}@/{name}?host={postgres.folder}&tenant=mo"
        db.execute(f"DROP DATABASE {name} WITH (FORCE)")
    db.close()


def test_tenants_see_nothing_of_each_other(postgres: Server, filled: str, make_entry) -> None:
    """The same work, mark and issue can be in both."""
    with open_store(postgres.new_url(), create=True) as store:
        assert store.stats().works == 0
        store.record([make_entry(1, marks=2, views=2, is_signed=True)])
        assert (store.stats().works, store.stats().marks) == (1, 2)
        store.remove(make_entry(1).work.work_id)
    with open_store(filled) as store:
        assert (store.stats().works, store.stats().marks) == (2, 2)
        assert list(store.damage()) == []


@pytest.mark.parametrize("table", [*TABLES, "tenants"])
def test_another_role_reads_no_row_whatever_it_names(
    intruder: psycopg.Connection, filled: str, table: str
) -> None:
    """Nor with a function of its own that is asked about every row before the policy is."""
    rows = intruder.execute(f"SELECT tenant FROM {table}").fetchall()
    assert tenant_of(filled) not in {tenant for (tenant,) in rows}
    intruder.execute(
        "CREATE FUNCTION pg_temp.leaks(held TEXT) RETURNS BOOLEAN COST 0.0000001 LANGUAGE plpgsql"
        " AS $$ BEGIN RAISE NOTICE '%', held; RETURN TRUE; END $$"
    )
    heard: list[str | None] = []
    intruder.add_notice_handler(lambda notice: heard.append(notice.message_primary))
    intruder.execute(f"SELECT FROM {table} AS one WHERE pg_temp.leaks(one::TEXT)")
    assert not [said for said in heard if tenant_of(filled) in str(said)]


@pytest.mark.parametrize("table", TABLES)
def test_another_role_changes_no_row_whatever_it_names(
    intruder: psycopg.Connection, filled: str, table: str
) -> None:
    """Neither those that are there, nor by adding some."""
    tenant = tenant_of(filled)
    assert intruder.execute(f"DELETE FROM {table}").rowcount == 0
    assert intruder.execute(f"UPDATE {table} SET tenant = tenant").rowcount == 0
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        intruder.execute(f"INSERT INTO {table} (tenant) VALUES ('{tenant}')")


@pytest.mark.parametrize(
    "sql",
    [
        "SET LOCAL row_security = off; SELECT * FROM works",
        f"SET ROLE {OWNER}",
        f"SET SESSION AUTHORIZATION {OWNER}",
        "ALTER TABLE works DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE works NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY of_its_tenant ON works",
        "CREATE POLICY mine ON works USING (true)",
        "CREATE OR REPLACE FUNCTION ocguard.tenant() RETURNS text LANGUAGE sql RETURN 'x'",
        f"INSERT INTO tenants VALUES ('mine', '{OWNER}')",
        f"UPDATE tenants SET owner = '{OTHER}'",
        "DELETE FROM tenants",
        "TRUNCATE works CASCADE",
        "UPDATE layout SET version = 99",
        "CREATE TABLE ocguard.mine ()",
        "SET session_replication_role = replica",
    ],
)
def test_another_role_may_not_undo_what_keeps_it_out(
    intruder: psycopg.Connection, sql: str
) -> None:
    """All of it is the owner's alone."""
    with pytest.raises(psycopg.errors.InsufficientPrivilege), intruder.transaction():
        intruder.execute(sql)


def test_a_row_is_never_given_to_another_tenant(
    postgres: Server, filled: str, make_entry: Callable
) -> None:
    """Also by the role that owns both tenants and the tables."""
    own = postgres.new_url()
    with open_store(own, create=True) as store:
        store.record([make_entry(3)])
    with postgres.connect(OWNER) as db:
        db.execute("SET search_path = ocguard")
        db.execute(f"SET ocguard.tenant = '{tenant_of(own)}'")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            db.execute("UPDATE renditions SET tenant = %s", (tenant_of(filled),))
    db.close()


def test_the_owner_of_the_tables_is_bound_too(postgres: Server, filled: str) -> None:
    """Without a tenant there are no rows."""
    with postgres.connect(OWNER) as db:
        for table in TABLES:
            assert db.execute(f"SELECT count(*) FROM ocguard.{table}").fetchone() == (0,)
    db.close()


def test_anothers_tenant_is_no_portfolio(postgres: Server, filled: str) -> None:
    """It cannot be opened nor made again, and the message does not say that it is there."""
    url = postgres.url(tenant_of(filled), OTHER)
    assert not has_portfolio(url)
    for create in (False, True):
        with pytest.raises(PortfolioError, match=r"no portfolio .* that the role other_artist"):
            open_store(url, create=create)


def test_members_of_a_role_share_its_tenants(postgres: Server, filled: str) -> None:
    """An agency grants one role to several people."""
    member = f"member_{next(_numbers)}"
    with postgres.connect() as db:
        db.execute(f"CREATE ROLE {member} LOGIN IN ROLE {OWNER}")
    db.close()
    with open_store(postgres.url(tenant_of(filled), member)) as store:
        assert store.stats().works == 2


def test_a_role_that_nothing_binds_is_refused(postgres: Server, filled: str) -> None:
    """A superuser would see every tenant's rows at once."""
    with pytest.raises(PortfolioError, match="no superuser"):
        open_store(postgres.url(tenant_of(filled), ADMINISTRATOR))


def test_nothing_of_a_tenant_stays_on_the_connection(filled: str) -> None:
    """A pool on the server's side gives it to others next."""
    with open_store(filled) as store:
        store.stats()
        sql = "SELECT current_setting('ocguard.tenant', true), current_setting('search_path')"
        (tenant, path) = next(store._database._db.execute(sql))
    assert not tenant
    assert "ocguard" not in path


@pytest.mark.parametrize(
    "sql", ["UPDATE journal SET entry = ''", "DELETE FROM journal", "TRUNCATE journal"]
)
def test_the_journal_is_only_added_to(postgres: Server, filled: str, sql: str) -> None:
    """Also by the owner of the tables."""
    with postgres.connect(OWNER) as db, pytest.raises(psycopg.errors.RaiseException):
        db.execute("SET search_path = ocguard")
        db.execute(f"SET ocguard.tenant = '{tenant_of(filled)}'")
        db.execute("INSERT INTO journal VALUES (DEFAULT, 'a', 1, '', '', '')")
        db.execute(sql)
    db.close()


def test_a_table_without_its_guard_is_damage(new_database: str) -> None:
    """`portfolio check` says so."""
    with open_store(new_database, create=True) as store:
        assert list(store.damage()) == []
        with store._database.writing():
            store._database.run("ALTER TABLE works NO FORCE ROW LEVEL SECURITY")
        (found,) = store.damage()
    assert found.what == "the table works does not keep the tenants apart"


def test_several_make_a_new_database_at_once(new_database: str, make_entry: Callable) -> None:
    """All of them find one layout and one tenant."""
    failed: list[Exception] = []

    def add(seed: int) -> None:
        try:
            with open_store(new_database, create=True) as store:
                store.record([make_entry(seed, marks=1)])
        except PortfolioError as error:
            failed.append(error)

    threads = [threading.Thread(target=add, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    with open_store(new_database) as store:
        assert (store.stats().works, store.stats().marks) == (8, 8)


def test_an_older_layout_is_brought_up_to_date(
    new_database: str, make_entry: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A further step keeps what was stored, and a step that fails changes nothing."""
    with open_store(new_database, create=True) as store:
        store.record([make_entry(1)])
    further = (*MIGRATIONS, "ALTER TABLE works ADD COLUMN medium TEXT; SELECT 1 / 0;")
    monkeypatch.setattr(postgres_database, "MIGRATIONS", further)
    monkeypatch.setattr(postgres_database, "SCHEMA_VERSION", len(further))
    with pytest.raises(PortfolioError, match="division by zero"):
        open_store(new_database)
    further = (*MIGRATIONS, "ALTER TABLE works ADD COLUMN medium TEXT;")
    monkeypatch.setattr(postgres_database, "MIGRATIONS", further)
    with open_store(new_database) as store:
        assert store.stats().works == 1
        assert "medium" in store._database.columns("works")


def test_a_newer_layout_is_left_alone(new_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says what to do."""
    open_store(new_database, create=True).close()
    monkeypatch.setattr(postgres_database, "SCHEMA_VERSION", len(MIGRATIONS) - 1)
    with pytest.raises(PortfolioError, match=r"newer ocguard .* update"):
        open_store(new_database)


def test_there_is_no_portfolio_unless_made(postgres: Server, new_database: str) -> None:
    """Neither in a database without any, nor as a further tenant."""
    for url in (new_database, postgres.new_url()):
        assert not has_portfolio(url)
        with pytest.raises(PortfolioError, match="no portfolio at"):
            open_store(url)
        open_store(url, create=True).close()
        assert has_portfolio(url)


@pytest.mark.parametrize(
    ("server", "advice"),
    [
        ("postgresql://artist@/nothing?host={folder}", "createdb"),
        ("postgresql://nobody@/art?host={folder}", "your role"),
        ("postgresql://artist@/art?host={folder}/nowhere", "cannot be reached"),
        ("postgresql://artist@/art?host={folder}&colour=red", "colour"),
    ],
)
def test_a_server_that_says_no_is_explained(postgres: Server, server: str, advice: str) -> None:
    """With the address, and what to do."""
    url = server.format(folder=postgres.folder)
    with pytest.raises(PortfolioError, match=advice) as caught:
        open_store(url, create=True)
    assert f"portfolio {url}&tenant=default: " in str(caught.value)
    assert has_portfolio(url)


def test_a_locked_portfolio_is_explained(
    filled: str, make_entry: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a while nobody waits any longer; readers never do."""
    monkeypatch.setattr(postgres_database, "LOCK_TIMEOUT_SECONDS", 0.1)
    with open_store(filled) as writer, open_store(filled) as other:
        with writer._database.writing(), pytest.raises(PortfolioError, match="locked"):
            assert other.stats().works == 2
            other.record([make_entry(9)])
        other.record([make_entry(9)])


def test_a_killed_connection_stores_nothing_of_its_step(
    postgres: Server, filled: str, make_entry: Callable
) -> None:
    """And the next one works."""

    def entries(store: Store) -> Iterator[Any]:
        yield make_entry(7)
        with postgres.connect() as db:
            db.execute("SELECT pg_terminate_backend(%s)", (store._database._db.info.backend_pid,))
        db.close()
        yield make_entry(8)

    with open_store(filled) as store, pytest.raises(PortfolioError, match="ended the connection"):
        store.record(entries(store))
    with open_store(filled) as store:
        assert store.stats().works == 2
        store.record([make_entry(7)])
        assert list(store.damage()) == []


def test_a_writer_that_falls_silent_lets_go(
    filled: str, make_entry: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its machine may be gone; were it not, its next step would be explained."""
    monkeypatch.setattr(postgres_database, "IDLE_TIMEOUT_SECONDS", 0.1)
    with open_store(filled) as silent, open_store(filled) as other:
        with pytest.raises(PortfolioError, match="ended the connection"), silent.journal.changing():
            other.record([make_entry(9)])
            silent._database.run("SELECT 1")
        assert other.stats().works == 3


HOLDER = """
import sys, time
from ocguard.portfolio import open_store
with open_store(sys.argv[1]) as store, store.journal.changing():
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_killed_client_lets_go_at_once(filled: str, make_entry: Callable) -> None:
    """The server notices that its connection ended."""
    command = [sys.executable, "-c", HOLDER, filled]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        holder.kill()
    begin = time.monotonic()
    with open_store(filled) as store:
        store.record([make_entry(9)])
    assert time.monotonic() - begin < postgres_database.LOCK_TIMEOUT_SECONDS / 2


def test_a_tenant_can_be_deleted_with_all_that_is_its(postgres: Server, filled: str) -> None:
    """By an administrator; the log of changes does not hold it back."""
    with postgres.connect() as db:
        db.execute(f"SET ocguard.tenant = '{tenant_of(filled)}'")
        db.execute("DELETE FROM ocguard.tenants WHERE tenant = %s", (tenant_of(filled),))
        for table in TABLES:
            left = f"SELECT count(*) FROM ocguard.{table} WHERE tenant = %s"
            assert db.execute(left, (tenant_of(filled),)).fetchone() == (0,), table
    db.close()
    assert not has_portfolio(filled)


def test_a_value_that_no_text_can_hold_is_explained(filled: str, make_entry: Callable) -> None:
    """PostgreSQL's texts have no NUL."""
    with open_store(filled) as store, pytest.raises(PortfolioError, match="cannot hold a value"):
        store.record([make_entry(5, text="\0")])


def test_a_database_of_other_programs_is_shared(filled: str) -> None:
    """All of ocguard is in a schema of its own."""
    with open_store(filled) as store:
        sql = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        assert next(store._database._db.execute(sql)) == (0,)
    assert DATABASE in filled


def test_the_query_of_the_page_gives_the_hash_distances(
    postgres: Server, make_entry: Callable
) -> None:
    """Those that imagehash counts, nearest first."""
    page = (Path(__file__).parents[3] / "docs" / "how-to" / "share-a-portfolio.md").read_text()
    sql = page.partition("```sql")[2].partition("```")[0]
    (asked,) = re.findall(r"'x' \|\| '([0-9a-f]{16})'", sql)
    url, expected = postgres.new_url(), []
    with open_store(url, create=True) as store:
        for seed in range(40):
            entry = make_entry(seed)
            number = random.Random(seed).getrandbits(64)
            differing = (number ^ int(asked, 16)).bit_count()
            hashes = {"imagehash-phash@4.3.2": f"{number:016x}"}
            store.record([replace(entry, work=replace(entry.work, hashes=hashes))])
            expected.append((differing, entry.work.work_id, entry.work.source))
    with postgres.connect(OWNER) as db:
        for statement in sql.replace("'mira'", f"'{tenant_of(url)}'").split(";")[:-1]:
            found = db.execute(statement)
        rows = [(differing, work_id, source) for work_id, source, differing in found]
    db.close()
    assert rows == sorted(expected)[:20]
