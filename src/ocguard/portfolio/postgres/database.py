"""One tenant's portfolio on a PostgreSQL server, with errors that say what to do.

Every transaction names its tenant and its schema for itself alone (``SET LOCAL``), so nothing of it
is left on a connection that others use next. Transactions that write lock the tenant's row of
``state`` first: in one portfolio they run one after the other, as with SQLite, so a journal never
forks. Readers wait for nobody. A commit is on the server's disk before it returns.
"""

from __future__ import annotations

import contextlib
import itertools
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from ocguard.atomic import PRIVATE, draft_folder, whole_file
from ocguard.errors import MissingExtraError, PortfolioError
from ocguard.language.message import Message, translatable
from ocguard.portfolio.postgres.address import Address
from ocguard.portfolio.postgres.schema import MIGRATIONS, SCHEMA, SCHEMA_VERSION, TABLES
from ocguard.portfolio.sql.copying import copy_rows
from ocguard.portfolio.sql.rows import upsert
from ocguard.portfolio.sqlite.file import SqliteFile

try:
    import psycopg
    from psycopg.conninfo import conninfo_to_dict, make_conninfo
except ImportError as error:
    raise MissingExtraError("portfolios on a PostgreSQL server", "postgres") from error

__all__ = ["NoTenantError", "PostgresDatabase", "has_tenant"]

CONNECT_TIMEOUT_SECONDS: Final = 10
"""Where the address does not say another."""

LOCK_TIMEOUT_SECONDS: Final = 30
"""A writer holds the lock for milliseconds, an import of 10,000 works for seconds."""

IDLE_TIMEOUT_SECONDS: Final = 60
"""So long a writer may be silent with the lock held: its machine may be gone without a word."""

_READ: Final = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"
_WRITE: Final = "BEGIN ISOLATION LEVEL READ COMMITTED"
_PLACE: Final = f"""
    SELECT set_config('ocguard.tenant', $1, true), set_config('search_path', '{SCHEMA}', true),
        set_config('lock_timeout', $2, true)
"""
_WATCH: Final = "SELECT set_config('idle_in_transaction_session_timeout', $1, true)"
_ROLE: Final = """
    SELECT current_user, rolsuper OR rolbypassrls, to_regclass('ocguard.layout') IS NOT NULL
    FROM pg_roles WHERE rolname = current_user
"""
_UNGUARDED: Final = """
    SELECT named FROM unnest($1::TEXT[]) AS named WHERE NOT EXISTS (
        SELECT FROM pg_class AS place JOIN pg_policy ON polrelid = place.oid
        WHERE place.oid = to_regclass('ocguard.' || named)
            AND relrowsecurity AND relforcerowsecurity
    )
"""
_COLUMNS: Final = """
    SELECT column_name::TEXT FROM information_schema.columns
    WHERE table_schema = 'ocguard' AND table_name = $1 AND column_name <> 'tenant'
    ORDER BY ordinal_position
"""
_BLOBS: Final = {
    "renditions": "jpeg",
    "fingerprints": "data",
    "views": "fingerprint",
    "credentials": "manifest",
    "trusted_times": "token",
    "index_files": "data",
}
"""What takes the space of a portfolio."""


class NoTenantError(PortfolioError):
    """The database has no such tenant, or it is another role's."""


def has_tenant(address: Address) -> bool:
    """Tell whether there is a portfolio to open; one that is out of reach counts."""
    try:
        PostgresDatabase(address).close()
    except NoTenantError:
        return False
    except PortfolioError:
        return True
    return True


