"""Open a portfolio, whatever kind of database it lies in."""

from __future__ import annotations

from pathlib import Path

from ocguard.portfolio.author import Author
from ocguard.portfolio.location import open_database
from ocguard.portfolio.store import Store

__all__ = ["open_store"]


def open_store(
    location: str | Path, *, create: bool = False, author: Author | None = None
) -> Store:
    """Open the portfolio at a path or URL.

    Parameters
    ----------
    location : str or Path
        A path, ``sqlite://`` followed by a path, or ``postgresql://HOST/DATABASE?tenant=NAME``.
    create : bool
        Make an empty portfolio when there is none; otherwise its absence is an error.
    author : Author, optional
        Who writes its journal; without one it can be read, and what is changed adds no entry.

    Returns
    -------
    Store
        Close it after use, or use it as a context manager.

    Raises
    ------
    PortfolioError
        No portfolio there, not ours, damaged, locked, from a newer version, a server that does not
        let us in, or a kind of location that this version does not know.
    MissingExtraError
        It is on a PostgreSQL server, and the extra ``postgres`` is not installed.
    """
    from ocguard.portfolio.sql.store import SqlStore

    return SqlStore(open_database(location, create=create), author)
