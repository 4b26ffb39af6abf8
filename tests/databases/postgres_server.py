"""A PostgreSQL server of the tests' own: in a temporary folder, on a socket of its own."""

from __future__ import annotations

import contextlib
import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

DATABASE = "art"
ADMINISTRATOR = "administrator"
ARTISTS = ("artist", "other_artist")
"""Roles that are no superusers; the first owns the database."""

_LOCALE = ("--encoding", "UTF8", "--locale", "C.UTF-8")
_numbers = itertools.count()


@dataclass(frozen=True)
class Server:
    """A server that runs.

    Attributes
    ----------
    folder : Path
        Where its socket is.
    """

    folder: Path

    def url(self, tenant: str, role: str = ARTISTS[0]) -> str:
        """Write the address of a tenant's portfolio."""
        return f"postgresql://{role}@/{DATABASE}?host={self.folder}&tenant={tenant}"

    def new_url(self) -> str:
        """Write the address of a portfolio that nobody has made yet."""
        return self.url(f"tenant-{next(_numbers)}")

    def connect(self, role: str = ADMINISTRATOR) -> psycopg.Connection[Any]:
        """Connect past ocguard."""
        server = f"postgresql://{role}@/{DATABASE}?host={self.folder}"
        return psycopg.connect(server, autocommit=True)

    def stop(self) -> None:
        """Stop it at once, whatever it is doing; nothing happens when it does not run."""
        bin_folder = programs()
        assert bin_folder is not None
        command = [bin_folder / "pg_ctl", "stop", "--wait", "--mode", "immediate"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        data = ["--pgdata", self.folder / "data"]
        subprocess.run([*command, *data], user=_account(), cwd=self.folder, check=False, **quiet)


def programs() -> Path | None:
    """Find the newest server's programs: in the path, or where Debian keeps them."""
    if found := shutil.which("initdb"):
        return Path(found).parent
    homes = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: path.stat())
    return homes[-1].parent if homes else None


@contextlib.contextmanager
def running_server() -> Iterator[Server]:
    """Run a server until the block ends; as another account where this one is root's."""
    bin_folder = programs()
    assert bin_folder is not None
    # A short path: that of a socket has at most 107 bytes.
    with tempfile.TemporaryDirectory(prefix="pg-", dir="/tmp", ignore_cleanup_errors=True) as name:
        folder, account = Path(name), _account()
        if account:
            shutil.chown(folder, account)
            folder.chmod(0o755)
        data = folder / "data"

        def run(program: str, *arguments: str | Path) -> None:
            command = [bin_folder / program, "--pgdata", data, *arguments]
            quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            subprocess.run(command, user=account, cwd=folder, check=True, **quiet)

        run("initdb", *("--username", ADMINISTRATOR, "--auth", "trust", "--no-sync"), *_LOCALE)
        listening = f"-c listen_addresses= -c unix_socket_directories={folder}"
        run("pg_ctl", "start", "--wait", "--log", folder / "log", "--options", listening)
        try:
            with psycopg.connect(
                f"postgresql://{ADMINISTRATOR}@/postgres?host={folder}", autocommit=True
            ) as db:
                for role in ARTISTS:
                    db.execute(f"CREATE ROLE {role} LOGIN")
                db.execute(f"CREATE DATABASE {DATABASE} OWNER {ARTISTS[0]}")
            yield Server(folder)
        finally:
            Server(folder).stop()


def _account() -> str | None:
    """Name an account for the server, which refuses to run as root; None for the own one."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"