class PostgresDatabase:
    """A :class:`~ocguard.portfolio.sql.database.Database` on a PostgreSQL server.

    Parameters
    ----------
    address : Address
        Server, database and tenant.
    create : bool
        Make schema and tenant when missing.

    Raises
    ------
    PortfolioError
        The server does not let us in or is not there, the tenant is missing or another role's, the
        role passes over row-level security, or the layout is newer than this program.
    """

    def __init__(self, address: Address, *, create: bool = False) -> None:
        self._address = address
        self._is_inside = False
        with self._explained():
            self._db = _connected(address.server)
        try:
            with self._explained():
                self._prepare(create=create)
        except BaseException:
            self._db.close()
            raise

    @property
    def name(self) -> str:
        """How messages name it."""
        return str(self._address)

    @property
    def layout(self) -> int:
        """Number of its layout."""
        return SCHEMA_VERSION

    def close(self) -> None:
        """End the connection."""
        self._db.close()

    def rows(self, sql: str, *values: object) -> Iterator[tuple[Any, ...]]:
        """Run a query; its rows are fetched at once."""
        with contextlib.nullcontext() if self._is_inside else self.reading():
            found = self._execute(_translated(sql), values).fetchall()
        yield from found

    def run(self, sql: str, *values: object) -> int:
        """Run one statement inside :meth:`writing`, and count the rows that it changed."""
        return self._execute(_translated(sql), values).rowcount

    def run_many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """Run one statement for each row inside :meth:`writing`."""
        with self._db.cursor() as cursor:
            cursor.executemany(_translated(sql).encode(), rows)

    def rewrite(self, table: str, columns: str, key: str, rows: Iterable[Sequence[object]]) -> None:
        """Put rows in the place of those of their key; the table's trigger lets it pass."""
        self._execute("SELECT set_config('ocguard.mends', $1, true)", (table,))
        self.run_many(upsert(table, columns, key), rows)

    def columns(self, table: str) -> list[str]:
        """Name the columns of a table in their order, but for the tenant."""
        return [row[0] for row in self.rows(_COLUMNS, table)]

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Run the block in one transaction, undone by any error; one at a time in a portfolio."""
        with self._transaction(_WRITE):
            self._execute(_WATCH, (f"{IDLE_TIMEOUT_SECONDS}s",))
            self._execute("SELECT FROM state FOR UPDATE", ())
            yield

    def reading(self) -> contextlib.AbstractContextManager[None]:
        """Read several things as of one moment in the block."""
        return self._transaction(_READ)

    def faults(self) -> Iterator[Message]:
        """Name the tables that do not keep tenants apart; the server checks its pages itself."""
        for (table,) in self.rows(_UNGUARDED, [*TABLES, "tenants"]):
            yield Message("the table {table} does not keep the tenants apart", table=table)

    def size_bytes(self) -> int:
        """Tell how much the tenant's pictures and fingerprints take."""
        sums = (f"(SELECT coalesce(sum(length({blob})), 0) FROM {t})" for t, blob in _BLOBS.items())
        ((size,),) = self.rows(f"SELECT {' + '.join(sums)}")
        return int(size)

    def copy_to(self, target: Path) -> None:
        """Copy the tenant's portfolio as of one moment to a SQLite file, whole or not at all."""
        with draft_folder(target) as folder:
            draft = folder / "copy.sqlite3"
            copy = SqliteFile(draft, create=True)
            try:
                with self.reading():
                    copy_rows(self, copy)
            finally:
                copy.close()
            with draft.open("rb") as source, whole_file(target, mode=PRIVATE) as stream:
                shutil.copyfileobj(source, stream)

    def _prepare(self, *, create: bool) -> None:
        """Bring the layout to the newest version, and find the tenant or make it."""
        ((role, is_unbound, has_layout),) = self._db.execute(_ROLE)
        if is_unbound:
            raise PortfolioError(
                "the role {role} passes over what keeps the tenants of {path} apart: connect as a"
                " role that is no superuser and has no BYPASSRLS",
                role=role,
                path=self.name,
            )
        version = self._version() if has_layout else 0
        if version > SCHEMA_VERSION:
            raise PortfolioError(
                "{path} was written by a newer ocguard (layout {version}, this one knows "
                "{known_version}): update ocguard; nothing was changed",
                path=self.name,
                version=version,
                known_version=SCHEMA_VERSION,
            )
        if version < SCHEMA_VERSION and (create or has_layout):
            self._migrate()
        if create and not self._has_tenant():
            self._add_tenant()
        if not (create or has_layout) or not self._has_tenant():
            raise NoTenantError(
                "there is no portfolio at {path} that the role {role} may use: 'ocguard protect' or"
                " 'ocguard portfolio add' makes one, unless another role has the name",
                path=self.name,
                role=role,
            )

    def _version(self) -> int:
        return int(next(self._db.execute("SELECT version FROM ocguard.layout"))[0])

    def _migrate(self) -> None:
        """Go up to the newest version, unless another process did so meanwhile."""
        with self._db.transaction():
            self._db.execute(f"SELECT pg_advisory_xact_lock({_MIGRATING})".encode())
            ((has_layout,),) = self._db.execute(_HAS_LAYOUT)
            version = self._version() if has_layout else 0
            if not has_layout:
                self._db.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}".encode())
            self._db.execute(f"SET LOCAL search_path = {SCHEMA}".encode())
            for script in MIGRATIONS[version:]:
                self._db.execute(script.encode())
                self._db.execute("UPDATE layout SET version = version + 1")

    def _has_tenant(self) -> bool:
        return next(self.rows("SELECT tenant()"))[0] is not None

    def _add_tenant(self) -> None:
        """Make the tenant as one of this role, unless it is another role's."""
        with self._transaction(_WRITE):
            self._execute(_ADD_TENANT, (self._address.tenant,))
            self._execute(_ADD_STATE, ())
            self._execute(_ADD_FIRST_CHANGE, ())

    @contextlib.contextmanager
    def _transaction(self, begin: str) -> Iterator[None]:
        """Run the block in a transaction of the tenant, undone by any error."""
        with self._explained():
            self._db.execute(begin.encode())
            try:
                self._is_inside = True
                self._execute(_PLACE, (self._address.tenant, f"{LOCK_TIMEOUT_SECONDS}s"))
                yield
                self._db.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(psycopg.Error):  # the connection may be what failed
                    self._db.execute("ROLLBACK")
                raise
            finally:
                self._is_inside = False

    def _execute(self, sql: str, values: Sequence[object]) -> psycopg.Cursor[tuple[Any, ...]]:
        """Run a statement of PostgreSQL's own slots, with our errors."""
        with self._explained():
            return self._db.execute(sql.encode(), values, binary=True)

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn psycopg's errors into ours, saying what to do next."""
        try:
            yield
        except psycopg.Error as error:
            said = (str(error).strip() or type(error).__name__).splitlines()[0]
            raise PortfolioError(
                "portfolio {path}: {advice} ({reason})",
                path=self.name,
                advice=Message(_advice(error)),
                reason=said,
            ) from error


