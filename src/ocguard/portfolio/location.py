"""Where a portfolio is: the path of a file, or the address of a database on a server.

A further kind of database is one more room with a class of
:class:`~ocguard.portfolio.sql.database.Database`, and one more case in :func:`open_database`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ocguard.errors import PortfolioError
from ocguard.portfolio.postgres.address import SCHEMES, Address

if TYPE_CHECKING:
    from ocguard.portfolio.sql.database import Database

__all__ = ["has_portfolio", "open_database", "portfolio_path", "server_address"]

_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.]+)://(.*)", re.DOTALL)
_SLASH_MISSING: Final = re.compile(rf"({'|'.join(SCHEMES)}):(?!//)", re.IGNORECASE)


def open_database(location: str | Path, *, create: bool = False) -> Database:
    """Open the database of a portfolio; see :func:`~ocguard.portfolio.store.open_store`."""
    if (address := server_address(location)) is not None:
        from ocguard.portfolio.postgres.database import PostgresDatabase

        return PostgresDatabase(address, create=create)
    from ocguard.portfolio.sqlite.file import SqliteFile

    return SqliteFile(portfolio_path(location), create=create)


def has_portfolio(location: str | Path) -> bool:
    """Tell whether there is a portfolio to open; one that is damaged or out of reach counts."""
    if (address := server_address(location)) is None:
        return portfolio_path(location).exists()
    from ocguard.portfolio.postgres.database import has_tenant

    return has_tenant(address)


def server_address(location: str | Path) -> Address | None:
    """Read the address of a portfolio on a server; None for one in a file.

    `PortfolioError` when it holds a password, or lacks a slash: works would go into a file of that
    name, and a password with them. The message does not repeat it.
    """
    if slip := _SLASH_MISSING.match(str(location)):
        raise PortfolioError(
            "the address of a portfolio on a server begins with {kind}://, with two slashes",
            kind=slip[1].lower(),
        )
    url = _SCHEME.fullmatch(str(location))
    return Address.of(str(location)) if url and url[1].lower() in SCHEMES else None


def portfolio_path(location: str | Path) -> Path:
    """Give the path of the portfolio file at a location; `PortfolioError` for other kinds."""
    url = _SCHEME.fullmatch(str(location))
    if url and url[1].lower() != "sqlite":
        raise PortfolioError(
            "a portfolio at {kind}:// is not supported: give the path of a portfolio file, or"
            " postgresql://HOST/DATABASE?tenant=NAME",
            kind=url[1],
        )
    return Path(url[2] if url else location)