_HAS_LAYOUT: Final = """
    SELECT EXISTS (
        SELECT FROM pg_catalog.pg_tables WHERE schemaname = 'ocguard' AND tablename = 'layout')
"""
"""Reads the catalog: to_regclass answers from what the connection remembers, and may miss a table
that another one has just made."""

_MIGRATING: Final = 0x4F434744
"""``OCGD``: the number of the lock that those hold who change the layout."""

_ADD_TENANT: Final = "INSERT INTO tenants (tenant) VALUES ($1) ON CONFLICT DO NOTHING"
_ADD_STATE: Final = """
    INSERT INTO state (token, changed_by) SELECT replace(gen_random_uuid()::TEXT, '-', ''), ''
    WHERE tenant() IS NOT NULL ON CONFLICT DO NOTHING
"""
_ADD_FIRST_CHANGE: Final = """
    INSERT INTO changes (view_id, token) SELECT '', token FROM state
    WHERE NOT EXISTS (SELECT FROM changes)
"""

_ADVICE: Final = {
    "22": translatable("it cannot hold a value"),
    "42501": translatable(
        "your role may not do that; see who owns the database and the schema ocguard"
    ),
    "53100": translatable("the server's disk is full; nothing of this step was stored"),
    "53": translatable("the server has no room left for you; try again later"),
    "25P03": translatable("the server ended the connection; try again"),
    "55P03": translatable("another process keeps it locked; try again when that has ended"),
    "57": translatable("the server ended the connection; try again"),
}
"""What to do, by how the server's code of an error begins; the first that fits."""


def _advice(error: psycopg.Error) -> str:
    """Say what to do after an error; one of a connection that fails or breaks has no code."""
    for start, advice in _ADVICE.items():
        if (error.sqlstate or "").startswith(start):
            return advice
    if isinstance(error, psycopg.DataError):  # psycopg saw it before the server did
        return _ADVICE["22"]
    if error.sqlstate or not isinstance(error, psycopg.OperationalError):
        return translatable("see the message of PostgreSQL")
    return translatable(
        "the server cannot be reached or does not let you in; see whether it runs, has the database"
        " (createdb makes one) and your role, and finds your password by PGPASSFILE or PGPASSWORD"
    )


def _connected(server: str) -> psycopg.Connection[tuple[Any, ...]]:
    """Connect, with a limit to the time that it takes."""
    defaults: dict[str, Any] = {"connect_timeout": CONNECT_TIMEOUT_SECONDS}
    conninfo = make_conninfo(server, **{**defaults, **conninfo_to_dict(server)})
    return psycopg.connect(
        conninfo, application_name="ocguard", autocommit=True, cursor_factory=psycopg.RawCursor
    )


@cache
def _translated(sql: str) -> str:
    """Give every slot its number, and every key its tenant."""
    numbers = itertools.count(1)
    numbered = re.sub(r"\?(\d*)", lambda slot: f"${slot[1] or next(numbers)}", sql)
    return numbered.replace("ON CONFLICT (", "ON CONFLICT (tenant, ")
